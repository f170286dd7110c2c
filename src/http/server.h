/* The HTTP server: sockets, parsing, limits. libmicrohttpd does the protocol; this module adds
 * what it is lenient about, and absolute deadlines.
 *
 * An exchange is one request and its response. The server calls the two hooks on its own threads;
 * the application answers at once or later, from any thread, by exchange_done. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"
#include "http/request.h"

struct metrics;
struct server;

struct exchange {
    struct request req;
    struct response res;
    void *app_data; /* the application's own, from the request's arena */
};

struct server_options {
    const char *listen;    /* "127.0.0.1:8080", "[::1]:8080"; port 0 picks a free one */
    const char *tls_cert;  /* PEM files; NULL: plain HTTP */
    const char *tls_key;
    int threads;           /* 0: one a core */
    int max_connections;   /* over all threads */
    int header_timeout;    /* seconds until the header block must be complete */
    int body_timeout;      /* seconds until the body must be complete, plus 1 s for each 64 KiB */
    int idle_timeout;      /* seconds that a connection may wait between two requests */
    int write_timeout;     /* seconds until the answer must have been taken, plus as for bodies */
    const char *trusted_proxies; /* comma list of addresses whose X-Forwarded-For is believed */
    struct metrics *metrics;     /* told of connections and requests in flight; may be NULL */
};

struct server_hooks {
    /* The header block is complete. Returns how many bytes of body are wanted at most; 0 refuses
     * any body. Sets x->res (status and body) to answer at once without reading it; then handle
     * is not called. */
    size_t (*begin)(void *app, struct exchange *x);
    /* The request is complete. */
    void (*handle)(void *app, struct exchange *x);
    /* A refusal made by the server itself (malformed, too large …): writes status and body. The
     * request may be half read: req has its id, address and whatever headers came, and segments
     * only for ERR_TOO_LARGE. message is NULL when that of the error will do. */
    void (*refuse)(void *app, struct exchange *x, enum err e, const char *message);
    void *app;
};

/* Binds and starts. On failure the message is in c->failure. */
MUST_CHECK enum err server_start(struct ctx *c, const struct server_options *options,
                                 const struct server_hooks *hooks, struct server **out);

/* The port that is listened on. */
int server_port(const struct server *s);

/* Stops accepting at once, waits until what is in flight is answered or `seconds` have passed,
 * then closes and frees. False: something is still being handled and may call exchange_done yet;
 * threads and memory stay, and the process should end by _exit. */
bool server_stop(struct server *s, int seconds);

/* The answer in x->res is complete. Called exactly once for each handle call. */
void exchange_done(struct exchange *x);
