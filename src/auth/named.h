/* Named tokens: one for each script, opaque, shown once, and alive until they expire or their
 * owner revokes them; signing out leaves them alone. */
#pragma once

#include "auth/token.h"
#include "base/shape.h"

/* What a request for one may say. Start from NAMED_INPUT. */
struct named_input {
    const char *name;
    const char *scopes; /* JSON list; NULL: everything */
    int64_t expires_in_days; /* -1: not given */
    int64_t expires_at;
    const char *organization_id; /* bind it to this one; NULL: every one of the account's */
    const char *addresses;       /* JSON list of addresses and networks; NULL: from anywhere */
};
#define NAMED_INPUT ((struct named_input){ .expires_in_days = -1 })
extern const struct shape named_token_input_shape;
extern const struct shape named_token_name_shape; /* the name alone */

struct rotate_input {
    int64_t overlap_seconds; /* how long the old one still works */
};
extern const struct shape named_token_rotation_shape;

/* The account's tokens that are not revoked, newest first; expired ones are among them, so that
 * their owner sees why a script has stopped. */
MUST_CHECK enum err named_list(struct ctx *c, int64_t user_id, struct token **out, size_t *count);

/* A new token of c->caller's account, and its text, for the only time. The caller can hand out no
 * more than its own scopes, and an application nothing. It lives no longer than the organizations
 * that it works in allow (token_max_days). Whether the account may have tokens at all is asked
 * before (user_may_have_tokens). */
MUST_CHECK enum err named_create(struct ctx *c, const struct named_input *in, struct token *out,
                                 const char **text);

MUST_CHECK enum err named_rename(struct ctx *c, const char *id, const char *name,
                                 struct token *out);

/* A new token with the name, scopes, limits and end of the old one, which dies after the overlap.
 * Its end is nearer when the organizations have become stricter meanwhile. */
MUST_CHECK enum err named_rotate(struct ctx *c, const char *id, const struct rotate_input *in,
                                 struct token *out, const char **text);

MUST_CHECK enum err named_revoke(struct ctx *c, const char *id);
