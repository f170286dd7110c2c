/* Whether callers have proved that the address of their account is theirs. */
#pragma once

#include "base/ctx.h"

/* ERR_DENIED, EMAIL_NOT_VERIFIED, unless c->caller has. */
MUST_CHECK enum err caller_check_proved(struct ctx *c);
