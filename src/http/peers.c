/* See peers.h. The mutex is held from the look at a deadline until the shutdown, and a connection
 * leaves the list before its socket is closed: so no other socket with the same number is hit. */
#include "http/peers.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { ROUND_MS = 250, DRAIN_ROUND_MS = 20, DRAIN_MAX = 64, DRAIN_READS = 16, DRAIN_MS = 2000 };

/* A refused connection on its way out: a second descriptor of the socket, so that closing the
 * first does not make the kernel answer unread bytes with a reset, which would take the refusal
 * away from the peer. */
struct drain {
    int fd;
    int64_t until;
};

struct peers {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool stop;
    struct peer *first;
    struct drain drains[DRAIN_MAX];
    int drain_count;
};

/* True when nothing more will come or matter. */
static bool drained(const struct drain *d, int64_t now)
{
    static char sink[16 * 1024]; /* never read; only the reaper thread comes here */

    for (int i = 0; i < DRAIN_READS; i++) {
        ssize_t n = recv(d->fd, sink, sizeof(sink), MSG_DONTWAIT);

        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return now >= d->until;
        if (n <= 0)
            return true;
    }
    return now >= d->until;
}

static void drain_round(struct peers *peers, int64_t now)
{
    for (int i = peers->drain_count - 1; i >= 0; i--) {
        if (!drained(&peers->drains[i], now))
            continue;
        close(peers->drains[i].fd);
        peers->drains[i] = peers->drains[--peers->drain_count];
    }
}

static void cut_late(struct peers *peers, int64_t now)
{
    for (struct peer *p = peers->first; p != NULL; p = p->next) {
        int64_t deadline = atomic_load_explicit(&p->deadline, memory_order_relaxed);

        if (deadline == 0 || now < deadline)
            continue;
        shutdown(p->fd, SHUT_RDWR);
        peer_not_due(p);
    }
}

static void *reap(void *arg)
{
    struct peers *peers = arg;

    pthread_mutex_lock(&peers->lock);
    while (!peers->stop) {
        int64_t now = clock_monotonic();
        int64_t until;

        cut_late(peers, now);
        drain_round(peers, now);
        until = now + (peers->drain_count > 0 ? DRAIN_ROUND_MS : ROUND_MS);
        pthread_cond_timedwait(&peers->wake, &peers->lock,
                               &(struct timespec){ .tv_sec = until / SECOND,
                                                   .tv_nsec = until % SECOND * 1000000 });
    }
    pthread_mutex_unlock(&peers->lock);
    return NULL;
}

struct peers *peers_new(void)
{
    struct peers *peers = calloc(1, sizeof(*peers));
    pthread_condattr_t attr;

    if (peers == NULL)
        abort();
    pthread_mutex_init(&peers->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&peers->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&peers->thread, NULL, reap, peers) != 0)
        abort();
    return peers;
}

void peers_free(struct peers *peers)
{
    pthread_mutex_lock(&peers->lock);
    peers->stop = true;
    pthread_cond_signal(&peers->wake);
    pthread_mutex_unlock(&peers->lock);
    pthread_join(peers->thread, NULL);
    while (peers->drain_count > 0)
        close(peers->drains[--peers->drain_count].fd);
    pthread_cond_destroy(&peers->wake);
    pthread_mutex_destroy(&peers->lock);
    free(peers);
}

struct peer *peer_add(struct peers *peers, int fd, int seconds)
{
    struct peer *p = calloc(1, sizeof(*p));

    if (p == NULL)
        abort();
    p->fd = fd;
    atomic_store(&p->idle, true);
    peer_due(p, seconds * SECOND);
    pthread_mutex_lock(&peers->lock);
    p->next = peers->first;
    if (p->next != NULL)
        p->next->prev = p;
    peers->first = p;
    pthread_mutex_unlock(&peers->lock);
    return p;
}

static void drain_later(struct peers *peers, int fd)
{
    int copy;

    if (peers->stop || peers->drain_count == DRAIN_MAX)
        return;
    copy = dup(fd);
    if (copy < 0)
        return;
    shutdown(copy, SHUT_WR);
    peers->drains[peers->drain_count++] =
        (struct drain){ .fd = copy, .until = clock_monotonic() + DRAIN_MS };
    pthread_cond_signal(&peers->wake);
}

void peer_remove(struct peers *peers, struct peer *p)
{
    pthread_mutex_lock(&peers->lock);
    if (p->prev == NULL)
        peers->first = p->next;
    else
        p->prev->next = p->next;
    if (p->next != NULL)
        p->next->prev = p->prev;
    if (p->drain)
        drain_later(peers, p->fd);
    pthread_mutex_unlock(&peers->lock);
    free(p->target);
    free(p);
}

void peer_due(struct peer *p, int64_t milliseconds)
{
    atomic_store_explicit(&p->deadline, clock_monotonic() + milliseconds, memory_order_relaxed);
}

void peer_not_due(struct peer *p)
{
    atomic_store_explicit(&p->deadline, 0, memory_order_relaxed);
}

void peers_close(struct peers *peers)
{
    pthread_mutex_lock(&peers->lock);
    for (struct peer *p = peers->first; p != NULL; p = p->next)
        shutdown(p->fd, SHUT_RDWR);
    pthread_mutex_unlock(&peers->lock);
}

static bool has_input(int fd)
{
    int bytes = 0;

    return ioctl(fd, FIONREAD, &bytes) == 0 && bytes > 0;
}

int peers_close_idle(struct peers *peers)
{
    int waiting = 0;

    pthread_mutex_lock(&peers->lock);
    for (struct peer *p = peers->first; p != NULL; p = p->next) {
        if (!atomic_load(&p->idle))
            continue;
        if (has_input(p->fd))
            waiting++;
        else
            shutdown(p->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&peers->lock);
    return waiting;
}
