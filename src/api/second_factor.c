/* See second_factor.h. */
#include "api/second_factor.h"

#include "api/answer.h"
#include "api/app.h"
#include "api/password_input.h"
#include "api/session.h"
#include "auth/caller.h"
#include "auth/second_factor.h"
#include "model/account.h"
#include "model/user.h"

struct second_factor_code {
    const char *code;
};

static const struct field second_factor_code_fields[] = {
    FIELD(second_factor_code, code, TEXT, REQUIRED, .max = 100,
          .note = "Six digits from the authenticator app."),
    { 0 },
};
const struct shape second_factor_code_shape =
    SHAPE(second_factor_code, second_factor_code_fields);

static enum err notify(struct ctx *c, struct request *req, const char *kind)
{
    struct user user;

    TRY(user_get(c, c->caller->user_id, &user));
    return account_notify(c, app_of(req)->auth, &user, kind, "/");
}

enum err second_factor_read(struct ctx *c, struct request *req, struct response *res)
{
    struct second_factor factor;

    TRY(second_factor_get(c, c->caller->user_id, &factor));
    return answer(c, req, res, 200, &second_factor_shape, &factor);
}

enum err second_factor_create(struct ctx *c, struct request *req, struct response *res)
{
    struct second_factor_key key;
    enum err e = password_input_settle(c, req);
    struct user user;

    if (e != OK)
        return answer_wrong(c, req, res, e);
    TRY(user_get(c, c->caller->user_id, &user));
    TRY(second_factor_begin(c, app_of(req)->auth, user.id, user.email, &key));
    answer_never_cached(req, res);
    return answer(c, req, res, 201, &second_factor_key_shape, &key);
}

enum err second_factor_confirm_post(struct ctx *c, struct request *req, struct response *res)
{
    struct auth *auth = app_of(req)->auth;
    struct second_factor_code in = { 0 };
    struct recovery_codes codes;

    TRY(shape_read(c, &second_factor_code_shape, req->input, READ_FULL, &in));
    TRY(second_factor_confirm(c, auth, c->caller->user_id, in.code, &codes));
    TRY(notify(c, req, "second_factor_on"));
    answer_never_cached(req, res);
    return answer(c, req, res, 200, &recovery_codes_shape, &codes);
}

enum err second_factor_recovery_codes(struct ctx *c, struct request *req, struct response *res)
{
    enum err e = password_input_settle(c, req);
    struct recovery_codes codes;

    if (e != OK)
        return answer_wrong(c, req, res, e);
    TRY(second_factor_new_codes(c, c->caller->user_id, &codes));
    TRY(notify(c, req, "recovery_codes_made"));
    answer_never_cached(req, res);
    return answer(c, req, res, 200, &recovery_codes_shape, &codes);
}

enum err second_factor_delete(struct ctx *c, struct request *req, struct response *res)
{
    enum err e = password_input_settle(c, req);
    bool had;

    if (e != OK)
        return answer_wrong(c, req, res, e);
    TRY(second_factor_remove(c, c->caller->user_id, &had));
    if (had)
        TRY(notify(c, req, "second_factor_off"));
    return answer_nothing(res);
}
