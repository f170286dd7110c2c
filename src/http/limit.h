/* Rate limits: how often somebody may do something in a rolling window. Counted in this process:
 * several nodes allow so much each. Fixed in size; whose window ends first makes room. Safe
 * from every thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What is limited. A route names one of them (struct route). */
enum limit_class {
    LIMIT_REQUESTS,     /* everything that names nothing else: by person, or address */
    LIMIT_NONE,         /* what monitors and browsers fetch: never counted */
    LIMIT_TOKENS,       /* tokens for grants, links by mail: by address */
    LIMIT_REGISTRATION, /* clients and people that register themselves: by address */
    LIMIT_PASSWORD,     /* changes by their owner, beside LIMIT_REQUESTS: by account */
    LIMIT_EMAIL,
    LIMIT_PROFILE,
    LIMIT_INVITES,      /* the same for people whom one invites */
    LIMIT_CLASSES
};

struct limit_rule {
    int64_t most;   /* in a window; 0: no limit */
    int64_t window; /* milliseconds */
};

/* Who is counted: an account or a guest, or else a network address. */
struct limit_subject {
    int64_t person_id;   /* of an account or a guest, whose numbers never meet; 0: by address */
    const char *address; /* of an IPv6 address its /64 network counts: who has one has them all */
};

struct limit_state {
    int64_t limit;     /* 0: there is none */
    int64_t remaining; /* until it is reached */
    int retry_after;   /* seconds until there is room again; 0 while there is */
};

struct limiter;

struct limiter *limiter_new(const struct limit_rule rules[LIMIT_CLASSES]);
void limiter_free(struct limiter *l);

/* Counts one more, unless the limit is reached: then false, and nothing is counted. `now` is the
 * request's moment. */
bool limit_take(struct limiter *l, enum limit_class what, const struct limit_subject *who,
                int64_t now, struct limit_state *out);
