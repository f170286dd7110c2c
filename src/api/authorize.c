/* See authorize.h. What goes back to the application goes only to an address that is registered for
 * it, and always says who sends it there (iss, RFC 9207). */
#include "api/authorize.h"

#include <string.h>

#include "api/answer.h"
#include "api/app.h"
#include "api/approval.h"
#include "api/pages.h"
#include "http/encode.h"
#include "model/authorization.h"

enum {
    URL_MAX = 64 * 1024,
    LOCATION_MAX = 5 * 1024, /* beside the request that says the same, in a connection's memory */
};

/* ---- the request ---- */

/* In the order in which a repeated one is told: first those on which the way back depends. */
static const struct parameter {
    const char *name;
    size_t offset;
} parameters[] = {
#define PARAMETER(name) { #name, offsetof(struct authorization_request, name) }
    PARAMETER(client_id),      PARAMETER(redirect_uri),
    PARAMETER(state),          PARAMETER(response_type),
    PARAMETER(response_mode),  PARAMETER(scope),
    PARAMETER(code_challenge), PARAMETER(code_challenge_method),
    PARAMETER(resource),
#undef PARAMETER
};

static void read_parameter(const struct request *req, const struct parameter *p,
                           struct authorization_request *in)
{
    const char **value = (const char **)(void *)((char *)in + p->offset);

    for (const struct pair *q = req->query; q != NULL; q = q->next) {
        if (strcmp(q->name, p->name) != 0)
            continue;
        if (*value != NULL && in->repeated == NULL)
            in->repeated = p->name;
        *value = q->value;
    }
}

static struct authorization_request read_request(const struct request *req)
{
    struct authorization_request in = {
        .mcp = strncmp(req->route->path, "/mcp/", strlen("/mcp/")) == 0,
        .default_resource = app_of(req)->mcp_resource,
    };

    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
        read_parameter(req, &parameters[i], &in);
    return in;
}

/* Any fault is an answer to the page. */
static enum err read_authorization(struct ctx *c, const struct request *req,
                                   struct authorization *out)
{
    const struct authorization_request in = read_request(req);

    TRY(authorization_begin(c, &in, out));
    return authorization_check(c, &in, out);
}

/* ---- the way back ---- */

static void add(struct str *url, char *separator, const char *name, const char *value)
{
    if (value == NULL)
        return;
    if (*separator != '\0')
        str_add_char(url, *separator);
    *separator = '&';
    str_add(url, name);
    str_add_char(url, '=');
    encode_query(url, value);
}

/* The redirect URI with these parameters, (name, value) pairs up to a NULL name, in the query or,
 * for the implicit grant, the fragment. */
static const char *url_back(const struct request *req, const struct authorization *a,
                            const char *const (*params)[2])
{
    const char *uri = a->redirect_uri, *query = strchr(uri, '?');
    struct str url = str_in(req->mem, URL_MAX);
    char separator = a->implicit ? '#' : query == NULL ? '?' : '&';

    if (separator == '&' && strchr("?&", uri[strlen(uri) - 1]) != NULL)
        separator = '\0';
    str_add(&url, uri);
    for (; (*params)[0] != NULL; params++)
        add(&url, &separator, (*params)[0], (*params)[1]);
    add(&url, &separator, "state", a->state);
    add(&url, &separator, "iss", auth_issuer(app_of(req)->auth));
    return str_text(&url);
}

static const char *url_refused(const struct request *req, const struct authorization *a,
                               const char *error, const char *description)
{
    const char *const params[][2] = {
        { "error", error }, { "error_description", description }, { NULL, NULL },
    };

    return url_back(req, a, params);
}

static const char *url_denied(const struct request *req, const struct authorization *a)
{
    return url_refused(req, a, "access_denied", "The user did not allow it.");
}

static enum err url_allowed(struct ctx *c, const struct request *req,
                            const struct authorization *a, const char *org_id,
                            const char *scopes, const char **url)
{
    struct grant grant = { 0 };
    const char *code = NULL, *seconds = NULL;

    if (a->implicit) {
        TRY(authorization_token_new(c, app_of(req)->auth, a, org_id, scopes, &grant));
        seconds = arena_printf(c->mem, "%lld", (long long)grant.expires_in);
    } else {
        TRY(authorization_code_new(c, a, org_id, scopes, &code));
    }
    *url = url_back(req, a, (const char *const[][2]){
        { "code", code },
        { "access_token", grant.access_token },
        { "token_type", a->implicit ? "Bearer" : NULL },
        { "expires_in", seconds },
        { "scope", grant.scope },
        { NULL, NULL },
    });
    return OK;
}

/* ---- answers ---- */

static enum err answer_page(struct request *req, struct response *res, int status)
{
    TRY(pages_answer_private("/index.html", req, res));
    if (res->status == 200)
        res->status = status;
    return OK;
}

/* Whether a fault may be told to the application by sending the browser there. Otherwise this would
 * be a way to anywhere for links that anybody makes: whoever registers itself chooses the address,
 * and an address that a request leaves out would be told to strangers (RFC 9700 section 4.11.2). */
static bool may_be_told(const struct authorization *a, const char *url)
{
    return a->said_uri != NULL && a->client.origin != BY_REGISTRATION &&
           strlen(url) <= LOCATION_MAX;
}

static enum err send_to(struct request *req, struct response *res, const char *url)
{
    answer_never_cached(req, res);
    response_header(req, res, "Location", url);
    response_header(req, res, "Referrer-Policy", "no-referrer");
    res->status = 302;
    return OK;
}

/* ---- handlers ---- */

enum err authorize_begin(struct ctx *c, struct request *req, struct response *res)
{
    struct authorization a = { .redirect_uri = NULL };
    enum err e = read_authorization(c, req, &a);
    const char *url;

    if (e == OK)
        return answer_page(req, res, 200);
    if (e != ERR_MALFORMED)
        return e;
    if (a.redirect_uri != NULL) {
        url = url_refused(req, &a, c->failure.code, c->failure.message);
        if (may_be_told(&a, url))
            return send_to(req, res, url);
    }
    return answer_page(req, res, 400); /* which asks for the consent, and is told the fault */
}

enum err authorize_consent(struct ctx *c, struct request *req, struct response *res)
{
    struct authorization a;
    struct question q;
    enum err e = read_authorization(c, req, &a);

    if (e == ERR_MALFORMED)
        return answer_oauth_failure(c, req, res);
    TRY(e);
    q = (struct question){
        .client = &a.client,
        .scopes = a.scopes,
        .redirect_uri = a.said_uri,
        .refused_url = a.said_uri == NULL ? NULL : url_denied(req, &a),
    };
    return answer_question(c, req, res, &q);
}

/* Where what they say leads. */
static enum err answer_url(struct ctx *c, struct request *req, const struct authorization *a,
                           const char **url)
{
    struct approval_input in = { 0 };
    const char *scopes;

    TRY(shape_read(c, &approval_input_shape, req->input, READ_FULL, &in));
    if (!in.allow) {
        if (a->said_uri == NULL) /* and so is told to nobody who could not allow it */
            TRY(approval_possible(c, &a->client));
        *url = url_denied(req, a);
        return OK;
    }
    TRY(approval_accept(c, &a->client, a->scopes, &in, &scopes));
    return url_allowed(c, req, a, in.organization_id, scopes, url);
}

enum err authorize_answer(struct ctx *c, struct request *req, struct response *res)
{
    struct authorization a;
    struct str *out;
    const char *url;
    enum err e = read_authorization(c, req, &a);

    if (e == ERR_MALFORMED)
        return answer_oauth_failure(c, req, res);
    TRY(e);
    TRY(answer_url(c, req, &a, &url));
    answer_never_cached(req, res);
    out = answer_begin(req, res);
    json_begin_object(out);
    json_key(out, "data");
    json_begin_object(out);
    json_key_text(out, "redirect_to", url);
    json_end_object(out);
    json_end_object(out);
    return answer_end(c, res, 200);
}
