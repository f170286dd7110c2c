/* See client_auth.h. */
#include "api/client_auth.h"

#include <string.h>
#include <strings.h>

#include "api/answer.h"
#include "auth/base64.h"
#include "http/decode.h"

static enum err invalid_request(struct ctx *c, const char *why)
{
    return fail_code(c, ERR_MALFORMED, "invalid_request", "%s", why);
}

/* What follows "Basic ", or NULL. */
static const char *basic_credentials(const struct request *req)
{
    static const char scheme[] = "Basic ";
    const char *header = request_header(req, "Authorization");

    if (header == NULL || strncasecmp(header, scheme, strlen(scheme)) != 0)
        return NULL;
    return header + strlen(scheme);
}

/* RFC 6749 section 2.3.1: both parts are encoded as in a form before they are joined. */
static bool split_basic(struct arena *mem, const char *basic, const char **id,
                        const char **secret)
{
    size_t n;
    char *text = (char *)base64_decode(mem, basic, strlen(basic), &n);
    char *colon = text == NULL || strlen(text) != n ? NULL : strchr(text, ':');

    if (colon == NULL)
        return false;
    *id = decode(mem, text, (size_t)(colon - text), DECODE_FORM);
    *secret = decode(mem, colon + 1, strlen(colon + 1), DECODE_FORM);
    return *id != NULL && *secret != NULL;
}

/* Scripts send the client's id as a number too. */
static const char *body_client_id(const struct request *req)
{
    const struct json *id = json_get(req->input, "client_id");

    if (id == NULL || id->kind != J_INT)
        return json_get_text(req->input, "client_id");
    return arena_printf(req->mem, "%lld", (long long)id->integer);
}

/* RFC 6749 section 3.2. A scope that is a list must not be taken for none, which would ask for
 * everything. */
static enum err check_form(struct ctx *c, const struct request *req)
{
    const struct json *scope = json_get(req->input, "scope");

    if (req->repeated != NULL)
        return invalid_request(c, "A parameter is given twice.");
    if (scope != NULL && scope->kind != J_TEXT && scope->kind != J_NULL)
        return invalid_request(c, "The scope must be a text with blanks between its words.");
    return OK;
}

enum err client_auth_read(struct ctx *c, const struct request *req, const char **id,
                          const char **secret)
{
    const char *basic = basic_credentials(req);
    const char *body_id = body_client_id(req);

    TRY(check_form(c, req));
    *id = body_id;
    *secret = json_get_text(req->input, "client_secret");
    if (basic == NULL)
        return OK;
    if (*secret != NULL)
        return invalid_request(c, "The client authenticates in the header and in the body.");
    if (!split_basic(c->mem, basic, id, secret))
        return fail_code(c, ERR_UNAUTHENTICATED, "invalid_client",
                         "The Authorization header is not Basic authentication.");
    if (body_id != NULL && strcmp(body_id, *id) != 0)
        return invalid_request(c, "The header and the body name two clients.");
    return OK;
}

enum err client_auth(struct ctx *c, const struct request *req, struct client *out)
{
    const char *id, *secret;

    TRY(client_auth_read(c, req, &id, &secret));
    if (id == NULL || id[0] == '\0')
        return invalid_request(c, "The parameter client_id is missing.");
    return client_authenticate(c, id, secret, out);
}

enum err client_auth_refuse(struct ctx *c, struct request *req, struct response *res, enum err e)
{
    answer_never_cached(req, res);
    if (e == ERR_UNAUTHENTICATED && basic_credentials(req) != NULL)
        response_header(req, res, "WWW-Authenticate", "Basic realm=\"Pawl\"");
    if (e == ERR_UNAUTHENTICATED || e == ERR_MALFORMED)
        return answer_failure(c, req, res);
    return e;
}
