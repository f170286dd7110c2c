/* See account.h. */
#include "api/account.h"

#include "api/answer.h"
#include "api/app.h"
#include "api/session.h"
#include "auth/attempt.h"
#include "auth/password.h"
#include "auth/secret.h"
#include "auth/session.h"
#include "model/user.h"

/* ---- shapes ---- */

struct password_change {
    const char *current_password;
    const char *password;
    const char *password_confirmation;
    struct attempt attempt; /* made of them */
    const char *password_hash;
};

static const struct field password_change_fields[] = {
    FIELD(password_change, current_password, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX),
    FIELD(password_change, password, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX),
    FIELD(password_change, password_confirmation, TEXT, OPTIONAL, .max = PASSWORD_INPUT_MAX,
          .note = "The new password again."),
    { 0 },
};
const struct shape password_change_shape = SHAPE(password_change, password_change_fields);

/* ---- password ---- */

enum err password_update_slow(struct ctx *c, struct request *req, struct response *res)
{
    struct password_change *in = arena_new(c->mem, struct password_change);

    (void)res;
    TRY(shape_read(c, &password_change_shape, req->input, READ_FULL, in));
    in->password = input_exact(req, "password", in->password);
    TRY(attempt_by_user(c, app_of(req)->db, c->caller->user_id, &in->attempt));
    password_check(c, "password", in->password, in->attempt.email,
                   auth_settings(app_of(req)->auth)->password_min_length);
    if (!secret_equal(in->password, input_exact(req, "password_confirmation",
                                                in->password_confirmation)))
        fault(c, "password_confirmation", "The password confirmation does not match.");
    TRY(fields_ok(c));
    TRY(attempt_verify(c, app_of(req)->db, &in->attempt,
                       input_exact(req, "current_password", in->current_password)));
    req->slow_result = in;
    return in->attempt.right ? password_hash(c, in->password, &in->password_hash) : OK;
}

enum err password_update(struct ctx *c, struct request *req, struct response *res)
{
    const struct password_change *in = req->slow_result;
    enum err e = attempt_settle(c, &in->attempt, "current_password");
    int64_t user_id = c->caller->user_id;
    struct user user;

    if (e != OK)
        return answer_wrong(c, req, res, e);
    TRY(auth_set_password(c, user_id, in->password_hash));
    TRY(session_end_others(c, user_id, c->caller->session_digest));
    TRY(user_get(c, user_id, &user));
    return answer(c, req, res, 200, &user_shape, &user);
}
