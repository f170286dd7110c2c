/* Second factors: time-based one-time passwords (RFC 6238) of an authenticator app, and the
 * recovery codes for the day on which it is lost. The app's key is sealed in the store, of recovery
 * codes there are digests. A second factor outlives a change or a reset of the password.
 *
 * Every change is recorded in the logs of the account's organizations. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"

enum { RECOVERY_CODES = 10 };

struct second_factor {
    bool enabled;
    int64_t confirmed_at;
    int64_t recovery_codes_left;
};
extern const struct shape second_factor_shape;

/* What an authenticator app is told, once. */
struct second_factor_key {
    const char *secret; /* in base32 */
    const char *uri;    /* otpauth://totp/…, for a QR code */
};
extern const struct shape second_factor_key_shape;

/* Shown once as well. */
struct recovery_codes {
    const char *recovery_codes; /* JSON list of "xxxx-xxxx-xxxx-xxxx" */
};
extern const struct shape recovery_codes_shape;

/* Whether signing in to this account takes a code. */
MUST_CHECK enum err second_factor_in_force(struct ctx *c, int64_t user_id, bool *out);

MUST_CHECK enum err second_factor_get(struct ctx *c, int64_t user_id, struct second_factor *out);

/* A new key, which is in force once a code of it has confirmed that the app has it; `email` is what
 * the app calls the account. ERR_CONFLICT, SECOND_FACTOR_ENABLED, while one is in force. */
MUST_CHECK enum err second_factor_begin(struct ctx *c, struct auth *auth, int64_t user_id,
                                        const char *email, struct second_factor_key *out);

/* Puts the key that was begun into force. ERR_INVALID on the field "code" for a wrong one;
 * ERR_CONFLICT, SECOND_FACTOR_NOT_BEGUN, when there is nothing to confirm. */
MUST_CHECK enum err second_factor_confirm(struct ctx *c, struct auth *auth, int64_t user_id,
                                          const char *code, struct recovery_codes *out);

/* Takes a code of the app or a recovery code; each is right once. Blanks in it are ignored, in a
 * recovery code dashes and case as well. */
MUST_CHECK enum err second_factor_take(struct ctx *c, struct auth *auth, int64_t user_id,
                                       const char *code, bool *right);

/* New recovery codes in place of all old ones. ERR_CONFLICT, SECOND_FACTOR_DISABLED, without a
 * second factor. */
MUST_CHECK enum err second_factor_new_codes(struct ctx *c, int64_t user_id,
                                            struct recovery_codes *out);

/* The account is without one again; *had says whether it was in force. */
MUST_CHECK enum err second_factor_remove(struct ctx *c, int64_t user_id, bool *had);
