/* A list of jobs with one lock. Submitting costs a system call only when a thread sleeps. */
#include "db/engine.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>

void queue_init(struct queue *q)
{
    *q = (struct queue){ .lock = PTHREAD_MUTEX_INITIALIZER, .arrived = PTHREAD_COND_INITIALIZER };
    q->end = &q->first;
}

void queue_release(struct queue *q)
{
    assert(q->first == NULL);
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->arrived);
}

void queue_put(struct queue *q, struct db_job *job)
{
    bool wake;

    job->next = NULL;
    pthread_mutex_lock(&q->lock);
    assert(!q->closed);
    *q->end = job;
    q->end = &job->next;
    wake = q->sleeping > 0;
    pthread_mutex_unlock(&q->lock);
    if (wake)
        pthread_cond_signal(&q->arrived);
}

/* With the lock held. */
static void wait_for_work(struct queue *q)
{
    while (q->first == NULL && !q->closed) {
        q->sleeping++;
        pthread_cond_wait(&q->arrived, &q->lock);
        q->sleeping--;
    }
}

struct db_job *queue_take_one(struct queue *q)
{
    struct db_job *job;

    pthread_mutex_lock(&q->lock);
    wait_for_work(q);
    job = q->first;
    if (job != NULL) {
        q->first = job->next;
        if (q->first == NULL)
            q->end = &q->first;
        job->next = NULL;
    }
    pthread_mutex_unlock(&q->lock);
    return job;
}

struct db_job *queue_take_all(struct queue *q)
{
    struct db_job *list;

    pthread_mutex_lock(&q->lock);
    wait_for_work(q);
    list = q->first;
    q->first = NULL;
    q->end = &q->first;
    pthread_mutex_unlock(&q->lock);
    return list;
}

bool queue_empty(struct queue *q)
{
    bool empty;

    pthread_mutex_lock(&q->lock);
    empty = q->first == NULL;
    pthread_mutex_unlock(&q->lock);
    return empty;
}

void queue_close(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_mutex_unlock(&q->lock);
    pthread_cond_broadcast(&q->arrived);
}

void store_thread(pthread_t *thread, const char *name, void *(*run)(void *), void *arg)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(thread, NULL, run, arg) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_setname_np(*thread, name);
}
