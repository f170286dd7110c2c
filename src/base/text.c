/* See text.h. The only file that includes utf8proc. */
#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

bool text_is_utf8(const char *s, size_t n)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;

    while (n > 0) {
        utf8proc_int32_t code;
        utf8proc_ssize_t used = utf8proc_iterate(p, (utf8proc_ssize_t)n, &code);

        if (used <= 0)
            return false;
        p += used;
        n -= (size_t)used;
    }
    return true;
}

size_t text_length(const char *s)
{
    size_t n = 0;

    for (; *s != '\0'; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

const char *text_fold(struct arena *mem, const char *s)
{
    const utf8proc_option_t how = UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPAT |
                                  UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
                                  UTF8PROC_IGNORE;
    utf8proc_uint8_t *folded = NULL;
    const char *out;

    if (s == NULL)
        return NULL;
    if (utf8proc_map((const utf8proc_uint8_t *)s, 0, &folded, how) < 0)
        return arena_dup(mem, s);
    out = arena_dup(mem, (const char *)folded);
    free(folded);
    return out;
}

/* utf8proc calls this for each character. */
static utf8proc_int32_t lower(utf8proc_int32_t code, void *unused)
{
    (void)unused;
    return utf8proc_tolower(code);
}

const char *text_fold_email(struct arena *mem, const char *s)
{
    const utf8proc_option_t how = UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_uint8_t *folded = NULL;
    const char *out;

    if (s == NULL)
        return NULL;
    s = text_trim(mem, s);
    if (utf8proc_map_custom((const utf8proc_uint8_t *)s, 0, &folded, how, lower, NULL) < 0)
        return s;
    out = arena_dup(mem, (const char *)folded);
    free(folded);
    return out;
}

const char *text_trim(struct arena *mem, const char *s)
{
    size_t n;

    while (isspace((unsigned char)*s))
        s++;
    n = strlen(s);
    while (n > 0 && isspace((unsigned char)s[n - 1]))
        n--;
    return arena_dup_n(mem, s, n);
}

const char *text_like(struct arena *mem, const char *s)
{
    char *pattern, *p;

    if (s == NULL)
        return NULL;
    pattern = p = arena_alloc(mem, 2 * strlen(s) + 3);
    *p++ = '%';
    for (; *s != '\0'; s++) {
        if (*s == '%' || *s == '_' || *s == '\\')
            *p++ = '\\';
        *p++ = *s;
    }
    *p = '%';
    return pattern;
}

const char *text_search(struct arena *mem, const char *q)
{
    return q == NULL || q[0] == '\0' ? NULL : text_like(mem, text_fold(mem, q));
}

/* Variation selectors take no place either, and belong to the symbol before them. */
static bool is_visible(utf8proc_int32_t code)
{
    const utf8proc_property_t *p = utf8proc_get_property(code);

    switch (p->category) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    default:
        return !p->ignorable || (code >= 0xfe00 && code <= 0xfe0f);
    }
}

bool text_is_visible(const char *s)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
    utf8proc_int32_t code;

    for (; *p != '\0'; p += utf8proc_iterate(p, -1, &code))
        if (utf8proc_iterate(p, -1, &code) <= 0 || !is_visible(code))
            return false;
    return true;
}

bool text_has_control(const char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f)
            return true;
    return false;
}

bool text_is_email(const char *s)
{
    const char *at = strchr(s, '@');
    const char *dot;

    if (at == NULL || at == s || strlen(s) > 254 || strchr(at + 1, '@') != NULL)
        return false;
    for (const char *p = s; *p != '\0'; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("<>(),;:\\\"[]", *p) != NULL)
            return false;
    dot = strrchr(at, '.');
    return dot != NULL && dot > at + 1 && dot[1] != '\0' && at[-1] != '.' &&
           strstr(s, "..") == NULL;
}

void text_ascii(char *to, size_t size, const char *from)
{
    size_t n = 0;

    for (; from != NULL && from[n] != '\0' && n < size - 1; n++)
        to[n] = from[n] >= ' ' && from[n] <= '~' ? from[n] : '?';
    to[n] = '\0';
}

const char *text_hex(struct arena *mem, const unsigned char *bytes, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    char *out = arena_alloc(mem, 2 * n + 1);

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = hex[bytes[i] >> 4];
        out[2 * i + 1] = hex[bytes[i] & 15];
    }
    return out;
}
