/* See decode.h. */
#include "http/decode.h"

#include "base/text.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool refused(unsigned char c, enum decode_as as)
{
    return c == '\0' || (as != DECODE_FORM && (c < ' ' || c == 0x7f));
}

char *decode(struct arena *mem, const char *s, size_t n, enum decode_as as)
{
    char *out = arena_dup_n(mem, s, n);
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        char c = s[i];

        if (c == '%') {
            if (n - i < 3 || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
                return NULL;
            c = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
            i += 2;
        } else if (c == '+' && as != DECODE_PATH) {
            c = ' ';
        }
        if (refused((unsigned char)c, as))
            return NULL;
        out[len++] = c;
    }
    out[len] = '\0';
    return text_is_utf8(out, len) ? out : NULL;
}
