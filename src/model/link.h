/* Links that are mailed: to prove an address, to choose a new password, to join an organization.
 * A link is a secret of 43 random base-62 characters, of which only the digest is stored. It works
 * once, until its time is over, for the address that it was sent to; a newer one for the same
 * purpose ends the older.
 * Everything returned lives in the caller's arena. */
#pragma once

#include "base/clock.h"
#include "base/ctx.h"

enum link_purpose {
    LINK_VERIFY, /* the account's address; a week */
    LINK_EMAIL,  /* the address that is to be the account's; 24 hours */
    LINK_RESET,  /* a new password; 60 minutes */
    LINK_INVITE, /* joining an organization; 14 days */
};

struct link {
    const char *digest;
    int64_t user_id;
    const char *org_id; /* of an invitation; else NULL */
    const char *email;  /* the address that it was sent to */
    int64_t created_at, expires_at, used_at, withdrawn_at; /* 0: not used, not withdrawn */
};

/* A new link and its secret, for the only time. For a LINK_INVITE org_id says into which
 * organization; else it is NULL. */
MUST_CHECK enum err link_create(struct ctx *c, enum link_purpose purpose, int64_t user_id,
                                const char *org_id, const char *email, struct link *out,
                                const char **secret);

/* Stands for the account of an address that nobody has an account with: a number below zero, always
 * the same for the same address. Links made for it are sent to nobody; they cost what real ones do,
 * so that how long an answer takes does not tell whether there is an account. */
int64_t link_nobody(struct ctx *c, const char *email);

/* The link with this secret that can be used now. Else ERR_INVALID on the field `token`, with the
 * code LINK_UNKNOWN, LINK_USED, LINK_WITHDRAWN or LINK_EXPIRED; for the last, *out is filled. */
MUST_CHECK enum err link_find(struct ctx *c, enum link_purpose purpose, const char *secret,
                              struct link *out);

/* Uses it up. LINK_USED when another request was quicker. */
MUST_CHECK enum err link_use(struct ctx *c, const struct link *link);

/* Refuses like link_find: for who finds that the reason for a link is gone, and for who has more to
 * say about one whose time is over. */
MUST_CHECK enum err link_refuse_withdrawn(struct ctx *c);
MUST_CHECK enum err link_refuse_expired(struct ctx *c, const char *why);

/* Whether the failure in c is that a link has expired. */
bool link_has_expired(const struct ctx *c);

/* Ends the links of an account for a purpose; org_id as in link_create. Having none is no error. */
MUST_CHECK enum err link_withdraw(struct ctx *c, enum link_purpose purpose, int64_t user_id,
                                  const char *org_id);

/* The address that a link of the account can still be used for; NULL when none can. */
MUST_CHECK enum err link_waiting_email(struct ctx *c, enum link_purpose purpose, int64_t user_id,
                                       const char **email);

/* True when so many links were mailed for this account within an hour that whoever asks for them
 * means no good. Invitations, which administrators send, do not count. */
MUST_CHECK enum err link_is_flood(struct ctx *c, int64_t user_id, bool *out);
