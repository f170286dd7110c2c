/* One HTTP request, read and limited, and the response being made for it. Both live in the
 * request's arena and end with it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/include.h"
#include "base/json.h"
#include "base/str.h"

enum method { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, METHOD_COUNT };

enum { PATH_SEGMENTS_MAX = 16, PATH_PARAMS_MAX = 4 };

struct route;

struct pair {
    struct pair *next;
    const char *name;
    const char *value;
};

struct request {
    struct arena *mem;
    const char *id;      /* X-Request-Id: the caller's if it is sane, else a new one */
    const char *address; /* the peer, as text without port */
    enum method method;
    const char *target; /* path as sent, without the query, not decoded */
    const char *prefix; /* "/api" or "": what the caller put before the path */
    const char *segments[PATH_SEGMENTS_MAX]; /* after the prefix, decoded once; '+' stays '+' */
    size_t segment_count;
    struct pair *headers; /* names as sent; ask with request_header */
    struct pair *query;   /* decoded; '+' is a blank here */
    bool tls;

    const char *body; /* as received; NULL when empty */
    size_t body_size;
    const struct json *input; /* the body as a tree, after request_parse_body; NULL when empty */

    const char *repeated; /* the name of a field that a form has twice, or NULL */
    const struct json *unknown; /* a list: keys of the body that the route's shape does not know */
    const char *base_url; /* "https://host": where links in answers point */
    void *app;            /* the application's, for handlers (api/app.h) */
    void *slow_result;    /* what the route's slow part left for its handler */

    const struct route *route;
    const char *params[PATH_PARAMS_MAX]; /* values of {…} in the route's path, in order */
};

struct response {
    int status; /* 0 until answered */
    const char *type;
    struct pair *headers;
    struct str body;
    /* Instead of body: bytes that live as long as the program (files of the web app). */
    const unsigned char *fixed;
    size_t fixed_size;
};

/* A header's value without regard to case; NULL when absent. */
const char *request_header(const struct request *req, const char *name);

/* A query parameter's last value; NULL when absent. */
const char *request_query(const struct request *req, const char *name);

/* A cookie's value; NULL when absent. */
const char *request_cookie(const struct request *req, const char *name);

/* The value of `{name}` in the route's path. Aborts when the path has none: a bug. */
const char *request_param(const struct request *req, const char *name);

/* Reads the body by its Content-Type into req->input: JSON, form or multipart (text parts). An
 * empty body is no body, whatever its type. `a[b]=1` and `a[]=1` in forms nest, as PHP does.
 * ERR_MALFORMED, ERR_MEDIA_TYPE or ERR_INVALID. */
MUST_CHECK enum err request_parse_body(struct ctx *c, struct request *req);

/* The same as a number: digits and nothing else, else 0. */
int64_t request_param_number(const struct request *req, const char *name);

const char *method_name(enum method m);

void response_header(struct request *req, struct response *res, const char *name,
                     const char *value);

/* Splits and decodes a target (path and query) into req. ERR_MALFORMED for a broken percent
 * escape, a control byte, NUL or text that is not UTF-8; ERR_NO_ROUTE for too many segments. */
MUST_CHECK enum err request_parse_target(struct ctx *c, struct request *req, const char *target);
