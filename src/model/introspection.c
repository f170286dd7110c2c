/* See introspection.h. A token is found by what it says, and judged by what the store says now: the
 * same conditions that a request with it would meet (auth/identify.c). */
#include "model/introspection.h"

#include <string.h>

#include "auth/digest.h"
#include "auth/jwt.h"
#include "auth/secret.h"
#include "auth/session.h"
#include "auth/token.h"
#include "db/db.h"

/* ---- shape ---- */

static const struct field token_state_fields[] = {
    FIELD(token_state, id, TEXT, HIDDEN),
    FIELD(token_state, refresh, BOOL, HIDDEN),
    FIELD(token_state, user_id, INT, HIDDEN),
    FIELD(token_state, email, TEXT, HIDDEN),
    FIELD(token_state, client_id, INT, HIDDEN),
    FIELD(token_state, org_id, TEXT, HIDDEN),
    FIELD(token_state, scopes, TEXT, HIDDEN),
    FIELD(token_state, resource, TEXT, HIDDEN),
    FIELD(token_state, created_at, TIME, HIDDEN),
    FIELD(token_state, expires_at, TIME, HIDDEN),
    { 0 },
};
static const struct shape token_state_shape = SHAPE(token_state, token_state_fields);

/* ---- SQL ---- */

#define MEMBER_OF(org)                                                                        \
    "EXISTS (SELECT 1 FROM members m"                                                         \
    "         WHERE m.org_id = " org " AND m.user_id = k.user_id AND m.status = 'active')"

/* Its user has an account that works, and in the organization that it is bound to. */
#define USER_GOOD                                                                             \
    " (k.user_id IS NULL"                                                                     \
    "  OR (u.id IS NOT NULL AND" ACCOUNT_LAPSED(k.user_id) " = 0"                             \
    "      AND (k.org_id IS NULL OR " MEMBER_OF("k.org_id") ")))"

/* ?3: the client may see all; ?4 the client; ?5 its organization. */
static const char ACCESS_STATE[] =
    "SELECT k.id, k.user_id, k.client_id, k.org_id, k.scopes, k.resource, k.created_at,"
    "       k.expires_at, u.email"
    "  FROM tokens k"
    "  LEFT JOIN users u ON u.id = k.user_id"
    "  LEFT JOIN oauth_clients a ON a.id = k.client_id"
    " WHERE k.id = ?1 AND k.revoked_at IS NULL"
    "   AND (k.expires_at IS NULL OR k.expires_at > ?2)"
    "   AND (k.client_id IS NULL OR a.id IS NOT NULL)"
    "   AND" USER_GOOD
    "   AND (CAST(?3 AS BIGINT) = 1 OR k.client_id = ?4"
    "        OR ((k.org_id IS NULL OR k.org_id = ?5) AND " MEMBER_OF("?5") "))";

static const char REFRESH_STATE[] =
    "SELECT 1 AS refresh, k.user_id, k.client_id, k.org_id, k.scopes, k.resource, k.created_at,"
    "       k.expires_at, u.email"
    "  FROM refresh_tokens k LEFT JOIN users u ON u.id = k.user_id"
    " WHERE k.digest = ? AND k.used_at IS NULL AND k.expires_at > ? AND k.client_id = ?"
    "   AND" USER_GOOD;

static const char NAMED_ID[] = "SELECT id FROM tokens WHERE digest = ?";

static const char SIGNED_ID[] = "SELECT id FROM tokens WHERE id = ? AND kid = ?";

static const char OWN_ID[] = "SELECT id FROM tokens WHERE id = ? AND client_id = ?";

static const char OWN_FAMILY[] =
    "SELECT family FROM refresh_tokens WHERE digest = ? AND client_id = ?";

/* ---- private ---- */

/* The row that an access token is, whether it is still good or not. */
static enum err find_id(struct ctx *c, struct auth *auth, const char *token, const char **id)
{
    unsigned char digest[DIGEST_SIZE];
    struct claims claims;

    if (secret_is_named_token(token))
        return db_text(c, NAMED_ID, id, TEXT(secret_digest(c->mem, token)));
    digest_of(token, strlen(token), digest);
    if (jwt_verify(c, auth_keys(auth), token, digest, &claims) != OK) {
        ctx_forgive(c);
        return ERR_NOT_FOUND;
    }
    return db_text(c, SIGNED_ID, id, TEXT(claims.jti), TEXT(claims.kid));
}

/* A client of no organization that an operator has made. Nobody vouches for one that registered
 * itself. */
static bool sees_all(const struct client *client)
{
    return client->organization_id == NULL && client->origin == BY_OPERATOR;
}

/* ---- operations ---- */

enum err token_introspect(struct ctx *c, struct auth *auth, const struct client *client,
                          const char *token, struct token_state *out)
{
    const char *id;
    enum err e = find_id(c, auth, token, &id);

    *out = (struct token_state){ 0 };
    if (e == ERR_NOT_FOUND)
        return db_one(c, REFRESH_STATE, &token_state_shape, out,
                      TEXT(secret_digest(c->mem, token)), INT(c->now), INT(client->id));
    TRY(e);
    return db_one(c, ACCESS_STATE, &token_state_shape, out, TEXT(id), INT(c->now),
                  INT(sees_all(client)), INT(client->id), TEXT(client->organization_id));
}

enum err token_revoke_by(struct ctx *c, struct auth *auth, const struct client *client,
                         const char *token)
{
    const char *id, *family;
    enum err e = find_id(c, auth, token, &id);

    if (e == OK) {
        e = db_text(c, OWN_ID, &id, TEXT(id), INT(client->id));
        return e == OK ? token_revoke_whole(c, id) : e == ERR_NOT_FOUND ? OK : e;
    }
    if (e != ERR_NOT_FOUND)
        return e;
    e = db_text(c, OWN_FAMILY, &family, TEXT(secret_digest(c->mem, token)), INT(client->id));
    return e == OK ? token_family_end(c, family) : e == ERR_NOT_FOUND ? OK : e;
}
