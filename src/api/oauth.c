/* See oauth.h. */
#include "api/oauth.h"

#include <string.h>

#include "api/answer.h"
#include "api/app.h"
#include "api/client_auth.h"
#include "auth/attempt.h"
#include "auth/secret.h"
#include "model/authorization.h"
#include "model/device.h"
#include "model/exchange.h"

/* ---- answers ---- */

enum err answer_grant(struct ctx *c, struct request *req, struct response *res,
                      const struct grant *grant)
{
    struct str *out = answer_begin(req, res);

    answer_never_cached(req, res);
    json_begin_object(out);
    json_key_text(out, "token_type", "Bearer");
    json_key_int(out, "expires_in", grant->expires_in);
    json_key_text(out, "access_token", grant->access_token);
    if (grant->refresh_token != NULL)
        json_key_text(out, "refresh_token", grant->refresh_token);
    if (grant->scope != NULL)
        json_key_text(out, "scope", grant->scope);
    json_end_object(out);
    return answer_end(c, res, 200);
}

/* ---- the request ---- */

/* What is no text counts as missing. Nothing is trimmed: blanks around a password belong to it. */
static enum err read_request(struct ctx *c, const struct request *req, struct grant_request *in)
{
    *in = (struct grant_request){
        .grant_type = json_get_text(req->input, "grant_type"),
        .scope = json_get_text(req->input, "scope"),
        .username = json_get_text(req->input, "username"),
        .password = json_get_text(req->input, "password"),
        .refresh_token = json_get_text(req->input, "refresh_token"),
        .code = json_get_text(req->input, "code"),
        .redirect_uri = json_get_text(req->input, "redirect_uri"),
        .code_verifier = json_get_text(req->input, "code_verifier"),
        .device_code = json_get_text(req->input, "device_code"),
        .resource = json_get_text(req->input, "resource"),
        .default_resource = app_of(req)->mcp_resource,
        .mcp = strncmp(req->route->path, "/mcp/", strlen("/mcp/")) == 0,
    };
    return client_auth_read(c, req, &in->client_id, &in->client_secret);
}

/* ---- the token endpoint ---- */

struct admitted {
    const struct request *req;
    struct grant_request in;
    struct client client;
};

static enum err admit(struct ctx *c, void *arg)
{
    struct admitted *a = arg;

    TRY(read_request(c, a->req, &a->in));
    return grant_admit(c, &a->in, &a->client);
}

/* The brake's refusal, with the code that fits this endpoint. */
static enum err braked(struct ctx *c, enum err e)
{
    if (e == ERR_LIMITED)
        c->failure.code = NULL;
    return e;
}

/* Refusals are found again, and told, by the handler; here they only spare the work: a stranger
 * without a client cannot make the server compare passwords. */
enum err oauth_token_slow(struct ctx *c, struct request *req, struct response *res)
{
    struct attempt *attempt = arena_new(c->mem, struct attempt);
    struct db *db = app_of(req)->db;
    struct admitted a = { .req = req };
    enum err e = db_do(c, db, DB_READ, admit, &a);

    answer_never_cached(req, res);
    if (e == ERR_MALFORMED || e == ERR_UNAUTHENTICATED)
        return ctx_forgive(c);
    TRY(e);
    if (strcmp(a.in.grant_type, "password") != 0)
        return OK;
    TRY(braked(c, attempt_by_email(c, db, a.in.username, attempt)));
    TRY(braked(c, attempt_verify(c, db, attempt, a.in.password)));
    req->slow_result = attempt;
    return OK;
}

static enum err invalid_password(struct ctx *c)
{
    ctx_forgive(c);
    return fail_code(c, ERR_MALFORMED, "invalid_grant",
                     "The e-mail address or the password is not right.");
}

static enum err by_password(struct ctx *c, struct request *req, const struct admitted *a,
                            struct grant *out)
{
    const struct attempt *attempt = req->slow_result;
    enum err e;

    if (attempt == NULL)
        return invalid_password(c); /* the slow part still had something else to refuse */
    e = attempt_settle(c, attempt, NULL);
    if (e == ERR_UNAUTHENTICATED)
        return invalid_password(c);
    TRY(braked(c, e));
    return grant_password(c, app_of(req)->auth, &a->client, attempt->user_id, &a->in, out);
}

/* All grants but that of passwords. */
static const struct {
    const char *grant;
    enum err (*give)(struct ctx *c, struct auth *auth, const struct client *client,
                     const struct grant_request *in, struct grant *out);
} grants[] = {
    { GRANT_CLIENT_CREDENTIALS, grant_application },
    { GRANT_REFRESH_TOKEN, grant_refresh },
    { GRANT_AUTHORIZATION_CODE, grant_code },
    { GRANT_DEVICE_CODE, grant_device },
};

static enum err grant(struct ctx *c, struct request *req, struct grant *out)
{
    struct admitted a = { .req = req };

    TRY(admit(c, &a));
    for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++)
        if (strcmp(a.in.grant_type, grants[i].grant) == 0)
            return grants[i].give(c, app_of(req)->auth, &a.client, &a.in, out);
    return by_password(c, req, &a, out);
}

/* Refusals are committed: a wrong password has been counted, a code is spent, a refresh token that
 * was used twice has ended its family. */
enum err oauth_token(struct ctx *c, struct request *req, struct response *res)
{
    struct grant out;
    enum err e = grant(c, req, &out);

    if (e == OK)
        return answer_grant(c, req, res, &out);
    return client_auth_refuse(c, req, res, e);
}

/* ---- token exchange ---- */

static enum err exchange(struct ctx *c, const struct request *req, struct grant *out)
{
    const struct app *app = app_of(req);

    if (!secret_equal(request_header(req, "X-Tallyfy-Proxy-Auth"), app->mcp_proxy_secret))
        return fail_code(c, ERR_UNAUTHENTICATED, "invalid_client",
                         "The header X-Tallyfy-Proxy-Auth is missing or wrong.");
    return grant_exchange(c, app->auth, out);
}

enum err oauth_exchange(struct ctx *c, struct request *req, struct response *res)
{
    struct grant out;
    enum err e;

    if (app_of(req)->mcp_proxy_secret == NULL)
        return fail_code(c, ERR_NO_ROUTE, err_code(ERR_NO_ROUTE), "%s",
                         err_message(ERR_NO_ROUTE));
    e = exchange(c, req, &out);
    if (e == OK)
        return answer_grant(c, req, res, &out);
    if (e == ERR_UNAUTHENTICATED)
        response_header(req, res, "WWW-Authenticate",
                        arena_printf(c->mem, "Bearer realm=\"Pawl\", error=\"%s\"",
                                     c->failure.code));
    return client_auth_refuse(c, req, res, e);
}
