/* See named.h. */
#include "auth/named.h"

#include "auth/caller.h"
#include "auth/scope.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"

enum {
    NAMED_MAX = 200, /* living tokens an account */
    DAYS_MAX = 3650,
    OVERLAP_MAX = 7 * 24 * 3600,
    PREFIX_LENGTH = 9, /* "pawl_" and four characters to tell tokens apart by */
};

/* ---- shape ---- */

static const struct field named_input_fields[] = {
    FIELD(named_input, name, TEXT, REQUIRED, .max = 100, .note = "What the token is for."),
    FIELD(named_input, scopes, JSON, OPTIONAL, .note = "What it may do; everything if absent."),
    FIELD(named_input, expires_in_days, INT, OPTIONAL, .max = DAYS_MAX,
          .note = "From 1; until revoked if neither this nor expires_at is given."),
    FIELD(named_input, expires_at, TIME, OPTIONAL, .note = "The moment instead of the days."),
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

#define NAMED                                                                             \
    "SELECT id, user_id, COALESCE(client_id, 1) AS client_id, name, scopes, 0 AS revoked," \
    "       prefix, created_at, updated_at, expires_at, last_used_at, last_used_ip,"      \
    "       last_used_client"                                                             \
    "  FROM tokens WHERE user_id = ? AND kind = 'named' AND revoked_at IS NULL"

static const char NAMED_LIST[] = NAMED " ORDER BY created_at DESC, id DESC";
static const char NAMED_GET[] = NAMED " AND id = ?";

static const char NAMED_COUNT[] =
    "SELECT count(*) FROM tokens WHERE user_id = ? AND kind = 'named' AND revoked_at IS NULL";

static const char NAMED_RENAME[] =
    "UPDATE tokens SET name = ?, updated_at = ?"
    " WHERE user_id = ? AND kind = 'named' AND revoked_at IS NULL AND id = ?";

static const char NAMED_REVOKE[] =
    "UPDATE tokens SET revoked_at = ?1, updated_at = ?1"
    " WHERE user_id = ? AND kind = 'named' AND revoked_at IS NULL AND id = ?";

static const char NAMED_SET_END[] =
    "UPDATE tokens SET expires_at = ?, updated_at = ?"
    " WHERE user_id = ? AND kind = 'named' AND revoked_at IS NULL AND id = ?";

/* ---- private ---- */

/* One of the caller's own tokens; scopes as stored. */
static enum err get(struct ctx *c, const char *id, struct token *out)
{
    enum err e;

    *out = (struct token){ 0 };
    e = db_one(c, NAMED_GET, &named_token_shape, out, INT(c->caller->user_id), TEXT(id));
    return e == ERR_NOT_FOUND ? fail(c, e, NULL, NULL) : e;
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

/* ---- operations ---- */

enum err named_list(struct ctx *c, int64_t user_id, struct token **out, size_t *count)
{
    TRY(db_all(c, NAMED_LIST, &named_token_shape, out, count, INT(user_id)));
    tokens_for_answer(c, *out, *count);
    return OK;
}

enum err named_create(struct ctx *c, const struct named_input *in, struct token *out,
                      const char **text)
{
    *out = (struct token){ .name = in->name, .expires_at = end_of(c, in) };
    TRY(scopes_read(c, in->scopes, &out->scopes));
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
    int64_t end = c->now + in->overlap_seconds * SECOND;

    TRY(get(c, id, out));
    TRY(token_maker_check(c, out->scopes));
    if (out->expires_at != 0 && out->expires_at <= c->now)
        return fail(c, ERR_CONFLICT, NULL, "This token has expired. Create a new one.");
    if (in->overlap_seconds == 0)
        TRY(named_revoke(c, id));
    else if (out->expires_at == 0 || end < out->expires_at)
        TRY(db_change_one(c, NAMED_SET_END, INT(end), INT(c->now), INT(c->caller->user_id),
                          TEXT(id)));
    *out = (struct token){ .name = out->name, .scopes = out->scopes,
                           .expires_at = out->expires_at };
    return insert(c, out, text);
}

enum err named_revoke(struct ctx *c, const char *id)
{
    int64_t n;

    TRY(db_change_n(c, NAMED_REVOKE, &n, INT(c->now), INT(c->caller->user_id), TEXT(id)));
    return n == 1 ? OK : fail(c, ERR_NOT_FOUND, NULL, NULL);
}
