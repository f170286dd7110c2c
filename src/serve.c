/* See serve.h. */
#include "serve.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/app.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "base/log.h"
#include "demo.h"
#include "dispatch.h"
#include "http/metrics.h"
#include "http/server.h"
#include "model/user.h"
#include "routes.h"
#include "store.h"
#include "upkeep.h"
#include "version.h"
#include "worker/post.h"
#include "worker/smtp.h"

enum { SETUP_CODE_LENGTH = 32, STOP_SECONDS = 10 };

struct running {
    struct app app;
    struct db *db;
    struct auth *auth;
    struct dispatch *dispatch;
    struct upkeep *upkeep;
    struct post *post;
    struct server *server;
};

static enum err store_is_empty(struct ctx *c, void *arg)
{
    bool any;

    TRY(user_any(c, &any));
    *(bool *)arg = !any;
    return OK;
}

/* Where this process listens. */
static const char *local_url(struct ctx *c, const struct settings *s, const struct server *server)
{
    const char *colon = strrchr(s->listen, ':');
    int host = colon == NULL ? (int)strlen(s->listen) : (int)(colon - s->listen);

    return arena_printf(c->mem, "%s://%.*s:%d", s->tls_cert != NULL ? "https" : "http", host,
                        s->listen, server_port(server));
}

static enum err start_server(struct ctx *c, const struct settings *s, struct running *r)
{
    const struct server_options options = {
        .listen = s->listen,
        .tls_cert = s->tls_cert,
        .tls_key = s->tls_key,
        .threads = (int)s->threads,
        .max_connections = (int)s->max_connections,
        .header_timeout = (int)s->header_timeout,
        .body_timeout = (int)s->body_timeout,
        .idle_timeout = (int)s->idle_timeout,
        .write_timeout = (int)s->write_timeout,
        .trusted_proxies = s->trusted_proxies,
        .metrics = r->app.metrics,
    };
    const struct server_hooks hooks = dispatch_hooks(r->dispatch);

    return server_start(c, &options, &hooks, &r->server);
}

static enum err start_post(struct ctx *c, const struct settings *s, struct running *r)
{
    const struct post_options options = {
        .smtp_url = s->smtp_url,
        .smtp_user = s->smtp_user,
        .smtp_password = s->smtp_password,
        .smtp_tls = s->smtp_tls,
        .mail_from = s->mail_from,
    };

    return post_start(c, r->db, r->auth, &options, &r->post);
}

static enum err start(struct ctx *c, const struct settings *s, struct running *r)
{
    const char *code = NULL, *local, *url;
    bool empty;

    c->now = clock_now();
    TRY(store_open(c, s, &r->db));
    TRY(store_open_auth(c, s, r->db, &r->auth));
    TRY(db_do(c, r->db, DB_READ, store_is_empty, &empty));
    if (empty && !s->demo)
        code = secret_new(c->mem, SETUP_CODE_LENGTH);
    r->app.db = r->db;
    r->app.auth = r->auth;
    r->app.metrics = metrics_new(routes, route_count);
    r->app.public_url = s->public_url;
    r->app.setup_code_digest = code == NULL ? NULL : secret_digest(c->mem, code);
    r->app.require_client_header = s->require_client_header;
    r->app.secure_cookies = s->public_url != NULL ? strncmp(s->public_url, "https:", 6) == 0 :
                                                    s->tls_cert != NULL;
    r->app.sign_up = s->sign_up;
    r->app.sends_mail = s->smtp_url != NULL;
    r->app.mcp_resource = s->mcp_resource;
    r->app.mcp_proxy_secret = s->mcp_proxy_secret;
    r->dispatch = dispatch_new(&r->app, s);
    r->upkeep = upkeep_start(&r->app);
    TRY(start_server(c, s, r));
    local = local_url(c, s, r->server);
    url = s->public_url != NULL ? s->public_url : local;
    auth_set_issuer(r->auth, url);
    TRY(start_post(c, s, r));
    log_info("pawl " PAWL_VERSION " listens on %s, store: %s", local, db_engine_name(r->db));
    if (code != NULL)
        printf("\nNobody has an account yet. Open this link once to set Pawl up:\n\n"
               "  %s/setup#code=%s\n\n", url, code);
    if (s->demo)
        TRY(demo_make(c, &r->app, url, empty));
    fflush(stdout);
    return OK;
}

/* In the reverse order; whatever has not been started is NULL. */
static void stop(struct running *r)
{
    if (r->server != NULL && !server_stop(r->server, STOP_SECONDS)) {
        log_warn("ending with requests unanswered after %d seconds", STOP_SECONDS);
        _exit(0);
    }
    dispatch_free(r->dispatch);
    upkeep_stop(r->upkeep);
    post_stop(r->post);
    auth_close(r->auth);
    db_close(r->db);
    metrics_free(r->app.metrics);
}

static void block_signals(sigset_t *waited)
{
    sigemptyset(waited);
    sigaddset(waited, SIGTERM);
    sigaddset(waited, SIGINT);
    pthread_sigmask(SIG_BLOCK, waited, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int serve(struct ctx *c, const struct settings *settings, const char **words)
{
    struct running r = { 0 };
    sigset_t waited;
    int signal_number;
    enum err e;

    if (words[0] != NULL) {
        fprintf(stderr, "pawl serve: there is no option '%s'; see pawl help\n", words[0]);
        return 2;
    }
    if (clock_test_file() != NULL)
        log_warn("the clock is a test's: PAWL_TEST_CLOCK=%s", clock_test_file());
    block_signals(&waited);
    smtp_begin();
    e = start(c, settings, &r);
    if (e != OK)
        log_error("cannot start: %s",
                  c->failure.message != NULL ? c->failure.message : err_message(e));
    else if (sigwait(&waited, &signal_number) == 0)
        log_info("stopping on signal %d", signal_number);
    stop(&r);
    return e == OK ? 0 : 1;
}
