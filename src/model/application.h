/* What an OAuth client may do for its organization when it acts for itself: bring people in, and
 * get tokens to act as one of them. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"
#include "model/grant.h"
#include "model/user.h"

/* Somebody to bring in. Start from PROVISION_INPUT. */
struct provision_input {
    const char *first_name;
    const char *last_name;
    const char *email;
    int role;
    const char *timezone; /* NULL: UTC */
};
#define PROVISION_INPUT ((struct provision_input){ .role = ROLE_STANDARD })
extern const struct shape application_user_shape;

/* A new account that is an active member of c->org at once, without a password. Nobody has proved
 * its address: its owner does by the link with which they choose a password. */
MUST_CHECK enum err application_provision(struct ctx *c, const struct provision_input *in,
                                          struct user *out);

/* A token for a member of c->org, whatever the role, bound to that organization and with the
 * scopes of the caller. ERR_NOT_FOUND for an unknown address, ERR_INVALID for somebody outside,
 * ERR_DENIED for a member who is not active. */
MUST_CHECK enum err application_token(struct ctx *c, struct auth *auth, const char *email,
                                      struct grant *out);
