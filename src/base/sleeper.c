/* See sleeper.h. */
#include "base/sleeper.h"

#include <time.h>

#include "base/clock.h"

/* How often the clock is looked at, in case it was set. */
#define LOOK_AGAIN SECOND

void sleeper_init(struct sleeper *s)
{
    pthread_condattr_t clock;

    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &clock);
    pthread_condattr_destroy(&clock);
    atomic_init(&s->ended, false);
}

static struct timespec monotonic_in(int64_t ms)
{
    struct timespec t;
    int64_t nanoseconds;

    clock_gettime(CLOCK_MONOTONIC, &t);
    nanoseconds = t.tv_nsec + ms % SECOND * 1000000;
    t.tv_sec += ms / SECOND + nanoseconds / 1000000000;
    t.tv_nsec = nanoseconds % 1000000000;
    return t;
}

/* True when it is time to end. */
static bool nap(struct sleeper *s, int64_t ms)
{
    struct timespec until = monotonic_in(ms);
    int gone = 0;

    pthread_mutex_lock(&s->lock);
    while (!s->ended && gone == 0)
        gone = pthread_cond_timedwait(&s->wake, &s->lock, &until);
    pthread_mutex_unlock(&s->lock);
    return sleeper_ended(s);
}

bool sleeper_sleep(struct sleeper *s, int64_t ms)
{
    int64_t start = clock_now(), left = ms;

    while (left > 0) {
        int64_t now;

        if (nap(s, left < LOOK_AGAIN ? left : LOOK_AGAIN))
            return true;
        now = clock_now();
        if (now < start)
            start = now; /* set back: begin again, rather than sleep for as long as that */
        left = start + ms - now;
    }
    return sleeper_ended(s);
}

bool sleeper_ended(struct sleeper *s)
{
    return atomic_load(&s->ended);
}

void sleeper_end(struct sleeper *s)
{
    pthread_mutex_lock(&s->lock);
    atomic_store(&s->ended, true);
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

void sleeper_release(struct sleeper *s)
{
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->wake);
}
