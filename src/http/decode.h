/* Percent decoding, for addresses and forms. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

enum decode_as {
    DECODE_PATH,  /* '+' is itself; control bytes are refused */
    DECODE_QUERY, /* '+' is a blank; control bytes are refused */
    DECODE_FORM,  /* '+' is a blank; of the control bytes only NUL is refused */
};

/* The text decoded once, in the arena; NULL when an escape is broken, a refused byte comes out or
 * the result is not UTF-8. */
char *decode(struct arena *mem, const char *s, size_t n, enum decode_as as);
