/* See expiry.h. An ended token is kept for a month, so that people can see what it was; an expired
 * one also as long as it can be renewed, so that they can end that. */
#include "auth/expiry.h"

#include "auth/token.h"
#include "base/clock.h"
#include "db/db.h"

enum { TOLD_AT_ONCE = 1000 };

static const char SESSIONS[] = "DELETE FROM sessions WHERE expires_at <= ?";
static const char GUEST_SESSIONS[] = "DELETE FROM guest_sessions WHERE expires_at <= ?";
static const char REFRESH_TOKENS[] = "DELETE FROM refresh_tokens WHERE expires_at <= ?";
static const char FAILURES[] =
    "DELETE FROM login_failures WHERE last_at <= ? AND locked_until <= ?";
static const char TOKENS[] =
    "DELETE FROM tokens"
    " WHERE COALESCE(revoked_at, expires_at) <= ?"
    "   AND (expired_seen = 1 OR revoked_at < COALESCE(expires_at, revoked_at + 1))"
    "   AND (revoked_at IS NOT NULL"
    "        OR NOT EXISTS (SELECT 1 FROM refresh_tokens r"
    "                        WHERE r.token_id = tokens.id AND r.used_at IS NULL))";
static const char CALLS[] = "DELETE FROM token_calls WHERE day < ?";

/* What went to an address without an account explains nothing to anybody. */
static const char LINKS[] =
    "DELETE FROM links WHERE expires_at <= ?1 AND (user_id < 0 OR expires_at <= ?2)";

/* Those that were revoked before their end have been told of. */
static const char EXPIRED[] =
    "UPDATE tokens SET expired_seen = 1"
    " WHERE expired_seen = 0"
    "   AND id IN (SELECT id FROM tokens WHERE expired_seen = 0 AND expires_at <= ?"
    "               ORDER BY expires_at LIMIT ?)"
    " RETURNING id, expires_at, revoked_at";

/* A code that comes a second time ends what the first time gave, so used ones stay a while. */
static const char CODES[] = "DELETE FROM authorization_codes WHERE expires_at <= ?";
static const char DEVICES[] = "DELETE FROM device_codes WHERE expires_at <= ?";

enum err auth_forget_expired(struct ctx *c)
{
    TRY(db_change(c, SESSIONS, INT(c->now)));
    TRY(db_change(c, GUEST_SESSIONS, INT(c->now)));
    TRY(db_change(c, REFRESH_TOKENS, INT(c->now)));
    TRY(db_change(c, FAILURES, INT(c->now - DAY), INT(c->now)));
    TRY(db_change(c, LINKS, INT(c->now), INT(c->now - 30 * DAY)));
    TRY(db_change(c, CALLS, INT(c->now / DAY - 60)));
    TRY(db_change(c, CODES, INT(c->now - DAY)));
    TRY(db_change(c, DEVICES, INT(c->now - DAY)));
    return db_change(c, TOKENS, INT(c->now - 30 * DAY));
}

struct expired {
    const char *id;
    int64_t expires_at, revoked_at;
};

static const struct field expired_fields[] = {
    FIELD(expired, id, TEXT, HIDDEN),
    FIELD(expired, expires_at, TIME, HIDDEN),
    FIELD(expired, revoked_at, TIME, HIDDEN),
    { 0 },
};
static const struct shape expired_shape = SHAPE(expired, expired_fields);

enum err auth_tell_expired(struct ctx *c, bool *more)
{
    struct expired *rows;
    size_t count;

    TRY(db_all(c, EXPIRED, &expired_shape, &rows, &count, INT(c->now), INT(TOLD_AT_ONCE)));
    *more = count == TOLD_AT_ONCE;
    for (size_t i = 0; i < count; i++)
        if (rows[i].revoked_at == 0 || rows[i].revoked_at >= rows[i].expires_at)
            TRY(token_log(c, rows[i].id, "expired"));
    return OK;
}
