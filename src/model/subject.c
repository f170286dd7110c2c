/* See subject.h. */
#include "model/subject.h"

#include <strings.h>

#include "auth/event.h"
#include "base/json.h"
#include "base/str.h"
#include "db/db.h"
#include "model/task.h"

enum { EVENT_DATA_MAX = 4000 };

/* ---- SQL ---- */

static const char RELATION_NUMBER[] =
    "UPDATE org_counters SET relations = relations + 1 WHERE org_id = ? RETURNING relations";

static const char TAGGINGS_FORGET[] =
    "DELETE FROM taggings WHERE org_id = ? AND subject_type = ? AND subject_id = ?";

static const char PLACES_FORGET[] =
    "DELETE FROM folder_objects WHERE org_id = ? AND subject_type = ? AND subject_id = ?";

/* ---- the kinds ---- */

const char *const subject_words[] = { "checklist", "run", "step", "task", NULL };

/* Whether there is a live one that the caller may see; ERR_NOT_FOUND if there is none. */
static enum err find_task(struct ctx *c, const char *id, bool *archived)
{
    struct task task;

    TRY(task_get(c, id, &task));
    *archived = task.archived_at != 0;
    return OK;
}

static const struct kind {
    const char *name, *plural;
    const char *also; /* the product's word */
    enum err (*find)(struct ctx *c, const char *id, bool *archived); /* NULL: there are none */
} kinds[SUBJECT_KINDS] = {
    [SUBJECT_CHECKLIST] = { "Checklist", "Templates", "Template", NULL },
    [SUBJECT_RUN] = { "Run", "Processes", "Process", NULL },
    [SUBJECT_STEP] = { "Step", "Steps", "Step", NULL },
    [SUBJECT_TASK] = { "Task", "Tasks", "Task", find_task },
};

/* ---- operations ---- */

const char *subject_name(enum subject_kind kind)
{
    return kinds[kind].name;
}

const char *subject_plural(enum subject_kind kind)
{
    return kinds[kind].plural;
}

enum subject_kind subject_kind_read(struct ctx *c, const char *word)
{
    enum subject_kind kind = SUBJECT_CHECKLIST;

    while (kind < SUBJECT_KINDS && strcasecmp(kinds[kind].name, word) != 0 &&
           strcasecmp(kinds[kind].also, word) != 0)
        kind++;
    if (kind == SUBJECT_KINDS)
        fault(c, "subject_type", "The subject type must be Checklist, Run, Step or Task.");
    return kind;
}

static enum err not_found(struct ctx *c)
{
    enum err e = fail(c, ERR_INVALID, NULL, "Subject not found");

    fault(c, "subject_id", "There is no such record, or it is archived.");
    return e;
}

static enum err look(struct ctx *c, enum subject_kind kind, const char *id, bool *archived)
{
    return kinds[kind].find == NULL ? ERR_NOT_FOUND : kinds[kind].find(c, id, archived);
}

enum err subject_see(struct ctx *c, enum subject_kind kind, const char *id)
{
    bool archived;

    return look(c, kind, id, &archived);
}

enum err subject_find(struct ctx *c, enum subject_kind kind, const char *id)
{
    bool archived = false;
    enum err e = look(c, kind, id, &archived);

    if (e != ERR_NOT_FOUND && !archived)
        return e;
    ctx_forgive(c);
    return not_found(c);
}

enum err subject_forget(struct ctx *c, enum subject_kind kind, const char *id)
{
    TRY(db_change(c, TAGGINGS_FORGET, TEXT(c->org), TEXT(subject_words[kind]), TEXT(id)));
    return db_change(c, PLACES_FORGET, TEXT(c->org), TEXT(subject_words[kind]), TEXT(id));
}

enum err subject_event(struct ctx *c, const char *verb, const char *type, const char *id,
                       const char *title, const char *record_type, const char *record_id)
{
    struct str data = str_in(c->mem, EVENT_DATA_MAX);

    json_begin_object(&data);
    json_key_text(&data, "title", title);
    if (record_id != NULL) {
        json_key_text(&data, "record", record_type);
        json_key_text(&data, "record_id", record_id);
    }
    json_end_object(&data);
    return event_record(c, verb, type, id, str_text(&data));
}

enum err subject_next_relation(struct ctx *c, int64_t *out)
{
    return db_int(c, RELATION_NUMBER, out, TEXT(c->org));
}
