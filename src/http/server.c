/* The only file that knows libmicrohttpd (0.9.75).
 *
 * libmicrohttpd runs one thread a core, each with its own epoll set and connections. For every
 * request it calls, on that thread and in this order: on_target with the request line; on_call
 * when the header block is complete; on_call for each piece of the body; on_call when the request
 * is complete; on_completed when the answer is out or the connection has died.
 *
 * A call is an exchange as this file sees it. Its state is touched by two threads only between
 * handle() and exchange_done():
 *
 *     READING --handle()--> RUNNING --exchange_done()--> DONE       answered at once, or
 *                           RUNNING --> SUSPENDED --exchange_done()--> DONE, resumed
 *
 * libmicrohttpd mends what it should refuse: it takes a bare LF for a line's end, joins folded
 * lines, cuts lines at a NUL and skips blanks. But it parses in place, so each thing that it
 * hands out is a piece of the bytes received, and what was mended shows as a gap between two
 * pieces (see header_follows). Not to be seen are NUL LF where CR LF should stand, and a bare LF
 * within the framing of a chunked body.
 *
 * Some refusals it makes itself, in HTML. Those about Content-Length and cookies it sends twice,
 * so we forestall them (see on_log). */
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/head.h"
#include "http/listen.h"
#include "http/metrics.h"
#include "http/peers.h"
#include "http/proxies.h"

enum {
    /* Memory of a connection, resident once it has served a request: the header block, what
     * libmicrohttpd notes about it and the header block of the answer must fit. With 10,000 idle
     * connections the program is to stay below 200 MiB. */
    CONNECTION_MEMORY = 14 * 1024,
    ANSWER_HEADERS_MAX = 2 * 1024,
    NOTE_SIZE = 64, /* for each header and each cookie; cookies are also copied */
    HEADER_LINE_MAX = 8 * 1024,
    HEADERS_MAX = 64,
    SKIP_MAX = 64 * 1024,
    DISCARD_MAX = 16 * 1024 * 1024, /* of a chunked body that is too large, before the cut */
    BODY_RATE = 64, /* bytes a millisecond that a body or answer is given beyond its seconds */
    SPARE_ARENAS = 64,
    STOP_STEP_MS = 5,
    STOP_CUT_MS = 1000,
    PEM_MAX = 1024 * 1024,
};

_Static_assert(MHD_VERSION < 0x01000000, "header_follows and on_log rely on what 0.9.75 does; "
                                         "tests/api/strictness.test.js shows whether yours does");

enum call_state { READING, RUNNING, SUSPENDED, DONE };

struct call {
    struct exchange x; /* first, so that one pointer is both */
    struct server *server;
    struct peer *peer;
    struct MHD_Connection *connection;
    _Atomic enum call_state state;
    size_t body_max;
    size_t body_cap;
    size_t discarded; /* bytes received beyond body_max */
    char *body;
    bool early; /* answered by begin(): the body is read only to keep the connection */
    bool close; /* the connection ends with this answer */
    bool bad_expectation;
};

struct server {
    struct server_options options;
    struct server_hooks hooks;
    struct MHD_Daemon *daemon;
    struct peers *peers;
    struct proxies *proxies;
    int port;
    char *cert;
    char *key;
    uint64_t boot;            /* random: request ids begin with it, a running number follows */
    _Atomic uint64_t request_number;
    atomic_bool stopping;
    atomic_int in_flight; /* calls that exist */
    atomic_int leaving;   /* threads inside exchange_done */
    pthread_mutex_t spare_lock;
    struct arena *spare[SPARE_ARENAS];
    int spare_count;
};

/* ---- calls and their memory ---- */

static struct arena *arena_take(struct server *s)
{
    struct arena *mem = NULL;

    pthread_mutex_lock(&s->spare_lock);
    if (s->spare_count > 0)
        mem = s->spare[--s->spare_count];
    pthread_mutex_unlock(&s->spare_lock);
    return mem == NULL ? arena_new_arena() : mem;
}

static void arena_give(struct server *s, struct arena *mem)
{
    arena_reset(mem);
    pthread_mutex_lock(&s->spare_lock);
    if (s->spare_count < SPARE_ARENAS) {
        s->spare[s->spare_count++] = mem;
        mem = NULL;
    }
    pthread_mutex_unlock(&s->spare_lock);
    arena_free(mem);
}

static struct peer *connection_peer(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static struct call *call_new(struct server *s, struct MHD_Connection *connection)
{
    struct arena *mem = arena_take(s);
    struct call *call = arena_new(mem, struct call);

    call->server = s;
    call->connection = connection;
    call->peer = connection_peer(connection);
    call->x.req.mem = mem;
    call->x.req.address = call->peer->address;
    call->x.req.target = "";
    call->x.req.prefix = "";
    call->x.res.body = str_in(mem, ANSWER_MAX);
    atomic_fetch_add(&s->in_flight, 1);
    if (s->options.metrics != NULL)
        metrics_in_flight(s->options.metrics, 1);
    return call;
}

static void call_free(struct call *call)
{
    struct server *s = call->server;

    arena_give(s, call->x.req.mem);
    if (s->options.metrics != NULL)
        metrics_in_flight(s->options.metrics, -1);
    atomic_fetch_sub(&s->in_flight, 1);
}

/* The caller's id if it is sane. Unlike ids of records new ones need no randomness each: asking
 * the kernel for it would be one in four of a small request's system calls. */
static void read_request_id(struct server *s, struct request *req, const char *given)
{
    uint64_t number;

    if (given != NULL && head_is_request_id(given)) {
        req->id = given;
        return;
    }
    number = atomic_fetch_add_explicit(&s->request_number, 1, memory_order_relaxed);
    req->id = arena_printf(req->mem, "%016llx%08llx", (unsigned long long)s->boot,
                           (unsigned long long)number);
}

/* ---- answers ---- */

/* What every answer gets unless the application has set it. */
static const struct pair default_headers[] = {
    { .name = "X-Content-Type-Options", .value = "nosniff" },
    { .name = "Cache-Control", .value = "no-store" },
};

enum { DEFAULT_HEADERS = sizeof(default_headers) / sizeof(default_headers[0]) };

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_add_response_header(response, name, value) == MHD_NO)
        log_error("answer's header %s could not be set", name);
}

static void add_headers(struct MHD_Response *response, const struct call *call)
{
    const struct response *res = &call->x.res;

    for (const struct pair *p = res->headers; p != NULL; p = p->next)
        add_header(response, p->name, p->value);
    for (size_t i = 0; i < DEFAULT_HEADERS; i++) {
        const struct pair *d = &default_headers[i];

        if (MHD_get_response_header(response, d->name) == NULL)
            add_header(response, d->name, d->value);
    }
    add_header(response, "X-Request-Id", call->x.req.id);
    if (res->type != NULL && res->status != 204)
        add_header(response, "Content-Type", res->type);
    if (call->close || atomic_load_explicit(&call->server->stopping, memory_order_relaxed))
        add_header(response, "Connection", "close");
}

/* Hands the answer to libmicrohttpd. Its bytes stay ours: they are in the call's arena, or live
 * for ever, and on_completed comes after the last of them is sent. */
static enum MHD_Result send_answer(struct call *call)
{
    const struct response *res = &call->x.res;
    const void *bytes = res->fixed != NULL ? (const void *)res->fixed : res->body.data;
    size_t size = res->fixed != NULL ? res->fixed_size : res->body.len;
    struct MHD_Response *response;
    enum MHD_Result result;

    /* libmicrohttpd takes a plain pointer, and does not write to it in this mode. */
    response = MHD_create_response_from_buffer(size, (void *)(uintptr_t)bytes,
                                               MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        abort();
    add_headers(response, call);
    peer_due(call->peer, call->server->options.write_timeout * SECOND +
                             (int64_t)(size / BODY_RATE));
    result = MHD_queue_response(call->connection, (unsigned)res->status, response);
    MHD_destroy_response(response);
    return result;
}

/* Lets the application write the body of a refusal. The connection is closed after it, since what
 * follows on it cannot be trusted or was not read. */
static enum MHD_Result refuse(struct call *call, enum err e, const char *message)
{
    struct server *s = call->server;
    struct exchange *x = &call->x;

    call->close = true;
    call->peer->drain = true;
    x->res = (struct response){ .body = str_in(x->req.mem, ANSWER_MAX) };
    s->hooks.refuse(s->hooks.app, x, e, message);
    if (e == ERR_METHOD)
        response_header(&x->req, &x->res, "Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    if (call->bad_expectation)
        x->res.status = 417;
    return send_answer(call);
}

static enum MHD_Result answer(struct call *call)
{
    struct response *res = &call->x.res;

    if (!str_ok(&res->body) || res->status < 200 || res->status > 599)
        return refuse(call, ERR_INTERNAL, NULL);
    return send_answer(call);
}

/* ---- refusals of libmicrohttpd's own ---- */

/* The connections of this thread between on_target and the first on_call. */
static _Thread_local struct peer *reading;

static void reading_starts(struct peer *peer)
{
    peer->next_reading = reading;
    reading = peer;
}

static void reading_ends(const struct peer *peer)
{
    struct peer **at = &reading;

    while (*at != NULL && *at != peer)
        at = &(*at)->next_reading;
    if (*at != NULL)
        *at = peer->next_reading;
}

/* The answer as it goes over the wire, for the one case that libmicrohttpd does not write it. */
static const char *write_answer(struct call *call, size_t *size)
{
    const struct response *res = &call->x.res;
    struct str out = str_in(call->x.req.mem, ANSWER_MAX);

    str_printf(&out, "HTTP/1.1 %d %s\r\nConnection: close\r\nX-Request-Id: %s\r\n"
                     "Content-Length: %zu\r\n",
               res->status, MHD_get_reason_phrase_for((unsigned)res->status), call->x.req.id,
               res->body.len);
    if (res->type != NULL)
        str_printf(&out, "Content-Type: %s\r\n", res->type);
    for (size_t i = 0; i < DEFAULT_HEADERS; i++)
        str_printf(&out, "%s: %s\r\n", default_headers[i].name, default_headers[i].value);
    for (const struct pair *p = res->headers; p != NULL; p = p->next)
        str_printf(&out, "%s: %s\r\n", p->name, p->value);
    str_add(&out, "\r\n");
    str_add_n(&out, res->body.data, res->body.len);
    *size = out.len;
    return out.data;
}

/* Answers in libmicrohttpd's place and shuts the socket, so that its own answer goes nowhere. An
 * encrypted connection ends without an answer. */
static void refuse_directly(struct server *s, struct peer *peer, enum err e)
{
    struct call *call = call_new(s, peer->connection);
    struct exchange *x = &call->x;
    const char *bytes;
    size_t size;

    read_request_id(s, &x->req, MHD_lookup_connection_value(peer->connection, MHD_HEADER_KIND,
                                                            "X-Request-Id"));
    s->hooks.refuse(s->hooks.app, x, e, NULL);
    bytes = write_answer(call, &size);
    if (s->options.tls_cert == NULL)
        send(peer->fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(peer->fd, SHUT_WR);
    peer->drain = true;
    call_free(call);
}

/* libmicrohttpd says that it refuses a request. If that is for what a complete header block says,
 * it would send its answer twice. It does not say which connection it means: it is the one that
 * has a complete header block which we have not been given. */
static void on_log(void *cls, const char *format, va_list args)
{
    static const char refusal[] = "Error processing request";
    unsigned status;

    if (strncmp(format, refusal, sizeof(refusal) - 1) != 0)
        return;
    status = va_arg(args, unsigned);
    for (struct peer *peer = reading; peer != NULL; peer = peer->next_reading) {
        if (MHD_get_connection_info(peer->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE) ==
            NULL)
            continue;
        refuse_directly(cls, peer,
                        status == 413 ? ERR_TOO_LARGE :
                        status == 431 ? ERR_HEADER_SIZE : ERR_MALFORMED);
        return;
    }
}

/* ---- the header block ---- */

static bool find_method(const char *name, enum method *out)
{
    for (enum method m = GET; m < METHOD_COUNT; m++) {
        if (strcmp(name, method_name(m)) == 0) {
            *out = m;
            return true;
        }
    }
    return false;
}

/* Collects the headers and checks that each begins where the one before it ended. */
struct walk {
    struct arena *mem;
    struct pair **end;
    const char *at; /* where the next header's name must stand */
    size_t count;
    bool broken;
    bool too_large;
};

/* The value without blanks at its end, which libmicrohttpd leaves. */
static const char *trimmed(struct arena *mem, const char *value, size_t n)
{
    size_t len = n;

    while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
        len--;
    return len == n ? value : arena_dup_n(mem, value, len);
}

/* Name, colon, blanks, value, CR LF, in the bytes as they came: otherwise something was mended. */
static bool header_follows(const struct walk *w, const char *name, size_t name_len,
                           const char *value)
{
    const char *at = name + name_len + 1;

    if (name != w->at || value < at || value > at + HEADER_LINE_MAX)
        return false;
    return strspn(at, " \t") >= (size_t)(value - at);
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                 size_t name_len, const char *value, size_t value_len)
{
    struct walk *w = cls;
    struct pair *p;

    (void)kind;
    if (!header_follows(w, name, name_len, value) || !head_is_token(name, name_len) ||
        !head_is_value(value, value_len)) {
        w->broken = true;
        return MHD_NO;
    }
    w->too_large |= ++w->count > HEADERS_MAX || name_len + value_len > HEADER_LINE_MAX;
    w->at = value + value_len + 2;
    p = arena_new(w->mem, struct pair);
    p->name = name;
    p->value = trimmed(w->mem, value, value_len);
    *w->end = p;
    w->end = &p->next;
    return MHD_YES;
}

/* Who is calling, and over what: a trusted proxy says so in headers. */
static void read_caller(struct call *call)
{
    struct request *req = &call->x.req;
    const char *proto;

    req->tls = call->server->options.tls_cert != NULL;
    if (!call->peer->trusted)
        return;
    req->address = proxies_caller(call->server->proxies, req, req->address);
    proto = request_header(req, "X-Forwarded-Proto");
    if (proto != NULL)
        req->tls = strcasecmp(proto, "https") == 0;
}

/* What the header block takes of the connection's memory. */
static size_t memory_taken(struct call *call, size_t block_size, size_t headers)
{
    const char *cookies = request_header(&call->x.req, "Cookie");
    int cookie_count =
        MHD_get_connection_values_n(call->connection, MHD_COOKIE_KIND, NULL, NULL);

    return block_size + (headers + (size_t)cookie_count) * NOTE_SIZE +
           (cookies == NULL ? 0 : strlen(cookies));
}

/* Reads the header block into the call. On failure a message may be in c->failure. */
static enum err read_headers(struct ctx *c, struct call *call, const char *url,
                             const char *method, const char *version)
{
    struct request *req = &call->x.req;
    struct walk w = { .mem = req->mem, .end = &req->headers, .at = version + strlen(version) + 2 };
    size_t size = MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
                      ->header_size;
    const char *target = arena_dup(req->mem, call->peer->target);
    bool one_blank_each = url == method + strlen(method) + 1 && version == url + strlen(target) + 1;

    free(call->peer->target);
    call->peer->target = NULL;
    MHD_get_connection_values_n(call->connection, MHD_HEADER_KIND, on_header, &w);
    read_request_id(call->server, req, request_header(req, "X-Request-Id"));
    if (w.broken || !one_blank_each || w.at + 2 != method + size)
        return fail(c, ERR_MALFORMED, NULL, "The header block is malformed.");
    read_caller(call);
    if (w.too_large || strlen(target) > HEADER_LINE_MAX ||
        memory_taken(call, size, w.count) > CONNECTION_MEMORY - ANSWER_HEADERS_MAX)
        return ERR_HEADER_SIZE;
    if (!find_method(method, &req->method))
        return ERR_METHOD;
    return request_parse_target(c, req, target);
}

/* libmicrohttpd closes a connection that is answered before its request is complete. So if little
 * is to come, let it come. */
static bool may_skip(const struct request *req, int64_t body_size)
{
    if (body_size == 0)
        return true;
    return body_size != BODY_UNKNOWN && body_size <= SKIP_MAX &&
           request_header(req, "Expect") == NULL;
}

/* The first call of a request: its headers are complete. */
static enum MHD_Result begin(struct call *call, const char *url, const char *method,
                             const char *version)
{
    struct server *s = call->server;
    struct ctx c = { .mem = call->x.req.mem };
    struct head head = { 0 };
    size_t patience;
    enum err e;

    atomic_store_explicit(&call->peer->idle, false, memory_order_relaxed);
    e = read_headers(&c, call, url, method, version);
    if (e == OK)
        e = head_check(&c, &call->x.req, strcmp(version, "HTTP/1.0") != 0, &head);
    if (e != OK)
        return refuse(call, e, c.failure.message);
    if (head.expects_other) {
        call->bad_expectation = true;
        return refuse(call, ERR_MALFORMED, "The only expectation known is 100-continue.");
    }
    call->body_max = s->hooks.begin(s->hooks.app, &call->x);
    call->early = call->x.res.status != 0;
    if (call->early && !may_skip(&call->x.req, head.body_size)) {
        call->close = true;
        call->peer->drain = true;
        return answer(call);
    }
    if (!call->early && head.body_size > 0 && (uint64_t)head.body_size > call->body_max)
        return refuse(call, ERR_TOO_LARGE, NULL);
    patience = head.body_size == BODY_UNKNOWN ? call->body_max : (size_t)head.body_size;
    peer_due(call->peer, s->options.body_timeout * SECOND + (int64_t)(patience / BODY_RATE));
    return MHD_YES;
}

/* ---- the body ---- */

/* A piece of the body. What is beyond the limit is read and forgotten for a while, since an answer
 * cannot overtake a body that is not announced. */
static enum MHD_Result receive(struct call *call, const char *bytes, size_t n)
{
    struct request *req = &call->x.req;

    if (call->early)
        return MHD_YES;
    if (call->discarded > 0 || n > call->body_max - req->body_size) {
        call->discarded += n;
        return call->discarded > DISCARD_MAX ? MHD_NO : MHD_YES;
    }
    if (req->body_size + n + 1 > call->body_cap) {
        size_t cap = call->body_cap == 0 ? n + 1 : call->body_cap * 2;

        if (cap < req->body_size + n + 1)
            cap = req->body_size + n + 1;
        call->body = arena_grow(req->mem, call->body, call->body_cap, cap);
        call->body_cap = cap;
    }
    memcpy(call->body + req->body_size, bytes, n);
    req->body_size += n;
    call->body[req->body_size] = '\0';
    return MHD_YES;
}

/* The request is complete: the application's turn. */
static enum MHD_Result handle(struct call *call)
{
    struct server *s = call->server;
    enum call_state running = RUNNING;

    if (call->early)
        return answer(call);
    if (call->discarded > 0)
        return refuse(call, ERR_TOO_LARGE, NULL);
    call->x.req.body = call->body;
    peer_not_due(call->peer);
    atomic_store(&call->state, RUNNING);
    s->hooks.handle(s->hooks.app, &call->x);
    if (atomic_load(&call->state) == DONE)
        return answer(call);
    /* Suspend first: whoever sees SUSPENDED may resume at once. */
    MHD_suspend_connection(call->connection);
    if (!atomic_compare_exchange_strong(&call->state, &running, SUSPENDED))
        MHD_resume_connection(call->connection);
    return MHD_YES;
}

void exchange_done(struct exchange *x)
{
    struct call *call = (struct call *)x;
    struct server *s = call->server;
    struct MHD_Connection *connection = call->connection;

    /* Once the state is DONE the call may be gone, and once its connection is resumed the server
     * may be stopping: it waits for `leaving`. */
    atomic_fetch_add(&s->leaving, 1);
    if (atomic_exchange(&call->state, DONE) == SUSPENDED)
        MHD_resume_connection(connection);
    atomic_fetch_sub(&s->leaving, 1);
}

/* ---- what libmicrohttpd calls ---- */

/* The request line. libmicrohttpd would go on to cut the query into a list, using up the
 * connection's memory; ending the text at the question mark keeps it from that. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct peer *peer = connection_peer(connection);
    char *query;

    (void)cls;
    free(peer->target);
    peer->target = strdup(target == NULL ? "" : target);
    if (peer->target == NULL)
        abort();
    query = target == NULL ? NULL : strchr(target, '?');
    if (query != NULL && query[1] != '\0')
        query[1] = '\0';
    reading_starts(peer);
    return NULL;
}

static size_t leave_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

static enum MHD_Result on_call(void *cls, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *data_size, void **context)
{
    struct call *call = *context;

    if (call == NULL) {
        call = call_new(cls, connection);
        reading_ends(call->peer);
        *context = call;
        return begin(call, url, method, version);
    }
    if (*data_size > 0) {
        size_t n = *data_size;

        *data_size = 0;
        return receive(call, data, n);
    }
    return atomic_load(&call->state) == DONE ? answer(call) : handle(call);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode how)
{
    struct server *s = cls;
    struct peer *peer = connection_peer(connection);
    struct call *call = *context;

    (void)how;
    reading_ends(peer);
    peer_due(peer, (s->options.idle_timeout + s->options.header_timeout) * SECOND);
    atomic_store_explicit(&peer->idle, true, memory_order_relaxed);
    if (call == NULL)
        return;
    *context = NULL;
    call_free(call);
}

static void address_text(const struct sockaddr *sa, char out[INET6_ADDRSTRLEN])
{
    const void *bytes;
    int family = sa->sa_family;

    if (family == AF_INET6) {
        const struct in6_addr *in6 = &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;
        bool mapped = IN6_IS_ADDR_V4MAPPED(in6);

        family = mapped ? AF_INET : AF_INET6;
        bytes = mapped ? &in6->s6_addr[12] : in6->s6_addr;
    } else {
        bytes = &((const struct sockaddr_in *)(const void *)sa)->sin_addr;
    }
    if (inet_ntop(family, bytes, out, INET6_ADDRSTRLEN) == NULL)
        abort();
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct server *s = cls;
    struct peer *peer;
    int fd;

    if (s->options.metrics != NULL)
        metrics_connections(s->options.metrics, what == MHD_CONNECTION_NOTIFY_CLOSED ? -1 : 1);
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        peer_remove(s->peers, *context);
        *context = NULL;
        return;
    }
    fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    peer = peer_add(s->peers, fd, s->options.header_timeout);
    address_text(MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
                     ->client_addr, peer->address);
    peer->connection = connection;
    peer->trusted = proxies_trust(s->proxies, peer->address);
    *context = peer;
}

/* ---- starting ---- */

static enum err read_pem(struct ctx *c, const char *path, char **out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t n = 0;
    ssize_t got = -1;

    *out = calloc(1, PEM_MAX + 1);
    if (*out == NULL)
        abort();
    while (fd >= 0 && n < PEM_MAX && (got = read(fd, *out + n, PEM_MAX - n)) > 0)
        n += (size_t)got;
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return fail(c, ERR_INVALID, NULL, "cannot read %s: %s", path, strerror(errno));
    return OK;
}

/* Every connection is a file descriptor, and the usual soft limit is 1,024. */
static void raise_file_limit(int connections)
{
    struct rlimit limit;
    rlim_t want = (rlim_t)connections + 256;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
        return;
    limit.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < want)
        log_warn("only %llu files may be open, too few for %d connections",
                 (unsigned long long)limit.rlim_cur, connections);
}

static enum err start_daemon(struct ctx *c, struct server *s, int fd)
{
    const struct server_options *o = &s->options;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = o->threads > 0 ? (unsigned)o->threads : cores > 0 ? (unsigned)cores : 1;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, s->cert },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, s->key },
        { MHD_OPTION_HTTPS_PRIORITIES, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
        { MHD_OPTION_END, 0, NULL },
    };
    struct MHD_OptionItem pool[] = {
        { MHD_OPTION_THREAD_POOL_SIZE, threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };
    struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };

    if (s->cert != NULL)
        flags |= MHD_USE_TLS;
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_call, s,
        MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)o->max_connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, 0u, /* peers.c */
        MHD_OPTION_EXTERNAL_LOGGER, on_log, s,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, s,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_ARRAY, threads > 1 ? pool : none,
        MHD_OPTION_ARRAY, s->cert != NULL ? tls : none,
        MHD_OPTION_END);
    if (s->daemon == NULL)
        return fail(c, ERR_INTERNAL, NULL, "the HTTP server did not start%s",
                    s->cert != NULL ? "; are certificate and key a pair in PEM form?" : "");
    return OK;
}

static void server_free(struct server *s)
{
    if (s->peers != NULL)
        peers_free(s->peers);
    proxies_free(s->proxies);
    while (s->spare_count > 0)
        arena_free(s->spare[--s->spare_count]);
    pthread_mutex_destroy(&s->spare_lock);
    free(s->cert);
    free(s->key);
    free(s);
}

static enum err prepare(struct ctx *c, struct server *s, int *fd)
{
    const struct server_options *o = &s->options;

    if ((o->tls_cert == NULL) != (o->tls_key == NULL))
        return fail(c, ERR_INVALID, NULL, "a certificate needs its key, and the other way round");
    if (o->tls_cert != NULL) {
        TRY(read_pem(c, o->tls_cert, &s->cert));
        TRY(read_pem(c, o->tls_key, &s->key));
    }
    TRY(proxies_new(c, o->trusted_proxies, &s->proxies));
    return listen_on(c, o->listen, fd, &s->port);
}

enum err server_start(struct ctx *c, const struct server_options *options,
                      const struct server_hooks *hooks, struct server **out)
{
    struct server *s = calloc(1, sizeof(*s));
    int fd = -1;
    enum err e;

    if (s == NULL)
        abort();
    s->options = *options;
    s->hooks = *hooks;
    if (getrandom(&s->boot, sizeof(s->boot), 0) != (ssize_t)sizeof(s->boot))
        abort();
    pthread_mutex_init(&s->spare_lock, NULL);
    e = prepare(c, s, &fd);
    if (e == OK) {
        raise_file_limit(options->max_connections);
        s->peers = peers_new();
        e = start_daemon(c, s, fd);
        if (e != OK)
            close(fd);
    }
    if (e != OK) {
        server_free(s);
        return e;
    }
    *out = s;
    return OK;
}

int server_port(const struct server *s)
{
    return s->port;
}

/* ---- stopping ---- */

/* Requests that have arrived are read and answered; whoever has none is let go. */
static bool wait_until_quiet(struct server *s, int64_t milliseconds)
{
    int64_t until = clock_monotonic() + milliseconds;

    while (peers_close_idle(s->peers) > 0 || atomic_load(&s->in_flight) > 0 ||
           atomic_load(&s->leaving) > 0) {
        if (clock_monotonic() >= until)
            return false;
        nanosleep(&(struct timespec){ .tv_nsec = STOP_STEP_MS * 1000000 }, NULL);
    }
    return true;
}

bool server_stop(struct server *s, int seconds)
{
    int fd = MHD_quiesce_daemon(s->daemon);
    bool quiet;

    atomic_store(&s->stopping, true);
    if (fd >= 0)
        close(fd);
    quiet = wait_until_quiet(s, seconds * SECOND);
    if (!quiet) {
        peers_close(s->peers);
        quiet = wait_until_quiet(s, STOP_CUT_MS);
    }
    /* libmicrohttpd cannot end while a call is unanswered. */
    if (!quiet)
        return false;
    MHD_stop_daemon(s->daemon);
    server_free(s);
    return true;
}
