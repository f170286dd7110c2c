/* Who has completed a task, or their part of it: the JSON in column `completions`. */
#pragma once

#include "base/ctx.h"
#include "flow/task.h"

struct parts {
    struct task_part *list;
    const char **when; /* in the form of the wire, beside each */
    size_t count;
};

/* Nobody, as it is stored. */
extern const char PARTS_NONE[];

/* Reads what is stored, leaving room for one more. */
MUST_CHECK enum err parts_read(struct ctx *c, const char *completions, struct parts *out);

/* What to store. ERR_INVALID when it is more than a task can hold. */
MUST_CHECK enum err parts_write(struct ctx *c, const struct parts *p, const char **out);

/* Adds a person's completion at c->now, or gives the one that is there another decision. */
void parts_add(struct ctx *c, struct parts *p, int64_t user_id, int decision);
