/* See gram.h. */
#include "base/gram.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A text as the beginnings of its characters; at[count] is its end. */
struct characters {
    const char **at;
    size_t count;
};

static struct characters split(struct arena *mem, const char *text)
{
    struct characters out = { .at = arena_new_n(mem, const char *, strlen(text) + 1) };

    for (; *text != '\0'; text++)
        if (((unsigned char)*text & 0xc0) != 0x80)
            out.at[out.count++] = text;
    out.at[out.count] = text;
    return out;
}

/* Characters from..to, with something before them. */
static const char *part(struct arena *mem, const char *before, const struct characters *c,
                        size_t from, size_t to)
{
    return arena_printf(mem, "%s%.*s", before, (int)(c->at[to] - c->at[from]), c->at[from]);
}

static bool is_separator(const char *p)
{
    return (unsigned char)*p < 0x80 && !isalnum((unsigned char)*p);
}

/* Scripts that are written without blanks between words, of which two characters are a name: from
 * the Chinese radicals to kana (U+2E80 to U+30FF), ideographs (to U+9FFF and from U+20000). Korean
 * is not among them: its folded form spells syllables out, and it has blanks. */
static bool is_word_itself(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;

    if (b[0] >= 0xf0)
        return b[0] == 0xf0 && b[1] >= 0xa0;
    return (b[0] == 0xe2 && b[1] >= 0xba) || b[0] == 0xe3 || (b[0] >= 0xe4 && b[0] <= 0xe9);
}

static bool begins_word(const struct characters *c, size_t i)
{
    if (is_separator(c->at[i]))
        return false;
    return i == 0 || is_separator(c->at[i - 1]) || is_word_itself(c->at[i]);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *grams_of(struct arena *mem, const char *text, size_t *count)
{
    struct characters c = split(mem, text);
    const char **grams = arena_new_n(mem, const char *, 3 * c.count + 1);
    size_t n = 0, distinct = 0;

    for (size_t i = 0; i < c.count; i++) {
        if (begins_word(&c, i)) {
            grams[n++] = part(mem, " ", &c, i, i + 1);
            if (i + 1 < c.count)
                grams[n++] = part(mem, " ", &c, i, i + 2);
        }
        if (i + 2 < c.count)
            grams[n++] = part(mem, "", &c, i, i + 3);
    }
    qsort(grams, n, sizeof(grams[0]), by_bytes);
    for (size_t i = 0; i < n; i++)
        if (distinct == 0 || strcmp(grams[distinct - 1], grams[i]) != 0)
            grams[distinct++] = grams[i];
    *count = distinct;
    return grams;
}

const char *const *grams_wanted(struct arena *mem, const char *q, size_t most, size_t *count)
{
    struct characters c = split(mem, q);
    size_t there = c.count > 2 ? c.count - 2 : 1;
    size_t n = there < most ? there : most;
    const char **grams = arena_new_n(mem, const char *, n);

    *count = c.count == 0 ? 0 : n;
    if (c.count == 1 || c.count == 2)
        grams[0] = part(mem, " ", &c, 0, c.count);
    else
        for (size_t i = 0; i < *count; i++)
            grams[i] = part(mem, "", &c, i * there / n, i * there / n + 3);
    return grams;
}
