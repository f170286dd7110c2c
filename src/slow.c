/* See slow.h. */
#include "slow.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"

enum { LOWEST_PRIORITY = 19, MOST_THREADS = 4 /* each takes 64 MiB while it hashes */ };

struct slow_pool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct slow_job *first;
    struct slow_job **end;
    int queued;
    int longest_queue;
    bool stopping;
    int threads;
    pthread_t ids[];
};

static struct slow_job *take(struct slow_pool *pool)
{
    struct slow_job *job;

    pthread_mutex_lock(&pool->lock);
    while (pool->first == NULL && !pool->stopping)
        pthread_cond_wait(&pool->work, &pool->lock);
    job = pool->first;
    if (job != NULL) {
        pool->first = job->next;
        if (pool->first == NULL)
            pool->end = &pool->first;
        pool->queued--;
    }
    pthread_mutex_unlock(&pool->lock);
    return job;
}

/* Slow work yields to everything else: a flood of sign-ins must not slow the people who are at
 * work. On Linux the priority is that of the calling thread. */
static void *work(void *arg)
{
    struct slow_job *job;

    if (setpriority(PRIO_PROCESS, (id_t)gettid(), LOWEST_PRIORITY) != 0)
        log_warn("slow work runs at normal priority: %s", strerror(errno));
    while ((job = take(arg)) != NULL)
        job->run(job);
    return NULL;
}

static int thread_count(void)
{
    long half = sysconf(_SC_NPROCESSORS_ONLN) / 2;

    return half < 1 ? 1 : half > MOST_THREADS ? MOST_THREADS : (int)half;
}

struct slow_pool *slow_pool_new(int longest_queue)
{
    int threads = thread_count();
    struct slow_pool *pool = calloc(1, sizeof(*pool) + (size_t)threads * sizeof(pool->ids[0]));

    if (pool == NULL)
        abort();
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pool->end = &pool->first;
    pool->longest_queue = longest_queue;
    pool->threads = threads;
    for (int i = 0; i < threads; i++)
        if (pthread_create(&pool->ids[i], NULL, work, pool) != 0)
            abort();
    return pool;
}

void slow_pool_free(struct slow_pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->threads; i++)
        pthread_join(pool->ids[i], NULL);
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->work);
    free(pool);
}

bool slow_submit(struct slow_pool *pool, struct slow_job *job)
{
    bool taken;

    pthread_mutex_lock(&pool->lock);
    taken = pool->queued < pool->longest_queue;
    if (taken) {
        job->next = NULL;
        *pool->end = job;
        pool->end = &job->next;
        pool->queued++;
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}
