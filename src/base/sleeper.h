/* For a thread that works in rounds and sleeps in between: sleeping ends at once when the thread is
 * to end. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct sleeper {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool ended;
};

void sleeper_init(struct sleeper *s);

/* Sleeps until so many milliseconds have passed by the clock; when that is set forward, the sleep
 * ends a second later at most. True: it is time to end. */
bool sleeper_sleep(struct sleeper *s, int64_t ms);

/* Whether it is time to end, without sleeping. */
bool sleeper_ended(struct sleeper *s);

/* From any thread: wakes the sleeper for good. */
void sleeper_end(struct sleeper *s);

/* After the thread has ended. */
void sleeper_release(struct sleeper *s);
