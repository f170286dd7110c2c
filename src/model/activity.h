/* The activity feed: the log of an organization (auth/event.h) as people read it. A row says who
 * did what to what, as names that programs know and as a sentence. Everything returned lives in the
 * caller's arena. */
#pragma once

#include "base/ctx.h"
#include "base/shape.h"

struct activity {
    int64_t id; /* the event's number in its organization */
    const char *organization_id;
    const char *verb, *source, *actor_type, *actor_id, *actor; /* JSON lists, or null */
    const char *type;                                          /* of what it was done to */
    const char *description;
    const char *auditable_type, *auditable_id;
    const char *token_id; /* that the actor came with; NULL: signed in by browser */
    const char *audit;    /* JSON: what the event says beside */
    int64_t created_at;

    /* Hidden: the event and its actor, of which the rest is made. */
    const char *event_verb, *data, *application;
    int64_t user_id; /* a guest's number, when by_guest */
    bool by_guest;
    const char *email, *username, *first_name, *last_name, *profile_pic;
};
extern const struct shape activity_shape;

/* What to leave out. Start from ACTIVITY_FILTER. */
struct activity_filter {
    const char *entity_type, *entity_id, *verb;
    int type; /* index of a word; -1: any */
    int64_t actor_id; /* -1: anybody's */
    int actor_type, source; /* indexes of words; -1: any */
    const char *actor_email;
    const char *created_after, *created_before; /* both inclusive; a date is its whole day */
};
#define ACTIVITY_FILTER ((struct activity_filter){ \
    .type = -1, .actor_id = -1, .actor_type = -1, .source = -1 \
})
extern const struct shape activity_filter_shape;

/* The log of c->org, newest first: to administrators all of it, to others what they did
 * themselves. ERR_INVALID names the filters that make no sense. */
MUST_CHECK enum err activity_list(struct ctx *c, const struct activity_filter *filter,
                                  int64_t limit, int64_t offset, struct activity **out,
                                  size_t *count, int64_t *total);
