/* See dead.h. A digest's first byte chooses a set of entries with a lock of its own. */
#include "auth/dead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = 256, WAYS = 8 };

struct dead {
    struct {
        pthread_mutex_t lock;
        unsigned oldest;
        unsigned char digests[WAYS][DIGEST_SIZE]; /* all zero: none */
    } sets[SETS];
};

struct dead *dead_new(void)
{
    struct dead *d = calloc(1, sizeof(*d));

    if (d == NULL)
        abort();
    for (int i = 0; i < SETS; i++)
        pthread_mutex_init(&d->sets[i].lock, NULL);
    return d;
}

void dead_free(struct dead *d)
{
    if (d == NULL)
        return;
    for (int i = 0; i < SETS; i++)
        pthread_mutex_destroy(&d->sets[i].lock);
    free(d);
}

bool dead_has(struct dead *d, const unsigned char digest[DIGEST_SIZE])
{
    bool found = false;

    pthread_mutex_lock(&d->sets[digest[0]].lock);
    for (int i = 0; i < WAYS && !found; i++)
        found = memcmp(d->sets[digest[0]].digests[i], digest, DIGEST_SIZE) == 0;
    pthread_mutex_unlock(&d->sets[digest[0]].lock);
    return found;
}

void dead_add(struct dead *d, const unsigned char digest[DIGEST_SIZE])
{
    pthread_mutex_lock(&d->sets[digest[0]].lock);
    memcpy(d->sets[digest[0]].digests[d->sets[digest[0]].oldest], digest, DIGEST_SIZE);
    d->sets[digest[0]].oldest = (d->sets[digest[0]].oldest + 1) % WAYS;
    pthread_mutex_unlock(&d->sets[digest[0]].lock);
}
