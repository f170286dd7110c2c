/* See attempt.h. */
#include "auth/attempt.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/event.h"
#include "auth/known_device.h"
#include "auth/password.h"
#include "auth/second_factor.h"
#include "auth/throttle.h"
#include "base/shape.h"
#include "base/text.h"

/* ---- shape ---- */

static const struct field attempt_fields[] = {
    FIELD(attempt, user_id, INT, READONLY),
    FIELD(attempt, email, TEXT, READONLY),
    FIELD(attempt, password_hash, TEXT, READONLY),
    { 0 },
};
static const struct shape attempt_shape = SHAPE(attempt, attempt_fields);

/* ---- SQL ---- */

static const char BY_EMAIL[] =
    "SELECT id AS user_id, email, password_hash FROM users WHERE email_folded = ?";

static const char BY_USER[] =
    "SELECT id AS user_id, email, password_hash FROM users WHERE id = ?";

static const char HASH_NOW[] = "SELECT password_hash FROM users WHERE id = ?";

/* ---- private ---- */

struct browser {
    struct attempt attempt;
    struct auth *auth;
    const char *cookie;
};

static enum err look_up_email(struct ctx *c, void *browser)
{
    struct browser *b = browser;
    struct attempt *a = &b->attempt;
    const char *folded = text_fold_email(c->mem, a->email);
    enum err e = db_one(c, BY_EMAIL, &attempt_shape, a, TEXT(folded));

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && known_device_valid(c, b->auth, b->cookie, a->user_id))
        a->device = b->cookie;
    return throttle_check(c, a->email, a->device);
}

static enum err look_up_user(struct ctx *c, void *attempt)
{
    struct attempt *a = attempt;

    TRY(db_one(c, BY_USER, &attempt_shape, a, INT(a->user_id)));
    a->device = c->caller->session_digest;
    return throttle_check(c, a->email, a->device);
}

static enum err take(struct ctx *c, void *attempt)
{
    const struct attempt *a = attempt;

    return throttle_take(c, a->email, a->device);
}

/* The password may have been changed while the old one was hashed. */
static enum err still_right(struct ctx *c, const struct attempt *a, bool *out)
{
    const char *hash;

    *out = false;
    if (!a->right)
        return OK;
    TRY(db_text(c, HASH_NOW, &hash, INT(a->user_id)));
    *out = hash != NULL && strcmp(hash, a->password_hash) == 0;
    return OK;
}

/* The administrators of whoever is being attacked see it. */
static enum err record_failure(struct ctx *c, const struct attempt *a)
{
    return a->user_id == 0 ? OK : event_record_login(c, a->user_id, "login_failed");
}

/* Asking for the code proves nothing and guesses nothing. */
static enum err settle_second(struct ctx *c, struct auth *auth, const struct attempt *a,
                              const char *code)
{
    bool right;

    if (code == NULL || code[0] == '\0') {
        TRY(throttle_give_back(c, a->email, a->device));
        return fail_code(c, ERR_UNAUTHENTICATED, "SECOND_FACTOR_REQUIRED",
                         "This account also asks for a code from your authenticator app.");
    }
    TRY(second_factor_take(c, auth, a->user_id, code, &right));
    if (right)
        return OK;
    TRY(record_failure(c, a));
    return fail_code(c, ERR_UNAUTHENTICATED, "SECOND_FACTOR_INVALID",
                     "This code is not right, or was used before.");
}

/* ---- operations ---- */

enum err attempt_by_email(struct ctx *c, struct db *db, const char *email, struct attempt *out)
{
    return attempt_by_browser(c, db, NULL, email, NULL, out);
}

enum err attempt_by_browser(struct ctx *c, struct db *db, struct auth *auth, const char *email,
                            const char *cookie, struct attempt *out)
{
    struct browser b = { .attempt = { .email = email }, .auth = auth, .cookie = cookie };

    TRY(db_do(c, db, DB_READ, look_up_email, &b));
    *out = b.attempt;
    return OK;
}

enum err attempt_by_user(struct ctx *c, struct db *db, int64_t user_id, struct attempt *out)
{
    *out = (struct attempt){ .user_id = user_id };
    return db_do(c, db, DB_READ, look_up_user, out);
}

enum err attempt_verify(struct ctx *c, struct db *db, struct attempt *a, const char *password)
{
    TRY(db_do(c, db, DB_WRITE, take, a));
    a->right = password_matches(a->password_hash, password);
    return OK;
}

enum err attempt_settle(struct ctx *c, const struct attempt *a, const char *field)
{
    bool right;

    if (field == NULL)
        return attempt_settle_code(c, NULL, a, NULL);
    TRY(still_right(c, a, &right));
    if (right)
        return throttle_passed(c, a->email, a->device);
    return fail(c, ERR_INVALID, field, "The password is not right.");
}

enum err attempt_settle_code(struct ctx *c, struct auth *auth, const struct attempt *a,
                             const char *code)
{
    bool right, needs_code;

    TRY(still_right(c, a, &right));
    if (!right) {
        TRY(record_failure(c, a));
        return fail_code(c, ERR_UNAUTHENTICATED, "INVALID_CREDENTIALS",
                         "The e-mail address or the password is not right.");
    }
    TRY(second_factor_in_force(c, a->user_id, &needs_code));
    if (needs_code)
        TRY(settle_second(c, auth, a, code));
    return throttle_passed(c, a->email, a->device);
}
