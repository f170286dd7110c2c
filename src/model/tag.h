/* Tags: short words with a colour that an organization puts on its templates, processes, steps and
 * tasks. Everything returned lives in the caller's arena. */
#pragma once

#include "base/ctx.h"
#include "base/shape.h"
#include "model/list_order.h"
#include "model/subject.h"

enum { TAGS_MAX = 5000 /* of one organization */ };

struct tag {
    const char *id, *title, *color;
    const char *type; /* always "private": seen by the organization alone */
    bool auto_generated;
    const char *custom_fields; /* JSON */
    int64_t created_at, last_updated;
    int64_t deleted_at;     /* always 0: a deleted tag is gone */
    const char *statistics; /* JSON, after tag_load_statistics */
    int64_t association_id; /* of the tagging, where the tag is told of a record; else 0 */
};
extern const struct shape tag_shape;

struct tag_input {
    const char *title, *color;
};
extern const struct shape tag_input_shape;

/* What a list is asked for by; the query's parameters have the same names. */
struct tag_filter {
    const char *q;
    bool all;           /* those that the server made too */
    int auto_generated; /* 0 or 1: these alone; -1: not said */
    struct list_order order; /* title, created_at, updated_at */
};
extern const struct shape tag_filter_shape;

/* A tag on a record. */
struct tagging {
    int64_t id;
    const char *tag_id, *subject_type, *subject_id;
    const char *tag_type; /* always "private" */
    int64_t created_at;
};
extern const struct shape tagging_shape;

struct tagging_input {
    const char *subject_id, *subject_type, *tag_id, *tag_type;
};
extern const struct shape tagging_input_shape;

MUST_CHECK enum err tag_list(struct ctx *c, const struct tag_filter *filter, int64_t limit,
                             int64_t offset, struct tag **out, size_t *count, int64_t *total);
MUST_CHECK enum err tag_get(struct ctx *c, const char *id, struct tag *out);

/* On how much each of these is. */
MUST_CHECK enum err tag_load_statistics(struct ctx *c, struct tag *tags, size_t count);

/* ERR_INVALID on title when another tag has it, without regard to case and accents. */
MUST_CHECK enum err tag_create(struct ctx *c, const struct tag_input *in, struct tag *out);
MUST_CHECK enum err tag_update(struct ctx *c, const char *id, const struct tag_input *in,
                               struct tag *out);

/* Deletes a tag, and takes it off everything. Having none is no error. */
MUST_CHECK enum err tag_delete(struct ctx *c, const char *id);

/* Puts a tag on a record; one that is there already is answered as it is. */
MUST_CHECK enum err tag_attach(struct ctx *c, const struct tagging_input *in,
                               struct tagging *out);
MUST_CHECK enum err tag_detach(struct ctx *c, int64_t association_id);

/* The tags that a new record is to have, as a request says them: a JSON list of ids, or nothing.
 * tag_check_list notes a fault of the field `tags`; tag_attach_list puts checked ones on it. */
MUST_CHECK enum err tag_check_list(struct ctx *c, const char *list);
MUST_CHECK enum err tag_attach_list(struct ctx *c, enum subject_kind kind, const char *subject_id,
                                    const char *list);

/* The tags of each of these records, as what their objects include under "tags": out[i] is
 * {"data":[…]} of ids[i]. */
MUST_CHECK enum err tag_load_of_subjects(struct ctx *c, enum subject_kind kind,
                                         const char *const *ids, size_t count, const char **out);
