/* See authorization.h. Codes are random and kept as digests; the used ones stay in the store for a
 * while, so that a second use is seen. */
#include "model/authorization.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/pkce.h"
#include "auth/scope.h"
#include "auth/secret.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"
#include "model/family.h"

enum { CODE_LENGTH = 48, STATE_MAX = 2000 };

#define CODE_LIFE (600 * SECOND)

/* ---- shape ---- */

/* A row of authorization_codes. */
struct code {
    struct family of;
    const char *redirect_uri;
    const char *code_challenge;
    int64_t expires_at;
    int64_t used_at;
};

static const struct field code_fields[] = {
    FAMILY_FIELDS(code),
    FIELD(code, redirect_uri, TEXT, HIDDEN),
    FIELD(code, code_challenge, TEXT, HIDDEN),
    FIELD(code, expires_at, TIME, HIDDEN),
    FIELD(code, used_at, TIME, HIDDEN),
    { 0 },
};
static const struct shape code_shape = SHAPE(code, code_fields);

/* ---- SQL ---- */

static const char CODE_INSERT[] =
    "INSERT INTO authorization_codes (digest, kind, client_id, user_id, org_id, redirect_uri,"
    "                                 scopes, code_challenge, resource, family, created_at,"
    "                                 expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char CODE_FIND[] =
    "SELECT family, kind, user_id, client_id, org_id, scopes, resource, redirect_uri,"
    "       code_challenge, expires_at, used_at"
    "  FROM authorization_codes WHERE digest = ?";

static const char CODE_USE[] =
    "UPDATE authorization_codes SET used_at = ? WHERE digest = ? AND used_at IS NULL";

/* ---- the request ---- */

static enum err invalid_request(struct ctx *c, const char *why)
{
    return fail_code(c, ERR_MALFORMED, "invalid_request", "%s", why);
}

static bool is_repeated(const struct authorization_request *in, const char *name)
{
    return in->repeated != NULL && strcmp(in->repeated, name) == 0;
}

static bool says(const char *parameter, const char *value)
{
    return grant_given(parameter) && strcmp(parameter, value) == 0;
}

static enum err find_client(struct ctx *c, const struct authorization_request *in,
                            struct client *out)
{
    enum err e = ERR_NOT_FOUND;

    if (grant_given(in->client_id) && !is_repeated(in, "client_id"))
        e = client_find(c, in->client_id, out);
    if (e == ERR_NOT_FOUND)
        return fail_code(c, ERR_MALFORMED, "invalid_client",
                         "The application that sent you here is not known.");
    return e;
}

/* Whether its tokens are for an AI connector, which always needs a proof key. */
static bool is_connector(const struct authorization *a)
{
    return strcmp(a->kind, TOKEN_MCP) == 0;
}

/* Nobody knows a client that registered itself; so where it sends people must stand in the request,
 * to be shown to them. */
static enum err find_redirect(struct ctx *c, const struct authorization_request *in,
                              struct authorization *out)
{
    if (is_repeated(in, "redirect_uri"))
        return invalid_request(c, "The request names two addresses to go back to.");
    if (!grant_given(in->redirect_uri)) {
        if (out->client.origin != BY_REGISTRATION)
            out->redirect_uri = client_redirect_only(c, &out->client);
        return out->redirect_uri != NULL ?
                       OK : invalid_request(c, "The request names no address to go back to.");
    }
    if (!client_redirect_allowed(c, &out->client, in->redirect_uri))
        return invalid_request(c, "The address to go back to is not one of this application.");
    out->redirect_uri = out->said_uri = in->redirect_uri;
    return OK;
}

enum err authorization_begin(struct ctx *c, const struct authorization_request *in,
                             struct authorization *out)
{
    *out = (struct authorization){ .asked_scope = in->scope };
    TRY(find_client(c, in, &out->client));
    out->kind = in->mcp ? TOKEN_MCP : family_kind(&out->client);
    out->implicit = says(in->response_type, "token") && !is_connector(out);
    TRY(find_redirect(c, in, out));
    if (grant_given(in->state) && !is_repeated(in, "state") && strlen(in->state) <= STATE_MAX)
        out->state = in->state;
    return OK;
}

static enum err check_form(struct ctx *c, const struct authorization_request *in,
                           const struct authorization *a)
{
    if (is_repeated(in, "resource"))
        return fail_code(c, ERR_MALFORMED, "invalid_target", "A token is for one resource only.");
    if (in->repeated != NULL)
        return invalid_request(c, "A parameter is given twice.");
    if (grant_given(in->state) && a->state == NULL)
        return invalid_request(c, "The state is longer than 2000 bytes.");
    if (grant_given(in->response_mode) &&
        !says(in->response_mode, a->implicit ? "fragment" : "query"))
        return invalid_request(c, "This response_mode is not known here.");
    return OK;
}

static enum err check_type(struct ctx *c, const struct authorization_request *in,
                           const struct authorization *a)
{
    if (!grant_given(in->response_type))
        return invalid_request(c, "The parameter response_type is missing.");
    if (!a->implicit && !says(in->response_type, "code"))
        return fail_code(c, ERR_MALFORMED, "unsupported_response_type",
                         "This response_type is not known here.");
    return client_check_grant(c, &a->client,
                              a->implicit ? GRANT_IMPLICIT : GRANT_AUTHORIZATION_CODE);
}

static enum err check_challenge(struct ctx *c, const struct authorization_request *in,
                                struct authorization *a)
{
    if (a->implicit)
        return OK; /* there is no code to bind */
    if (!grant_given(in->code_challenge)) {
        if (a->client.public || is_connector(a) || grant_given(in->code_challenge_method))
            return invalid_request(c, "The parameter code_challenge is missing.");
        return OK;
    }
    if (!says(in->code_challenge_method, "S256"))
        return invalid_request(c, "The code_challenge_method must be S256.");
    if (!pkce_challenge_valid(in->code_challenge))
        return invalid_request(c, "The code_challenge is not base64url of a SHA-256 digest.");
    a->challenge = in->code_challenge;
    return OK;
}

static enum err check_resource(struct ctx *c, const struct authorization_request *in,
                               struct authorization *a)
{
    a->resource = is_connector(a) ? in->default_resource : NULL;
    if (!grant_given(in->resource))
        return OK;
    if (!resource_valid(in->resource))
        return fail_code(c, ERR_MALFORMED, "invalid_target",
                         "The resource must be an absolute URI without a fragment, of 500"
                         " characters at most.");
    a->resource = in->resource;
    return OK;
}

enum err authorization_check(struct ctx *c, const struct authorization_request *in,
                             struct authorization *out)
{
    TRY(check_form(c, in, out));
    TRY(check_type(c, in, out));
    TRY(check_challenge(c, in, out));
    TRY(check_resource(c, in, out));
    return scopes_requested(c, in->scope, family_scope_kinds(out->kind), out->client.scopes,
                            &out->scopes);
}

/* ---- what it gives ---- */

static struct family family_of(struct ctx *c, const struct authorization *a, const char *org_id,
                               const char *scopes)
{
    return (struct family){
        .family = id_new(c->mem, c->now),
        .kind = a->kind,
        .user_id = c->caller->user_id,
        .client_id = a->client.id,
        .org_id = org_id,
        .scopes = scopes,
        .resource = a->resource,
    };
}

enum err authorization_code_new(struct ctx *c, const struct authorization *a, const char *org_id,
                                const char *scopes, const char **code)
{
    const struct family f = family_of(c, a, org_id, scopes);

    *code = secret_new(c->mem, CODE_LENGTH);
    return db_change(c, CODE_INSERT, TEXT(secret_digest(c->mem, *code)), TEXT(f.kind),
                     INT(f.client_id), INT(f.user_id), TEXT(f.org_id), TEXT(a->said_uri),
                     TEXT(f.scopes), TEXT(a->challenge), TEXT(f.resource), TEXT(f.family),
                     INT(c->now), INT(c->now + CODE_LIFE));
}

enum err authorization_token_new(struct ctx *c, struct auth *auth, const struct authorization *a,
                                 const char *org_id, const char *scopes, struct grant *out)
{
    const struct family f = family_of(c, a, org_id, scopes);

    TRY(client_used(c, a->client.id));
    TRY(family_issue_access(c, auth, &f, scopes, f.resource, out));
    if (!says(a->asked_scope, scopes))
        out->scope = scopes;
    return OK;
}

/* ---- codes ---- */

static enum err refused(struct ctx *c, const char *why)
{
    return fail_code(c, ERR_MALFORMED, "invalid_grant", "%s", why);
}

/* Spends the code: of two at once, only one does. */
static enum err spend(struct ctx *c, const char *digest, struct code *out)
{
    int64_t spent = 0;
    enum err e;

    *out = (struct code){ 0 };
    e = db_one(c, CODE_FIND, &code_shape, out, TEXT(digest));
    if (e == ERR_NOT_FOUND)
        return refused(c, "The code is not known.");
    TRY(e);
    TRY(db_change_n(c, CODE_USE, &spent, INT(c->now), TEXT(digest)));
    if (spent == 1)
        return OK;
    TRY(token_family_end(c, out->of.family));
    return refused(c, "The code was used before. All that came from it has ended.");
}

/* RFC 6749 section 4.1.3. A request that named no URI went to the only one there is. */
static bool same_redirect(struct ctx *c, const struct client *client, const struct code *code,
                          const char *said)
{
    if (code->redirect_uri != NULL)
        return says(said, code->redirect_uri);
    return !grant_given(said) || client_redirect_allowed(c, client, said);
}

/* RFC 7636 section 4.6. A verifier without a challenge is refused too: somebody has taken the
 * challenge out of the request (RFC 9700 section 4.8.2). */
static bool same_maker(struct ctx *c, const struct code *code, const char *verifier)
{
    if (code->code_challenge == NULL)
        return !grant_given(verifier);
    return grant_given(verifier) && pkce_proves(c->mem, verifier, code->code_challenge);
}

static enum err check_code(struct ctx *c, const struct client *client, const struct code *code,
                           const struct grant_request *in)
{
    if (code->expires_at <= c->now)
        return refused(c, "The code has expired.");
    if (code->of.client_id != client->id)
        return refused(c, "The code was given to another client.");
    if (!same_redirect(c, client, code, in->redirect_uri))
        return refused(c, "The redirect_uri is not that of the authorization request.");
    if (!same_maker(c, code, in->code_verifier))
        return refused(c, "The code_verifier does not fit the code_challenge.");
    return family_check(c, &code->of);
}

enum err grant_code(struct ctx *c, struct auth *auth, const struct client *client,
                    const struct grant_request *in, struct grant *out)
{
    const char *resource;
    struct code code;

    TRY(spend(c, secret_digest(c->mem, in->code), &code));
    TRY(check_code(c, client, &code, in));
    TRY(family_resource(c, &code.of, in->resource, &resource));
    TRY(client_used(c, client->id));
    TRY(family_issue(c, auth, &code.of, code.of.scopes, resource, out));
    out->scope = code.of.scopes;
    return OK;
}
