/* Second factors: time-based one-time passwords (RFC 6238) of an authenticator app, and the
 * recovery codes for the day on which it is lost. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/ctx.h"

/* Whether signing in to this account takes a code. */
MUST_CHECK enum err second_factor_in_force(struct ctx *c, int64_t user_id, bool *out);
