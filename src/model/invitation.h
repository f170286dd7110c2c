/* Invitations: a link in a mail, with which somebody joins an organization. The membership is there
 * from the start, as an invited one, and does not lapse; only its link does, and can be sent again.
 * Everything returned lives in the caller's arena. */
#pragma once

#include "auth/auth.h"
#include "base/shape.h"
#include "model/link.h"
#include "model/user.h"

/* What an invitation says to who holds the link. */
struct invitation {
    const char *email;
    const char *first_name, *last_name;
    int role; /* enum role */
    bool needs_password; /* the account has none; else its owner signs in to accept */
    const char *organization_id, *organization_name; /* hidden, as all below */
    const char *inviter_name;                        /* NULL: the operator */
    int status; /* enum member_status */
    int64_t user_id;
    struct link link;
};
extern const struct shape invitation_shape;

/* Mails a link to a member of c->org who is invited, with what the inviter has to say (message;
 * NULL: nothing); earlier links end. ERR_MALFORMED for anybody else; ERR_DENIED for callers who may
 * not have mail sent (mail.h). *url is the link, for the operator's eyes. */
MUST_CHECK enum err invitation_send(struct ctx *c, struct auth *auth, int64_t user_id,
                                    const char *message, const char **url);

/* Whoever is invited to c->org is now invited as something else. Members who are not waiting stay
 * what they are. */
MUST_CHECK enum err invitation_set_role(struct ctx *c, int64_t user_id, enum role role);

/* The invitation with this secret; refuses as link_find does, LINK_WITHDRAWN also for who is not
 * invited any more. */
MUST_CHECK enum err invitation_find(struct ctx *c, const char *secret, struct invitation *out);

/* The same; but instead of a link that has expired a new one is mailed, once. The refusal has to be
 * committed then. */
MUST_CHECK enum err invitation_find_or_renew(struct ctx *c, struct auth *auth, const char *secret,
                                             struct invitation *out);

/* What who accepts says about themselves; NULL: as the account has it. */
struct acceptance {
    const char *first_name;
    const char *last_name;
    const char *timezone;
    const char *password_hash; /* for an account without a password */
};

/* Joins. c->org is the organization from here on. An account that has a password must be that of
 * c->caller, in a session, and stays as it is: ERR_DENIED, SIGN_IN_FIRST. */
MUST_CHECK enum err invitation_accept(struct ctx *c, struct auth *auth,
                                      const struct invitation *invitation,
                                      const struct acceptance *in);
