/* See head.h. Two servers that read the same bytes differently are how requests are smuggled past
 * a proxy; so what is ambiguous is refused here and never mended. */
#include "http/head.h"

#include <string.h>
#include <strings.h>

enum { REQUEST_ID_MAX = 128, LENGTH_DIGITS_MAX = 15 };

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool head_is_token(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_alphanumeric(s[i]) && (s[i] == '\0' || strchr("!#$%&'*+-.^_`|~", s[i]) == NULL))
            return false;
    }
    return n > 0;
}

bool head_is_value(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (((unsigned char)s[i] < ' ' && s[i] != '\t') || s[i] == 0x7f)
            return false;
    }
    return true;
}

bool head_is_request_id(const char *s)
{
    size_t n = strlen(s);

    for (size_t i = 0; i < n; i++) {
        if (!is_alphanumeric(s[i]) && strchr("-_.:/+=@", s[i]) == NULL)
            return false;
    }
    return n >= 1 && n <= REQUEST_ID_MAX;
}

/* A host and port as it may stand in a link: nothing that would begin another part of it. */
static bool is_host(const char *s)
{
    for (; *s != '\0'; s++) {
        if (!is_alphanumeric(*s) && strchr("-._~:[]%", *s) == NULL)
            return false;
    }
    return true;
}

static bool parse_length(const char *s, int64_t *out)
{
    size_t n = strlen(s);

    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9' || n > LENGTH_DIGITS_MAX)
            return false;
        *out = *out * 10 + (s[i] - '0');
    }
    return n > 0;
}

/* The header's value, which may stand once. */
static enum err once(struct ctx *c, const struct request *req, const char *name, const char **out)
{
    *out = NULL;
    for (const struct pair *p = req->headers; p != NULL; p = p->next) {
        if (strcasecmp(p->name, name) != 0)
            continue;
        if (*out != NULL)
            return fail(c, ERR_MALFORMED, NULL, "%s stands twice in the headers.", name);
        *out = p->value;
    }
    return OK;
}

enum err head_check(struct ctx *c, const struct request *req, bool http11, struct head *out)
{
    const char *host, *length, *coding, *expect, *authorization;

    *out = (struct head){ 0 };
    TRY(once(c, req, "Host", &host));
    TRY(once(c, req, "Content-Length", &length));
    TRY(once(c, req, "Transfer-Encoding", &coding));
    TRY(once(c, req, "Expect", &expect));
    TRY(once(c, req, "Authorization", &authorization));
    if (host == NULL ? http11 : !is_host(host))
        return fail(c, ERR_MALFORMED, NULL, "The Host header is missing or wrong.");
    if (length != NULL && coding != NULL)
        return fail(c, ERR_MALFORMED, NULL,
                    "Content-Length and Transfer-Encoding exclude each other.");
    if (length != NULL && !parse_length(length, &out->body_size))
        return fail(c, ERR_MALFORMED, NULL, "Content-Length is not a number.");
    if (coding != NULL) {
        if (!http11 || strcasecmp(coding, "chunked") != 0)
            return fail(c, ERR_MALFORMED, NULL, "The only Transfer-Encoding known is chunked.");
        out->body_size = BODY_UNKNOWN;
    }
    out->expects_other = http11 && expect != NULL && strcasecmp(expect, "100-continue") != 0;
    return OK;
}
