/* See session.h. Of the cookie's value only the digest is stored, and the CSRF token is derived
 * from the value, so a copy of the store opens no session. */
#include "auth/session.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/secret.h"
#include "auth/token.h"
#include "auth/user_agent.h"
#include "base/ids.h"
#include "base/text.h"
#include "db/db.h"

enum { SECRET_LENGTH = 43, USER_AGENT_MAX = 255 };

/* ---- shape ---- */

static const struct field session_fields[] = {
    FIELD(session, id, TEXT, READONLY),
    FIELD(session, address, TEXT, READONLY_NULL),
    FIELD(session, user_agent, TEXT, READONLY_NULL),
    FIELD(session, device, TEXT, READONLY),
    FIELD(session, created_at, TIME, READONLY),
    FIELD(session, last_seen_at, TIME, READONLY),
    FIELD(session, expires_at, TIME, READONLY),
    FIELD(session, remembered, BOOL, READONLY),
    FIELD(session, current, BOOL, READONLY),
    FIELD(session, digest, TEXT, HIDDEN),
    { 0 },
};
const struct shape session_shape = SHAPE(session, session_fields);

/* The end of an account's last membership. */
struct disabling {
    int64_t disabled_at;
    const char *organization;
    const char *first_name, *last_name; /* of who did it; NULL: the operator */
    bool became_guest;
};

static const struct field disabling_fields[] = {
    FIELD(disabling, disabled_at, TIME, HIDDEN),
    FIELD(disabling, organization, TEXT, HIDDEN),
    FIELD(disabling, first_name, TEXT, HIDDEN),
    FIELD(disabling, last_name, TEXT, HIDDEN),
    FIELD(disabling, became_guest, BOOL, HIDDEN),
    { 0 },
};
static const struct shape disabling_shape = SHAPE(disabling, disabling_fields);

/* ---- SQL ---- */

static const char SESSION_INSERT[] =
    "INSERT INTO sessions (digest, id, user_id, remembered, address, user_agent, created_at,"
    "                      last_seen_at, expires_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)";

static const char SESSION_LIST[] =
    "SELECT id, address, user_agent, created_at, last_seen_at, expires_at, remembered, digest"
    "  FROM sessions WHERE user_id = ? AND expires_at > ?"
    " ORDER BY last_seen_at DESC, id DESC LIMIT ?";

static const char SESSION_DELETE_BY_ID[] = "DELETE FROM sessions WHERE user_id = ? AND id = ?";

static const char SESSION_DELETE[] = "DELETE FROM sessions WHERE digest = ?";

static const char SESSION_DELETE_OTHERS[] =
    "DELETE FROM sessions"
    " WHERE user_id = ?1 AND (CAST(?2 AS TEXT) IS NULL OR digest <> ?2)";

static const char SESSION_EXPIRY[] = "SELECT expires_at FROM sessions WHERE digest = ?";

static const char LAPSED[] = "SELECT" ACCOUNT_LAPSED(u.id) " FROM users u WHERE u.id = ?";

static const char LAST_DISABLED[] =
    "SELECT m.disabled_at, o.name AS organization, u.first_name, u.last_name,"
    "       CASE WHEN g.id IS NULL THEN 0 ELSE 1 END AS became_guest"
    "  FROM members m JOIN organizations o ON o.id = m.org_id JOIN users a ON a.id = m.user_id"
    "  LEFT JOIN users u ON u.id = m.disabled_by"
    "  LEFT JOIN guests g ON g.org_id = m.org_id AND g.email_folded = a.email_folded"
    "   AND g.deleted_at IS NULL AND g.disabled_at IS NULL"
    " WHERE m.user_id = ? AND m.status = 'disabled'"
    " ORDER BY COALESCE(m.disabled_at, 0) DESC, m.org_id LIMIT 1";

static const char SET_PASSWORD[] =
    "UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?";

static const char LINKS_WITHDRAW[] =
    "UPDATE links SET withdrawn_at = ?"
    " WHERE user_id = ? AND purpose IN ('reset', 'email')"
    "   AND used_at IS NULL AND withdrawn_at IS NULL";

/* What would still become a token. */
static const char CODES_END[] =
    "UPDATE authorization_codes SET used_at = ? WHERE user_id = ? AND used_at IS NULL";

static const char DEVICES_END[] =
    "UPDATE device_codes SET state = 'denied' WHERE user_id = ? AND state = 'allowed'";

/* ---- operations ---- */

/* The browser's name for itself, if it is text. */
static const char *user_agent(struct ctx *c)
{
    const char *name = c->caller == NULL ? NULL : secret_masked(c->mem, c->caller->user_agent);

    if (name == NULL || !text_is_utf8(name, strlen(name)) || strlen(name) > USER_AGENT_MAX)
        return NULL;
    return name;
}

const char *session_secret_new(struct arena *mem)
{
    return secret_new(mem, SECRET_LENGTH);
}

enum err session_start(struct ctx *c, int64_t user_id, bool remember, struct new_session *out)
{
    out->secret = session_secret_new(c->mem);
    out->csrf_token = secret_csrf(c->mem, out->secret);
    out->expires_at = c->now + SESSION_LIFE;
    return db_change(c, SESSION_INSERT, TEXT(secret_digest(c->mem, out->secret)),
                     TEXT(id_new(c->mem, c->now)), INT(user_id), INT(remember),
                     TEXT(c->caller == NULL ? NULL : c->caller->address), TEXT(user_agent(c)),
                     INT(c->now), INT(out->expires_at));
}

enum err session_end(struct ctx *c, const char *digest)
{
    return db_change(c, SESSION_DELETE, TEXT(digest));
}

enum err session_end_others(struct ctx *c, int64_t user_id, const char *digest)
{
    return db_change(c, SESSION_DELETE_OTHERS, INT(user_id), TEXT(digest));
}

enum err session_list(struct ctx *c, struct auth *auth, struct session **out, size_t *count)
{
    struct session *rows;
    size_t found, n = 0;

    TRY(db_all(c, SESSION_LIST, &session_shape, &rows, &found, INT(c->caller->user_id),
               INT(c->now), INT(SESSIONS_LISTED)));
    for (size_t i = 0; i < found; i++) {
        struct session s = rows[i];
        int64_t seen = auth_session_seen(auth, s.digest);

        if (!s.remembered && session_is_idle(auth, s.digest, s.last_seen_at, c->now))
            continue;
        s.last_seen_at = seen > s.last_seen_at ? seen : s.last_seen_at;
        s.device = user_agent_device(c->mem, s.user_agent);
        s.current = secret_equal(s.digest, c->caller->session_digest);
        rows[n++] = s;
    }
    *out = rows;
    *count = n;
    return OK;
}

enum err session_end_by_id(struct ctx *c, int64_t user_id, const char *id)
{
    int64_t ended;

    TRY(db_change_n(c, SESSION_DELETE_BY_ID, &ended, INT(user_id), TEXT(id)));
    return ended > 0 ? OK : fail(c, ERR_NOT_FOUND, NULL, "There is no such session.");
}

enum err session_expiry(struct ctx *c, int64_t *out)
{
    return db_int(c, SESSION_EXPIRY, out, TEXT(c->caller->session_digest));
}

/* Whoever is told knows the password. */
static enum err refuse_disabled(struct ctx *c, int64_t user_id)
{
    struct disabling d = { 0 };
    char when[TIME_TEXT_SIZE];

    TRY(db_one(c, LAST_DISABLED, &disabling_shape, &d, INT(user_id)));
    if (d.disabled_at == 0)
        return fail_code(c, ERR_DENIED, "ACCOUNT_DISABLED", "Account Disabled");
    time_format(d.disabled_at, when);
    return fail_code(c, ERR_DENIED, "ACCOUNT_DISABLED",
                     "Account Disabled. %s of %s ended your membership on %.10s at %.5s UTC.%s",
                     d.first_name == NULL ? "The operator" :
                     text_trim(c->mem, arena_printf(c->mem, "%s %s", d.first_name, d.last_name)),
                     d.organization, when, when + sizeof("YYYY-MM-DDT") - 1,
                     d.became_guest ? " You are a guest there now: the link to your tasks comes"
                                      " to you by mail." : "");
}

enum err session_allowed(struct ctx *c, int64_t user_id)
{
    int64_t lapsed;

    TRY(db_int(c, LAPSED, &lapsed, INT(user_id)));
    return lapsed ? refuse_disabled(c, user_id) : OK;
}

enum err auth_set_password(struct ctx *c, int64_t user_id, const char *hash)
{
    TRY(db_change_one(c, SET_PASSWORD, TEXT(hash), INT(c->now), INT(user_id)));
    return db_change(c, LINKS_WITHDRAW, INT(c->now), INT(user_id));
}

enum err auth_password_reset(struct ctx *c, int64_t user_id, const char *hash, bool end_named)
{
    TRY(auth_set_password(c, user_id, hash));
    TRY(session_end_others(c, user_id, NULL));
    TRY(db_change(c, CODES_END, INT(c->now), INT(user_id)));
    TRY(db_change(c, DEVICES_END, INT(user_id)));
    return tokens_revoke_at_reset(c, user_id, end_named);
}

/* ---- judging ---- */

bool session_secret_valid(const char *secret)
{
    for (const char *p = secret; *p != '\0'; p++)
        if (!(*p >= '0' && *p <= '9') && !(*p >= 'A' && *p <= 'Z') && !(*p >= 'a' && *p <= 'z'))
            return false;
    return strlen(secret) == SECRET_LENGTH;
}

bool session_is_idle(struct auth *auth, const char *digest, int64_t last_seen_at, int64_t now)
{
    return now - last_seen_at >= SESSION_IDLE &&
           now - auth_session_seen(auth, digest) >= SESSION_IDLE;
}

/* ---- the cookie ---- */

/* The prefix makes browsers refuse a cookie of this name from a subdomain or over plain HTTP. */
const char *session_cookie_name(bool secure)
{
    return secure ? "__Host-pawl_session" : "pawl_session";
}

const char *session_cookie(struct arena *mem, bool secure, const char *secret, bool remember)
{
    const char *life = "";

    if (secret == NULL)
        life = "; Max-Age=0";
    else if (remember)
        life = arena_printf(mem, "; Max-Age=%lld", (long long)(SESSION_LIFE / SECOND));
    return arena_printf(mem, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
                        session_cookie_name(secure), secret == NULL ? "" : secret,
                        secure ? "; Secure" : "", life);
}
