/* See introspection.h. */
#include "api/introspection.h"

#include "api/answer.h"
#include "api/app.h"
#include "api/client_auth.h"
#include "base/clock.h"
#include "model/introspection.h"

/* ---- the request ---- */

struct token_question {
    const char *token;
    const char *token_type_hint;
    const char *client_id;
    const char *client_secret;
};

static const struct field token_question_fields[] = {
    FIELD(token_question, token, TEXT, OPTIONAL, .note = "An access token or a refresh token."),
    FIELD(token_question, token_type_hint, TEXT, OPTIONAL, .note = "Not needed here."),
    FIELD(token_question, client_id, TEXT, OPTIONAL, .note = "Unless given by HTTP Basic."),
    FIELD(token_question, client_secret, TEXT, OPTIONAL, .note = "Unless given by HTTP Basic."),
    { 0 },
};
const struct shape token_question_shape = SHAPE(token_question, token_question_fields);

/* The client, and the token that it asks about. */
static enum err read_question(struct ctx *c, const struct request *req, struct client *client,
                              const char **token)
{
    TRY(client_auth(c, req, client));
    *token = json_get_text(req->input, "token");
    if (*token == NULL || (*token)[0] == '\0')
        return fail_code(c, ERR_MALFORMED, "invalid_request", "The parameter token is missing.");
    return OK;
}

/* ---- introspection ---- */

static const char *digits(struct arena *mem, int64_t number)
{
    return arena_printf(mem, "%lld", (long long)number);
}

static void write_number(struct str *out, const char *key, int64_t number)
{
    if (number != 0)
        json_key_text(out, key, digits(out->mem, number));
}

static void write_text(struct str *out, const char *key, const char *text)
{
    if (text != NULL)
        json_key_text(out, key, text);
}

/* The same words as in the token itself, where RFC 7662 has none of its own. */
static void write_state(struct str *out, const char *issuer, const struct token_state *t)
{
    const char *client_id = digits(out->mem, t->client_id == 0 ? 1 : t->client_id);

    json_key_text(out, "scope", t->scopes);
    json_key_text(out, "client_id", client_id);
    write_text(out, "username", t->email);
    write_text(out, "token_type", t->refresh ? NULL : "Bearer");
    if (t->expires_at != 0)
        json_key_int(out, "exp", t->expires_at / SECOND);
    json_key_int(out, "iat", t->created_at / SECOND);
    json_key_int(out, "nbf", t->created_at / SECOND);
    write_number(out, "sub", t->user_id);
    json_key_text(out, "aud", client_id);
    json_key_text(out, "iss", issuer);
    write_text(out, "jti", t->id);
    write_text(out, "org_id", t->org_id);
    write_text(out, "mcp_resource", t->resource);
}

static enum err introspect(struct ctx *c, struct request *req, struct token_state *out)
{
    struct client client;
    const char *token;

    TRY(read_question(c, req, &client, &token));
    if (client.public)
        return fail_code(c, ERR_UNAUTHENTICATED, "invalid_client",
                         "Only a client with a secret may ask about tokens.");
    return token_introspect(c, app_of(req)->auth, &client, token, out);
}

enum err introspection_read(struct ctx *c, struct request *req, struct response *res)
{
    struct token_state state;
    enum err e = introspect(c, req, &state);
    struct str *out;

    if (e != OK && e != ERR_NOT_FOUND)
        return client_auth_refuse(c, req, res, e);
    out = answer_begin(req, res);
    answer_never_cached(req, res);
    json_begin_object(out);
    json_key_bool(out, "active", e == OK);
    if (e == OK)
        write_state(out, auth_issuer(app_of(req)->auth), &state);
    json_end_object(out);
    return answer_end(c, res, 200);
}

/* ---- revocation ---- */

static enum err revoke(struct ctx *c, struct request *req)
{
    struct client client;
    const char *token;

    TRY(read_question(c, req, &client, &token));
    return token_revoke_by(c, app_of(req)->auth, &client, token);
}

/* What is no token of this client's is answered alike: it learns nothing. */
enum err introspection_revoke(struct ctx *c, struct request *req, struct response *res)
{
    enum err e = revoke(c, req);

    if (e != OK)
        return client_auth_refuse(c, req, res, e);
    answer_never_cached(req, res);
    res->status = 200;
    return OK;
}
