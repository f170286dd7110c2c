/* What time ends: telling of it, and forgetting it later. */
#pragma once

#include <stdbool.h>

#include "base/ctx.h"

/* Removes expired sessions, refresh tokens and old lock-outs, and tokens that ended a month ago and
 * cannot be renewed. */
MUST_CHECK enum err auth_forget_expired(struct ctx *c);

/* Writes to the log which tokens have expired since it was last asked; no token is removed before
 * that. *more: there were too many for one transaction, so ask again. */
MUST_CHECK enum err auth_tell_expired(struct ctx *c, bool *more);
