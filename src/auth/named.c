/* See named.h. */
#include "auth/named.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/scope.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/network.h"
#include "db/db.h"

enum {
    NAMED_MAX = 200, /* living tokens an account */
    DAYS_MAX = 3650,
    OVERLAP_MAX = 7 * 24 * 3600,
    PREFIX_LENGTH = 9, /* "pawl_" and four characters to tell tokens apart by */
    ADDRESSES_MAX = 20,
};

/* ---- shape ---- */

static const struct field named_input_fields[] = {
    FIELD(named_input, name, TEXT, REQUIRED, .max = 100, .note = "What the token is for."),
    FIELD(named_input, scopes, JSON, OPTIONAL, .note = "What it may do; everything if absent."),
    FIELD(named_input, expires_in_days, INT, OPTIONAL, .max = DAYS_MAX,
          .note = "From 1; until revoked if neither this nor expires_at is given."),
    FIELD(named_input, expires_at, TIME, OPTIONAL, .note = "The moment instead of the days."),
    FIELD(named_input, organization_id, TEXT, NULLABLE, .max = 100,
          .note = "The only organization that it works in; all of yours if absent."),
    FIELD(named_input, addresses, JSON, OPTIONAL,
          .note = "Addresses and networks (192.0.2.0/24) that it works from; all if absent."),
    { 0 },
};
const struct shape named_token_input_shape = SHAPE(named_input, named_input_fields);

static const struct field named_name_fields[] = {
    FIELD(named_input, name, TEXT, REQUIRED, .max = 100, .note = "What the token is for."),
    { 0 },
};
const struct shape named_token_name_shape = SHAPE(named_input, named_name_fields);

static const struct field rotate_input_fields[] = {
    FIELD(rotate_input, overlap_seconds, INT, OPTIONAL, .max = OVERLAP_MAX,
          .note = "How long the old token still works; 0 if absent."),
    { 0 },
};
const struct shape named_token_rotation_shape = SHAPE(rotate_input, rotate_input_fields);

/* ---- SQL ---- */

#define NAMED                                                                                  \
    "SELECT k.id, k.user_id, COALESCE(k.client_id, 1) AS client_id, k.name, k.scopes,"         \
    "       k.org_id AS organization_id, k.addresses, 0 AS revoked, k.prefix, k.created_at,"   \
    "       k.updated_at, k.expires_at, k.last_used_at, k.last_used_ip, k.last_used_client,"   \
    "       (SELECT CAST(COALESCE(SUM(n.calls), 0) AS BIGINT) FROM token_calls n"              \
    "         WHERE n.token_id = k.id AND n.day > ?2) AS calls_7_days"                         \
    "  FROM tokens k WHERE k.user_id = ?1 AND k.kind = 'named' AND k.revoked_at IS NULL"

static const char NAMED_LIST[] = NAMED " ORDER BY k.created_at DESC, k.id DESC";
static const char NAMED_GET[] = NAMED " AND k.id = ?3";

static const char NAMED_COUNT[] =
    "SELECT count(*) FROM tokens WHERE user_id = ? AND kind = 'named' AND revoked_at IS NULL";

static const char NAMED_RENAME[] =
    "UPDATE tokens SET name = ?, updated_at = ?"
    " WHERE user_id = ? AND kind = 'named' AND revoked_at IS NULL AND id = ?";

static const char NAMED_END[] = TOKENS_END("user_id = ? AND kind = 'named' AND id = ?");

/* Its owner has made the next one, so no mail has to tell of its end. */
static const char NAMED_SET_END[] =
    "UPDATE tokens SET expires_at = ?1, warned_at = ?1, updated_at = ?2"
    " WHERE user_id = ? AND kind = 'named' AND revoked_at IS NULL AND id = ?";

static const char IS_MEMBER[] =
    "SELECT count(*) FROM members WHERE user_id = ? AND org_id = ? AND status = 'active'";

/* The strictest rule of those that a token falls under; 0: there is none. */
static const char MAX_DAYS[] =
    "SELECT COALESCE(MIN(o.token_max_days), 0)"
    "  FROM members m JOIN organizations o ON o.id = m.org_id"
    " WHERE m.user_id = ?1 AND m.status = 'active' AND o.token_max_days > 0"
    "   AND (CAST(?2 AS TEXT) IS NULL OR o.id = ?2)";

/* ---- private ---- */

/* The calls of seven days are those of today and the six days before. */
static int64_t week_ago(const struct ctx *c)
{
    return c->now / DAY - 7;
}

/* One of the caller's own tokens; lists as stored. */
static enum err get(struct ctx *c, const char *id, struct token *out)
{
    enum err e;

    *out = (struct token){ 0 };
    e = db_one(c, NAMED_GET, &named_token_shape, out, INT(c->caller->user_id),
               INT(week_ago(c)), TEXT(id));
    return e == ERR_NOT_FOUND ? fail(c, e, NULL, NULL) : e;
}

/* The same, which somebody else may have ended meanwhile. */
static enum err end_one(struct ctx *c, const char *id, const char *verb)
{
    size_t n;

    TRY(tokens_end(c, NAMED_END, verb, &n, INT(c->now), INT(c->caller->user_id), TEXT(id)));
    return n == 1 ? OK : fail(c, ERR_NOT_FOUND, NULL, NULL);
}

static enum err check_room(struct ctx *c)
{
    int64_t n;

    TRY(db_int(c, NAMED_COUNT, &n, INT(c->caller->user_id)));
    if (n >= NAMED_MAX)
        return fail(c, ERR_CONFLICT, NULL, "You have %d tokens. Revoke some first.", NAMED_MAX);
    return OK;
}

static enum err insert(struct ctx *c, struct token *t, const char **text)
{
    TRY(check_room(c));
    *text = secret_new_named_token(c->mem);
    t->id = id_new(c->mem, c->now);
    t->kind = TOKEN_NAMED;
    t->user_id = c->caller->user_id;
    t->digest = secret_digest(c->mem, *text);
    t->prefix = arena_dup_n(c->mem, *text, PREFIX_LENGTH);
    t->created_at = c->now;
    TRY(token_insert(c, t));
    TRY(get(c, t->id, t));
    tokens_for_answer(c, t, 1);
    return OK;
}

/* 0: no end. Faults are noted. */
static int64_t end_of(struct ctx *c, const struct named_input *in)
{
    int64_t latest = c->now + DAYS_MAX * DAY;

    if (in->expires_in_days == 0)
        fault(c, "expires_in_days", "The expires in days must be between 1 and %d.", DAYS_MAX);
    if (in->expires_in_days > 0 && in->expires_at != 0)
        fault(c, "expires_at", "Give either expires_at or expires_in_days.");
    if (in->expires_in_days > 0)
        return c->now + in->expires_in_days * DAY;
    if (in->expires_at != 0 && (in->expires_at <= c->now || in->expires_at > latest))
        fault(c, "expires_at", "The expires at must be in the future, at most %d days ahead.",
              DAYS_MAX);
    return in->expires_at;
}

/* The latest end that the organizations allow for a token bound to org_id (NULL: not bound); 0: any
 * end, or none at all. */
static enum err latest_end(struct ctx *c, const char *org_id, int64_t *out)
{
    int64_t days;

    TRY(db_int(c, MAX_DAYS, &days, INT(c->caller->user_id), TEXT(org_id)));
    *out = days == 0 ? 0 : c->now + days * DAY;
    return OK;
}

static bool outlives(int64_t end, int64_t latest)
{
    return latest != 0 && (end == 0 || end > latest);
}

static enum err check_policy(struct ctx *c, const struct named_input *in, const struct token *t)
{
    int64_t latest;

    TRY(latest_end(c, t->org_id, &latest));
    if (outlives(t->expires_at, latest))
        fault(c, in->expires_at != 0 ? "expires_at" : "expires_in_days",
              "Your organization lets tokens live %lld days at most.",
              (long long)((latest - c->now) / DAY));
    return OK;
}

/* NULL: none given. Faults are noted. */
static enum err read_organization(struct ctx *c, const char *id, const char **out)
{
    int64_t member;

    *out = NULL;
    if (id == NULL || id[0] == '\0')
        return OK;
    TRY(db_int(c, IS_MEMBER, &member, INT(c->caller->user_id), TEXT(id)));
    if (member == 0)
        fault(c, "organization_id", "The organization is none of yours.");
    *out = id;
    return OK;
}

/* From the JSON list to the stored text; NULL for none. Faults are noted. */
static enum err read_addresses(struct ctx *c, const char *json, const char **out)
{
    struct json *list;
    int n = 0;

    *out = NULL;
    if (json == NULL || strcmp(json, "null") == 0)
        return OK;
    TRY(json_parse(c, json, strlen(json), &list));
    if (list->kind != J_LIST) {
        fault(c, "addresses", "The addresses must be a list.");
        return OK;
    }
    for (const struct json *v = list->first; v != NULL; v = v->next, n++) {
        struct network network;

        if (n == ADDRESSES_MAX) {
            fault(c, "addresses", "There may be %d addresses at most.", ADDRESSES_MAX);
            return OK;
        }
        if (v->kind != J_TEXT || !network_parse(v->text, strlen(v->text), &network))
            fault(c, arena_printf(c->mem, "addresses.%d", n),
                  "This must be an address such as 192.0.2.1 or a network such as 192.0.2.0/24.");
        else
            *out = *out == NULL ? v->text : arena_printf(c->mem, "%s %s", *out, v->text);
    }
    return OK;
}

/* ---- operations ---- */

enum err named_list(struct ctx *c, int64_t user_id, struct token **out, size_t *count)
{
    TRY(db_all(c, NAMED_LIST, &named_token_shape, out, count, INT(user_id),
               INT(week_ago(c))));
    tokens_for_answer(c, *out, *count);
    return OK;
}

enum err named_create(struct ctx *c, const struct named_input *in, struct token *out,
                      const char **text)
{
    *out = (struct token){ .name = in->name, .expires_at = end_of(c, in) };
    TRY(scopes_read(c, in->scopes, &out->scopes));
    TRY(read_organization(c, in->organization_id, &out->org_id));
    TRY(read_addresses(c, in->addresses, &out->addresses));
    TRY(check_policy(c, in, out));
    TRY(fields_ok(c));
    TRY(token_maker_check(c, out->scopes));
    return insert(c, out, text);
}

enum err named_rename(struct ctx *c, const char *id, const char *name, struct token *out)
{
    TRY(get(c, id, out));
    TRY(db_change_one(c, NAMED_RENAME, TEXT(name), INT(c->now), INT(c->caller->user_id),
                      TEXT(id)));
    TRY(get(c, id, out));
    tokens_for_answer(c, out, 1);
    return OK;
}

enum err named_rotate(struct ctx *c, const char *id, const struct rotate_input *in,
                      struct token *out, const char **text)
{
    int64_t end = c->now + in->overlap_seconds * SECOND, latest;

    TRY(get(c, id, out));
    TRY(token_maker_check(c, out->scopes));
    if (out->expires_at != 0 && out->expires_at <= c->now)
        return fail(c, ERR_CONFLICT, NULL, "This token has expired. Create a new one.");
    if (in->overlap_seconds == 0) {
        TRY(end_one(c, id, "rotated"));
    } else {
        if (out->expires_at == 0 || end < out->expires_at)
            TRY(db_change_one(c, NAMED_SET_END, INT(end), INT(c->now), INT(c->caller->user_id),
                              TEXT(id)));
        TRY(token_log(c, id, "rotated"));
    }
    *out = (struct token){ .name = out->name, .scopes = out->scopes, .org_id = out->org_id,
                           .addresses = out->addresses, .expires_at = out->expires_at };
    TRY(latest_end(c, out->org_id, &latest));
    if (outlives(out->expires_at, latest))
        out->expires_at = latest;
    return insert(c, out, text);
}

enum err named_revoke(struct ctx *c, const char *id)
{
    return end_one(c, id, "revoked");
}
