/* Lists of words from a fixed set (scopes of a token, grants of a client). They are stored as one
 * blank-separated text and are JSON lists on the wire. */
#pragma once

#include <stdbool.h>

#include "base/ctx.h"

/* From a JSON list to the stored text, each word once, in the order given. Faults of `field` are
 * noted: not a list, an unknown word, no word. json NULL or null: *out stays as it is. */
MUST_CHECK enum err words_read(struct ctx *c, const char *field, const char *json,
                               const char *const *known, const char **out);

/* From the stored text to a JSON list. */
const char *words_json(struct arena *mem, const char *words);

bool words_have(const char *words, const char *word);

/* Steps through a text: the next word's beginning and length, NULL at the end. *rest is where to
 * look, and moves on. */
const char *words_next(const char **rest, size_t *length);
