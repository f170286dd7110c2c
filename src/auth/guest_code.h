/* How guests come in: the code in a guest's link, and the sessions of browsers that came with it.
 *
 * A code opens what one guest has in one organization, for as long as it is not replaced. It
 * follows from the sealing key, the guest and the number of times it was replaced, so the link can
 * be shown again at any time; the store has only its digest. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/clock.h"
#include "base/ctx.h"

#define GUEST_SESSION_LIFE (12 * HOUR)

/* ---- codes ---- */

/* The code of a guest; version is guests.code_version. Always the same for the same. */
const char *guest_code(struct arena *mem, struct auth *auth, const char *org_id, int64_t guest_id,
                       int64_t version);

/* The link with that code: on this server, "/guest/…", and with its address before it. */
const char *guest_link_path(struct arena *mem, struct auth *auth, const char *org_id,
                            int64_t guest_id, int64_t version);
const char *guest_link(struct arena *mem, struct auth *auth, const char *org_id, int64_t guest_id,
                       int64_t version);

/* Whose code this is, in c->org. ERR_NOT_FOUND for every other one. */
MUST_CHECK enum err guest_code_find(struct ctx *c, const char *code, int64_t *guest_id);

/* From now on this version's code lets the guest of c->org in: no other one does any more, and
 * sessions that were begun with another one are over. */
MUST_CHECK enum err guest_code_enter(struct ctx *c, struct auth *auth, int64_t guest_id,
                                     int64_t version);

/* Nothing lets the guest of c->org in any more. Having had no code is no error. */
MUST_CHECK enum err guest_code_remove(struct ctx *c, int64_t guest_id);

/* ---- sessions ---- */

/* What a browser gets for a guest's code. */
struct new_guest_session {
    const char *secret;     /* the cookie's value */
    const char *csrf_token; /* what X-CSRF-Token must say with the cookie */
};

/* For the guest of c->org; ends by itself after GUEST_SESSION_LIFE. Of a guest's sessions only
 * the newest ones stay, so that opening the link again and again fills nothing. */
MUST_CHECK enum err guest_session_start(struct ctx *c, int64_t guest_id,
                                        struct new_guest_session *out);

/* Ends the session with this digest. Having none is no error. */
MUST_CHECK enum err guest_session_end(struct ctx *c, const char *digest);

/* The cookie: its name, and the value of Set-Cookie that keeps or (secret NULL) clears it. */
const char *guest_cookie_name(bool secure);
const char *guest_cookie(struct arena *mem, bool secure, const char *secret);
