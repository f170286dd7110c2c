/* Grams: the parts of a text by which a search finds it without reading every text. Characters are
 * code points; texts are UTF-8, folded by whoever stores and asks. Everything returned lives in
 * the arena. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

/* The distinct grams of a text, in the order of their bytes: each three characters in a row, and
 * of each word its first one and its first two, with a blank before them. A word begins after a
 * blank or ASCII punctuation; a Chinese or Japanese character always begins one. */
const char *const *grams_of(struct arena *mem, const char *text, size_t *count);

/* The grams that a text must have to hold q anywhere; of a q of one or two characters the one of
 * words that begin with it. At most `most`, spread over q, none of an empty q. */
const char *const *grams_wanted(struct arena *mem, const char *q, size_t most, size_t *count);
