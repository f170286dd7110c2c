/* See token.h. A signed token is kept as its claims: the id is the claim jti, and with the key's id
 * and the two times the row says all that the token does. */
#include "auth/token.h"

#include "auth/caller.h"
#include "auth/jwt.h"
#include "auth/personal.h"
#include "auth/scope.h"
#include "auth/words.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"

enum { CONNECTED_MAX = 1000 }; /* shown at most: an application may make any number */

/* ---- shape ---- */

/* client_id is written as text, as ids of OAuth clients are everywhere. */
#define TOKEN_FIELDS                                                       \
    FIELD(token, id, TEXT, READONLY), FIELD(token, user_id, INT, READONLY), \
    { .name = "client_id", .type = FIELD_INT, .offset = offsetof(struct token, client_id), \
      .flags = FIELD_READONLY | FIELD_ID },                                \
    FIELD(token, name, TEXT, READONLY_NULL), FIELD(token, scopes, JSON, READONLY), \
    FIELD(token, revoked, BOOL, READONLY), FIELD(token, prefix, TEXT, READONLY_NULL), \
    FIELD(token, created_at, TIME, READONLY), FIELD(token, updated_at, TIME, READONLY), \
    FIELD(token, expires_at, TIME, READONLY), FIELD(token, last_used_at, TIME, READONLY), \
    FIELD(token, last_used_ip, TEXT, READONLY_NULL), \
    FIELD(token, last_used_client, TEXT, READONLY_NULL)

static const struct field named_token_fields[] = { TOKEN_FIELDS, { 0 } };
const struct shape named_token_shape = SHAPE(token, named_token_fields);

static const struct field connected_token_fields[] = {
    TOKEN_FIELDS,
    FIELD(token, client_name, TEXT, READONLY_NULL),
    { 0 },
};
const struct shape connected_token_shape = SHAPE(token, connected_token_fields);

/* ---- SQL ---- */

/* The id is new, so only the rule of one personal token an account can be in the way. */
static const char TOKEN_INSERT[] =
    "INSERT INTO tokens (id, kind, user_id, org_id, client_id, digest, prefix, kid, name, scopes,"
    "                    family, resource, created_at, updated_at, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?13, ?13, ?)"
    " ON CONFLICT DO NOTHING";

static const char CONNECTED_LIST[] =
    "SELECT t.id, t.user_id, t.client_id, o.name AS client_name, t.name, t.scopes,"
    "       0 AS revoked, t.prefix, t.created_at, t.updated_at, t.expires_at, t.last_used_at,"
    "       t.last_used_ip, t.last_used_client"
    "  FROM tokens t LEFT JOIN oauth_clients o ON o.id = t.client_id"
    " WHERE t.user_id = ? AND t.client_id IS NOT NULL AND t.revoked_at IS NULL"
    "   AND t.expires_at > ?"
    " ORDER BY t.created_at DESC, t.id DESC LIMIT ?";

static const char CONNECTED_REVOKE[] =
    "UPDATE tokens SET revoked_at = ?1, updated_at = ?1"
    " WHERE id = ? AND user_id = ? AND client_id IS NOT NULL AND revoked_at IS NULL";

static const char REFRESH_DELETE_FAMILY_OF_TOKEN[] =
    "DELETE FROM refresh_tokens"
    " WHERE user_id = ?1 AND family IN"
    "       (SELECT family FROM refresh_tokens WHERE user_id = ?1 AND token_id = ?2)";

static const char TOKENS_REVOKE_OF_USER[] =
    "UPDATE tokens SET revoked_at = ?1, updated_at = ?1 WHERE user_id = ? AND revoked_at IS NULL";

static const char REFRESH_DELETE_OF_USER[] = "DELETE FROM refresh_tokens WHERE user_id = ?";

static const char TOKENS_REVOKE_OF_CLIENT[] =
    "UPDATE tokens SET revoked_at = ?1, updated_at = ?1"
    " WHERE client_id = ? AND revoked_at IS NULL";

static const char REFRESH_DELETE_OF_CLIENT[] = "DELETE FROM refresh_tokens WHERE client_id = ?";

/* ---- operations ---- */

enum err token_insert(struct ctx *c, const struct token *t)
{
    return db_change_one(c, TOKEN_INSERT, TEXT(t->id), TEXT(t->kind), INT_OR_NULL(t->user_id),
                         TEXT(t->org_id), INT_OR_NULL(t->client_id), TEXT(t->digest),
                         TEXT(t->prefix), TEXT(t->kid), TEXT(t->name), TEXT(t->scopes),
                         TEXT(t->family), TEXT(t->resource), INT(t->created_at),
                         INT_OR_NULL(t->expires_at));
}

enum err token_issue(struct ctx *c, struct auth *auth, struct token *t, int64_t seconds,
                     const char **text)
{
    struct claims claims;

    t->id = id_new(c->mem, c->now);
    t->created_at = c->now;
    t->expires_at = c->now + seconds * SECOND;
    claims = (struct claims){
        .jti = t->id,
        .user_id = t->user_id,
        .client_id = t->client_id,
        .org_id = t->org_id,
        .scopes = t->scopes,
        .issued_at = t->created_at,
        .expires_at = t->expires_at,
    };
    TRY(jwt_sign(c, auth_keys(auth), &claims, text));
    t->kid = claims.kid;
    return token_insert(c, t);
}

enum err token_maker_check(struct ctx *c, const char *scopes)
{
    if (c->caller->client_id != 0)
        return fail(c, ERR_DENIED, NULL, "An application cannot make credentials for its user.");
    if (!scopes_cover(c->caller->scopes, scopes))
        return fail(c, ERR_DENIED, NULL, "This would allow more than you are allowed now.");
    return OK;
}

void tokens_for_answer(struct ctx *c, struct token *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows[i].scopes = words_json(c->mem, rows[i].scopes);
}

enum err connected_list(struct ctx *c, int64_t user_id, struct token **out, size_t *count)
{
    TRY(db_all(c, CONNECTED_LIST, &connected_token_shape, out, count, INT(user_id), INT(c->now),
               INT(CONNECTED_MAX)));
    tokens_for_answer(c, *out, *count);
    return OK;
}

enum err connected_revoke(struct ctx *c, int64_t user_id, const char *id)
{
    int64_t n;

    TRY(db_change_n(c, CONNECTED_REVOKE, &n, INT(c->now), TEXT(id), INT(user_id)));
    if (n == 0)
        return fail(c, ERR_NOT_FOUND, NULL, NULL);
    return db_change(c, REFRESH_DELETE_FAMILY_OF_TOKEN, INT(user_id), TEXT(id));
}

enum err tokens_revoke_all(struct ctx *c, int64_t user_id)
{
    TRY(personal_token_delete(c, user_id));
    TRY(db_change(c, TOKENS_REVOKE_OF_USER, INT(c->now), INT(user_id)));
    return db_change(c, REFRESH_DELETE_OF_USER, INT(user_id));
}

enum err tokens_revoke_of_client(struct ctx *c, int64_t client_id)
{
    TRY(db_change(c, TOKENS_REVOKE_OF_CLIENT, INT(c->now), INT(client_id)));
    return db_change(c, REFRESH_DELETE_OF_CLIENT, INT(client_id));
}
