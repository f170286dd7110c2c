/* An attempt to prove that one knows an account's password, and has its second factor. It has a
 * slow part, outside of any transaction and off the request threads, and a part that settles it
 * inside the transaction:
 *
 *     attempt_by_…                             the account and its brake are looked up
 *     attempt_verify                           it is counted, and the password is hashed
 *     attempt_settle or attempt_settle_code    the outcome is told, and the count put right
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/ctx.h"
#include "db/db.h"

struct attempt {
    int64_t user_id; /* 0: no such account, which only attempt_settle tells, and not apart */
    const char *email;
    const char *password_hash;
    const char *device; /* of throttle.h */
    bool right;
};

/* ERR_LIMITED while the account or the caller's network address is locked. */
MUST_CHECK enum err attempt_by_email(struct ctx *c, struct db *db, const char *email,
                                     struct attempt *out);

/* The same in a browser, whose cookie may show that the account knows it (known_device.h). */
MUST_CHECK enum err attempt_by_browser(struct ctx *c, struct db *db, struct auth *auth,
                                       const char *email, const char *cookie,
                                       struct attempt *out);

/* The caller's own account. */
MUST_CHECK enum err attempt_by_user(struct ctx *c, struct db *db, int64_t user_id,
                                    struct attempt *out);

/* ERR_LIMITED also when others failed meanwhile. After OK the attempt counts as a failure until it
 * is settled. */
MUST_CHECK enum err attempt_verify(struct ctx *c, struct db *db, struct attempt *a,
                                   const char *password);

/* OK for the right password. A wrong one is ERR_INVALID on the field that held it, or, without a
 * field, ERR_UNAUTHENTICATED in words that are the same for an unknown account. The field is for
 * people who are signed in; without one, an account with a second factor is refused for want of a
 * code. The caller commits the refusal. */
MUST_CHECK enum err attempt_settle(struct ctx *c, const struct attempt *a, const char *field);

/* The same where a code can be given: ERR_UNAUTHENTICATED, SECOND_FACTOR_REQUIRED, when one is
 * needed and `code` is NULL or empty; SECOND_FACTOR_INVALID for a wrong one. */
MUST_CHECK enum err attempt_settle_code(struct ctx *c, struct auth *auth, const struct attempt *a,
                                        const char *code);
