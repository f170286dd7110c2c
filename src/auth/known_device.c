/* See known_device.h. Nothing is stored: what is sealed is "device", the account and when. */
#include "auth/known_device.h"

#include <stdio.h>

#include "auth/seal.h"
#include "base/clock.h"

#define LIFE (365 * DAY)

const char *known_device_cookie_name(bool secure)
{
    return secure ? "__Host-pawl_device" : "pawl_device";
}

const char *known_device_cookie(struct ctx *c, struct auth *auth, bool secure, int64_t user_id)
{
    const char *text = arena_printf(c->mem, "device %lld %lld", (long long)user_id,
                                    (long long)c->now);

    return arena_printf(c->mem, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s; Max-Age=%lld",
                        known_device_cookie_name(secure), seal(c, auth, text),
                        secure ? "; Secure" : "", (long long)(LIFE / SECOND));
}

bool known_device_valid(struct ctx *c, struct auth *auth, const char *value, int64_t user_id)
{
    long long user, since;
    const char *text;

    if (value == NULL)
        return false;
    if (unseal(c, auth, value, &text) != OK) {
        ctx_forgive(c);
        return false;
    }
    return sscanf(text, "device %lld %lld", &user, &since) == 2 && user == user_id &&
           since > c->now - LIFE;
}
