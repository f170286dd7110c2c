/* A tree of segments. A node's literal children are tried before its {…:id} child and that before
 * its {…} child. If nothing is found below one the search comes back, so that /tasks/{id}/x and
 * /tasks/done do not disturb each other. */
#include "http/router.h"

#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "base/log.h"
#include "base/str.h"

struct node {
    struct node *next;    /* sibling */
    struct node *child;   /* literal children */
    struct node *id;      /* the {…:id} child */
    struct node *any;     /* the {…} child */
    const char *segment;  /* in the table's text, not NUL-terminated */
    size_t segment_len;
    const struct route *routes[METHOD_COUNT];
    const struct route *rest[METHOD_COUNT]; /* of "*" below this node */
};

struct router {
    struct arena *mem;
    struct node root;
};

static _Noreturn void broken(const struct route *route, const char *what)
{
    log_error("route %s %s: %s", method_name(route->method), route->path, what);
    abort();
}

static bool is_param(const char *segment, size_t n)
{
    return n > 2 && segment[0] == '{' && segment[n - 1] == '}';
}

static bool takes_ids(const char *param, size_t n)
{
    return n > 5 && memcmp(param + n - 4, ":id}", 4) == 0;
}

static struct node *child_for(struct router *r, struct node *parent, const char *segment, size_t n)
{
    struct node *node;

    if (is_param(segment, n)) {
        struct node **child = takes_ids(segment, n) ? &parent->id : &parent->any;

        if (*child == NULL)
            *child = arena_new(r->mem, struct node);
        return *child;
    }
    for (node = parent->child; node != NULL; node = node->next) {
        if (node->segment_len == n && memcmp(node->segment, segment, n) == 0)
            return node;
    }
    node = arena_new(r->mem, struct node);
    node->segment = segment;
    node->segment_len = n;
    node->next = parent->child;
    parent->child = node;
    return node;
}

static void add(struct router *r, const struct route *route)
{
    struct node *node = &r->root;
    const struct route **slot = &node->routes[route->method];
    int params = 0;

    if (route->who == WHO_UNSET || route->handle == NULL || route->path[0] != '/')
        broken(route, "has no who, no handler or no path");
    for (const char *at = route->path + 1; *at != '\0';) {
        size_t n = strcspn(at, "/");

        if (n == 1 && *at == '*' && at[1] == '\0') {
            slot = &node->rest[route->method];
            break;
        }
        params += is_param(at, n);
        node = child_for(r, node, at, n);
        slot = &node->routes[route->method];
        at += n + (at[n] == '/');
    }
    if (params > PATH_PARAMS_MAX)
        broken(route, "has too many parameters");
    if (*slot != NULL)
        broken(route, "stands twice in the table");
    *slot = route;
}

struct router *router_new(const struct route *routes, size_t count)
{
    struct arena *mem = arena_new_arena();
    struct router *r = arena_new(mem, struct router);

    r->mem = mem;
    for (size_t i = 0; i < count; i++)
        add(r, &routes[i]);
    return r;
}

void router_free(struct router *r)
{
    if (r != NULL)
        arena_free(r->mem);
}

/* What a search knows. `allowed` collects the methods of every path that fits, for 405. */
struct search {
    struct request *req;
    const struct route *found;
    unsigned allowed;
};

static bool take(struct search *s, const struct route *const *routes)
{
    enum method m = s->req->method;

    for (int i = 0; i < METHOD_COUNT; i++) {
        if (routes[i] != NULL)
            s->allowed |= 1u << i;
    }
    if (routes[m] == NULL && m == HEAD)
        m = GET;
    s->found = routes[m];
    return s->found != NULL;
}

static bool find(struct search *s, const struct node *node, size_t depth, size_t params);

static bool find_param(struct search *s, const struct node *child, size_t depth, size_t params)
{
    if (child == NULL || params == PATH_PARAMS_MAX)
        return false;
    s->req->params[params] = s->req->segments[depth];
    return find(s, child, depth + 1, params + 1);
}

static bool find(struct search *s, const struct node *node, size_t depth, size_t params)
{
    struct request *req = s->req;
    const char *segment;
    size_t n;

    if (depth == req->segment_count)
        return take(s, node->routes) || take(s, node->rest);
    segment = req->segments[depth];
    n = strlen(segment);
    for (const struct node *child = node->child; child != NULL; child = child->next) {
        if (child->segment_len == n && memcmp(child->segment, segment, n) == 0 &&
            find(s, child, depth + 1, params))
            return true;
    }
    if (id_valid(segment) && find_param(s, node->id, depth, params))
        return true;
    if (find_param(s, node->any, depth, params))
        return true;
    return take(s, node->rest);
}

static const char *allow_list(struct arena *mem, unsigned allowed)
{
    struct str out = str_in(mem, 128);

    if (allowed & (1u << GET))
        allowed |= 1u << HEAD;
    allowed |= 1u << OPTIONS;
    for (enum method m = GET; m < METHOD_COUNT; m++) {
        if ((allowed & (1u << m)) == 0)
            continue;
        if (out.len > 0)
            str_add(&out, ", ");
        str_add(&out, method_name(m));
    }
    return str_text(&out);
}

enum err router_find(const struct router *r, struct ctx *c, struct request *req,
                     const char **allow)
{
    struct search s = { .req = req };

    *allow = NULL;
    if (find(&s, &r->root, 0, 0)) {
        req->route = s.found;
        return OK;
    }
    if (s.allowed == 0)
        return ERR_NO_ROUTE;
    *allow = allow_list(c->mem, s.allowed);
    return ERR_METHOD;
}

const char *request_param(const struct request *req, const char *name)
{
    size_t n = strlen(name);
    size_t index = 0;

    for (const char *at = req->route->path; *at != '\0';) {
        size_t len;

        at += *at == '/';
        len = strcspn(at, "/");
        if (is_param(at, len)) {
            size_t name_len = strcspn(at + 1, ":}");

            if (name_len == n && memcmp(at + 1, name, n) == 0)
                return req->params[index];
            index++;
        }
        at += len;
    }
    broken(req->route, "has no such parameter");
}

int64_t request_param_number(const struct request *req, const char *name)
{
    const char *text = request_param(req, name);
    size_t n = strlen(text);

    /* 18 digits fit whatever they are; an id never begins with a zero. */
    if (n == 0 || n > 18 || text[0] == '0' || text[strspn(text, "0123456789")] != '\0')
        return 0;
    return strtoll(text, NULL, 10);
}
