/* See redirect.h. */
#include "model/redirect.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { REDIRECT_LENGTH = 2000, PORT_DIGITS = 5, PORT_MAX = 65535 };

static bool starts(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

/* After the host of a loopback address, where its port stands if it has one; NULL for any other
 * address. */
static const char *loopback_port(const char *uri)
{
    static const char *const hosts[] = { "http://localhost", "http://127.0.0.1", "http://[::1]" };

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (starts(uri, hosts[i]))
            return uri + strlen(hosts[i]);
    return NULL;
}

/* Behind the port, if there is one that can be. */
static const char *after_port(const char *port)
{
    size_t digits = *port == ':' ? strspn(port + 1, "0123456789") : 0;

    if (digits == 0 || digits > PORT_DIGITS || strtol(port + 1, NULL, 10) > PORT_MAX)
        return port;
    return port + 1 + digits;
}

/* strchr also finds the final NUL: "http://localhost" is complete, "https://" is not. */
static bool ends_host(const char *rest)
{
    return strchr("/?", *rest) != NULL;
}

static bool is_loopback(const char *uri)
{
    const char *port = loopback_port(uri);

    return port != NULL && ends_host(after_port(port));
}

static bool is_https(const char *uri)
{
    static const char https[] = "https://";

    return starts(uri, https) && strchr("/:?", uri[strlen(https)]) == NULL;
}

/* A dot in the scheme makes it one of a domain's owner, and none of those that a browser runs or
 * shows itself (javascript, data, file). */
static bool is_private_use(const char *uri)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
    size_t n = strspn(uri, allowed);
    bool letter = (uri[0] | 0x20) >= 'a' && (uri[0] | 0x20) <= 'z';

    return letter && uri[n] == ':' && uri[n + 1] == '/' && memchr(uri, '.', n) != NULL;
}

/* The characters of RFC 3986 without '#' and '@': a fragment is not allowed, and user information
 * is only ever there to deceive a reader. */
static bool is_written_well(const char *uri)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?[]!$&'()*+,;=%";
    size_t n = strspn(uri, allowed);

    return uri[n] == '\0' && n <= REDIRECT_LENGTH;
}

bool redirect_valid(const char *uri, bool public_client)
{
    return is_written_well(uri) && (is_https(uri) || is_loopback(uri) ||
                                    (public_client && is_private_use(uri)));
}

bool redirect_same(const char *registered, const char *uri)
{
    const char *a = loopback_port(registered), *b = loopback_port(uri);

    if (a == NULL || b == NULL)
        return strcmp(registered, uri) == 0;
    return a - registered == b - uri && strncmp(registered, uri, (size_t)(a - registered)) == 0 &&
           strcmp(after_port(a), after_port(b)) == 0;
}
