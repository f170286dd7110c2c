/* The way of a request, in the order that clients rely on:
 *
 *   route (404, 405) → rate limit (429) → client header (401) → credential (401) → organization
 *   (404) → membership (403) → page token of a session (403) → scope (403) → permission (403) →
 *   body (400, 415) → strict (422) → handler
 *
 * Up to the body that is `admit`, the rest is the handler's transaction. How they are laid on
 * threads depends on the store and the route:
 *
 *   reading:                 one job: admit, handle
 *   writing, PostgreSQL:     one job: admit, handle
 *   writing, SQLite:         admit on a reading connection, so that a stranger's request never
 *                            waits in the writer's line; then the writer's job: handle
 *   with slow work:          admit; the slow pool; then the job: handle
 *
 * Where handling is a job of its own, it first asks again who the caller is and what they may: a
 * credential that has ended since, by a password reset say, changes nothing any more.
 */
#include "dispatch.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "auth/guest_code.h"
#include "auth/identify.h"
#include "auth/permission.h"
#include "auth/scope.h"
#include "auth/secret.h"
#include "auth/session.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/cors.h"
#include "http/decode.h"
#include "http/metrics.h"
#include "http/router.h"
#include "routes.h"
#include "slow.h"

enum { SLOW_QUEUE = 500 };

struct dispatch {
    struct app *app;
    const struct settings *settings;
    struct router *router;
    struct slow_pool *slow;
    struct limiter *limiter;
};

static const char client_header_required[] = "CLIENT_HEADER_REQUIRED";

/* What a job still has to do with a request. */
enum step { ADMIT = 1, HANDLE = 2 };

struct visit {
    struct db_job job;
    struct slow_job slow;
    struct dispatch *dispatch;
    struct exchange *x;
    struct ctx c;
    struct caller caller;
    struct bearer bearer; /* token NULL: none of the right form */
    unsigned steps;  /* of the job that is running */
    enum err ran;    /* what its run said; the outcome may be worse */
    bool slow_done;
    bool counted, counted_today; /* against the rate limits */
    struct limit_state limit;  /* what is left of it */
    int64_t began; /* microseconds, monotonic */
};

struct app *app_of(const struct request *req)
{
    return req->app;
}

/* ---- finishing ---- */

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* What the route asks of this caller's scopes; NULL: nothing. Whatever makes or ends credentials is
 * administration for a gated token, which has no such scope. */
static const char *scope_of(const struct visit *v)
{
    const struct route *route = v->x->req.route;

    if ((route->flags & ROUTE_CREDENTIALS) && v->caller.scopes != NULL &&
        scopes_gated(v->caller.scopes))
        return "admin";
    return route->scope;
}

/* RFC 6750 section 3: the challenge names the fault only when a token was presented. */
static void challenge(struct visit *v, struct request *req, struct response *res)
{
    const struct failure *f = &v->c.failure;
    const char *fault = "";

    if (res->status == 403 && f->code != NULL && strcmp(f->code, "INSUFFICIENT_SCOPE") == 0)
        fault = arena_printf(req->mem, ", error=\"insufficient_scope\", scope=\"%s\"",
                             caller_scope_wanted(req->mem, &v->caller, scope_of(v)));
    else if (res->status != 401 ||
             (req->route != NULL && (req->route->flags & ROUTE_OAUTH_ERRORS)))
        return;
    else if (request_header(req, "Authorization") != NULL && f->code != client_header_required)
        fault = ", error=\"invalid_token\"";
    response_header(req, res, "WWW-Authenticate",
                    arena_printf(req->mem, "Bearer realm=\"Pawl\"%s", fault));
}

/* For the log: some links carry their secret in the path, and any of its characters may be
 * percent-encoded. */
static const char *target_said(const struct request *req)
{
    const char *plain = decode(req->mem, req->target, strlen(req->target), DECODE_PATH);

    return plain != NULL && secret_stands_in(plain) ? secret_masked(req->mem, plain) :
                                                      secret_masked(req->mem, req->target);
}

static void refuse(struct visit *v, enum err e)
{
    struct request *req = &v->x->req;
    struct response *res = &v->x->res;

    if (v->c.failure.err == OK)
        v->c.failure.err = e;
    if (err_status(v->c.failure.err) == 500)
        log_error("request %s: %s %s: %s", req->id, method_name(req->method), target_said(req),
                  v->c.failure.message == NULL ? "internal error" : v->c.failure.message);
    if (answer_failure(&v->c, req, res) != OK)
        abort();
    challenge(v, req, res);
}

/* Whatever the answer is, it is counted and told who may read it. */
static void conclude(struct visit *v)
{
    struct request *req = &v->x->req;
    const struct settings *s = v->dispatch->settings;
    int64_t us = now_us() - v->began;

    if (v->limit.limit > 0) {
        response_header(req, &v->x->res, "X-RateLimit-Limit",
                        arena_printf(req->mem, "%lld", (long long)v->limit.limit));
        response_header(req, &v->x->res, "X-RateLimit-Remaining",
                        arena_printf(req->mem, "%lld", (long long)v->limit.remaining));
    }
    cors_apply(req, &v->x->res, s->cors_origins, req->base_url);
    metrics_request(v->dispatch->app->metrics, req->route, v->x->res.status, us);
    if (log_wants(LOG_DEBUG))
        log_debug("%s %s %d %lld us %s", method_name(req->method), target_said(req),
                  v->x->res.status, (long long)us, req->id);
}

static void finish(struct visit *v)
{
    conclude(v);
    exchange_done(v->x);
}

static void finish_with(struct visit *v, enum err e)
{
    if (e != OK)
        refuse(v, e);
    finish(v);
}

/* ---- limiting ---- */

/* Where a request comes from, as far as limits go: a trusted MCP server says for whom it asks. */
static const char *limited_address(const struct visit *v)
{
    const struct request *req = &v->x->req;
    const char *said = request_header(req, "X-Tallyfy-Client-IP");

    if (said != NULL && secret_equal(v->dispatch->app->mcp_proxy_secret,
                                     request_header(req, "X-Tallyfy-Proxy-Auth")))
        return said;
    return req->address;
}

/* Counts the request once, however often it is run. */
static enum err count(struct visit *v, enum limit_class what, const struct limit_subject *who)
{
    if (v->counted || limit_take(v->dispatch->limiter, what, who, v->c.now, &v->limit)) {
        v->counted = true;
        return OK;
    }
    ctx_forgive(&v->c);
    v->c.failure.retry_after = v->limit.retry_after;
    return fail(&v->c, ERR_LIMITED, NULL, "%s", err_message(ERR_LIMITED));
}

static bool limited_by_address(enum limit_class what)
{
    return what == LIMIT_TOKENS || what == LIMIT_REGISTRATION;
}

/* Whoever is known counts as that account or guest, whoever is not as the address; so does somebody
 * with a token that may not be used there, who may have stolen it. */
static enum err check_rate(struct visit *v)
{
    enum limit_class what = v->x->req.route->limit;
    bool known = v->c.failure.code != address_not_allowed && !limited_by_address(what);
    const struct limit_subject who = {
        .person_id = known ? caller_person(&v->caller) : 0,
        .address = limited_address(v),
    };

    return count(v, limited_by_address(what) || what == LIMIT_NONE ? what : LIMIT_REQUESTS, &who);
}

/* What an account may do a few times a day only; counted when nothing else is in the way. */
static enum err check_daily(struct visit *v)
{
    enum limit_class what = v->x->req.route->limit;
    const struct limit_subject who = { .person_id = v->caller.user_id };
    struct limit_state state;

    if (what < LIMIT_PASSWORD || v->counted_today)
        return OK;
    v->counted_today = limit_take(v->dispatch->limiter, what, &who, v->c.now, &state);
    if (v->counted_today)
        return OK;
    v->c.failure.retry_after = state.retry_after;
    return fail(&v->c, ERR_LIMITED, NULL, "You have done this often enough for today.");
}

/* ---- admitting ---- */

/* Refuses with this reason, whatever was found wrong before. */
static enum err instead(struct visit *v, enum err e, const char *code, const char *message)
{
    ctx_forgive(&v->c);
    return fail_code(&v->c, e, code, "%s", message);
}

static enum err unauthenticated(struct visit *v)
{
    return instead(v, ERR_UNAUTHENTICATED, err_code(ERR_UNAUTHENTICATED),
                   err_message(ERR_UNAUTHENTICATED));
}

static enum err not_this_application(struct visit *v)
{
    return instead(v, ERR_DENIED, "APPLICATION_REQUIRED",
                   "You don't have application's permissions for this organization!");
}

static enum err check_client_header(struct visit *v, bool identified)
{
    const struct request *req = &v->x->req;
    const char *client = request_header(req, "X-Tallyfy-Client");

    if ((client != NULL && client[strspn(client, " \t")] != '\0') ||
        (req->route->flags & ROUTE_NO_CLIENT_HEADER) || !v->dispatch->app->require_client_header ||
        (identified && !v->caller.client_header_required))
        return OK;
    return instead(v, ERR_UNAUTHENTICATED, client_header_required,
                   "The X-Tallyfy-Client header is required.");
}

/* The kind of credential that the route wants. */
static enum err check_who(struct visit *v)
{
    const struct caller *who = &v->caller;
    bool application = who->credential == BY_TOKEN && who->user_id == 0;
    int wanted = v->x->req.route->who;

    if (wanted == PUBLIC)
        return OK;
    if (who->credential == BY_NOTHING || (wanted == SESSION && who->credential != BY_SESSION))
        return unauthenticated(v);
    if (wanted == APPLICATION)
        return application ? OK : not_this_application(v);
    if (wanted == GUEST)
        return who->credential == BY_GUEST_CODE ? OK : unauthenticated(v);
    return application ? unauthenticated(v) : OK;
}

static bool is_safe(enum method m)
{
    return m == GET || m == HEAD || m == OPTIONS;
}

static enum err check_csrf(struct visit *v)
{
    const struct request *req = &v->x->req;

    if (v->caller.csrf_token == NULL || is_safe(req->method) ||
        (req->route->flags & ROUTE_NO_CSRF) ||
        secret_equal(request_header(req, "X-CSRF-Token"), v->caller.csrf_token))
        return OK;
    return fail_code(&v->c, ERR_DENIED, "CSRF_TOKEN_MISMATCH",
                     "The page is out of date. Reload it and try again.");
}

/* What an application was given for one organization is of no use outside it. */
static enum err check_bound(struct visit *v)
{
    const struct route *route = v->x->req.route;

    if (v->caller.token_org == NULL || v->c.org != NULL || route->who == PUBLIC ||
        (route->flags & ROUTE_BOUND))
        return OK;
    return fail_code(&v->c, ERR_DENIED, "TOKEN_BOUND",
                     "This credential was granted for one organization only.");
}

static enum err check_scope(struct visit *v)
{
    const char *scope = scope_of(v);

    if (scope == NULL || v->x->req.route->who == PUBLIC || caller_has_scope(&v->caller, scope))
        return OK;
    return fail_code(&v->c, ERR_DENIED, "INSUFFICIENT_SCOPE",
                     "This credential does not cover '%s'.",
                     caller_scope_wanted(v->c.mem, &v->caller, scope));
}

static enum err check_permission(struct visit *v)
{
    int who = v->x->req.route->who;

    return who < WHO_KINDS ? OK : permit(&v->c, (enum action)(who - WHO_KINDS));
}

static bool is_for_guests(const struct route *route)
{
    return route->who == GUEST ||
           (route->who >= WHO_KINDS && permissions[route->who - WHO_KINDS].guest != NO);
}

/* A guest's code where it may stand, or the cookie that was given for one. */
static void add_guest(const struct visit *v, struct credentials *given)
{
    const struct request *req = &v->x->req;
    const char *code = request_query(req, "guest_code");

    if (code == NULL)
        code = request_header(req, "X-Guest-Code");
    if (code == NULL && given->bearer != NULL && secret_is_guest_code(given->bearer->token)) {
        code = given->bearer->token;
        given->authorization = false;
    }
    given->guest_code = code;
    given->guest_cookie = request_cookie(req, guest_cookie_name(v->dispatch->app->secure_cookies));
    if (req->route->who == GUEST)
        given->cookie = NULL;
}

static enum err identify_caller(struct visit *v)
{
    const struct request *req = &v->x->req;
    struct credentials given = {
        .authorization = request_header(req, "Authorization") != NULL,
        .bearer = v->bearer.token == NULL ? NULL : &v->bearer,
        .cookie = request_cookie(req, session_cookie_name(v->dispatch->app->secure_cookies)),
        .address = req->address,
        .client = request_header(req, "X-Tallyfy-Client"),
        .user_agent = request_header(req, "User-Agent"),
    };

    if (is_for_guests(req->route))
        add_guest(v, &given);
    return identify(&v->c, v->dispatch->app->auth, &given, &v->caller);
}

/* On an open route a dead credential is no credential. */
static enum err forget_caller(struct visit *v)
{
    v->caller = (struct caller){ .role = ROLE_NONE, .address = v->x->req.address };
    return ctx_forgive(&v->c);
}

static enum err read_body(struct visit *v)
{
    struct request *req = &v->x->req;
    struct json *unknown = json_new(req->mem, J_LIST);

    TRY(request_parse_body(&v->c, req));
    if (req->route->body != NULL)
        shape_unknown(req->mem, req->route->body, req->input, unknown);
    req->unknown = unknown;
    if (unknown->first == NULL || request_header(req, "X-Strict") == NULL ||
        strcmp(request_header(req, "X-Strict"), "1") != 0)
        return OK;
    for (const struct json *key = unknown->first; key != NULL; key = key->next)
        fault(&v->c, key->text, "This field is not known here.");
    return fields_ok(&v->c);
}

/* Who asks, and whether they may. */
static enum err admit_caller(struct visit *v)
{
    int wanted = v->x->req.route->who;
    enum err e = identify_caller(v);

    TRY(check_rate(v));
    TRY(check_client_header(v, v->caller.credential != BY_NOTHING));
    if (e == ERR_UNAUTHENTICATED)
        e = wanted == PUBLIC ? forget_caller(v) : unauthenticated(v);
    if (e == OK || e == ERR_NOT_FOUND || e == ERR_DENIED)
        TRY(check_who(v));
    if (e == ERR_DENIED && wanted == APPLICATION)
        return not_this_application(v);
    TRY(e);
    TRY(check_csrf(v));
    TRY(check_bound(v));
    TRY(check_scope(v));
    return check_permission(v);
}

static enum err admit(struct visit *v)
{
    TRY(admit_caller(v));
    TRY(read_body(v));
    TRY(check_daily(v));
    if (v->caller.credential != BY_NOTHING)
        auth_note_use(v->dispatch->app->auth, &v->c);
    return OK;
}

/* ---- running ---- */

static const char *org_param(const struct request *req)
{
    return strstr(req->route->path, "/{org}") == NULL ? NULL : request_param(req, "org");
}

/* Everything that a run makes is made anew when the store asks for another try. */
static enum err run_job(struct db_job *job, struct db_conn *conn)
{
    struct visit *v = (struct visit *)job;
    struct request *req = &v->x->req;
    enum err e;

    v->c.db = conn;
    v->c.org = org_param(req);
    ctx_forgive(&v->c);
    v->c.included = 0;
    v->x->res = (struct response){ 0 };
    if (v->steps & ADMIT)
        e = admit(v);
    else
        e = admit_caller(v);
    if (e == OK && (v->steps & HANDLE))
        e = req->route->handle(&v->c, req, &v->x->res);
    v->c.db = NULL;
    v->ran = e;
    return e;
}

static enum db_mode route_mode(const struct route *route)
{
    return route->method == GET && !(route->flags & ROUTE_WRITES) ? DB_READ : DB_WRITE;
}

static void next_job(struct visit *v, unsigned steps);

static void run_slow(struct slow_job *job)
{
    struct visit *v = (struct visit *)((char *)job - offsetof(struct visit, slow));
    enum err e = v->x->req.route->slow(&v->c, &v->x->req, &v->x->res);

    v->slow_done = true;
    if (e != OK)
        finish_with(v, e);
    else
        next_job(v, HANDLE);
}

static void after_admit(struct visit *v)
{
    if (v->x->req.route->slow == NULL || v->slow_done) {
        next_job(v, HANDLE);
        return;
    }
    v->slow.run = run_slow;
    if (!slow_submit(v->dispatch->slow, &v->slow)) {
        v->c.failure.retry_after = 5;
        finish_with(v, ERR_LIMITED);
    }
}

static void job_done(struct db_job *job, enum err outcome)
{
    struct visit *v = (struct visit *)job;

    /* Health must not say for another second that the store takes writes. */
    if (outcome == ERR_STORE_FULL || outcome == ERR_UNAVAILABLE)
        atomic_store(&v->dispatch->app->proved_at, 0);
    /* A refusal that was to be committed and was not did not happen; the commit's failure did. */
    if (outcome != OK && v->ran == OK) {
        ctx_forgive(&v->c);
        v->x->res = (struct response){ 0 };
    }
    if (outcome == OK && !(v->steps & HANDLE))
        after_admit(v);
    else
        finish_with(v, outcome);
}

static void next_job(struct visit *v, unsigned steps)
{
    v->steps = steps;
    v->job = (struct db_job){
        .run = run_job,
        .done = job_done,
        .mode = steps & HANDLE ? route_mode(v->x->req.route) : DB_READ,
    };
    db_submit(v->dispatch->app->db, &v->job);
}

/* What admit would say of a token that is known to be dead. */
static enum err refuse_dead(struct visit *v)
{
    TRY(check_rate(v));
    TRY(check_client_header(v, false));
    return unauthenticated(v);
}

static void start(struct visit *v)
{
    const struct route *route = v->x->req.route;
    const struct app *app = v->dispatch->app;
    bool one_job = route->slow == NULL &&
                   (route_mode(route) == DB_READ || !db_inline(app->db, DB_READ));

    (void)bearer_read(request_header(&v->x->req, "Authorization"), &v->bearer);
    if (route->flags & ROUTE_NO_STORE)
        finish_with(v, route->handle(&v->c, &v->x->req, &v->x->res));
    else if (route->who != PUBLIC && v->bearer.token != NULL &&
             bearer_is_dead(app->auth, &v->bearer))
        finish_with(v, refuse_dead(v));
    else
        next_job(v, one_job ? ADMIT | HANDLE : ADMIT);
}

/* ---- hooks ---- */

static const char *base_url(const struct dispatch *d, const struct request *req)
{
    const char *host = request_header(req, "Host");

    if (d->app->public_url != NULL)
        return d->app->public_url;
    return arena_printf(req->mem, "%s://%s", req->tls ? "https" : "http",
                        host == NULL ? "localhost" : host);
}

static struct visit *visit_new(struct dispatch *d, struct exchange *x)
{
    struct visit *v = arena_new(x->req.mem, struct visit);

    v->dispatch = d;
    v->x = x;
    v->began = now_us();
    v->c = (struct ctx){ .mem = x->req.mem, .now = clock_now(), .caller = &v->caller };
    v->caller = (struct caller){ .role = ROLE_NONE, .address = x->req.address };
    x->req.id = secret_masked(x->req.mem, x->req.id); /* it is logged, and told again */
    x->req.app = d->app;
    x->req.base_url = base_url(d, &x->req);
    x->app_data = v;
    return v;
}

static enum err find_route(struct visit *v)
{
    struct request *req = &v->x->req;
    const char *allow = NULL;
    enum err e = router_find(v->dispatch->router, &v->c, req, &allow);

    if (e == ERR_METHOD)
        response_header(req, &v->x->res, "Allow", allow);
    return e;
}

static bool is_preflight(const struct request *req)
{
    return req->method == OPTIONS && request_header(req, "Access-Control-Request-Method") != NULL;
}

/* A route that is not there is told at once, without reading a body that nobody wants. */
static size_t begin(void *app, struct exchange *x)
{
    struct dispatch *d = app;
    struct visit *v = visit_new(d, x);
    enum err e;

    if (is_preflight(&x->req))
        return 0;
    e = find_route(v);
    if (e == ERR_METHOD && x->req.method == OPTIONS)
        x->res.status = 204; /* Allow says what there is */
    else if (e != OK)
        refuse(v, e);
    if (x->res.status != 0)
        conclude(v);
    return (size_t)d->settings->max_body;
}

static void handle(void *app, struct exchange *x)
{
    struct visit *v = x->app_data;

    (void)app;
    if (is_preflight(&x->req)) {
        x->res.status = 204;
        finish(v);
    } else {
        start(v);
    }
}

static void refuse_hook(void *app, struct exchange *x, enum err e, const char *message)
{
    struct visit *v = x->app_data == NULL ? visit_new(app, x) : x->app_data;

    v->c.failure = (struct failure){ .err = e, .message = message };
    refuse(v, e);
    conclude(v);
}

struct server_hooks dispatch_hooks(struct dispatch *d)
{
    return (struct server_hooks){
        .begin = begin, .handle = handle, .refuse = refuse_hook, .app = d
    };
}

struct dispatch *dispatch_new(struct app *app, const struct settings *settings)
{
    struct dispatch *d = calloc(1, sizeof(*d));

    if (d == NULL)
        abort();
    d->app = app;
    d->settings = settings;
    d->router = router_new(routes, route_count);
    d->limiter = limiter_new((const struct limit_rule[LIMIT_CLASSES]){
        [LIMIT_REQUESTS] = { settings->rate_limit, MINUTE },
        [LIMIT_TOKENS] = { settings->token_rate_limit, MINUTE },
        [LIMIT_REGISTRATION] = { settings->registration_rate_limit, HOUR },
        [LIMIT_PASSWORD] = { settings->password_change_limit, DAY },
        [LIMIT_EMAIL] = { settings->email_change_limit, DAY },
        [LIMIT_PROFILE] = { settings->profile_change_limit, DAY },
        [LIMIT_INVITES] = { settings->invite_limit, DAY },
    });
    d->slow = slow_pool_new(SLOW_QUEUE);
    return d;
}

void dispatch_free(struct dispatch *d)
{
    if (d == NULL)
        return;
    slow_pool_free(d->slow);
    limiter_free(d->limiter);
    router_free(d->router);
    free(d);
}
