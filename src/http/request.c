/* Reading a request's first line, headers and cookies. Bodies are in body.c.
 *
 * Percent escapes are decoded once, after the path is cut at its slashes: so %2F stays inside its
 * segment. Empty segments ("//", a trailing slash) are ignored. "." and ".." are not resolved;
 * nothing here has such a name. */
#include "http/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "http/decode.h"

enum { QUERY_PARAMS_MAX = 256 };

static const char *const method_names[METHOD_COUNT] = {
    [GET] = "GET",       [POST] = "POST", [PUT] = "PUT",         [PATCH] = "PATCH",
    [DELETE] = "DELETE", [HEAD] = "HEAD", [OPTIONS] = "OPTIONS",
};

const char *method_name(enum method m)
{
    return method_names[m];
}

const char *request_header(const struct request *req, const char *name)
{
    for (const struct pair *p = req->headers; p != NULL; p = p->next) {
        if (strcasecmp(p->name, name) == 0)
            return p->value;
    }
    return NULL;
}

const char *request_query(const struct request *req, const char *name)
{
    const char *value = NULL;

    for (const struct pair *p = req->query; p != NULL; p = p->next) {
        if (strcmp(p->name, name) == 0)
            value = p->value;
    }
    return value;
}

/* The value of a cookie in one Cookie header; NULL when it is not there. */
static const char *cookie_in(struct arena *mem, const char *header, const char *name)
{
    size_t n = strlen(name);

    for (const char *at = header; *at != '\0';) {
        size_t len;

        at += strspn(at, " \t;");
        len = strcspn(at, ";");
        if (len > n && strncmp(at, name, n) == 0 && at[n] == '=') {
            const char *value = at + n + 1;
            size_t size = len - n - 1;

            while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t'))
                size--;
            if (size >= 2 && value[0] == '"' && value[size - 1] == '"')
                return arena_dup_n(mem, value + 1, size - 2);
            return arena_dup_n(mem, value, size);
        }
        at += len;
    }
    return NULL;
}

const char *request_cookie(const struct request *req, const char *name)
{
    for (const struct pair *p = req->headers; p != NULL; p = p->next) {
        const char *value = NULL;

        if (strcasecmp(p->name, "Cookie") == 0)
            value = cookie_in(req->mem, p->value, name);
        if (value != NULL)
            return value;
    }
    return NULL;
}

void response_header(struct request *req, struct response *res, const char *name,
                     const char *value)
{
    struct pair **end = &res->headers;

    while (*end != NULL)
        end = &(*end)->next;
    *end = arena_new(req->mem, struct pair);
    (*end)->name = arena_dup(req->mem, name);
    (*end)->value = arena_dup(req->mem, value);
}

/* Where the path starts: after "http://host" in the form that proxies use. NULL: neither form. */
static const char *path_start(const char *target)
{
    const char *path;

    if (*target == '/')
        return target;
    if (strncasecmp(target, "http://", 7) == 0)
        path = target + 7;
    else if (strncasecmp(target, "https://", 8) == 0)
        path = target + 8;
    else
        return NULL;
    path += strcspn(path, "/?");
    return *path == '\0' ? "/" : path;
}

static bool printable(const char *target)
{
    for (const char *at = target; *at != '\0'; at++) {
        if ((unsigned char)*at <= ' ' || *at == 0x7f || *at == '#')
            return false;
    }
    return true;
}

static enum err parse_path(struct ctx *c, struct request *req, const char *path, size_t n)
{
    const char *end = path + n;

    req->target = arena_dup_n(c->mem, path, n);
    req->prefix = "";
    req->segment_count = 0;
    while (path < end) {
        size_t len = strcspn(path, "/?");
        const char *segment;

        if (len > 0) {
            segment = decode(c->mem, path, len, DECODE_PATH);
            if (segment == NULL)
                return fail(c, ERR_MALFORMED, NULL, "The address holds a broken escape or text "
                                                    "that is not UTF-8.");
            if (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
                return ERR_NO_ROUTE;
            if (req->segment_count == 0 && *req->prefix == '\0' && strcmp(segment, "api") == 0)
                req->prefix = "/api";
            else if (req->segment_count == PATH_SEGMENTS_MAX)
                return ERR_NO_ROUTE;
            else
                req->segments[req->segment_count++] = segment;
        }
        path += len + 1;
    }
    return OK;
}

static enum err parse_query(struct ctx *c, struct request *req, const char *query)
{
    struct pair **end = &req->query;
    size_t count = 0;

    req->query = NULL;
    while (*query != '\0') {
        size_t len = strcspn(query, "&");
        const char *value = memchr(query, '=', len);
        size_t name_len = value == NULL ? len : (size_t)(value - query);
        struct pair *p;

        if (len > 0) {
            if (++count > QUERY_PARAMS_MAX)
                return fail(c, ERR_MALFORMED, NULL, "The address has more than %d parameters.",
                            QUERY_PARAMS_MAX);
            p = arena_new(c->mem, struct pair);
            p->name = decode(c->mem, query, name_len, DECODE_QUERY);
            p->value = value == NULL
                           ? ""
                           : decode(c->mem, value + 1, len - name_len - 1, DECODE_QUERY);
            if (p->name == NULL || p->value == NULL)
                return fail(c, ERR_MALFORMED, NULL, "The address holds a broken escape or text "
                                                    "that is not UTF-8.");
            *end = p;
            end = &p->next;
        }
        query += len;
        query += *query == '&';
    }
    return OK;
}

enum err request_parse_target(struct ctx *c, struct request *req, const char *target)
{
    const char *path = path_start(target);
    size_t path_len;

    if (path == NULL || !printable(target))
        return fail(c, ERR_MALFORMED, NULL, "The address could not be understood.");
    path_len = strcspn(path, "?");
    TRY(parse_path(c, req, path, path_len));
    return parse_query(c, req, path[path_len] == '?' ? path + path_len + 1 : "");
}
