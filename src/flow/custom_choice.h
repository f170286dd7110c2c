/* What a custom field offers to choose from: the options of a choice, the columns of a table. A
 * record's value names them by id, so that another text is all it takes to rename one; an id that
 * was given away is never given to another. */
#pragma once

#include <stdint.h>

#include "base/ctx.h"
#include "base/json.h"

enum { CHOICES_MAX = 100, CHOICE_TEXT_MAX = 200 /* characters */ };

struct choice {
    int64_t id;
    const char *text;
};

struct choices {
    struct choice *list;
    size_t count;
    int64_t last; /* the highest id so far, also of those that are gone */
};

/* Reads a list of texts or of {"id","text"} ("label" will do for "text", and id may be left out)
 * into *out, whose texts live in the context's arena. `was` is what there is: one whose text comes
 * back keeps its id. Faults of `field` and of its elements ("options.3") are noted. */
void choices_read(struct ctx *c, const char *field, const struct json *in,
                  const struct choices *was, struct choices *out);

/* The list that choices_write wrote, as a tree; the texts stay the tree's. Sets all but last. */
void choices_parse(struct arena *mem, const struct json *stored, struct choices *out);

/* Appends the list of {"id","<name>"}. */
void choices_write(struct str *out, const struct choices *choices, const char *name);

/* NULL when there is none. */
const struct choice *choice_by_id(const struct choices *choices, int64_t id);
const struct choice *choice_by_text(const struct choices *choices, const char *text);
