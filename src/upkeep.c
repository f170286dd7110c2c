/* See upkeep.h. */
#include "upkeep.h"

#include <pthread.h>
#include <stdlib.h>

#include "auth/expiry.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/sleeper.h"
#include "model/client.h"
#include "model/mail.h"
#include "model/org_token.h"

enum { WRITE_USES_SECONDS = 10, FORGET_EVERY = 360 /* rounds: one hour */ };

struct upkeep {
    struct app *app;
    pthread_t thread;
    struct sleeper sleeper;
};

static enum err write_uses(struct ctx *c, struct app *app)
{
    return auth_flush_uses(c, app->db, app->auth);
}

static enum err refresh_keys(struct ctx *c, struct app *app)
{
    return auth_refresh_keys(c, app->db, app->auth);
}

static enum err forget(struct ctx *c, void *unused)
{
    (void)unused;
    TRY(auth_forget_expired(c));
    TRY(clients_forget_unused(c));
    return mail_forget(c);
}

static enum err forget_expired(struct ctx *c, struct app *app)
{
    return db_do(c, app->db, DB_WRITE, forget, NULL);
}

struct telling {
    struct auth *auth;
    bool more;
};

static enum err tell(struct ctx *c, void *arg)
{
    struct telling *t = arg;

    TRY(auth_tell_expired(c, &t->more));
    return org_token_warn(c, t->auth);
}

/* Tokens that have ended or soon will. */
static enum err tell_of_ends(struct ctx *c, struct app *app)
{
    struct telling t = { .auth = app->auth };

    do {
        arena_reset(c->mem);
        TRY(db_do(c, app->db, DB_WRITE, tell, &t));
    } while (t.more);
    return OK;
}

static void run(struct upkeep *u, enum err (*job)(struct ctx *c, struct app *app))
{
    struct ctx c = { .mem = arena_new_arena(), .now = clock_now() };
    enum err e = job(&c, u->app);

    if (e != OK)
        log_warn("upkeep failed and will be tried again: %s",
                 c.failure.message != NULL ? c.failure.message : err_message(e));
    arena_free(c.mem);
}

static void *loop(void *arg)
{
    struct upkeep *u = arg;

    for (int round = 0; !sleeper_sleep(&u->sleeper, WRITE_USES_SECONDS * SECOND); round++) {
        run(u, write_uses);
        run(u, refresh_keys);
        run(u, tell_of_ends);
        if (round % FORGET_EVERY == 0)
            run(u, forget_expired);
    }
    run(u, write_uses);
    return NULL;
}

struct upkeep *upkeep_start(struct app *app)
{
    struct upkeep *u = calloc(1, sizeof(*u));

    if (u == NULL)
        abort();
    u->app = app;
    sleeper_init(&u->sleeper);
    if (pthread_create(&u->thread, NULL, loop, u) != 0)
        abort();
    return u;
}

void upkeep_stop(struct upkeep *u)
{
    if (u == NULL)
        return;
    sleeper_end(&u->sleeper);
    pthread_join(u->thread, NULL);
    sleeper_release(&u->sleeper);
    free(u);
}
