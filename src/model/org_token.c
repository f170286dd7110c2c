/* See org_token.h. */
#include "model/org_token.h"

#include "auth/token.h"
#include "auth/words.h"
#include "base/clock.h"
#include "db/db.h"
#include "model/mail.h"
#include "model/user.h"

enum { WARNED_AT_ONCE = 100 };

/* Days before the end at which its owner is told. */
#define FIRST_WARNING (14 * DAY)
#define LAST_WARNING (3 * DAY)

/* ---- shape ---- */

static const struct field org_token_fields[] = {
    FIELD(org_token, id, TEXT, READONLY),
    FIELD(org_token, kind, TEXT, READONLY),
    FIELD(org_token, name, TEXT, READONLY_NULL),
    FIELD(org_token, user, JSON, READONLY),
    FIELD(org_token, client_name, TEXT, READONLY_NULL),
    FIELD(org_token, scopes, JSON, READONLY),
    FIELD(org_token, prefix, TEXT, READONLY_NULL),
    FIELD(org_token, organization_id, TEXT, READONLY_NULL),
    FIELD(org_token, addresses, JSON, READONLY),
    FIELD(org_token, created_at, TIME, READONLY),
    FIELD(org_token, expires_at, TIME, READONLY),
    FIELD(org_token, last_used_at, TIME, READONLY),
    FIELD(org_token, last_used_ip, TEXT, READONLY_NULL),
    FIELD(org_token, last_used_client, TEXT, READONLY_NULL),
    FIELD(org_token, is_revocable, BOOL, READONLY),
    FIELD(org_token, warned_at, TIME, HIDDEN),
    FIELD(org_token, user_id, INT, HIDDEN),
    FIELD(org_token, email, TEXT, HIDDEN),
    FIELD(org_token, first_name, TEXT, HIDDEN),
    FIELD(org_token, last_name, TEXT, HIDDEN),
    { 0 },
};
const struct shape org_token_shape = SHAPE(org_token, org_token_fields);

/* ---- SQL ---- */

/* One that works in another organization too is its owner's affair. */
#define COLUMNS                                                                              \
    "SELECT k.id, k.kind, k.name, a.name AS client_name, k.scopes, k.prefix,"                \
    "       k.org_id AS organization_id, k.addresses, k.created_at,"                         \
    "       " RENEWABLE_UNTIL " AS expires_at,"                                              \
    "       k.last_used_at, k.last_used_ip, k.last_used_client, k.user_id, u.email,"         \
    "       u.first_name, u.last_name,"                                                      \
    "       CASE WHEN k.org_id IS NULL"                                                      \
    "             AND EXISTS (SELECT 1 FROM members e"                                       \
    "                          WHERE e.user_id = k.user_id AND e.org_id <> ?1"               \
    "                            AND e.status <> 'disabled') THEN 0 ELSE 1 END"              \
    "       AS is_revocable"

/* Those of active members, unless bound to another organization, and those that applications hold
 * for themselves. */
#define LIVING                                                                               \
    "  FROM tokens k"                                                                        \
    "  LEFT JOIN oauth_clients a ON a.id = k.client_id"                                      \
    "  LEFT JOIN users u ON u.id = k.user_id" JOIN_REFRESH                                   \
    " WHERE k.revoked_at IS NULL"                                                            \
    "   AND (k.expires_at IS NULL OR " RENEWABLE_UNTIL " > ?2)"                              \
    "   AND (k.user_id IN (SELECT m.user_id FROM members m"                                  \
    "                       WHERE m.org_id = ?1 AND m.status = 'active')"                    \
    "          AND (k.org_id IS NULL OR k.org_id = ?1)"                                      \
    "        OR k.client_id IN (SELECT o.id FROM oauth_clients o WHERE o.org_id = ?1)"       \
    "          AND k.user_id IS NULL AND k.org_id = ?1)"

static const char ORG_TOKENS[] =
    COLUMNS LIVING " ORDER BY k.created_at DESC, k.id DESC LIMIT ?3 OFFSET ?4";

static const char ORG_TOKEN_COUNT[] = "SELECT count(*)" LIVING;

static const char ORG_TOKEN_GET[] = COLUMNS LIVING " AND k.id = ?3";

/* One that never lived so long before its end is not told of: its owner has just made it. */
#define WARN_FROM(before) "(k.expires_at - " before ")"
#define WARNING_IS_DUE(before)                                                               \
    "(" WARN_FROM(before) " <= ?1 AND k.created_at < " WARN_FROM(before)                     \
    " AND (k.warned_at IS NULL OR k.warned_at < " WARN_FROM(before) "))"

static const char TO_WARN[] =
    "SELECT k.id, k.name, k.org_id AS organization_id, k.expires_at, k.warned_at, k.user_id,"
    "       u.email, u.first_name, u.last_name"
    "  FROM tokens k JOIN users u ON u.id = k.user_id"
    " WHERE k.kind = 'named' AND k.revoked_at IS NULL AND k.expired_seen = 0"
    "   AND k.expires_at > ?1 AND k.expires_at <= ?4"
    "   AND (" WARNING_IS_DUE("?2") " OR " WARNING_IS_DUE("?3") ")"
    " ORDER BY k.expires_at LIMIT ?5";

/* Another node may have done it meanwhile. */
static const char SET_WARNED[] =
    "UPDATE tokens SET warned_at = ? WHERE id = ? AND COALESCE(warned_at, 0) = ?";

/* Where the token works and its owner can look at it. */
static const char A_PLACE_OF_TOKEN[] =
    "SELECT org_id FROM members"
    " WHERE user_id = ?1 AND status = 'active' AND (CAST(?2 AS TEXT) IS NULL OR org_id = ?2)"
    " ORDER BY joined_at, org_id LIMIT 1";

/* ---- private ---- */

static void finish(struct ctx *c, struct org_token *k)
{
    k->scopes = words_json(c->mem, k->scopes);
    k->addresses = words_json(c->mem, k->addresses == NULL ? "" : k->addresses);
    if (k->user_id != 0)
        k->user = user_brief(c->mem, k->user_id, k->email, k->first_name, k->last_name);
}

/* ---- operations ---- */

enum err org_token_list(struct ctx *c, int64_t limit, int64_t offset, struct org_token **out,
                         size_t *count, int64_t *total)
{
    TRY(db_int(c, ORG_TOKEN_COUNT, total, TEXT(c->org), INT(c->now)));
    TRY(db_all(c, ORG_TOKENS, &org_token_shape, out, count, TEXT(c->org), INT(c->now),
               INT(limit), INT(offset)));
    for (size_t i = 0; i < *count; i++)
        finish(c, &(*out)[i]);
    return OK;
}

enum err org_token_revoke(struct ctx *c, const char *id)
{
    struct org_token found = { 0 };
    enum err e = db_one(c, ORG_TOKEN_GET, &org_token_shape, &found, TEXT(c->org), INT(c->now),
                        TEXT(id));

    if (e == ERR_NOT_FOUND)
        return fail(c, e, NULL, NULL);
    TRY(e);
    if (!found.is_revocable)
        return fail_code(c, ERR_DENIED, "TOKEN_WORKS_ELSEWHERE",
                         "This token works in other organizations too. Only its owner can revoke "
                         "it.");
    return token_revoke_whole(c, id);
}

/* ---- the near end ---- */

/* Of a token that works nowhere any more there is nothing to say. */
static enum err warn(struct ctx *c, struct auth *auth, const struct org_token *k)
{
    int64_t days = (k->expires_at - c->now + DAY - 1) / DAY;
    const char *org;
    int64_t mine;
    enum err e;

    TRY(db_change_n(c, SET_WARNED, &mine, INT(c->now), TEXT(k->id), INT(k->warned_at)));
    e = db_text(c, A_PLACE_OF_TOKEN, &org, INT(k->user_id), TEXT(k->organization_id));
    if (mine == 0 || e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    return mail_queue(c, auth,
                      &(struct mail){
                          .kind = "token_expiring",
                          .org_id = k->organization_id,
                          .user_id = k->user_id,
                          .to = k->email,
                          .name = user_full_name(c->mem, k->first_name, k->last_name),
                          .path = arena_printf(c->mem, "/%s/settings/integrations/rest-api", org),
                          .expires_at = k->expires_at,
                          .values = {
                              { "token", k->name },
                              { "days", arena_printf(c->mem, "%lld", (long long)days) },
                          },
                      });
}

enum err org_token_warn(struct ctx *c, struct auth *auth)
{
    struct org_token *due;
    size_t count;

    TRY(db_all(c, TO_WARN, &org_token_shape, &due, &count, INT(c->now), INT(FIRST_WARNING),
               INT(LAST_WARNING), INT(c->now + FIRST_WARNING), INT(WARNED_AT_ONCE)));
    for (size_t i = 0; i < count; i++)
        TRY(warn(c, auth, &due[i]));
    return OK;
}
