/* Browsers that an account has signed in with before. Each carries a cookie that says so, sealed by
 * this server, and its wrong attempts are counted for itself: so whoever guesses at an account from
 * elsewhere, and thereby locks it, does not keep its owner out. The cookie opens nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/ctx.h"

/* The cookie: its name, and the value of Set-Cookie after a sign-in. */
const char *known_device_cookie_name(bool secure);
const char *known_device_cookie(struct ctx *c, struct auth *auth, bool secure, int64_t user_id);

/* Whether a cookie's value (NULL: none) was given to a browser of this account, and not too long
 * ago. */
bool known_device_valid(struct ctx *c, struct auth *auth, const char *value, int64_t user_id);
