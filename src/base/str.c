/* See str.h. */
#include "base/str.h"

#include <stdio.h>
#include <string.h>

struct str str_in(struct arena *mem, size_t max)
{
    return (struct str){ .mem = mem, .max = max };
}

/* A string that has failed has no room left, and is not given any. */
char *str_more_growing(struct str *s, size_t n)
{
    size_t cap = s->cap == 0 ? 256 : s->cap;

    if (s->failed || n > s->max - s->len) {
        s->failed = true;
        s->cap = s->len;
        return NULL;
    }
    while (cap < s->len + n)
        cap *= 2;
    if (cap > s->max)
        cap = s->max;
    s->data = arena_grow(s->mem, s->data, s->cap, cap);
    s->cap = cap;
    s->len += n;
    return s->data + s->len - n;
}

void str_printf(struct str *s, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = arena_vprintf(s->mem, fmt, ap);
    va_end(ap);
    str_add(s, text);
}

bool str_ok(const struct str *s)
{
    return !s->failed;
}

const char *str_text(struct str *s)
{
    return arena_dup_n(s->mem, s->data == NULL ? "" : s->data, s->len);
}
