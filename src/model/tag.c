/* See tag.h. An organization has TAGS_MAX tags at most, so lists of them are sorted and searched
 * without indexes of their own. */
#include "model/tag.h"

#include <string.h>

#include "base/ids.h"
#include "base/include.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"
#include "flow/color.h"
#include "model/custom_field.h"

enum { COLOR_LENGTH = 7, TAGS_AT_ONCE = 50 };

/* Of tags whose maker did not choose one. */
static const char USUAL_COLOR[] = "#64748b";

/* ---- shape ---- */

#define TAG_FIELDS                                                                            \
    FIELD(tag, id, TEXT, READONLY), FIELD(tag, title, TEXT, READONLY),                        \
    FIELD(tag, color, TEXT, READONLY),                                                        \
    { .name = "type", .type = FIELD_FIXED, .fixed = "\"private\"" },                          \
    FIELD(tag, auto_generated, BOOL, READONLY)

static const struct field tag_fields[] = {
    TAG_FIELDS,
    FIELD(tag, custom_fields, JSON, READONLY),
    FIELD(tag, created_at, TIME, READONLY),
    FIELD(tag, last_updated, TIME, READONLY),
    { .name = "deleted_at", .type = FIELD_FIXED, .fixed = "null" },
    { 0 },
};
const struct shape tag_shape = SHAPE(tag, tag_fields);

/* A tag as an include tells it. */
static const struct field brief_fields[] = {
    TAG_FIELDS,
    FIELD(tag, association_id, INT, READONLY),
    { 0 },
};
static const struct shape brief_shape = SHAPE(tag, brief_fields);

static const struct field input_fields[] = {
    FIELD(tag_input, title, TEXT, REQUIRED, .max = 30, .note = "Unique in the organization."),
    FIELD(tag_input, color, TEXT, OPTIONAL, .max = COLOR_LENGTH, .note = "#rrggbb."),
    { 0 },
};
const struct shape tag_input_shape = SHAPE(tag_input, input_fields, .answer = &tag_shape);

static const struct field filter_fields[] = {
    FIELD(tag_filter, q, TEXT, OPTIONAL, .called = "search text", .max = 200),
    FIELD(tag_filter, all, BOOL, OPTIONAL),
    FIELD(tag_filter, auto_generated, TRI, OPTIONAL),
    LIST_ORDER_FIELDS(tag_filter),
    { 0 },
};
const struct shape tag_filter_shape = SHAPE(tag_filter, filter_fields);

static const struct field tagging_fields[] = {
    FIELD(tagging, id, INT, READONLY),
    FIELD(tagging, tag_id, TEXT, READONLY),
    FIELD(tagging, subject_type, TEXT, READONLY),
    FIELD(tagging, subject_id, TEXT, READONLY),
    { .name = "tag_type", .type = FIELD_FIXED, .fixed = "\"private\"" },
    FIELD(tagging, created_at, TIME, READONLY),
    { 0 },
};
const struct shape tagging_shape = SHAPE(tagging, tagging_fields);

static const struct field tagging_input_fields[] = {
    FIELD(tagging_input, subject_id, TEXT, REQUIRED, .max = 40),
    FIELD(tagging_input, subject_type, TEXT, REQUIRED, .max = 40,
          .note = "Checklist, Run, Step or Task."),
    FIELD(tagging_input, tag_id, TEXT, REQUIRED, .max = 40),
    FIELD(tagging_input, tag_type, TEXT, OPTIONAL, .max = 40, .note = "private."),
    { 0 },
};
const struct shape tagging_input_shape = SHAPE(tagging_input, tagging_input_fields);

/* On how much a tag is. */
struct statistics {
    int64_t active_template, archived_template, active_process, archived_process;
    int64_t active_task, archived_task;
};

static const struct field statistics_fields[] = {
    FIELD(statistics, active_template, INT, READONLY),
    FIELD(statistics, archived_template, INT, READONLY),
    FIELD(statistics, active_process, INT, READONLY),
    FIELD(statistics, archived_process, INT, READONLY),
    FIELD(statistics, active_task, INT, READONLY),
    FIELD(statistics, archived_task, INT, READONLY),
    { 0 },
};
static const struct shape statistics_shape = SHAPE(statistics, statistics_fields);

/* ---- SQL ---- */

#define TAG \
    "SELECT id, title, color, auto_generated, custom_fields, created_at," \
    "       updated_at AS last_updated FROM tags"

static const char TAG_GET[] = TAG " WHERE org_id = ? AND id = ?";

#define TAG_MATCHES                                                           \
    " WHERE org_id = ?1"                                                      \
    "   AND (CAST(?2 AS TEXT) IS NULL OR title_folded LIKE ?2 ESCAPE '\\')"   \
    "   AND (CAST(?3 AS BIGINT) IS NULL OR auto_generated = ?3)"
#define TAG_LIST(order) TAG TAG_MATCHES " ORDER BY " order " LIMIT ?4 OFFSET ?5"

static const struct {
    const char *order, *sql;
} lists[] = {
    { "title", TAG_LIST("title_folded, id") },
    { "-title", TAG_LIST("title_folded DESC, id DESC") },
    { "created_at", TAG_LIST("created_at, id") },
    { "-created_at", TAG_LIST("created_at DESC, id DESC") },
    { "updated_at", TAG_LIST("updated_at, id") },
    { "-updated_at", TAG_LIST("updated_at DESC, id DESC") },
};

static const char TAG_COUNT[] = "SELECT count(*) FROM tags" TAG_MATCHES;

static const char TITLE_OF_OTHER[] =
    "SELECT count(*) FROM tags WHERE org_id = ? AND title_folded = ? AND id <> ?";

static const char TAG_INSERT[] =
    "INSERT INTO tags (org_id, id, title, title_folded, color, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?6, ?6)";

static const char TAG_UPDATE[] =
    "UPDATE tags SET title = ?, title_folded = ?, color = ?, updated_at = ?"
    " WHERE org_id = ? AND id = ?";

static const char TAG_DELETE[] = "DELETE FROM tags WHERE org_id = ? AND id = ?";
static const char TAGGINGS_DELETE[] = "DELETE FROM taggings WHERE org_id = ? AND tag_id = ?";

static const char STATISTICS[] =
    "SELECT COALESCE(SUM(CASE WHEN t.archived_at IS NULL THEN 1 ELSE 0 END), 0) AS active_task,"
    "       COALESCE(SUM(CASE WHEN t.archived_at IS NULL THEN 0 ELSE 1 END), 0) AS archived_task"
    "  FROM taggings g JOIN tasks t ON t.org_id = g.org_id AND t.id = g.subject_id"
    " WHERE g.org_id = ? AND g.tag_id = ? AND g.subject_type = 'task'";

#define TAGGING "SELECT id, tag_id, subject_type, subject_id, created_at FROM taggings"

static const char TAGGING_GET[] = TAGGING " WHERE org_id = ? AND id = ?";

static const char TAGGING_FIND[] =
    TAGGING " WHERE org_id = ? AND subject_type = ? AND subject_id = ? AND tag_id = ?";

static const char TAGGING_INSERT[] =
    "INSERT INTO taggings (org_id, id, tag_id, subject_type, subject_id, created_at)"
    " VALUES (?, ?, ?, ?, ?, ?)";

static const char TAGGING_DELETE[] = "DELETE FROM taggings WHERE org_id = ? AND id = ?";

static const char TAGS_OF_SUBJECT[] =
    "SELECT t.id, t.title, t.color, t.auto_generated, g.id AS association_id"
    "  FROM taggings g JOIN tags t ON t.org_id = g.org_id AND t.id = g.tag_id"
    " WHERE g.org_id = ? AND g.subject_type = ? AND g.subject_id = ?"
    " ORDER BY t.title_folded, t.id";

/* ---- private ---- */

static enum err check(struct ctx *c, const char *id, const struct tag_input *in)
{
    int64_t n = 0;

    if (in->color != NULL && !color_is_hex(in->color))
        fault(c, "color", "The color must be written like #1f7a8c.");
    if (in->title != NULL && in->title[0] != '\0')
        TRY(db_int(c, TITLE_OF_OTHER, &n, TEXT(c->org), TEXT(text_fold(c->mem, in->title)),
                   TEXT(id)));
    if (n > 0)
        fault(c, "title", "There is a tag with this title already.");
    return fields_ok(c);
}

static enum err record(struct ctx *c, const char *verb, const struct tag *tag,
                       const struct tagging *on)
{
    return subject_event(c, verb, "tag", tag->id, tag->title, on == NULL ? NULL : on->subject_type,
                         on == NULL ? NULL : on->subject_id);
}

static enum err show(struct ctx *c, struct tag *tags, size_t count)
{
    return custom_fields_show(c, CUSTOM_ON_TAG, &tag_shape, tags, count);
}

/* ---- operations: tags ---- */

enum err tag_list(struct ctx *c, const struct tag_filter *filter, int64_t limit, int64_t offset,
                  struct tag **out, size_t *count, int64_t *total)
{
    const char *like = text_search(c->mem, filter->q);
    int made = filter->all && filter->auto_generated < 0 ? -1 : filter->auto_generated > 0;
    const char *sql = LIST_ORDER_ROW(c->mem, &filter->order, lists)->sql;

    TRY(db_int(c, TAG_COUNT, total, TEXT(c->org), TEXT(like), TRI(made)));
    TRY(db_all(c, sql, &tag_shape, out, count, TEXT(c->org), TEXT(like), TRI(made), INT(limit),
               INT(offset)));
    return show(c, *out, *count);
}

enum err tag_get(struct ctx *c, const char *id, struct tag *out)
{
    *out = (struct tag){ 0 };
    TRY(db_one(c, TAG_GET, &tag_shape, out, TEXT(c->org), TEXT(id)));
    return show(c, out, 1);
}

enum err tag_load_statistics(struct ctx *c, struct tag *tags, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct statistics n = { 0 };

        TRY(db_one(c, STATISTICS, &statistics_shape, &n, TEXT(c->org), TEXT(tags[i].id)));
        TRY(include_one(c, &statistics_shape, &n, &tags[i].statistics));
    }
    return OK;
}

enum err tag_create(struct ctx *c, const struct tag_input *in, struct tag *out)
{
    const char *id = id_new(c->mem, c->now);
    int64_t n;

    TRY(check(c, id, in));
    TRY(db_int(c, TAG_COUNT, &n, TEXT(c->org), TEXT(NULL), TRI(-1)));
    if (n >= TAGS_MAX)
        return fail(c, ERR_INVALID, "title", "An organization can have %d tags at most.",
                    TAGS_MAX);
    TRY(db_change(c, TAG_INSERT, TEXT(c->org), TEXT(id), TEXT(in->title),
                  TEXT(text_fold(c->mem, in->title)),
                  TEXT(in->color == NULL ? USUAL_COLOR : in->color), INT(c->now)));
    TRY(tag_get(c, id, out));
    return record(c, "created", out, NULL);
}

enum err tag_update(struct ctx *c, const char *id, const struct tag_input *in, struct tag *out)
{
    TRY(check(c, id, in));
    TRY(tag_get(c, id, out));
    if (strcmp(in->title, out->title) == 0 && strcmp(in->color, out->color) == 0)
        return OK;
    TRY(db_change(c, TAG_UPDATE, TEXT(in->title), TEXT(text_fold(c->mem, in->title)),
                  TEXT(in->color), INT(c->now), TEXT(c->org), TEXT(id)));
    TRY(tag_get(c, id, out));
    return record(c, "updated", out, NULL);
}

enum err tag_delete(struct ctx *c, const char *id)
{
    struct tag tag;
    enum err e = tag_get(c, id, &tag);

    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    TRY(db_change(c, TAGGINGS_DELETE, TEXT(c->org), TEXT(id)));
    TRY(db_change(c, TAG_DELETE, TEXT(c->org), TEXT(id)));
    return record(c, "deleted", &tag, NULL);
}

/* ---- operations: tags on records ---- */

static enum err find_tag(struct ctx *c, const char *id, struct tag *out)
{
    enum err e = tag_get(c, id, out);

    return e == ERR_NOT_FOUND ? fail(c, ERR_INVALID, "tag_id", "There is no such tag.") : e;
}

static enum err tagging_find(struct ctx *c, enum subject_kind kind, const struct tagging_input *in,
                             struct tagging *out)
{
    TRY(db_one(c, TAGGING_FIND, &tagging_shape, out, TEXT(c->org), TEXT(subject_words[kind]),
               TEXT(in->subject_id), TEXT(in->tag_id)));
    out->subject_type = subject_name(kind);
    return OK;
}

static enum err attach(struct ctx *c, enum subject_kind kind, const struct tagging_input *in,
                       const struct tag *tag, struct tagging *out)
{
    int64_t id;
    enum err e;

    *out = (struct tagging){ 0 };
    e = tagging_find(c, kind, in, out);
    if (e != ERR_NOT_FOUND)
        return e;
    TRY(subject_next_relation(c, &id));
    TRY(db_change(c, TAGGING_INSERT, TEXT(c->org), INT(id), TEXT(in->tag_id),
                  TEXT(subject_words[kind]), TEXT(in->subject_id), INT(c->now)));
    TRY(tagging_find(c, kind, in, out));
    return record(c, "linked", tag, out);
}

enum err tag_attach(struct ctx *c, const struct tagging_input *in, struct tagging *out)
{
    enum subject_kind kind = subject_kind_read(c, in->subject_type);
    enum err e = kind == SUBJECT_KINDS ? OK : subject_find(c, kind, in->subject_id);
    struct tag tag;

    if (e != OK && e != ERR_INVALID)
        return e;
    if (in->tag_type != NULL && strcmp(in->tag_type, "private") != 0)
        fault(c, "tag_type", "The tag type must be private.");
    TRY(find_tag(c, in->tag_id, &tag));
    TRY(fields_ok(c));
    return attach(c, kind, in, &tag, out);
}

/* The ids of the list; NULL with a fault for what is no list of them. */
static enum err read_list(struct ctx *c, const char *list, struct json **out)
{
    size_t count = 0;

    *out = NULL;
    if (list == NULL)
        return OK;
    TRY(json_parse(c, list, strlen(list), out));
    for (const struct json *v = (*out)->first; v != NULL && (*out)->kind == J_LIST; v = v->next)
        if (v->kind != J_TEXT || ++count > TAGS_AT_ONCE)
            (*out)->kind = J_NULL;
    if ((*out)->kind != J_LIST)
        fault(c, "tags", "The tags must be a list of ids, at most %d of them.", TAGS_AT_ONCE);
    return OK;
}

enum err tag_check_list(struct ctx *c, const char *list)
{
    struct json *ids;
    struct tag tag;

    TRY(read_list(c, list, &ids));
    if (ids == NULL || ids->kind != J_LIST)
        return OK;
    for (const struct json *v = ids->first; v != NULL; v = v->next) {
        enum err e = tag_get(c, v->text, &tag);

        if (e == ERR_NOT_FOUND)
            fault(c, "tags", "There is no tag %s.", v->text);
        else
            TRY(e);
    }
    return OK;
}

enum err tag_attach_list(struct ctx *c, enum subject_kind kind, const char *subject_id,
                         const char *list)
{
    struct json *ids;

    TRY(read_list(c, list, &ids));
    for (const struct json *v = ids == NULL ? NULL : ids->first; v != NULL; v = v->next) {
        const struct tagging_input in = { .subject_id = subject_id, .tag_id = v->text };
        struct tagging tagging;
        struct tag tag;

        TRY(find_tag(c, in.tag_id, &tag));
        TRY(attach(c, kind, &in, &tag, &tagging));
    }
    return OK;
}

/* Whoever may not see the record does not take tags off it either. */
enum err tag_detach(struct ctx *c, int64_t association_id)
{
    struct tagging tagging = { 0 };
    struct tag tag;

    TRY(db_one(c, TAGGING_GET, &tagging_shape, &tagging, TEXT(c->org), INT(association_id)));
    TRY(subject_see(c, (enum subject_kind)word_index(subject_words, tagging.subject_type),
                    tagging.subject_id));
    TRY(tag_get(c, tagging.tag_id, &tag));
    TRY(db_change(c, TAGGING_DELETE, TEXT(c->org), INT(association_id)));
    return record(c, "unlinked", &tag, &tagging);
}

enum err tag_load_of_subjects(struct ctx *c, enum subject_kind kind, const char *const *ids,
                              size_t count, const char **out)
{
    for (size_t i = 0; i < count; i++) {
        struct tag *tags;
        size_t n;

        TRY(db_all(c, TAGS_OF_SUBJECT, &brief_shape, &tags, &n, TEXT(c->org),
                   TEXT(subject_words[kind]), TEXT(ids[i])));
        TRY(include_list(c, &brief_shape, tags, n, &out[i]));
    }
    return OK;
}
