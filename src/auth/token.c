/* See token.h. A signed token is kept as its claims: the id is the claim jti, and with the key's id
 * and the two times the row says all that the token does. */
#include "auth/token.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/event.h"
#include "auth/jwt.h"
#include "auth/keys.h"
#include "auth/proved.h"
#include "auth/scope.h"
#include "auth/uses.h"
#include "auth/words.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"
#include "db/db.h"

enum {
    CONNECTED_MAX = 1000, /* shown at most: an application may make any number */
    EVENT_MAX = 4096,
};

/* ---- shape ---- */

/* client_id is written as text, as ids of OAuth clients are everywhere. */
#define TOKEN_FIELDS                                                       \
    FIELD(token, id, TEXT, READONLY), FIELD(token, user_id, INT, READONLY), \
    { .name = "client_id", .type = FIELD_INT, .offset = offsetof(struct token, client_id), \
      .flags = FIELD_READONLY | FIELD_ID },                                \
    { .name = "organization_id", .type = FIELD_TEXT, .offset = offsetof(struct token, org_id), \
      .flags = FIELD_READONLY | FIELD_NULLABLE },                          \
    FIELD(token, name, TEXT, READONLY_NULL), FIELD(token, scopes, JSON, READONLY), \
    FIELD(token, revoked, BOOL, READONLY), FIELD(token, prefix, TEXT, READONLY_NULL), \
    FIELD(token, created_at, TIME, READONLY), FIELD(token, updated_at, TIME, READONLY), \
    FIELD(token, expires_at, TIME, READONLY), FIELD(token, last_used_at, TIME, READONLY), \
    FIELD(token, last_used_ip, TEXT, READONLY_NULL), \
    FIELD(token, last_used_client, TEXT, READONLY_NULL)

static const struct field named_token_fields[] = {
    TOKEN_FIELDS,
    FIELD(token, addresses, JSON, READONLY),
    FIELD(token, calls_7_days, INT, READONLY),
    { 0 },
};
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
    "                    family, resource, addresses, created_at, updated_at, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?14, ?14, ?)"
    " ON CONFLICT DO NOTHING";

/* What the log says of a token. */
static const char TOKEN_FACTS[] =
    "SELECT k.kind, k.name, k.user_id, k.org_id, k.client_id, a.name AS client_name,"
    "       " RENEWABLE_UNTIL " AS expires_at"
    "  FROM tokens k LEFT JOIN oauth_clients a ON a.id = k.client_id" JOIN_REFRESH
    " WHERE k.id = ?";

static const char CONNECTED_LIST[] =
    "SELECT k.id, k.user_id, k.client_id, o.name AS client_name, k.name, k.scopes,"
    "       k.org_id AS organization_id, 0 AS revoked, k.prefix, k.created_at, k.updated_at,"
    "       " RENEWABLE_UNTIL " AS expires_at,"
    "       k.last_used_at, k.last_used_ip, k.last_used_client"
    "  FROM tokens k LEFT JOIN oauth_clients o ON o.id = k.client_id" JOIN_REFRESH
    " WHERE k.user_id = ? AND k.client_id IS NOT NULL AND k.revoked_at IS NULL"
    "   AND " RENEWABLE_UNTIL " > ?"
    " ORDER BY k.created_at DESC, k.id DESC LIMIT ?";

static const char CONNECTED_FIND[] =
    "SELECT id FROM tokens"
    " WHERE id = ? AND user_id = ? AND client_id IS NOT NULL AND revoked_at IS NULL";

/* Tokens of before there were families in their rows belong to that of their refresh token. */
static const char FAMILY_OF_TOKEN[] =
    "SELECT COALESCE(k.family, r.family)"
    "  FROM tokens k LEFT JOIN refresh_tokens r ON r.token_id = k.id AND r.user_id = k.user_id"
    " WHERE k.id = ?";

static const char TOKEN_END[] = TOKENS_END("id = ?");

static const char FAMILY_END[] =
    TOKENS_END("(family = ?2 OR id IN (SELECT token_id FROM refresh_tokens WHERE family = ?2))");

static const char REFRESH_DELETE_OF_FAMILY[] = "DELETE FROM refresh_tokens WHERE family = ?";

static const char ALL_OF_USER[] = TOKENS_END("user_id = ?");

static const char AT_RESET[] =
    TOKENS_END("user_id = ?2"
               " AND (kind IN ('personal', 'password', 'authorized', 'mcp', 'exchanged')"
               "      OR (kind = 'named' AND CAST(?3 AS BIGINT) = 1))");

/* What could still become a token. */
static const char REFRESH_DELETE_OF_USER[] = "DELETE FROM refresh_tokens WHERE user_id = ?";
static const char CODES_DELETE_OF_USER[] = "DELETE FROM authorization_codes WHERE user_id = ?";
static const char DEVICES_DELETE_OF_USER[] = "DELETE FROM device_codes WHERE user_id = ?";

static const char OF_CLIENT[] = TOKENS_END("client_id = ?");

static const char REFRESH_DELETE_OF_CLIENT[] = "DELETE FROM refresh_tokens WHERE client_id = ?";

static const char OF_CONSENT[] =
    TOKENS_END("client_id = ? AND org_id = ? AND user_id = ?"
               " AND kind IN ('authorized', 'mcp', 'exchanged')");

static const char REFRESH_DELETE_OF_CONSENT[] =
    "DELETE FROM refresh_tokens WHERE client_id = ? AND org_id = ? AND user_id = ?";

static const char OF_MEMBER[] = TOKENS_END("user_id = ? AND org_id = ?");

static const char REFRESH_DELETE_OF_MEMBER[] =
    "DELETE FROM refresh_tokens WHERE user_id = ? AND org_id = ?";
static const char CODES_DELETE_OF_MEMBER[] =
    "DELETE FROM authorization_codes WHERE user_id = ? AND org_id = ?";
static const char DEVICES_DELETE_OF_MEMBER[] =
    "DELETE FROM device_codes WHERE user_id = ? AND org_id = ?";

/* ---- the log ---- */

static const struct field facts_fields[] = {
    FIELD(token, kind, TEXT, HIDDEN),        FIELD(token, name, TEXT, HIDDEN),
    FIELD(token, user_id, INT, HIDDEN),      FIELD(token, org_id, TEXT, HIDDEN),
    FIELD(token, client_id, INT, HIDDEN),    FIELD(token, client_name, TEXT, HIDDEN),
    FIELD(token, expires_at, TIME, HIDDEN),  { 0 },
};
static const struct shape facts_shape = SHAPE(token, facts_fields);

static enum err find_facts(struct ctx *c, const char *id, struct token *out)
{
    *out = (struct token){ .id = id };
    return db_one(c, TOKEN_FACTS, &facts_shape, out, TEXT(id));
}

static const char *event_data(struct ctx *c, const struct token *t)
{
    struct str data = str_in(c->mem, EVENT_MAX);

    json_begin_object(&data);
    json_key_text(&data, "kind", t->kind);
    json_key_text(&data, "name", t->name);
    if (t->user_id != 0)
        json_key_int(&data, "user_id", t->user_id);
    if (t->client_id != 0) {
        json_key_int(&data, "client_id", t->client_id);
        json_key_text(&data, "application", t->client_name);
    }
    event_write_origin(c, &data);
    json_end_object(&data);
    return str_text(&data);
}

/* Of an application's own token only its client's organization hears. */
static enum err write_event(struct ctx *c, const struct token *t, const char *verb)
{
    if (t->user_id == 0 && t->org_id == NULL)
        return OK;
    return event_record_account(c, t->user_id, t->org_id, verb, "token", t->id, event_data(c, t));
}

enum err token_log(struct ctx *c, const char *id, const char *verb)
{
    struct token t;
    enum err e = find_facts(c, id, &t);

    return e != OK ? (e == ERR_NOT_FOUND ? OK : e) : write_event(c, &t, verb);
}

/* In the name of somebody else than c->caller, who may be anybody when uses are written, and at the
 * moment of the use. */
static enum err log_for(struct ctx *c, const struct token *t, const char *verb,
                        const struct caller *who, int64_t at)
{
    const struct ctx outer = *c;
    enum err e;

    c->caller = who;
    c->now = at;
    e = write_event(c, t, verb);
    c->caller = outer.caller;
    c->now = outer.now;
    return e;
}

enum err token_log_first_use(struct ctx *c, const char *id, const struct token_use *use)
{
    struct caller owner = { .token_id = id, .address = use->address, .client = use->client };
    struct token t;

    TRY(find_facts(c, id, &t));
    owner.user_id = t.user_id;
    return log_for(c, &t, "first_used", &owner, use->at);
}

enum err token_log_refusal(struct ctx *c, const char *id, const struct token_use *use)
{
    const struct caller stranger = { .address = use->address, .client = use->client };
    struct token t;

    TRY(find_facts(c, id, &t));
    return log_for(c, &t, "refused", &stranger, use->at);
}

/* ---- operations ---- */

enum err token_insert(struct ctx *c, const struct token *t)
{
    TRY(db_change_one(c, TOKEN_INSERT, TEXT(t->id), TEXT(t->kind), INT_OR_NULL(t->user_id),
                      TEXT(t->org_id), INT_OR_NULL(t->client_id), TEXT(t->digest),
                      TEXT(t->prefix), TEXT(t->kid), TEXT(t->name), TEXT(t->scopes),
                      TEXT(t->family), TEXT(t->resource), TEXT(t->addresses), INT(t->created_at),
                      INT_OR_NULL(t->expires_at)));
    return token_log(c, t->id, "created");
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
        .resource = t->resource,
        .issuer = strcmp(t->kind, TOKEN_PERSONAL) == 0 ? NULL : auth_issuer(auth),
    };
    TRY(keys_enter(c, auth_keys(auth))); /* another node may just have dropped it as unused */
    TRY(jwt_sign(c, auth_keys(auth), &claims, text));
    t->kid = claims.kid;
    return token_insert(c, t);
}

enum err token_maker_check(struct ctx *c, const char *scopes)
{
    if (c->caller->addresses != NULL)
        return fail(c, ERR_DENIED, NULL,
                    "A token that is limited to some addresses cannot make credentials.");
    if (c->caller->client_id != 0)
        return fail(c, ERR_DENIED, NULL, "An application cannot make credentials for its user.");
    if (!scopes_cover(c->caller->scopes, scopes))
        return fail(c, ERR_DENIED, NULL, "This would allow more than you are allowed now.");
    return caller_check_proved(c);
}

void tokens_for_answer(struct ctx *c, struct token *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        rows[i].scopes = words_json(c->mem, rows[i].scopes);
        rows[i].addresses = words_json(c->mem, rows[i].addresses == NULL ? "" : rows[i].addresses);
    }
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
    const char *found;
    enum err e = db_text(c, CONNECTED_FIND, &found, TEXT(id), INT(user_id));

    if (e == ERR_NOT_FOUND)
        return fail(c, e, NULL, NULL);
    TRY(e);
    return token_revoke_whole(c, id);
}

/* ---- ending ---- */

static const struct field ended_fields[] = { FIELD(token, id, TEXT, HIDDEN), { 0 } };
static const struct shape ended_shape = SHAPE(token, ended_fields);

/* That one which had expired for good is put away as well is nobody's news: its end is told by its
 * expiry (expiry.h). */
static enum err log_end(struct ctx *c, const char *id, const char *verb)
{
    struct token t;

    TRY(find_facts(c, id, &t));
    if (t.expires_at != 0 && t.expires_at <= c->now)
        return OK;
    return write_event(c, &t, verb);
}

enum err tokens_end_(struct ctx *c, const char *sql, const char *verb, size_t *n,
                     const struct db_arg *args, size_t arg_count)
{
    struct token *ended;
    size_t count;

    TRY(db_all_(c, sql, &ended_shape, (void **)&ended, &count, args, arg_count));
    for (size_t i = 0; i < count; i++)
        TRY(log_end(c, ended[i].id, verb));
    if (n != NULL)
        *n = count;
    return OK;
}

enum err token_end(struct ctx *c, const char *id, const char *verb)
{
    return tokens_end(c, TOKEN_END, verb, NULL, INT(c->now), TEXT(id));
}

enum err token_revoke_whole(struct ctx *c, const char *id)
{
    const char *family;
    enum err e = db_text(c, FAMILY_OF_TOKEN, &family, TEXT(id));

    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    return family == NULL ? token_end(c, id, "revoked") : token_family_end(c, family);
}

enum err token_family_end(struct ctx *c, const char *family)
{
    TRY(tokens_end(c, FAMILY_END, "revoked", NULL, INT(c->now), TEXT(family)));
    return db_change(c, REFRESH_DELETE_OF_FAMILY, TEXT(family));
}

static enum err forget_promises(struct ctx *c, int64_t user_id)
{
    TRY(db_change(c, REFRESH_DELETE_OF_USER, INT(user_id)));
    TRY(db_change(c, CODES_DELETE_OF_USER, INT(user_id)));
    return db_change(c, DEVICES_DELETE_OF_USER, INT(user_id));
}

enum err tokens_revoke_all(struct ctx *c, int64_t user_id)
{
    TRY(tokens_end(c, ALL_OF_USER, "revoked", NULL, INT(c->now), INT(user_id)));
    return forget_promises(c, user_id);
}

enum err tokens_revoke_at_reset(struct ctx *c, int64_t user_id, bool named)
{
    TRY(tokens_end(c, AT_RESET, "revoked", NULL, INT(c->now), INT(user_id), INT(named)));
    return forget_promises(c, user_id);
}

enum err tokens_revoke_of_client(struct ctx *c, int64_t client_id)
{
    TRY(tokens_end(c, OF_CLIENT, "revoked", NULL, INT(c->now), INT(client_id)));
    return db_change(c, REFRESH_DELETE_OF_CLIENT, INT(client_id));
}

enum err tokens_revoke_of_consent(struct ctx *c, int64_t client_id, const char *org_id,
                                  int64_t user_id)
{
    TRY(tokens_end(c, OF_CONSENT, "revoked", NULL, INT(c->now), INT(client_id), TEXT(org_id),
                   INT(user_id)));
    return db_change(c, REFRESH_DELETE_OF_CONSENT, INT(client_id), TEXT(org_id), INT(user_id));
}

enum err tokens_revoke_of_member(struct ctx *c, const char *org_id, int64_t user_id)
{
    TRY(tokens_end(c, OF_MEMBER, "revoked", NULL, INT(c->now), INT(user_id), TEXT(org_id)));
    TRY(db_change(c, REFRESH_DELETE_OF_MEMBER, INT(user_id), TEXT(org_id)));
    TRY(db_change(c, CODES_DELETE_OF_MEMBER, INT(user_id), TEXT(org_id)));
    return db_change(c, DEVICES_DELETE_OF_MEMBER, INT(user_id), TEXT(org_id));
}
