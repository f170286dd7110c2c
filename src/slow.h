/* A small pool of threads for slow work, such as hashing passwords: few at a time, the rest wait
 * in line, and a line that is too long is refused. */
#pragma once

#include <stdbool.h>

struct slow_pool;

struct slow_job {
    void (*run)(struct slow_job *job);
    struct slow_job *next; /* the pool's */
};

/* With one thread for every two cores: the rest is for the people who are at work. */
struct slow_pool *slow_pool_new(int longest_queue);

/* Finishes what is queued and ends the threads. */
void slow_pool_free(struct slow_pool *pool);

/* False when the line is full; the job was not taken then. */
bool slow_submit(struct slow_pool *pool, struct slow_job *job);
