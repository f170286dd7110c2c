/* See limit.h. A window is cut into slots, each with its own count, so that what happened leaves
 * the count about when it leaves the window, never before. */
#include "http/limit.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { SLOTS = 12, SETS = 4096, WAYS = 4, LOCKS = 16 };

/* One who is counted, for one class. */
struct entry {
    uint64_t tag;  /* 0: nobody */
    int64_t slot;  /* the newest that counts stand for, since 1970 */
    int64_t until; /* when the window of the last request ends, milliseconds */
    uint32_t counts[SLOTS];
};

struct limiter {
    struct limit_rule rules[LIMIT_CLASSES];
    uint64_t seed;
    pthread_mutex_t locks[LOCKS];
    struct entry entries[SETS][WAYS];
};

/* ---- who ---- */

/* FNV-1a. The seed keeps strangers from choosing whom they share a count with. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;

    for (size_t i = 0; i < n; i++)
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t mix_address(uint64_t hash, const char *address)
{
    enum { NETWORK_BYTES = 8 };
    struct in6_addr ip;

    if (inet_pton(AF_INET6, address, &ip) == 1 && !IN6_IS_ADDR_V4MAPPED(&ip))
        return mix(hash, ip.s6_addr, NETWORK_BYTES);
    return mix(hash, address, strlen(address));
}

static uint64_t tag_of(const struct limiter *l, enum limit_class what,
                       const struct limit_subject *who)
{
    unsigned char kind = (unsigned char)(what * 2 + (who->person_id != 0));
    uint64_t hash = mix(l->seed, &kind, 1);

    if (who->person_id != 0)
        hash = mix(hash, &who->person_id, sizeof(who->person_id));
    else
        hash = mix_address(hash, who->address == NULL ? "" : who->address);
    hash ^= hash >> 29; /* FNV's low bits alone choose the set */
    return hash == 0 ? 1 : hash;
}

/* The entry with this tag, or else the one that matters least, emptied: the one whose window ends
 * first. So those who are counted by the hour are not forgotten for those counted by the minute. */
static struct entry *entry_of(struct entry ways[WAYS], uint64_t tag)
{
    struct entry *least = &ways[0];

    for (int i = 0; i < WAYS; i++) {
        if (ways[i].tag == tag)
            return &ways[i];
        if (ways[i].until < least->until)
            least = &ways[i];
    }
    *least = (struct entry){ .tag = tag };
    return least;
}

/* ---- counting ---- */

/* All slots but the present one, which has only begun, make up the window. */
static int64_t slot_width(const struct limit_rule *rule)
{
    return (rule->window + SLOTS - 2) / (SLOTS - 1);
}

/* Empties the slots that have left the window. A clock that was set back changes nothing. */
static void move_to(struct entry *e, int64_t slot)
{
    for (int64_t s = e->slot + 1; s <= slot && s <= e->slot + SLOTS; s++)
        e->counts[s % SLOTS] = 0;
    if (slot > e->slot)
        e->slot = slot;
}

static int64_t sum(const struct entry *e)
{
    int64_t n = 0;

    for (int i = 0; i < SLOTS; i++)
        n += e->counts[i];
    return n;
}

/* When the oldest slot that counts leaves. */
static int seconds_to_room(const struct entry *e, int64_t width, int64_t now)
{
    int64_t slot = e->slot - SLOTS + 1, wait;

    while (slot < e->slot && e->counts[slot % SLOTS] == 0)
        slot++;
    wait = ((slot + SLOTS) * width - now + 999) / 1000;
    return wait < 1 ? 1 : (int)wait;
}

bool limit_take(struct limiter *l, enum limit_class what, const struct limit_subject *who,
                int64_t now, struct limit_state *out)
{
    const struct limit_rule *rule = &l->rules[what];
    int64_t width = slot_width(rule), used;
    struct entry *e;
    uint64_t tag;
    bool room;

    *out = (struct limit_state){ 0 };
    if (rule->most == 0)
        return true;
    tag = tag_of(l, what, who);
    pthread_mutex_lock(&l->locks[tag % LOCKS]);
    e = entry_of(l->entries[tag % SETS], tag);
    move_to(e, now / width);
    e->until = now + rule->window;
    used = sum(e);
    room = used < rule->most;
    if (room)
        e->counts[e->slot % SLOTS]++;
    *out = (struct limit_state){
        .limit = rule->most,
        .remaining = room ? rule->most - used - 1 : 0,
        .retry_after = room ? 0 : seconds_to_room(e, width, now),
    };
    pthread_mutex_unlock(&l->locks[tag % LOCKS]);
    return room;
}

/* ---- life ---- */

struct limiter *limiter_new(const struct limit_rule rules[LIMIT_CLASSES])
{
    struct limiter *l = calloc(1, sizeof(*l));

    if (l == NULL || getrandom(&l->seed, sizeof(l->seed), 0) != sizeof(l->seed))
        abort();
    memcpy(l->rules, rules, sizeof(l->rules));
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&l->locks[i], NULL);
    return l;
}

void limiter_free(struct limiter *l)
{
    if (l == NULL)
        return;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&l->locks[i]);
    free(l);
}
