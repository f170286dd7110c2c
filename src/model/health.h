/* Proof that the store takes writes. */
#pragma once

#include "base/ctx.h"

/* Writes the moment into the one row of table health. */
MUST_CHECK enum err health_prove(struct ctx *c);
