/* Scopes: what a token may be used for, as stored text (words.h). "*" is everything. */
#pragma once

#include <stdbool.h>

#include "base/ctx.h"

/* From the JSON list of a request; absent means everything. Faults are noted. */
MUST_CHECK enum err scopes_read(struct ctx *c, const char *json, const char **out);

/* True when whoever has `have` may hand out `want`. */
bool scopes_cover(const char *have, const char *want);

/* From the scope parameter of an OAuth request. Absent, or made of names that mean nothing here,
 * it asks for everything: integrations send names of their own. Names that mean something are
 * taken at their word; a mixture, or one of the mcp family, is refused as invalid_scope. */
MUST_CHECK enum err scopes_requested(struct ctx *c, const char *requested, const char **out);
