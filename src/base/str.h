/* A growable string in an arena, with a ceiling. Appending returns nothing: when the ceiling is
 * passed the string fails for good, and the writer asks str_ok once, at the end. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct str {
    struct arena *mem;
    char *data; /* not NUL-terminated; NULL while empty */
    size_t len;
    size_t cap;
    size_t max;
    bool failed;
};

/* An empty string that may grow to max bytes. */
struct str str_in(struct arena *mem, size_t max);

void str_add(struct str *s, const char *text);
void str_add_n(struct str *s, const char *bytes, size_t n);
void str_add_char(struct str *s, char c);
void str_printf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* True while everything appended so far fitted. */
bool str_ok(const struct str *s);

/* The text with a final NUL, in the arena. */
const char *str_text(struct str *s);
