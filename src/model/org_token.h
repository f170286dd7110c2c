/* The tokens that work in an organization, as its administrators see them: everybody's, without the
 * means to use one. Everything returned lives in the caller's arena. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"

struct org_token {
    const char *id, *kind, *name;
    const char *user; /* JSON: whose it is; null: the application's own */
    const char *client_name;
    const char *scopes, *addresses; /* JSON lists */
    const char *prefix;
    const char *organization_id; /* bound to this one; NULL: works in all of its owner's */
    int64_t created_at, expires_at, last_used_at;
    const char *last_used_ip, *last_used_client;
    bool is_revocable; /* by administrators: it works in this organization alone */

    /* Hidden: when the owner was told of its end, and the owner. */
    int64_t warned_at, user_id;
    const char *email, *first_name, *last_name;
};
extern const struct shape org_token_shape;

/* The tokens that work in c->org, or could again by being refreshed, newest first. */
MUST_CHECK enum err org_token_list(struct ctx *c, int64_t limit, int64_t offset,
                                    struct org_token **out, size_t *count, int64_t *total);

/* Revokes one of them, with what would bring it back. ERR_DENIED for one that works elsewhere too:
 * that is its owner's affair. */
MUST_CHECK enum err org_token_revoke(struct ctx *c, const char *id);

/* Mails to the owners of named tokens whose end is near: 14 and 3 days before, once each. */
MUST_CHECK enum err org_token_warn(struct ctx *c, struct auth *auth);
