/* See sleeper.h. */
#include "base/sleeper.h"

#include <time.h>

#include "base/clock.h"

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

bool sleeper_sleep(struct sleeper *s, int64_t ms)
{
    struct timespec until;
    int64_t nanoseconds;
    int gone = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    nanoseconds = until.tv_nsec + ms % SECOND * 1000000;
    until.tv_sec += ms / SECOND + nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    pthread_mutex_lock(&s->lock);
    while (!s->ended && gone == 0)
        gone = pthread_cond_timedwait(&s->wake, &s->lock, &until);
    pthread_mutex_unlock(&s->lock);
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
