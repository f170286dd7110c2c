/* The first account of a store is made once. */
#pragma once

#include "base/ctx.h"

/* Takes the one right to set this store up, in the transaction that does it: ERR_CONFLICT for
 * whoever comes second, also at the same moment. */
MUST_CHECK enum err setup_claim(struct ctx *c);

/* That failure. */
MUST_CHECK enum err setup_is_done(struct ctx *c);
