/* See tokens.h. The lists and single tokens under /oauth/ stand without an envelope, as clients of
 * that interface expect. */
#include "api/tokens.h"

#include "api/answer.h"
#include "api/app.h"
#include "api/password_input.h"
#include "api/session.h"
#include "auth/caller.h"
#include "auth/named.h"
#include "auth/personal.h"
#include "model/org_token.h"
#include "model/user.h"

enum { PER_PAGE = 50, PER_PAGE_MAX = 200 };

/* ---- shared ---- */

/* Light members make and see no tokens. */
static enum err check_owner(struct ctx *c)
{
    bool allowed;

    TRY(user_may_have_tokens(c, c->caller->user_id, &allowed));
    if (!allowed)
        return fail_code(c, ERR_DENIED, "FORBIDDEN_ROLE", "Light members cannot use API tokens.");
    return OK;
}

static enum err answer_tokens(struct ctx *c, struct request *req, struct response *res,
                              const struct shape *shape, const struct token *rows, size_t count)
{
    struct str *out = answer_begin(req, res);

    json_begin_list(out);
    for (size_t i = 0; i < count; i++)
        shape_write(out, shape, &rows[i]);
    json_end_list(out);
    return answer_end(c, res, 200);
}

/* A named token with its text, for the only time. */
static enum err answer_new(struct ctx *c, struct request *req, struct response *res, int status,
                           const struct token *token, const char *text)
{
    struct str *out = answer_begin(req, res);

    answer_never_cached(req, res);
    json_begin_object(out);
    json_key_text(out, "accessToken", text);
    json_key(out, "token");
    shape_write(out, &named_token_shape, token);
    answer_meta_warnings(req, out);
    json_end_object(out);
    return answer_end(c, res, status);
}

/* ---- the personal token ---- */

enum err personal_token_read(struct ctx *c, struct request *req, struct response *res)
{
    struct app *app = app_of(req);
    struct personal_token token;

    TRY(check_owner(c));
    TRY(auth_write_uses(c, app->auth));
    TRY(personal_token_show(c, app->auth, c->caller->user_id, &token));
    return answer(c, req, res, 200, &personal_token_shape, &token);
}

typedef enum err personal_token_get(struct ctx *c, struct auth *auth, int64_t user_id,
                                    struct personal_token *out);

/* The token itself, for whoever knows the password: an open browser is not enough. */
static enum err reveal(struct ctx *c, struct request *req, struct response *res,
                       personal_token_get *get)
{
    struct app *app = app_of(req);
    struct personal_token token;
    enum err e;

    TRY(check_owner(c));
    e = password_input_settle(c, req);
    if (e != OK)
        return answer_wrong(c, req, res, e);
    TRY(auth_write_uses(c, app->auth));
    TRY(get(c, app->auth, c->caller->user_id, &token));
    answer_never_cached(req, res);
    return answer(c, req, res, 200, &personal_token_revealed_shape, &token);
}

enum err personal_token_reveal_post(struct ctx *c, struct request *req, struct response *res)
{
    return reveal(c, req, res, personal_token_show);
}

enum err personal_token_replace_post(struct ctx *c, struct request *req, struct response *res)
{
    return reveal(c, req, res, personal_token_replace);
}

/* ---- named tokens ---- */

enum err named_tokens_list(struct ctx *c, struct request *req, struct response *res)
{
    struct token *rows;
    size_t count;

    TRY(auth_write_uses(c, app_of(req)->auth));
    TRY(named_list(c, c->caller->user_id, &rows, &count));
    for (size_t i = 0; i < count; i++)
        rows[i].calls_7_days += auth_token_calls(app_of(req)->auth, rows[i].id);
    return answer_tokens(c, req, res, &named_token_shape, rows, count);
}

enum err named_tokens_create(struct ctx *c, struct request *req, struct response *res)
{
    struct named_input in = NAMED_INPUT;
    struct token token;
    const char *text;

    TRY(check_owner(c));
    TRY(shape_read(c, &named_token_input_shape, req->input, READ_FULL, &in));
    TRY(named_create(c, &in, &token, &text));
    return answer_new(c, req, res, 201, &token, text);
}

enum err named_tokens_rename(struct ctx *c, struct request *req, struct response *res)
{
    struct named_input in = NAMED_INPUT;
    struct token token;

    TRY(shape_read(c, &named_token_name_shape, req->input, READ_FULL, &in));
    TRY(named_rename(c, request_param(req, "id"), in.name, &token));
    shape_write(answer_begin(req, res), &named_token_shape, &token);
    return answer_end(c, res, 200);
}

enum err named_tokens_rotate(struct ctx *c, struct request *req, struct response *res)
{
    struct rotate_input in = { 0 };
    struct token token;
    const char *text;

    TRY(check_owner(c));
    TRY(shape_read(c, &named_token_rotation_shape, req->input, READ_FULL, &in));
    TRY(named_rotate(c, request_param(req, "id"), &in, &token, &text));
    return answer_new(c, req, res, 200, &token, text);
}

enum err named_tokens_revoke(struct ctx *c, struct request *req, struct response *res)
{
    TRY(named_revoke(c, request_param(req, "id")));
    return answer_nothing(res);
}

/* ---- tokens that applications hold ---- */

enum err connected_tokens_list(struct ctx *c, struct request *req, struct response *res)
{
    struct token *rows;
    size_t count;

    TRY(auth_write_uses(c, app_of(req)->auth));
    TRY(connected_list(c, c->caller->user_id, &rows, &count));
    return answer_tokens(c, req, res, &connected_token_shape, rows, count);
}

enum err connected_tokens_revoke(struct ctx *c, struct request *req, struct response *res)
{
    TRY(connected_revoke(c, c->caller->user_id, request_param(req, "id")));
    return answer_nothing(res);
}

enum err all_tokens_revoke(struct ctx *c, struct request *req, struct response *res)
{
    (void)req;
    TRY(tokens_revoke_all(c, c->caller->user_id));
    return answer_nothing(res);
}

/* ---- tokens that work in an organization ---- */

enum err org_tokens_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, PER_PAGE, PER_PAGE_MAX);
    struct org_token *rows;
    size_t count;

    TRY(auth_write_uses(c, app_of(req)->auth));
    TRY(org_token_list(c, page.per_page, page_offset(&page), &rows, &count, &page.total));
    page.count = (int64_t)count;
    return answer_list(c, req, res, &org_token_shape, rows, &page, NULL);
}

enum err org_tokens_revoke(struct ctx *c, struct request *req, struct response *res)
{
    TRY(org_token_revoke(c, request_param(req, "id")));
    return answer_nothing(res);
}
