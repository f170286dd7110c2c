/* An attempt to prove that one knows an account's password. It has a slow part, outside of any
 * transaction and off the request threads, and a part that settles it inside the transaction:
 *
 *     attempt_by_email or attempt_by_user      the account and its brake are looked up
 *     attempt_verify                           the password is hashed
 *     attempt_settle                           the outcome is counted and told
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "db/db.h"

struct attempt {
    int64_t user_id; /* 0: no such account, which only attempt_settle tells, and not apart */
    const char *email;
    const char *password_hash;
    bool right;
};

/* ERR_LIMITED while the account or the caller's network address is locked. */
MUST_CHECK enum err attempt_by_email(struct ctx *c, struct db *db, const char *email,
                                     struct attempt *out);
MUST_CHECK enum err attempt_by_user(struct ctx *c, struct db *db, int64_t user_id,
                                    struct attempt *out);

void attempt_verify(struct attempt *a, const char *password);

/* OK for the right password. A wrong one is counted, so the refusal has to be committed:
 * ERR_INVALID on the field that held the password, or, without one, ERR_UNAUTHENTICATED in words
 * that are the same for an unknown account. ERR_LIMITED when others failed meanwhile. */
MUST_CHECK enum err attempt_settle(struct ctx *c, const struct attempt *a, const char *field);
