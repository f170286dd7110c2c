/* Browser sessions: made by signing in, carried by a cookie whose value only the browser has. Also
 * what ends them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "base/shape.h"

#define SESSION_LIFE (30 * DAY)
#define SESSION_IDLE (12 * HOUR) /* not applied to remembered ones */

/* SQL: 1 for an account that was disabled everywhere it belonged, and is invited nowhere. One that
 * never belonged anywhere is not: it has just been made and may found an organization. So the row
 * of a membership that was more than an invitation is never removed. */
#define ACCOUNT_LAPSED(user_id)                                                               \
    " CASE WHEN EXISTS (SELECT 1 FROM members x"                                              \
    "                    WHERE x.user_id = " #user_id " AND x.status <> 'disabled') THEN 0"   \
    "      WHEN EXISTS (SELECT 1 FROM members x"                                              \
    "                    WHERE x.user_id = " #user_id " AND x.status = 'disabled') THEN 1"    \
    "      ELSE 0 END"

/* What a browser gets when it has signed in. */
struct new_session {
    const char *secret;     /* the cookie's value */
    const char *csrf_token;
    int64_t expires_at;
};

/* A session as its owner sees it. */
struct session {
    const char *id;
    const char *address;
    const char *user_agent;
    const char *device; /* derived: "Firefox on Linux" */
    int64_t created_at;
    int64_t last_seen_at;
    int64_t expires_at;
    bool remembered;
    bool current;       /* derived: the caller's own */
    const char *digest; /* hidden */
};
extern const struct shape session_shape;

enum { SESSIONS_LISTED = 200 };

MUST_CHECK enum err session_start(struct ctx *c, int64_t user_id, bool remember,
                                  struct new_session *out);

/* Ends the session with this digest. Having none is no error. */
MUST_CHECK enum err session_end(struct ctx *c, const char *digest);

/* Ends every session of an account but the one with this digest (NULL: no exception). */
MUST_CHECK enum err session_end_others(struct ctx *c, int64_t user_id, const char *digest);

/* The caller's living sessions, the last used first, at most SESSIONS_LISTED. */
MUST_CHECK enum err session_list(struct ctx *c, struct auth *auth, struct session **out,
                                 size_t *count);

/* Ends one of an account's sessions. ERR_NOT_FOUND when it is not the account's. */
MUST_CHECK enum err session_end_by_id(struct ctx *c, int64_t user_id, const char *id);

/* When the caller's session ends at the latest. */
MUST_CHECK enum err session_expiry(struct ctx *c, int64_t *out);

/* ERR_DENIED when the account was disabled everywhere it belonged, with who did it last and when:
 * only for who has shown the password. */
MUST_CHECK enum err session_allowed(struct ctx *c, int64_t user_id);

/* A new password for an account. Links to choose another one, or to another address, are withdrawn:
 * whoever asked for them may have known the old one. What else it ends is the caller's to say. */
MUST_CHECK enum err auth_set_password(struct ctx *c, int64_t user_id, const char *hash);

/* A new password set by the operator or by a reset link: whoever knew the old one is out. Sessions,
 * the personal token and what applications hold because somebody signed in end, with what would
 * still become that; named tokens end when `end_named`. */
MUST_CHECK enum err auth_password_reset(struct ctx *c, int64_t user_id, const char *hash,
                                        bool end_named);

/* A new value for the cookie of a session, also of a guest's. */
const char *session_secret_new(struct arena *mem);

/* The form of a cookie's value; anything else need not be looked up. */
bool session_secret_valid(const char *secret);

/* True when nobody used the session for too long, as far as the store and this process know. */
bool session_is_idle(struct auth *auth, const char *digest, int64_t last_seen_at, int64_t now);

/* The cookie: its name, and the value of Set-Cookie that keeps or (secret NULL) clears it. */
const char *session_cookie_name(bool secure);
const char *session_cookie(struct arena *mem, bool secure, const char *secret, bool remember);
