/* Folders: trees in which an organization keeps its templates, its processes and its tasks; each
 * folder is of one of these three kinds, and holds folders and records of that kind. A record may
 * be in several. Everything returned lives in the caller's arena. */
#pragma once

#include "base/ctx.h"
#include "base/shape.h"
#include "model/list_order.h"
#include "model/subject.h"

enum { FOLDERS_MAX = 5000 /* of one organization */, FOLDER_DEPTH_MAX = 20 };

enum folder_type { FOLDER_CHECKLIST, FOLDER_RUN, FOLDER_TASK, FOLDER_TYPES };

struct folder {
    const char *id, *name;
    const char *parent_id; /* NULL: at the top */
    int folder_type;       /* enum folder_type */
    int64_t position;      /* among its siblings, from 1 */
    const char *custom_fields; /* JSON */
    const char *children;      /* JSON, after folder_load_children */
    int64_t created_at, last_updated;
    int64_t relation_id; /* of the record's place in it, where it is told of a record; else 0 */
};
extern const struct shape folder_shape;

struct folder_input {
    const char *name;
    const char *parent_id; /* NULL: at the top */
    const char *folder_type; /* NULL: the parent's */
    int64_t position; /* 0: behind its siblings, or as it was */
};
extern const struct shape folder_input_shape;

/* What a list is asked for by; the query's parameters have the same names. */
struct folder_filter {
    const char *q, *folder_type, *parent_id;
    struct list_order order; /* position, name, created_at */
};
extern const struct shape folder_filter_shape;

/* A record's place in a folder. */
struct folder_place {
    int64_t id;
    const char *folder_id, *subject_type, *subject_id;
    int64_t created_at;
};
extern const struct shape folder_place_shape;

struct folder_place_input {
    const char *folder_id, *subject_id, *subject_type;
};
extern const struct shape folder_place_input_shape;

MUST_CHECK enum err folder_list(struct ctx *c, const struct folder_filter *filter, int64_t limit,
                                int64_t offset, struct folder **out, size_t *count,
                                int64_t *total);
MUST_CHECK enum err folder_get(struct ctx *c, const char *id, struct folder *out);

/* Fills children: {"data":[…]} of whole folders, down to the last. */
MUST_CHECK enum err folder_load_children(struct ctx *c, struct folder *folders, size_t count);

/* ERR_INVALID with each wrong field: a parent that is not there, of another type, or below the
 * folder itself; another type than it has. */
MUST_CHECK enum err folder_create(struct ctx *c, const struct folder_input *in,
                                  struct folder *out);
MUST_CHECK enum err folder_update(struct ctx *c, const char *id, const struct folder_input *in,
                                  struct folder *out);

/* Deletes a folder. What it holds moves to where the folder was. */
MUST_CHECK enum err folder_delete(struct ctx *c, const char *id);

/* Puts a record into a folder of its kind; one that is there already is answered as it is. */
MUST_CHECK enum err folder_add(struct ctx *c, const struct folder_place_input *in,
                               struct folder_place *out);
MUST_CHECK enum err folder_remove(struct ctx *c, int64_t relation_id);

/* The folders of each of these records, as what their objects include under "folders": out[i] is
 * {"data":[…]} of ids[i]. */
MUST_CHECK enum err folder_load_of_subjects(struct ctx *c, enum subject_kind kind,
                                            const char *const *ids, size_t count,
                                            const char **out);
