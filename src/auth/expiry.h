/* Forgetting what has lost its meaning with time. */
#pragma once

#include "base/ctx.h"

/* Removes expired sessions, refresh tokens and old lock-outs, and tokens that ended a month ago. */
MUST_CHECK enum err auth_forget_expired(struct ctx *c);
