/* See verified.h. Sets of four entries, each set with a lock of its own; a digest's first bytes
 * choose the set. */
#include "auth/verified.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SETS = 1024, WAYS = 4 };

struct entry {
    unsigned char digest[DIGEST_SIZE];
    char jti[40], org_id[40], kid[48], scopes[300]; /* the twelve of the mcp family fit */
    int64_t user_id, client_id, issued_at, expires_at; /* issued_at 0: empty */
};

struct set {
    pthread_mutex_t lock;
    unsigned oldest;
    struct entry entries[WAYS];
};

struct verified {
    struct set sets[SETS];
};

struct verified *verified_new(void)
{
    struct verified *v = calloc(1, sizeof(*v));

    if (v == NULL)
        abort();
    for (size_t i = 0; i < SETS; i++)
        pthread_mutex_init(&v->sets[i].lock, NULL);
    return v;
}

void verified_free(struct verified *v)
{
    if (v == NULL)
        return;
    for (size_t i = 0; i < SETS; i++)
        pthread_mutex_destroy(&v->sets[i].lock);
    free(v);
}

static struct set *set_of(struct verified *v, const unsigned char *digest)
{
    return &v->sets[(digest[0] << 8 | digest[1]) % SETS];
}

static struct claims to_claims(struct arena *mem, const struct entry *e)
{
    return (struct claims){
        .jti = arena_dup(mem, e->jti),
        .user_id = e->user_id,
        .client_id = e->client_id,
        .org_id = e->org_id[0] == '\0' ? NULL : arena_dup(mem, e->org_id),
        .scopes = arena_dup(mem, e->scopes),
        .issued_at = e->issued_at,
        .expires_at = e->expires_at,
        .kid = arena_dup(mem, e->kid),
    };
}

bool verified_find(struct verified *v, struct arena *mem,
                   const unsigned char digest[DIGEST_SIZE], struct claims *out)
{
    struct set *set = set_of(v, digest);
    bool found = false;

    pthread_mutex_lock(&set->lock);
    for (int i = 0; i < WAYS && !found; i++) {
        const struct entry *e = &set->entries[i];

        found = e->issued_at != 0 && memcmp(e->digest, digest, DIGEST_SIZE) == 0;
        if (found)
            *out = to_claims(mem, e);
    }
    pthread_mutex_unlock(&set->lock);
    return found;
}

/* False when the text does not fit. */
static bool copy(char *to, size_t size, const char *from)
{
    size_t n = from == NULL ? 0 : strlen(from);

    if (n >= size)
        return false;
    memcpy(to, from == NULL ? "" : from, n + 1);
    return true;
}

void verified_add(struct verified *v, const unsigned char digest[DIGEST_SIZE],
                  const struct claims *claims)
{
    struct set *set = set_of(v, digest);
    struct entry e = {
        .user_id = claims->user_id,
        .client_id = claims->client_id,
        .issued_at = claims->issued_at,
        .expires_at = claims->expires_at,
    };

    memcpy(e.digest, digest, DIGEST_SIZE);
    if (!copy(e.jti, sizeof(e.jti), claims->jti) ||
        !copy(e.org_id, sizeof(e.org_id), claims->org_id) ||
        !copy(e.kid, sizeof(e.kid), claims->kid) ||
        !copy(e.scopes, sizeof(e.scopes), claims->scopes))
        return;
    pthread_mutex_lock(&set->lock);
    set->entries[set->oldest] = e;
    set->oldest = (set->oldest + 1) % WAYS;
    pthread_mutex_unlock(&set->lock);
}
