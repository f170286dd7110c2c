/* What the records of an answer include of others (`with` in a query), as JSON that stands in their
 * structs: {"data":[…]}, and {"data":{…}} for a single one.
 *
 * All includes of one answer together may be as large as an answer. Who asks for more is refused
 * as soon as that is known, before the rest is even loaded, so that a request's memory is bounded
 * whatever hangs on the records of a page. Everything lives in c->mem. */
#pragma once

#include "base/ctx.h"
#include "base/shape.h"
#include "base/str.h"

enum { ANSWER_MAX = 32 * 1024 * 1024 /* bytes */ };

/* The records, or the one. ERR_INVALID when the answer becomes too large. */
MUST_CHECK enum err include_list(struct ctx *c, const struct shape *shape, const void *records,
                                 size_t count, const char **out);
MUST_CHECK enum err include_one(struct ctx *c, const struct shape *shape, const void *record,
                                const char **out);

/* The same in steps: begins with {"data": and takes one value; include_end closes it. Appending to
 * it fails, and include_end answers ERR_INVALID, where no room is left. */
struct str include_begin(const struct ctx *c);
MUST_CHECK enum err include_end(struct ctx *c, struct str *out, const char **text);

/* ERR_INVALID, and what to do about it. */
MUST_CHECK enum err answer_too_large(struct ctx *c);
