/* See oauth.h. */
#include "api/oauth.h"

#include <string.h>
#include <strings.h>

#include "api/answer.h"
#include "api/app.h"
#include "auth/attempt.h"
#include "auth/base64.h"
#include "auth/jwt.h"

enum { CLIENTS_PER_PAGE = 10, CLIENTS_PER_PAGE_MOST = 100 };

/* ---- answers ---- */

void never_cached(struct request *req, struct response *res)
{
    response_header(req, res, "Cache-Control", "no-store");
    response_header(req, res, "Pragma", "no-cache");
}

enum err answer_grant(struct ctx *c, struct request *req, struct response *res,
                      const struct grant *grant)
{
    struct str *out = answer_begin(req, res);

    never_cached(req, res);
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

/* What follows "Basic ", or NULL. */
static const char *basic_credentials(const struct request *req)
{
    static const char scheme[] = "Basic ";
    const char *header = request_header(req, "Authorization");

    if (header == NULL || strncasecmp(header, scheme, strlen(scheme)) != 0)
        return NULL;
    return header + strlen(scheme);
}

static enum err invalid_request(struct ctx *c, const char *why)
{
    return fail_code(c, ERR_MALFORMED, "invalid_request", "%s", why);
}

/* RFC 6749 section 2.3: a client authenticates in one way only. Its section 2.3.1 also encodes the
 * two parts as a form does, which changes nothing in digits and letters. */
static enum err read_basic(struct ctx *c, const char *basic, struct grant_request *in)
{
    size_t n;
    char *text = (char *)base64_decode(c->mem, basic, strlen(basic), &n);
    char *colon = text == NULL || strlen(text) != n ? NULL : strchr(text, ':');

    if (in->client_secret != NULL)
        return invalid_request(c, "The client authenticates in the header and in the body.");
    if (colon == NULL)
        return fail_code(c, ERR_UNAUTHENTICATED, "invalid_client",
                         "The Authorization header is not Basic authentication.");
    *colon = '\0';
    if (in->client_id != NULL && strcmp(in->client_id, text) != 0)
        return invalid_request(c, "The header and the body name two clients.");
    in->client_id = text;
    in->client_secret = colon + 1;
    return OK;
}

/* Scripts send the client's id as a number too. */
static const char *read_client_id(const struct request *req)
{
    const struct json *id = json_get(req->input, "client_id");

    if (id == NULL || id->kind != J_INT)
        return json_get_text(req->input, "client_id");
    return arena_printf(req->mem, "%lld", (long long)id->integer);
}

/* What is no text counts as missing. Nothing is trimmed: blanks around a password belong to it. */
static enum err read_request(struct ctx *c, const struct request *req, struct grant_request *in)
{
    const char *basic = basic_credentials(req);

    *in = (struct grant_request){
        .grant_type = json_get_text(req->input, "grant_type"),
        .client_id = read_client_id(req),
        .client_secret = json_get_text(req->input, "client_secret"),
        .scope = json_get_text(req->input, "scope"),
        .username = json_get_text(req->input, "username"),
        .password = json_get_text(req->input, "password"),
        .refresh_token = json_get_text(req->input, "refresh_token"),
    };
    return basic == NULL ? OK : read_basic(c, basic, in);
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

    never_cached(req, res);
    if (e == ERR_MALFORMED || e == ERR_UNAUTHENTICATED)
        return ctx_forgive(c);
    TRY(e);
    if (strcmp(a.in.grant_type, "password") != 0)
        return OK;
    TRY(braked(c, attempt_by_email(c, db, a.in.username, attempt)));
    attempt_verify(attempt, a.in.password);
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

static enum err grant(struct ctx *c, struct request *req, struct grant *out)
{
    struct auth *auth = app_of(req)->auth;
    struct admitted a = { .req = req };

    TRY(admit(c, &a));
    if (strcmp(a.in.grant_type, "password") == 0)
        return by_password(c, req, &a, out);
    if (strcmp(a.in.grant_type, "refresh_token") == 0)
        return grant_refresh(c, auth, &a.client, &a.in, out);
    return grant_application(c, auth, &a.client, &a.in, out);
}

/* Refusals are committed: a wrong password has been counted, a stolen refresh token has ended its
 * family. */
enum err oauth_token(struct ctx *c, struct request *req, struct response *res)
{
    struct grant out;
    enum err e = grant(c, req, &out);

    if (e == OK)
        return answer_grant(c, req, res, &out);
    never_cached(req, res);
    if (e == ERR_UNAUTHENTICATED && basic_credentials(req) != NULL)
        response_header(req, res, "WWW-Authenticate", "Basic realm=\"Pawl\"");
    if (e == ERR_UNAUTHENTICATED || e == ERR_MALFORMED)
        return answer_failure(c, req, res);
    return e;
}

enum err oauth_jwks(struct ctx *c, struct request *req, struct response *res)
{
    jwks_write(auth_keys(app_of(req)->auth), answer_begin(req, res));
    response_header(req, res, "Cache-Control", "public, max-age=3600");
    return answer_end(c, res, 200);
}

/* ---- clients ---- */

enum err clients_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, CLIENTS_PER_PAGE, CLIENTS_PER_PAGE_MOST);
    struct client *clients;
    size_t count;

    TRY(client_list(c, page.per_page, page_offset(&page), &clients, &count, &page.total));
    page.count = (int64_t)count;
    return answer_list(c, req, res, &client_shape, clients, &page, NULL);
}

enum err clients_create(struct ctx *c, struct request *req, struct response *res)
{
    struct client_input in = CLIENT_INPUT;
    struct client client;

    TRY(shape_read(c, &client_input_shape, req->input, READ_FULL, &in));
    TRY(client_create(c, &in, &client));
    never_cached(req, res);
    return answer(c, req, res, 201, &client_secret_shape, &client);
}

enum err clients_new_secret(struct ctx *c, struct request *req, struct response *res)
{
    struct client client;

    TRY(client_new_secret(c, request_param(req, "id"), &client));
    never_cached(req, res);
    return answer(c, req, res, 200, &client_secret_shape, &client);
}

enum err clients_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(client_delete(c, request_param(req, "id")));
    return answer_nothing(res);
}
