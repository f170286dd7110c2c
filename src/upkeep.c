/* See upkeep.h. One thread that sleeps on a condition, so that stopping wakes it. */
#include "upkeep.h"

#include <pthread.h>
#include <stdlib.h>

#include "auth/expiry.h"
#include "base/clock.h"
#include "base/log.h"

enum { WRITE_USES_SECONDS = 10, FORGET_EVERY = 360 /* rounds: one hour */ };

struct upkeep {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
};

static enum err write_uses(struct ctx *c, struct app *app)
{
    return auth_flush_uses(c, app->db, app->auth);
}

static enum err forget(struct ctx *c, void *unused)
{
    (void)unused;
    return auth_forget_expired(c);
}

static enum err forget_expired(struct ctx *c, struct app *app)
{
    return db_do(c, app->db, DB_WRITE, forget, NULL);
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

/* True when it is time to end. */
static bool pause_or_stop(struct upkeep *u)
{
    struct timespec until;
    bool stopping;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WRITE_USES_SECONDS;
    pthread_mutex_lock(&u->lock);
    if (!u->stopping)
        pthread_cond_timedwait(&u->wake, &u->lock, &until);
    stopping = u->stopping;
    pthread_mutex_unlock(&u->lock);
    return stopping;
}

static void *loop(void *arg)
{
    struct upkeep *u = arg;

    for (int round = 0; !pause_or_stop(u); round++) {
        run(u, write_uses);
        if (round % FORGET_EVERY == 0)
            run(u, forget_expired);
    }
    run(u, write_uses);
    return NULL;
}

struct upkeep *upkeep_start(struct app *app)
{
    struct upkeep *u = calloc(1, sizeof(*u));
    pthread_condattr_t clock;

    if (u == NULL)
        abort();
    u->app = app;
    pthread_mutex_init(&u->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&u->wake, &clock);
    pthread_condattr_destroy(&clock);
    if (pthread_create(&u->thread, NULL, loop, u) != 0)
        abort();
    return u;
}

void upkeep_stop(struct upkeep *u)
{
    if (u == NULL)
        return;
    pthread_mutex_lock(&u->lock);
    u->stopping = true;
    pthread_cond_signal(&u->wake);
    pthread_mutex_unlock(&u->lock);
    pthread_join(u->thread, NULL);
    pthread_mutex_destroy(&u->lock);
    pthread_cond_destroy(&u->wake);
    free(u);
}
