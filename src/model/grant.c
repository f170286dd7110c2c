/* See grant.h. */
#include "model/grant.h"

#include <string.h>

#include "auth/scope.h"
#include "auth/second_factor.h"
#include "auth/secret.h"
#include "auth/token.h"
#include "base/ids.h"
#include "db/db.h"
#include "model/family.h"

enum { APPLICATION_SECONDS = 604800 };

/* ---- shape ---- */

static const struct field grant_request_fields[] = {
    FIELD(grant_request, grant_type, TEXT, OPTIONAL,
          .note = "authorization_code, refresh_token, client_credentials, password or"
                  " urn:ietf:params:oauth:grant-type:device_code."),
    FIELD(grant_request, client_id, TEXT, OPTIONAL, .note = "Unless given by HTTP Basic."),
    FIELD(grant_request, client_secret, TEXT, OPTIONAL, .note = "Unless given by HTTP Basic."),
    FIELD(grant_request, scope, TEXT, OPTIONAL, .note = "Blank-separated; everything if absent."),
    FIELD(grant_request, username, TEXT, OPTIONAL, .note = "password: the e-mail address."),
    FIELD(grant_request, password, TEXT, OPTIONAL, .note = "password: the password."),
    FIELD(grant_request, refresh_token, TEXT, OPTIONAL, .note = "refresh_token: the last one."),
    FIELD(grant_request, code, TEXT, OPTIONAL, .note = "authorization_code: the code."),
    FIELD(grant_request, redirect_uri, TEXT, OPTIONAL,
          .note = "authorization_code: as in the authorization request."),
    FIELD(grant_request, code_verifier, TEXT, OPTIONAL,
          .note = "authorization_code: what the code_challenge was made of."),
    FIELD(grant_request, device_code, TEXT, OPTIONAL, .note = "device_code: the device's."),
    FIELD(grant_request, resource, TEXT, OPTIONAL, .note = "Whom the token is for (RFC 8707)."),
    { 0 },
};
const struct shape grant_input_shape = SHAPE(grant_request, grant_request_fields);

/* A row of refresh_tokens. */
struct refresh {
    struct family of;
    const char *token_id;
    int64_t expires_at;
    int64_t used_at;
};

static const struct field refresh_fields[] = {
    FAMILY_FIELDS(refresh),
    FIELD(refresh, token_id, TEXT, HIDDEN),
    FIELD(refresh, expires_at, TIME, HIDDEN),
    FIELD(refresh, used_at, TIME, HIDDEN),
    { 0 },
};
static const struct shape refresh_shape = SHAPE(refresh, refresh_fields);

/* ---- SQL ---- */

static const char REFRESH_FIND[] =
    "SELECT family, kind, user_id, client_id, org_id, scopes, resource, token_id, expires_at,"
    "       used_at"
    "  FROM refresh_tokens WHERE digest = ?";

static const char REFRESH_USE[] =
    "UPDATE refresh_tokens SET used_at = ? WHERE digest = ? AND used_at IS NULL";

static const char PLACES_OF_CLIENT[] =
    "SELECT count(*) FROM members"
    " WHERE org_id = ? AND user_id = ? AND status = 'active' AND role IN ('standard', 'admin')";

/* ---- private ---- */

static enum err missing(struct ctx *c, const char *name)
{
    return fail_code(c, ERR_MALFORMED, "invalid_request", "The parameter %s is missing.", name);
}

static enum err refused(struct ctx *c, const char *why)
{
    return fail_code(c, ERR_MALFORMED, "invalid_grant", "%s", why);
}

/* What each grant cannot do without; and thereby all that there are. */
static const struct needed {
    const char *grant;
    size_t offset;
    const char *name; /* NULL: nothing */
    bool consented;   /* a person has allowed it, so that the MCP routes give it too */
} needed[] = {
    { GRANT_CLIENT_CREDENTIALS, 0, NULL, false },
    { GRANT_PASSWORD, offsetof(struct grant_request, username), "username", false },
    { GRANT_PASSWORD, offsetof(struct grant_request, password), "password", false },
    { GRANT_REFRESH_TOKEN, offsetof(struct grant_request, refresh_token), "refresh_token", true },
    { GRANT_AUTHORIZATION_CODE, offsetof(struct grant_request, code), "code", true },
    { GRANT_DEVICE_CODE, offsetof(struct grant_request, device_code), "device_code", true },
};

static bool concerns(const struct needed *n, const struct grant_request *in)
{
    return strcmp(n->grant, in->grant_type) == 0 && (n->consented || !in->mcp);
}

static bool is_known(const struct grant_request *in)
{
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (concerns(&needed[i], in))
            return true;
    return false;
}

static enum err check_parameters(struct ctx *c, const struct grant_request *in)
{
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        const char *const *value = (const void *)((const char *)in + needed[i].offset);

        if (concerns(&needed[i], in) && needed[i].name != NULL && !grant_given(*value))
            return missing(c, needed[i].name);
    }
    return OK;
}

/* RFC 6749 section 5.1: the scope is told when it is not the one asked for. */
static void tell_scope(const struct grant_request *in, const char *scopes, struct grant *out)
{
    if (grant_given(in->scope) && strcmp(in->scope, scopes) != 0)
        out->scope = scopes;
}

/* What was asked for, within what the family has, within what the client may have by now. */
static enum err narrow(struct ctx *c, const struct client *client, const struct grant_request *in,
                       const char *have, const char **scopes)
{
    *scopes = have;
    if (grant_given(in->scope))
        TRY(scopes_requested(c, in->scope, SCOPES_API | SCOPES_MCP, "*", scopes));
    if (!scopes_cover(have, *scopes))
        return fail_code(c, ERR_MALFORMED, "invalid_scope", "This is more than was granted.");
    return scopes_requested(c, *scopes, SCOPES_API | SCOPES_MCP, client->scopes, scopes);
}

static enum err check_second_factor(struct ctx *c, int64_t user_id)
{
    bool in_force;

    TRY(second_factor_in_force(c, user_id, &in_force));
    return in_force ? refused(c, "This account has a second factor. Use another grant.") : OK;
}

/* An organization's client acts for its members alone, also when the token is bound to none. */
static enum err check_place(struct ctx *c, const struct client *client, int64_t user_id)
{
    int64_t places = 1;

    if (client->organization_id != NULL)
        TRY(db_int(c, PLACES_OF_CLIENT, &places, TEXT(client->organization_id), INT(user_id)));
    return places == 0 ?
                   refused(c, "This account is no member of the application's organization.") : OK;
}

static enum err find_refresh(struct ctx *c, const struct client *client, const char *digest,
                             struct refresh *out)
{
    enum err e;

    *out = (struct refresh){ 0 };
    e = db_one(c, REFRESH_FIND, &refresh_shape, out, TEXT(digest));
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || out->of.client_id != client->id || out->expires_at <= c->now)
        return refused(c, "The refresh token is not known or has ended.");
    return OK;
}

/* Two have the same refresh token, and one of them stole it: nobody keeps anything. */
static enum err end_family(struct ctx *c, const char *family)
{
    TRY(token_family_end(c, family));
    return refused(c, "The refresh token was used before. All that came from it has ended.");
}

/* ---- operations ---- */

enum err grant_admit(struct ctx *c, const struct grant_request *in, struct client *client)
{
    if (!grant_given(in->grant_type))
        return missing(c, "grant_type");
    if (!is_known(in))
        return fail_code(c, ERR_MALFORMED, "unsupported_grant_type",
                         "This grant_type is not known here.");
    if (!grant_given(in->client_id))
        return missing(c, "client_id");
    TRY(client_authenticate(c, in->client_id, in->client_secret, client));
    TRY(client_check_grant(c, client, in->grant_type));
    return check_parameters(c, in);
}

enum err grant_application(struct ctx *c, struct auth *auth, const struct client *client,
                           const struct grant_request *in, struct grant *out)
{
    struct token t = {
        .kind = TOKEN_APPLICATION,
        .org_id = client->organization_id,
        .client_id = client->id,
    };

    *out = (struct grant){ .expires_in = APPLICATION_SECONDS };
    TRY(scopes_requested(c, in->scope, SCOPES_API, client->scopes, &t.scopes));
    tell_scope(in, t.scopes, out);
    TRY(client_used(c, client->id));
    return token_issue(c, auth, &t, APPLICATION_SECONDS, &out->access_token);
}

enum err grant_password(struct ctx *c, struct auth *auth, const struct client *client,
                        int64_t user_id, const struct grant_request *in, struct grant *out)
{
    struct family f = {
        .family = id_new(c->mem, c->now),
        .kind = TOKEN_PASSWORD,
        .user_id = user_id,
        .client_id = client->id,
    };

    TRY(scopes_requested(c, in->scope, SCOPES_API, client->scopes, &f.scopes));
    TRY(check_second_factor(c, user_id));
    TRY(check_place(c, client, user_id));
    TRY(family_check(c, &f));
    TRY(client_used(c, client->id));
    TRY(family_issue(c, auth, &f, f.scopes, NULL, out));
    tell_scope(in, f.scopes, out);
    return OK;
}

enum err grant_refresh(struct ctx *c, struct auth *auth, const struct client *client,
                       const struct grant_request *in, struct grant *out)
{
    const char *digest = secret_digest(c->mem, in->refresh_token), *scopes, *resource;
    struct refresh old;
    int64_t used;

    TRY(find_refresh(c, client, digest, &old));
    if (old.used_at != 0)
        return end_family(c, old.of.family);
    TRY(check_place(c, client, old.of.user_id));
    TRY(family_check(c, &old.of));
    TRY(narrow(c, client, in, old.of.scopes, &scopes));
    TRY(family_resource(c, &old.of, in->resource, &resource));
    TRY(db_change_n(c, REFRESH_USE, &used, INT(c->now), TEXT(digest)));
    if (used == 0)
        return end_family(c, old.of.family);
    TRY(token_end(c, old.token_id, "rotated"));
    TRY(client_used(c, client->id));
    TRY(family_issue(c, auth, &old.of, scopes, resource, out));
    if (grant_given(in->scope) || strcmp(scopes, old.of.scopes) != 0)
        out->scope = scopes;
    return OK;
}
