/* See guest_code.h. */
#include "auth/guest_code.h"

#include "auth/seal.h"
#include "auth/secret.h"
#include "auth/session.h"
#include "db/db.h"

enum { SESSIONS_KEPT = 20 };

/* ---- SQL ---- */

static const char CODE_ENTER[] =
    "INSERT INTO guest_codes (digest, org_id, guest_id) VALUES (?, ?, ?)"
    " ON CONFLICT (org_id, guest_id) DO UPDATE SET digest = excluded.digest";

static const char CODE_FIND[] =
    "SELECT guest_id FROM guest_codes WHERE org_id = ? AND digest = ?";

static const char CODE_DELETE[] = "DELETE FROM guest_codes WHERE org_id = ? AND guest_id = ?";

static const char SESSIONS_DELETE[] =
    "DELETE FROM guest_sessions WHERE org_id = ? AND guest_id = ?";

static const char SESSIONS_DELETE_OLDEST[] =
    "DELETE FROM guest_sessions"
    " WHERE org_id = ?1 AND guest_id = ?2"
    "   AND digest NOT IN (SELECT digest FROM guest_sessions"
    "                       WHERE org_id = ?1 AND guest_id = ?2"
    "                       ORDER BY created_at DESC, digest LIMIT ?3)";

static const char SESSION_INSERT[] =
    "INSERT INTO guest_sessions (digest, org_id, guest_id, created_at, expires_at)"
    " VALUES (?, ?, ?, ?, ?)";

static const char SESSION_DELETE[] = "DELETE FROM guest_sessions WHERE digest = ?";

/* ---- codes ---- */

const char *guest_code(struct arena *mem, struct auth *auth, const char *org_id, int64_t guest_id,
                       int64_t version)
{
    unsigned char bytes[32];

    seal_derive(auth, "guest code",
                arena_printf(mem, "%s/%lld/%lld", org_id, (long long)guest_id, (long long)version),
                bytes);
    return secret_guest_code(mem, bytes);
}

const char *guest_link_path(struct arena *mem, struct auth *auth, const char *org_id,
                            int64_t guest_id, int64_t version)
{
    return arena_printf(mem, "/guest/%s", guest_code(mem, auth, org_id, guest_id, version));
}

const char *guest_link(struct arena *mem, struct auth *auth, const char *org_id, int64_t guest_id,
                       int64_t version)
{
    return arena_printf(mem, "%s%s", auth_issuer(auth),
                        guest_link_path(mem, auth, org_id, guest_id, version));
}

enum err guest_code_find(struct ctx *c, const char *code, int64_t *guest_id)
{
    return db_int(c, CODE_FIND, guest_id, TEXT(c->org), TEXT(secret_digest(c->mem, code)));
}

enum err guest_code_enter(struct ctx *c, struct auth *auth, int64_t guest_id, int64_t version)
{
    const char *code = guest_code(c->mem, auth, c->org, guest_id, version);

    TRY(db_change(c, CODE_ENTER, TEXT(secret_digest(c->mem, code)), TEXT(c->org), INT(guest_id)));
    return db_change(c, SESSIONS_DELETE, TEXT(c->org), INT(guest_id));
}

enum err guest_code_remove(struct ctx *c, int64_t guest_id)
{
    TRY(db_change(c, CODE_DELETE, TEXT(c->org), INT(guest_id)));
    return db_change(c, SESSIONS_DELETE, TEXT(c->org), INT(guest_id));
}

/* ---- sessions ---- */

enum err guest_session_start(struct ctx *c, int64_t guest_id, struct new_guest_session *out)
{
    out->secret = session_secret_new(c->mem);
    out->csrf_token = secret_csrf(c->mem, out->secret);
    TRY(db_change(c, SESSIONS_DELETE_OLDEST, TEXT(c->org), INT(guest_id),
                  INT(SESSIONS_KEPT - 1)));
    return db_change(c, SESSION_INSERT, TEXT(secret_digest(c->mem, out->secret)), TEXT(c->org),
                     INT(guest_id), INT(c->now), INT(c->now + GUEST_SESSION_LIFE));
}

enum err guest_session_end(struct ctx *c, const char *digest)
{
    return db_change(c, SESSION_DELETE, TEXT(digest));
}

/* ---- the cookie ---- */

/* As session_cookie_name. */
const char *guest_cookie_name(bool secure)
{
    return secure ? "__Host-pawl_guest" : "pawl_guest";
}

const char *guest_cookie(struct arena *mem, bool secure, const char *secret)
{
    return arena_printf(mem, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s; Max-Age=%lld",
                        guest_cookie_name(secure), secret == NULL ? "" : secret,
                        secure ? "; Secure" : "",
                        secret == NULL ? 0LL : (long long)(GUEST_SESSION_LIFE / SECOND));
}
