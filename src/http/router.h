/* The route table's type, and finding a route. The table itself is src/routes.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "http/limit.h"
#include "http/request.h"

/* Who may call: one of these, or MAY(an action of the application's permission table), which
 * members of the organization in the path may do or not. There is no default: a table row without
 * it does not compile past its check. */
enum who {
    WHO_UNSET,
    PUBLIC,      /* nobody needs to be known */
    USER,        /* any signed-in account; the path names no organization */
    SESSION,     /* signed in by browser: no token will do */
    GUEST,       /* somebody with a guest's link; the path names no organization, the link does */
    APPLICATION, /* an OAuth client acting for itself */
    WHO_KINDS,
};
#define MAY(action) (WHO_KINDS + (int)(action))

enum route_flag {
    ROUTE_WRITES = 1,           /* a GET that writes: runs in a writing transaction */
    ROUTE_NO_CLIENT_HEADER = 2, /* X-Tallyfy-Client is not asked for */
    ROUTE_OAUTH_ERRORS = 4,     /* answers errors by RFC 6749 section 5.2 */
    ROUTE_NO_STORE = 8,         /* needs no transaction */
    ROUTE_NO_CSRF = 16,         /* a form that begins a session, or checks its origin itself */
    ROUTE_BOUND = 32,           /* names no organization, yet a token bound to one may call it */
    ROUTE_CREDENTIALS = 64,     /* makes or ends credentials though its scope does not say so */
};

typedef enum err handler(struct ctx *c, struct request *req, struct response *res);

struct shape;

struct route {
    enum method method;
    const char *path; /* "/organizations/{org}/tasks/{id}"; a last segment "*" takes the rest;
                         {name:id} takes nothing but 32 hex digits */
    int who; /* enum who, or MAY(…) */
    const char *scope;        /* what a scoped token needs; NULL: any */
    const struct shape *body; /* what the body may hold; NULL: nothing */
    handler *handle;
    unsigned flags;
    handler *slow; /* runs before the transaction, off the request threads; NULL: none */
    enum limit_class limit; /* what it is counted as; LIMIT_REQUESTS if not said */
};

struct router;

/* Builds the tree once; the table must outlive it. Aborts on a row without who, handler or with a
 * path that another row has. */
struct router *router_new(const struct route *routes, size_t count);
void router_free(struct router *r);

/* Finds the row for the request's segments and method and fills route and params. ERR_NO_ROUTE,
 * or ERR_METHOD with *allow set to the list of methods that the path takes ("GET, PUT").
 * HEAD finds GET rows. A literal segment wins over {…}. */
MUST_CHECK enum err router_find(const struct router *r, struct ctx *c, struct request *req,
                                const char **allow);
