/* See registration.h. What a stranger says of itself is believed as far as its name and addresses
 * go; a person who is asked for consent is told that it registered itself. */
#include "api/registration.h"

#include <string.h>

#include "api/answer.h"
#include "auth/scope.h"
#include "auth/words.h"
#include "base/clock.h"
#include "model/client.h"

/* ---- the request ---- */

enum auth_method { AUTH_NONE, AUTH_POST, AUTH_BASIC };

static const char *const auth_methods[] = {
    "none", "client_secret_post", "client_secret_basic", NULL,
};
static const char *const response_types[] = { "code", NULL };

struct registration {
    const char *client_name;
    const char *redirect_uris;
    const char *grant_types;
    const char *response_types;
    int token_endpoint_auth_method;
    const char *scope;
};

static const struct field registration_fields[] = {
    FIELD(registration, client_name, TEXT, OPTIONAL, .max = 100,
          .note = "What people are shown."),
    FIELD(registration, redirect_uris, JSON, OPTIONAL,
          .note = "https, or http on the loopback; public clients also have schemes of their own."),
    FIELD(registration, grant_types, JSON, OPTIONAL,
          .note = "authorization_code and refresh_token if absent."),
    FIELD(registration, response_types, JSON, OPTIONAL, .note = "code alone."),
    FIELD(registration, token_endpoint_auth_method, WORD, OPTIONAL, .words = auth_methods,
          .note = "none makes a public client; client_secret_basic if absent."),
    FIELD(registration, scope, TEXT, OPTIONAL,
          .note = "Blank-separated; the mcp scopes among them, all of those if there is none."),
    { 0 },
};
const struct shape client_registration_shape = SHAPE(registration, registration_fields);

/* A client that nobody knows may have the scopes of the mcp family, and no others. */
static const char *scopes_of(struct arena *mem, const char *asked)
{
    bool some = asked != NULL && scopes_gated(asked);
    const char *scopes = "";

    for (int i = 0; scope_words[i] != NULL; i++)
        if (scopes_gated(scope_words[i]) && (!some || words_have(asked, scope_words[i])))
            scopes = arena_printf(mem, "%s%s%s", scopes, *scopes == '\0' ? "" : " ",
                                  scope_words[i]);
    return *scopes == '\0' ? scopes_of(mem, NULL) : scopes;
}

static enum err read_request(struct ctx *c, const struct request *req, struct registration *in)
{
    const char *types;

    *in = (struct registration){ .token_endpoint_auth_method = AUTH_BASIC };
    TRY(shape_read(c, &client_registration_shape, req->input, READ_FULL, in));
    if (in->client_name == NULL || in->client_name[0] == '\0')
        in->client_name = "Unnamed application";
    client_check_name(c, "client_name", in->client_name);
    TRY(words_read(c, "response_types", in->response_types, response_types, &types));
    return fields_ok(c);
}

static enum err register_client(struct ctx *c, const struct request *req,
                                struct registration *in, struct client *out)
{
    struct client_input client = CLIENT_INPUT;

    TRY(read_request(c, req, in));
    client.name = in->client_name;
    client.grants = in->grant_types;
    client.redirect_uris = in->redirect_uris;
    client.scopes = words_json(c->mem, scopes_of(c->mem, in->scope));
    client.public = in->token_endpoint_auth_method == AUTH_NONE;
    client.require_client_header = false; /* connectors are made without knowing us */
    return client_register(c, &client, out);
}

/* ---- the answer ---- */

/* RFC 7591 section 3.2.2: the first fault, in words of its own. */
static enum err refuse(struct ctx *c, enum err e)
{
    const struct field_error *fault = c->failure.fields;
    bool redirect;

    if (e != ERR_INVALID || fault == NULL)
        return e;
    redirect = strncmp(fault->field, "redirect_uris", strlen("redirect_uris")) == 0;
    ctx_forgive(c);
    return fail_code(c, ERR_MALFORMED,
                     redirect ? "invalid_redirect_uri" : "invalid_client_metadata", "%s",
                     fault->message);
}

static void write_secret(struct str *out, const struct client *client)
{
    if (client->public)
        return;
    json_key_text(out, "client_secret", client->client_secret);
    json_key_int(out, "client_secret_expires_at", 0); /* never */
}

static void write_client(struct str *out, const struct client *client,
                         const struct registration *in)
{
    bool code = strstr(client->grants, "\"" GRANT_AUTHORIZATION_CODE "\"") != NULL;

    json_begin_object(out);
    json_key_text(out, "client_id", arena_printf(out->mem, "%lld", (long long)client->id));
    json_key_int(out, "client_id_issued_at", client->created_at / SECOND);
    write_secret(out, client);
    json_key_text(out, "client_name", client->name);
    json_key(out, "redirect_uris");
    json_put_raw(out, client->redirect_uris);
    json_key(out, "grant_types");
    json_put_raw(out, client->grants);
    json_key(out, "response_types");
    json_put_raw(out, code ? "[\"code\"]" : "[]");
    json_key_text(out, "token_endpoint_auth_method",
                  auth_methods[in->token_endpoint_auth_method]);
    json_key_text(out, "scope", scopes_of(out->mem, in->scope));
    json_end_object(out);
}

enum err registration_create(struct ctx *c, struct request *req, struct response *res)
{
    struct registration in;
    struct client client;
    enum err e = register_client(c, req, &in, &client);

    answer_never_cached(req, res);
    if (e != OK)
        return refuse(c, e);
    write_client(answer_begin(req, res), &client, &in);
    return answer_end(c, res, 201);
}
