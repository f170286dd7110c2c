/* Job titles: what an organization calls the work of its people; steps are given to them. Clients
 * know them as roles. Everything returned lives in the caller's arena. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/shape.h"

struct job_title {
    const char *id, *title;
    const char *name; /* the same again: some clients read one, some the other */
    int64_t created_at, last_updated;
};

extern const struct shape job_title_shape;

struct job_title_input {
    const char *title;
    const char *name; /* another word for it, read where there is no title */
};
extern const struct shape job_title_input_shape;

enum { JOB_TITLES_MAX = 1000 /* of one organization */ };

/* In the order of the titles; those that hold q, without regard to case and accents, or all of
 * them when it is NULL. */
MUST_CHECK enum err job_title_list(struct ctx *c, const char *q, int64_t limit, int64_t offset,
                                   struct job_title **out, size_t *count, int64_t *total);

/* ERR_NOT_FOUND for one that is not c->org's. */
MUST_CHECK enum err job_title_get(struct ctx *c, const char *id, struct job_title *out);

/* ERR_INVALID on field title for none and for one that is there already, without regard to case and
 * accents. */
MUST_CHECK enum err job_title_create(struct ctx *c, const struct job_title_input *in,
                                     struct job_title *out);
MUST_CHECK enum err job_title_update(struct ctx *c, const char *id,
                                     const struct job_title_input *in, struct job_title *out);
MUST_CHECK enum err job_title_delete(struct ctx *c, const char *id);
