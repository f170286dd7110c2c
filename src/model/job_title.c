/* See job_title.h. */
#include "model/job_title.h"

#include <string.h>

#include "auth/event.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"

/* ---- shape ---- */

static const struct field job_title_fields[] = {
    FIELD(job_title, id, TEXT, READONLY),
    FIELD(job_title, title, TEXT, READONLY),
    FIELD(job_title, name, TEXT, READONLY, .note = "The same as title."),
    FIELD(job_title, created_at, TIME, READONLY),
    FIELD(job_title, last_updated, TIME, READONLY),
    { 0 },
};
const struct shape job_title_shape = SHAPE(job_title, job_title_fields);

static const struct field input_fields[] = {
    FIELD(job_title_input, title, TEXT, NULLABLE, .max = 200,
          .note = "Unique in the organization."),
    FIELD(job_title_input, name, TEXT, NULLABLE, .max = 200, .note = "The same as title."),
    { .name = "permissions", .type = FIELD_FIXED, .flags = FIELD_READONLY, .fixed = "null",
      .note = "Some clients send it; a job title gives none." },
    { 0 },
};
const struct shape job_title_input_shape =
    SHAPE(job_title_input, input_fields, .answer = &job_title_shape);

/* ---- SQL ---- */

#define JOB_TITLE                                                                   \
    "SELECT id, title, title AS name, created_at, updated_at AS last_updated"       \
    "  FROM job_titles WHERE org_id = ?1"

#define MATCHES " AND (CAST(?2 AS TEXT) IS NULL OR title_folded LIKE ?2 ESCAPE '\\')"

static const char JOB_TITLE_GET[] = JOB_TITLE " AND id = ?2";

static const char JOB_TITLE_LIST[] =
    JOB_TITLE MATCHES " ORDER BY title_folded, id LIMIT ?3 OFFSET ?4";

static const char JOB_TITLE_COUNT[] = "SELECT count(*) FROM job_titles WHERE org_id = ?1" MATCHES;

static const char TITLE_OF_OTHER[] =
    "SELECT count(*) FROM job_titles WHERE org_id = ? AND title_folded = ? AND id <> ?";

static const char JOB_TITLE_INSERT[] =
    "INSERT INTO job_titles (org_id, id, title, title_folded, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?5, ?5)";

static const char JOB_TITLE_UPDATE[] =
    "UPDATE job_titles SET title = ?, title_folded = ?, updated_at = ?"
    " WHERE org_id = ? AND id = ?";

static const char JOB_TITLE_DELETE[] = "DELETE FROM job_titles WHERE org_id = ? AND id = ?";

/* ---- private ---- */

/* The wanted title, checked; its faults are told of the word that the input has for it. */
static enum err read_title(struct ctx *c, const char *id, const struct job_title_input *in,
                           const char **out)
{
    const char *field = in->title == NULL && in->name != NULL ? "name" : "title";
    const char *folded;
    int64_t n;

    *out = in->title != NULL ? in->title : in->name;
    TRY(fields_ok(c));
    folded = *out == NULL ? "" : text_fold(c->mem, *out);
    if (folded[0] == '\0')
        return fail(c, ERR_INVALID, field, "The title is required.");
    TRY(db_int(c, TITLE_OF_OTHER, &n, TEXT(c->org), TEXT(folded), TEXT(id)));
    if (n > 0)
        return fail(c, ERR_INVALID, field, "There is a job title with this name already.");
    return OK;
}

/* The title is told too, since the job title may be gone when the log is read. */
static enum err record(struct ctx *c, const char *verb, const char *id, const char *title)
{
    struct str data = str_in(c->mem, 4000);

    json_begin_object(&data);
    json_key_text(&data, "title", title);
    json_end_object(&data);
    return event_record(c, verb, "job_title", id, str_text(&data));
}

/* ---- operations ---- */

enum err job_title_list(struct ctx *c, const char *q, int64_t limit, int64_t offset,
                        struct job_title **out, size_t *count, int64_t *total)
{
    const char *like = text_search(c->mem, q);

    TRY(db_int(c, JOB_TITLE_COUNT, total, TEXT(c->org), TEXT(like)));
    return db_all(c, JOB_TITLE_LIST, &job_title_shape, out, count, TEXT(c->org), TEXT(like),
                  INT(limit), INT(offset));
}

enum err job_title_get(struct ctx *c, const char *id, struct job_title *out)
{
    *out = (struct job_title){ 0 };
    return db_one(c, JOB_TITLE_GET, &job_title_shape, out, TEXT(c->org), TEXT(id));
}

enum err job_title_create(struct ctx *c, const struct job_title_input *in, struct job_title *out)
{
    const char *id = id_new(c->mem, c->now), *title;
    int64_t n;

    TRY(read_title(c, id, in, &title));
    TRY(db_int(c, JOB_TITLE_COUNT, &n, TEXT(c->org), TEXT(NULL)));
    if (n >= JOB_TITLES_MAX)
        return fail(c, ERR_INVALID, "title", "An organization can have %d job titles at most.",
                    JOB_TITLES_MAX);
    TRY(db_change(c, JOB_TITLE_INSERT, TEXT(c->org), TEXT(id), TEXT(title),
                  TEXT(text_fold(c->mem, title)), INT(c->now)));
    TRY(record(c, "created", id, title));
    return job_title_get(c, id, out);
}

enum err job_title_update(struct ctx *c, const char *id, const struct job_title_input *in,
                          struct job_title *out)
{
    struct job_title_input wanted = *in;
    const char *title;

    TRY(job_title_get(c, id, out));
    if (in->name != NULL && in->title != NULL && strcmp(in->title, out->title) == 0)
        wanted.title = NULL; /* both are sent back, and the other one may have been changed */
    TRY(read_title(c, id, &wanted, &title));
    if (strcmp(out->title, title) == 0)
        return OK;
    TRY(db_change_one(c, JOB_TITLE_UPDATE, TEXT(title), TEXT(text_fold(c->mem, title)),
                      INT(c->now), TEXT(c->org), TEXT(id)));
    TRY(record(c, "updated", id, title));
    return job_title_get(c, id, out);
}

enum err job_title_delete(struct ctx *c, const char *id)
{
    struct job_title gone;

    TRY(job_title_get(c, id, &gone));
    TRY(db_change_one(c, JOB_TITLE_DELETE, TEXT(c->org), TEXT(id)));
    return record(c, "deleted", id, gone.title);
}
