/* See url.h. */
#include "base/url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { PORT_DIGITS = 5, PORT_MAX = 65535 };

/* Behind the scheme; NULL for another one. */
static const char *after_scheme(const char *text)
{
    static const char *const schemes[] = { "http://", "https://" };

    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0)
            return text + strlen(schemes[i]);
    return NULL;
}

static bool is_host_character(unsigned char c)
{
    return c >= 0x80 || isalnum(c) || c == '-' || c == '_';
}

/* Names with single dots between them. */
static const char *after_name(const char *host)
{
    const char *p = host;

    while (is_host_character((unsigned char)*p) || (*p == '.' && p > host && p[-1] != '.'))
        p++;
    return p == host ? NULL : p;
}

/* An IPv6 address in brackets. */
static const char *after_literal(const char *host)
{
    size_t n = strspn(host + 1, "0123456789abcdefABCDEF:.");

    return n > 1 && host[n + 1] == ']' ? host + n + 2 : NULL;
}

static const char *after_port(const char *p)
{
    size_t digits;

    if (*p != ':')
        return p;
    digits = strspn(p + 1, "0123456789");
    if (digits == 0 || digits > PORT_DIGITS || strtol(p + 1, NULL, 10) > PORT_MAX)
        return NULL;
    return p + 1 + digits;
}

bool url_is_web(const char *text)
{
    const char *p = after_scheme(text);

    p = p == NULL ? NULL : *p == '[' ? after_literal(p) : after_name(p);
    p = p == NULL ? NULL : after_port(p);
    return p != NULL && strchr("/?#", *p) != NULL && strpbrk(p, " <>\"{}|\\^`") == NULL &&
           text_is_visible(text);
}
