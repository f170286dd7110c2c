/* See personal.h. The row of one that has ended stays for a while, as that of any token, so that
 * its later use can be told; the unique index leaves room for the next one. */
#include "auth/personal.h"

#include <string.h>

#include "auth/jwt.h"
#include "auth/token.h"
#include "base/clock.h"
#include "db/db.h"

/* ---- shape ---- */

#define PERSONAL_FIELDS                                                                    \
    FIELD(personal_token, id, TEXT, READONLY), FIELD(personal_token, masked, TEXT, READONLY), \
    FIELD(personal_token, kind, TEXT, READONLY),                                           \
    FIELD(personal_token, created_at, TIME, READONLY),                                     \
    FIELD(personal_token, expires_at, TIME, READONLY),                                     \
    FIELD(personal_token, expires_in, INT, READONLY),                                      \
    FIELD(personal_token, last_used_at, TIME, READONLY),                                   \
    FIELD(personal_token, last_used_ip, TEXT, READONLY_NULL),                              \
    FIELD(personal_token, last_used_client, TEXT, READONLY_NULL),                          \
    FIELD(personal_token, kid, TEXT, HIDDEN)

static const struct field personal_token_fields[] = { PERSONAL_FIELDS, { 0 } };
const struct shape personal_token_shape = SHAPE(personal_token, personal_token_fields);

static const struct field personal_token_revealed_fields[] = {
    PERSONAL_FIELDS,
    FIELD(personal_token, access_token, TEXT, READONLY),
    { 0 },
};
const struct shape personal_token_revealed_shape =
    SHAPE(personal_token, personal_token_revealed_fields);

/* ---- SQL ---- */

static const char PERSONAL_FIND[] =
    "SELECT id, kind, created_at, expires_at, last_used_at, last_used_ip, last_used_client, kid"
    "  FROM tokens"
    " WHERE user_id = ? AND kind = 'personal' AND revoked_at IS NULL AND expires_at > ?";

/* One that has expired makes room. It did not end now, and is not told of twice. */
static const char PERSONAL_PUT_AWAY[] =
    "UPDATE tokens SET revoked_at = expires_at, updated_at = ?1"
    " WHERE user_id = ?2 AND kind = 'personal' AND revoked_at IS NULL AND expires_at <= ?1";

static const char PERSONAL_END[] = TOKENS_END("user_id = ? AND kind = 'personal'");

static const char PERSONAL_KEPT[] =
    "SELECT count(*) FROM members m JOIN organizations o ON o.id = m.org_id"
    " WHERE m.user_id = ? AND m.status = 'active' AND o.keep_personal_token = 1";

/* ---- private ---- */

static void derive(struct ctx *c, struct personal_token *t)
{
    enum { HEAD = 8, TAIL = 4 };
    size_t n = strlen(t->access_token);

    t->masked = arena_printf(c->mem, "%.*s…%s", HEAD, t->access_token, t->access_token + n - TAIL);
    t->expires_in = (t->expires_at - c->now) / SECOND;
}

static enum err issue(struct ctx *c, struct auth *auth, int64_t user_id, struct personal_token *out)
{
    struct token t = { .kind = TOKEN_PERSONAL, .user_id = user_id, .scopes = "*" };
    enum err e = token_issue(c, auth, &t, TOKEN_SECONDS, &out->access_token);

    /* Somebody else saw the page first, at this moment: the next look finds that token. */
    if (e == ERR_CONFLICT)
        return ERR_RETRY;
    TRY(e);
    *out = (struct personal_token){
        .id = t.id,
        .kind = t.kind,
        .created_at = t.created_at,
        .expires_at = t.expires_at,
        .kid = t.kid,
        .access_token = out->access_token,
    };
    derive(c, out);
    return OK;
}

/* ---- operations ---- */

enum err personal_token_find(struct ctx *c, int64_t user_id, struct personal_token *out)
{
    *out = (struct personal_token){ 0 };
    return db_one(c, PERSONAL_FIND, &personal_token_shape, out, INT(user_id), INT(c->now));
}

enum err personal_token_show(struct ctx *c, struct auth *auth, int64_t user_id,
                             struct personal_token *out)
{
    enum err e = personal_token_find(c, user_id, out);
    struct claims claims = {
        .jti = out->id,
        .user_id = user_id,
        .scopes = "*",
        .issued_at = out->created_at,
        .expires_at = out->expires_at,
        .kid = out->kid,
    };

    if (e == ERR_NOT_FOUND) {
        TRY(db_change(c, PERSONAL_PUT_AWAY, INT(c->now), INT(user_id)));
        return issue(c, auth, user_id, out);
    }
    TRY(e);
    e = jwt_sign(c, auth_keys(auth), &claims, &out->access_token);
    if (e == ERR_NOT_FOUND) {
        /* The key has been replaced: this token can never be shown again. */
        ctx_forgive(c);
        return personal_token_replace(c, auth, user_id, out);
    }
    TRY(e);
    derive(c, out);
    return OK;
}

enum err personal_token_replace(struct ctx *c, struct auth *auth, int64_t user_id,
                                struct personal_token *out)
{
    TRY(personal_token_end(c, user_id));
    return issue(c, auth, user_id, out);
}

enum err personal_token_end(struct ctx *c, int64_t user_id)
{
    return tokens_end(c, PERSONAL_END, "revoked", NULL, INT(c->now), INT(user_id));
}

enum err personal_token_is_kept(struct ctx *c, int64_t user_id, bool *out)
{
    int64_t n;

    TRY(db_int(c, PERSONAL_KEPT, &n, INT(user_id)));
    *out = n > 0;
    return OK;
}

enum err personal_token_sign_out(struct ctx *c, int64_t user_id)
{
    bool kept;

    TRY(personal_token_is_kept(c, user_id, &kept));
    return kept ? OK : personal_token_end(c, user_id);
}
