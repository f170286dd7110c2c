/* See discovery.h. Every address comes from auth_issuer, never from the request: what a stranger
 * puts into Host must not send anybody elsewhere. */
#include "api/discovery.h"

#include "api/answer.h"
#include "api/app.h"
#include "auth/jwt.h"
#include "auth/scope.h"
#include "model/client.h"

enum err discovery_keys(struct ctx *c, struct request *req, struct response *res)
{
    jwks_write(auth_keys(app_of(req)->auth), answer_begin(req, res));
    response_header(req, res, "Cache-Control", "public, max-age=3600");
    return answer_end(c, res, 200);
}

/* ---- metadata ---- */

static void write_url(struct str *out, const char *key, const char *issuer, const char *path)
{
    json_key_text(out, key, arena_printf(out->mem, "%s%s", issuer, path));
}

static void write_words(struct str *out, const char *key, const char *const *words)
{
    json_key(out, key);
    json_begin_list(out);
    for (int i = 0; words[i] != NULL; i++)
        json_put_text(out, words[i]);
    json_end_list(out);
}

/* Those of the mcp family, for the endpoints that are named here give no others. */
static void write_scopes(struct str *out)
{
    json_key(out, "scopes_supported");
    json_begin_list(out);
    for (int i = 0; scope_words[i] != NULL; i++)
        if (scopes_gated(scope_words[i]))
            json_put_text(out, scope_words[i]);
    json_end_list(out);
}

static void write_endpoints(struct str *out, const char *issuer)
{
    json_key_text(out, "issuer", issuer);
    write_url(out, "authorization_endpoint", issuer, "/mcp/oauth/authorize");
    write_url(out, "token_endpoint", issuer, "/mcp/oauth/token");
    write_url(out, "registration_endpoint", issuer, "/mcp/oauth/register");
    write_url(out, "device_authorization_endpoint", issuer, "/oauth/device_authorization");
    write_url(out, "introspection_endpoint", issuer, "/oauth/introspect");
    write_url(out, "revocation_endpoint", issuer, "/oauth/revoke");
    write_url(out, "jwks_uri", issuer, "/.well-known/jwks.json");
    write_url(out, "service_documentation", issuer, "/");
}

static void write_abilities(struct str *out)
{
    static const char *const codes[] = { "code", NULL };
    static const char *const query[] = { "query", NULL };
    static const char *const grants[] = { GRANT_AUTHORIZATION_CODE, GRANT_REFRESH_TOKEN,
                                          GRANT_DEVICE_CODE, NULL };
    static const char *const all[] = { "none", "client_secret_post", "client_secret_basic", NULL };
    static const char *const s256[] = { "S256", NULL };

    write_words(out, "response_types_supported", codes);
    write_words(out, "response_modes_supported", query);
    write_words(out, "grant_types_supported", grants);
    write_words(out, "token_endpoint_auth_methods_supported", all);
    write_words(out, "revocation_endpoint_auth_methods_supported", all);
    write_words(out, "introspection_endpoint_auth_methods_supported", all + 1); /* not "none" */
    write_words(out, "code_challenge_methods_supported", s256);
    json_key_bool(out, "authorization_response_iss_parameter_supported", true);
}

static enum err answer_metadata(struct ctx *c, struct request *req, struct response *res)
{
    response_header(req, res, "Cache-Control", "public, max-age=3600");
    return answer_end(c, res, 200);
}

enum err discovery_server(struct ctx *c, struct request *req, struct response *res)
{
    struct str *out = answer_begin(req, res);

    json_begin_object(out);
    write_endpoints(out, auth_issuer(app_of(req)->auth));
    write_abilities(out);
    write_scopes(out);
    json_end_object(out);
    return answer_metadata(c, req, res);
}

enum err discovery_resource(struct ctx *c, struct request *req, struct response *res)
{
    static const char *const header[] = { "header", NULL }, *const rs256[] = { "RS256", NULL };
    const struct app *app = app_of(req);
    const char *issuer = auth_issuer(app->auth);
    const char *const issuers[] = { issuer, NULL };
    struct str *out = answer_begin(req, res);

    json_begin_object(out);
    json_key_text(out, "resource", app->mcp_resource == NULL ? issuer : app->mcp_resource);
    write_words(out, "authorization_servers", issuers);
    write_scopes(out);
    write_url(out, "resource_documentation", issuer, "/");
    write_words(out, "bearer_methods_supported", header);
    write_words(out, "resource_signing_alg_values_supported", rs256);
    json_end_object(out);
    return answer_metadata(c, req, res);
}
