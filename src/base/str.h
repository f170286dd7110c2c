/* A growable string in an arena, with a ceiling. Appending returns nothing: when the ceiling is
 * passed the string fails for good, and the writer asks str_ok once, at the end. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

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

/* str_more when there may be no room. */
char *str_more_growing(struct str *s, size_t n);

/* Makes the string n bytes longer and answers where they are to be written; NULL when the ceiling
 * is passed. Answers are made of thousands of short pieces, so this is inline. */
static inline char *str_more(struct str *s, size_t n)
{
    if (n > s->cap - s->len)
        return str_more_growing(s, n);
    s->len += n;
    return s->data + s->len - n;
}

static inline void str_add_n(struct str *s, const char *bytes, size_t n)
{
    char *to = n == 0 ? NULL : str_more(s, n);

    if (to != NULL)
        memcpy(to, bytes, n);
}

static inline void str_add(struct str *s, const char *text)
{
    str_add_n(s, text, strlen(text));
}

static inline void str_add_char(struct str *s, char c)
{
    str_add_n(s, &c, 1);
}

void str_printf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* True while everything appended so far fitted. */
bool str_ok(const struct str *s);

/* The text with a final NUL, in the arena. */
const char *str_text(struct str *s);
