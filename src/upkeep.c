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

static enum err write_uses(struct ctx *c, void *arg)
{
    return auth_write_uses(c, arg);
}

static enum err forget_expired(struct ctx *c, void *arg)
{
    (void)arg;
    return auth_forget_expired(c);
}

static void run(struct upkeep *u, enum err (*job)(struct ctx *c, void *arg))
{
    struct ctx c = { .mem = arena_new_arena(), .now = clock_now() };
    enum err e = db_do(&c, u->app->db, DB_WRITE, job, u->app->auth);

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

    clock_gettime(CLOCK_REALTIME, &until);
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

    if (u == NULL)
        abort();
    u->app = app;
    pthread_mutex_init(&u->lock, NULL);
    pthread_cond_init(&u->wake, NULL);
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
