/* See grant.h. Refresh tokens are random and kept as digests; the used ones stay in the store until
 * they expire, so that a second use is seen. */
#include "model/grant.h"

#include <string.h>

#include "auth/scope.h"
#include "auth/secret.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"
#include "model/user.h"

enum {
    APPLICATION_SECONDS = 604800,
    PASSWORD_SECONDS = 15778800,
    REFRESH_SECONDS = 31557600,
    REFRESH_LENGTH = 48,
};

/* ---- shape ---- */

static const struct field grant_request_fields[] = {
    FIELD(grant_request, grant_type, TEXT, OPTIONAL,
          .note = "client_credentials, password or refresh_token."),
    FIELD(grant_request, client_id, TEXT, OPTIONAL, .note = "Unless given by HTTP Basic."),
    FIELD(grant_request, client_secret, TEXT, OPTIONAL, .note = "Unless given by HTTP Basic."),
    FIELD(grant_request, scope, TEXT, OPTIONAL, .note = "Blank-separated; everything if absent."),
    FIELD(grant_request, username, TEXT, OPTIONAL, .note = "password: the e-mail address."),
    FIELD(grant_request, password, TEXT, OPTIONAL, .note = "password: the password."),
    FIELD(grant_request, refresh_token, TEXT, OPTIONAL, .note = "refresh_token: the last one."),
    { 0 },
};
const struct shape grant_input_shape = SHAPE(grant_request, grant_request_fields);

/* A row of refresh_tokens. */
struct refresh {
    const char *family;
    const char *token_id;
    int64_t user_id;
    int64_t client_id;
    const char *scopes;
    int64_t expires_at;
    int64_t used_at;
};

static const struct field refresh_fields[] = {
    FIELD(refresh, family, TEXT, HIDDEN),   FIELD(refresh, token_id, TEXT, HIDDEN),
    FIELD(refresh, user_id, INT, HIDDEN),   FIELD(refresh, client_id, INT, HIDDEN),
    FIELD(refresh, scopes, TEXT, HIDDEN),   FIELD(refresh, expires_at, TIME, HIDDEN),
    FIELD(refresh, used_at, TIME, HIDDEN),  { 0 },
};
static const struct shape refresh_shape = SHAPE(refresh, refresh_fields);

/* ---- SQL ---- */

static const char REFRESH_INSERT[] =
    "INSERT INTO refresh_tokens (digest, family, token_id, user_id, client_id, scopes,"
    "                            created_at, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

static const char REFRESH_FIND[] =
    "SELECT family, token_id, user_id, client_id, scopes, expires_at, used_at"
    "  FROM refresh_tokens WHERE digest = ?";

static const char REFRESH_USE[] =
    "UPDATE refresh_tokens SET used_at = ? WHERE digest = ? AND used_at IS NULL";

static const char TOKEN_REVOKE[] =
    "UPDATE tokens SET revoked_at = ?1, updated_at = ?1 WHERE id = ? AND revoked_at IS NULL";

static const char FAMILY_REVOKE[] =
    "UPDATE tokens SET revoked_at = ?1, updated_at = ?1"
    " WHERE revoked_at IS NULL"
    "   AND id IN (SELECT token_id FROM refresh_tokens WHERE family = ?)";

static const char FAMILY_DELETE[] = "DELETE FROM refresh_tokens WHERE family = ?";

/* ---- private ---- */

static enum err missing(struct ctx *c, const char *name)
{
    return fail_code(c, ERR_MALFORMED, "invalid_request", "The parameter %s is missing.", name);
}

static enum err refused(struct ctx *c, const char *why)
{
    return fail_code(c, ERR_MALFORMED, "invalid_grant", "%s", why);
}

static bool given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static bool is(const struct grant_request *in, const char *grant)
{
    return strcmp(in->grant_type, grant) == 0;
}

static enum err check_parameters(struct ctx *c, const struct grant_request *in)
{
    if (is(in, "password") && !given(in->username))
        return missing(c, "username");
    if (is(in, "password") && !given(in->password))
        return missing(c, "password");
    if (is(in, "refresh_token") && !given(in->refresh_token))
        return missing(c, "refresh_token");
    return OK;
}

/* RFC 6749 section 5.1: the scope is told when it is not the one asked for. */
static void tell_scope(const struct grant_request *in, const char *scopes, struct grant *out)
{
    if (given(in->scope) && strcmp(in->scope, scopes) != 0)
        out->scope = scopes;
}

/* An access token of a user with a refresh token of the given family. Refreshing can later give
 * the scopes of the family again, also when this token has fewer. */
static enum err issue_pair(struct ctx *c, struct auth *auth, const struct refresh *family,
                           const char *scopes, struct grant *out)
{
    struct token t = {
        .kind = TOKEN_PASSWORD,
        .user_id = family->user_id,
        .client_id = family->client_id,
        .scopes = scopes,
    };

    *out = (struct grant){ .expires_in = PASSWORD_SECONDS };
    TRY(token_issue(c, auth, &t, PASSWORD_SECONDS, &out->access_token));
    out->refresh_token = secret_new(c->mem, REFRESH_LENGTH);
    return db_change(c, REFRESH_INSERT, TEXT(secret_digest(c->mem, out->refresh_token)),
                     TEXT(family->family), TEXT(t.id), INT(family->user_id),
                     INT(family->client_id), TEXT(family->scopes), INT(c->now),
                     INT(c->now + REFRESH_SECONDS * SECOND));
}

static enum err check_user(struct ctx *c, int64_t user_id)
{
    bool allowed;

    TRY(user_may_have_tokens(c, user_id, &allowed));
    return allowed ? OK : refused(c, "This account cannot let applications act for it.");
}

/* Two have the same refresh token, and one of them stole it: nobody keeps anything. */
static enum err end_family(struct ctx *c, const char *family)
{
    TRY(db_change(c, FAMILY_REVOKE, INT(c->now), TEXT(family)));
    TRY(db_change(c, FAMILY_DELETE, TEXT(family)));
    return refused(c, "The refresh token was used before. All that came from it has ended.");
}

/* What was asked for, within what the family has. */
static enum err narrow(struct ctx *c, const struct grant_request *in, const char *have,
                       const char **scopes)
{
    *scopes = have;
    if (!given(in->scope))
        return OK;
    TRY(scopes_requested(c, in->scope, SCOPES_API | SCOPES_MCP, "*", scopes));
    if (!scopes_cover(have, *scopes))
        return fail_code(c, ERR_MALFORMED, "invalid_scope", "This is more than was granted.");
    return OK;
}

/* ---- operations ---- */

enum err grant_admit(struct ctx *c, const struct grant_request *in, struct client *client)
{
    if (!given(in->grant_type))
        return missing(c, "grant_type");
    if (!is(in, "client_credentials") && !is(in, "password") && !is(in, "refresh_token"))
        return fail_code(c, ERR_MALFORMED, "unsupported_grant_type",
                         "This grant_type is not known here.");
    if (!given(in->client_id))
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
    struct refresh family = {
        .family = id_new(c->mem, c->now),
        .user_id = user_id,
        .client_id = client->id,
    };

    TRY(scopes_requested(c, in->scope, SCOPES_API, client->scopes, &family.scopes));
    TRY(check_user(c, user_id));
    TRY(client_used(c, client->id));
    TRY(issue_pair(c, auth, &family, family.scopes, out));
    tell_scope(in, family.scopes, out);
    return OK;
}

enum err grant_refresh(struct ctx *c, struct auth *auth, const struct client *client,
                       const struct grant_request *in, struct grant *out)
{
    const char *digest = secret_digest(c->mem, in->refresh_token), *scopes;
    struct refresh old = { 0 };
    enum err e = db_one(c, REFRESH_FIND, &refresh_shape, &old, TEXT(digest));
    int64_t used;

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || old.client_id != client->id || old.expires_at <= c->now)
        return refused(c, "The refresh token is not known or has ended.");
    if (old.used_at != 0)
        return end_family(c, old.family);
    TRY(check_user(c, old.user_id));
    TRY(narrow(c, in, old.scopes, &scopes));
    TRY(db_change_n(c, REFRESH_USE, &used, INT(c->now), TEXT(digest)));
    if (used == 0)
        return end_family(c, old.family);
    TRY(db_change(c, TOKEN_REVOKE, INT(c->now), TEXT(old.token_id)));
    TRY(client_used(c, client->id));
    TRY(issue_pair(c, auth, &old, scopes, out));
    tell_scope(in, scopes, out);
    return OK;
}
