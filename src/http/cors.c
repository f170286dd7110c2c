/* See cors.h. An origin that is not listed gets no header and no error: the browser refuses. */
#include "http/cors.h"

#include <string.h>
#include <strings.h>

enum allowed { NOBODY, EVERYBODY, THIS_ORIGIN };

/* Scheme and host ignore case; a listed origin may end in a slash. */
static bool same_origin(const char *listed, size_t n, const char *origin)
{
    while (n > 0 && listed[n - 1] == '/')
        n--;
    return n > 0 && n == strlen(origin) && strncasecmp(listed, origin, n) == 0;
}

/* Our own base address may have a path; an origin has none. */
static size_t origin_length(const char *url)
{
    const char *host = strstr(url, "://");

    return host == NULL ? strlen(url) : (size_t)(host - url) + 3 + strcspn(host + 3, "/");
}

static enum allowed find_origin(const char *origins, const char *own, const char *origin)
{
    enum allowed found = NOBODY;

    if (own != NULL && same_origin(own, origin_length(own), origin))
        return THIS_ORIGIN;
    for (const char *at = origins == NULL ? "" : origins; *at != '\0';) {
        size_t n;

        at += strspn(at, ", \t");
        n = strcspn(at, ", \t");
        if (same_origin(at, n, origin))
            return THIS_ORIGIN;
        if (n == 1 && *at == '*')
            found = EVERYBODY;
        at += n;
    }
    return found;
}

void cors_apply(struct request *req, struct response *res, const char *origins,
                const char *own_origin)
{
    const char *origin = request_header(req, "Origin");
    enum allowed allowed = origin == NULL ? NOBODY : find_origin(origins, own_origin, origin);

    response_header(req, res, "Vary", "Origin");
    if (allowed == NOBODY)
        return;
    response_header(req, res, "Access-Control-Allow-Origin",
                    allowed == EVERYBODY ? "*" : origin);
    if (allowed == THIS_ORIGIN)
        response_header(req, res, "Access-Control-Allow-Credentials", "true");
    response_header(req, res, "Access-Control-Expose-Headers",
                    "Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id, ETag");
    if (req->method != OPTIONS || request_header(req, "Access-Control-Request-Method") == NULL)
        return;
    response_header(req, res, "Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
    response_header(req, res, "Access-Control-Allow-Headers",
                    "Authorization, Accept, Content-Type, X-Tallyfy-Client, Idempotency-Key, "
                    "X-CSRF-Token, X-Guest-Code, X-Strict, If-Match");
    response_header(req, res, "Access-Control-Max-Age", "7200");
}
