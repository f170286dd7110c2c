/* See expiry.h. An ended token is kept for a month, so that people can see what it was. */
#include "auth/expiry.h"

#include "base/clock.h"
#include "db/db.h"

static const char SESSIONS[] = "DELETE FROM sessions WHERE expires_at <= ?";
static const char REFRESH_TOKENS[] = "DELETE FROM refresh_tokens WHERE expires_at <= ?";
static const char FAILURES[] =
    "DELETE FROM login_failures WHERE last_at <= ? AND locked_until <= ?";
static const char TOKENS[] =
    "DELETE FROM tokens WHERE COALESCE(revoked_at, expires_at) <= ? AND kind <> 'personal'";

/* What went to an address without an account explains nothing to anybody. */
static const char LINKS[] =
    "DELETE FROM links WHERE expires_at <= ?1 AND (user_id < 0 OR expires_at <= ?2)";

enum err auth_forget_expired(struct ctx *c)
{
    TRY(db_change(c, SESSIONS, INT(c->now)));
    TRY(db_change(c, REFRESH_TOKENS, INT(c->now)));
    TRY(db_change(c, FAILURES, INT(c->now - DAY), INT(c->now)));
    TRY(db_change(c, LINKS, INT(c->now), INT(c->now - 30 * DAY)));
    return db_change(c, TOKENS, INT(c->now - 30 * DAY));
}
