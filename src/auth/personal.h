/* The personal token: the one token of an account that can be seen again, because its claims are
 * kept and signing them again gives the same text. It ends when its owner signs out, unless an
 * organization of theirs keeps it. */
#pragma once

#include <stdbool.h>

#include "auth/auth.h"
#include "base/shape.h"

struct personal_token {
    const char *id;
    const char *masked; /* derived: first and last characters, enough to recognize it */
    const char *kind;
    int64_t created_at;
    int64_t expires_at;
    int64_t expires_in; /* derived: seconds left */
    int64_t last_used_at;
    const char *last_used_ip;
    const char *last_used_client;
    const char *kid;          /* hidden */
    const char *access_token; /* hidden; derived */
};

/* What may always be shown; personal_token_revealed_shape adds the token itself. */
extern const struct shape personal_token_shape;
extern const struct shape personal_token_revealed_shape;

/* The account's living token, whose text is not derived here; ERR_NOT_FOUND when there is none.
 * Issues nothing. */
MUST_CHECK enum err personal_token_find(struct ctx *c, int64_t user_id,
                                        struct personal_token *out);

/* The account's token; issued when there is none that is still alive. Whether the account may see
 * one is asked before (user_may_have_tokens); the operator may make one for anybody. */
MUST_CHECK enum err personal_token_show(struct ctx *c, struct auth *auth, int64_t user_id,
                                        struct personal_token *out);

/* A new token in place of the present one, which is dead from now on. */
MUST_CHECK enum err personal_token_replace(struct ctx *c, struct auth *auth, int64_t user_id,
                                           struct personal_token *out);

/* Ends the account's token. Having had none is no error. */
MUST_CHECK enum err personal_token_end(struct ctx *c, int64_t user_id);

/* Signing out ends it too, unless an organization of the account keeps personal tokens until they
 * are replaced or expire. */
MUST_CHECK enum err personal_token_sign_out(struct ctx *c, int64_t user_id);
MUST_CHECK enum err personal_token_is_kept(struct ctx *c, int64_t user_id, bool *out);
