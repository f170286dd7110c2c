/* See task.h. What may happen to a task is decided in flow/task.h; this file remembers it.
 *
 * A change touches three places, always together: the task's row, the rows of its owners (the
 * index of people's lists), and the event log. */
#include "model/task_row.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "auth/caller.h"
#include "base/ids.h"
#include "base/text.h"
#include "db/db.h"
#include "flow/task.h"
#include "auth/event.h"
#include "model/custom_field.h"
#include "model/subject.h"
#include "model/tag.h"
#include "model/task_guests.h"
#include "model/task_owners.h"
#include "model/task_parts.h"
#include "model/user.h"

enum { CHANGES_MAX = 2 * OWNERS_TEXT_MAX };

/* ---- shape ---- */

/* What a task that stands alone never has; clients look for it all the same. */
#define NONE(member) \
    { .name = #member, .type = FIELD_FIXED, .flags = FIELD_READONLY, .fixed = "null" }
#define NEVER(member) \
    { .name = #member, .type = FIELD_FIXED, .flags = FIELD_READONLY, .fixed = "false" }

/* type_mode: whether an input must say the type. */
#define TASK_FIELDS(type_mode)                                                                  \
    FIELD(task, id, TEXT, READONLY),                                                            \
        FIELD(task, title, TEXT, REQUIRED, .max = 600),                                         \
        FIELD(task, original_title, TEXT, READONLY),                                            \
        FIELD(task, task_type, WORD, type_mode, .words = task_type_words),                      \
        FIELD(task, status, WORD, OPTIONAL, .words = task_state_words),                         \
        FIELD(task, status_label, TEXT, READONLY, .note = "Or more: overdue, approved."),       \
        FIELD(task, increment_id, INT, READONLY, .note = "Counts the organization's tasks."),   \
        FIELD(task, position, INT, OPTIONAL, .max = 100000),                                    \
        FIELD(task, owners, JSON, REQUIRED, .note = "Lists: users (ids), guests, groups."),     \
        FIELD(task, max_assignable, INT, OPTIONAL, .max = OWNERS_MAX, .note = "0: no limit."),  \
        FIELD(task, deadline, TIME, REQUIRED),                                                  \
        FIELD(task, started_at, TIME, NULLABLE),                                                \
        FIELD(task, is_soft_start_date, BOOL, OPTIONAL),                                        \
        FIELD(task, everyone_must_complete, BOOL, OPTIONAL),                                    \
        FIELD(task, can_complete_only_assignees, BOOL, OPTIONAL),                               \
        FIELD(task, allow_guest_owners, BOOL, OPTIONAL),                                        \
        FIELD(task, prevent_guest_comment, BOOL, OPTIONAL),                                     \
        FIELD(task, top_secret, BOOL, OPTIONAL, .note = "For assignees and administrators."),   \
        FIELD(task, webhook, TEXT, NULLABLE, .max = 2000),                                      \
        FIELD(task, taskdata, JSON, OPTIONAL),                                                  \
        FIELD(task, run_id, TEXT, NULLABLE),                                                    \
        FIELD(task, checklist_id, TEXT, NULLABLE),                                              \
        FIELD(task, linked_step_id, TEXT, NULLABLE),                                            \
        FIELD(task, version, INT, OPTIONAL, .note = "In a change: must be the present one."),   \
        FIELD(task, is_oneoff_task, BOOL, READONLY),                                            \
        FIELD(task, is_completable, BOOL, READONLY, .note = "By the caller, now."),             \
        FIELD(task, problem, BOOL, READONLY),                                                   \
        FIELD(task, starter_id, INT, READONLY_NULL),                                            \
        FIELD(task, completer_id, INT, READONLY_NULL),                                          \
        FIELD(task, is_approved, TRI, READONLY),                                                \
        FIELD(task, completion_progress, REAL, READONLY, .note = "Percent, if everyone must."), \
        FIELD(task, completions, JSON, READONLY),                                               \
        FIELD(task, custom_fields, JSON, READONLY, .note = "Values by key."),                  \
        FIELD(task, completed_at, TIME, READONLY),                                              \
        FIELD(task, archived_at, TIME, READONLY),                                               \
        FIELD(task, created_at, TIME, READONLY),                                                \
        FIELD(task, last_updated, TIME, READONLY),                                              \
        NONE(run_status),                                                                       \
        NONE(step_id),                                                                          \
        NONE(alias),                                                                            \
        NONE(stage_id),                                                                         \
        NONE(blueprint_position),                                                               \
        NONE(completer_guest),                                                                  \
        NONE(completer_guest_id),                                                               \
        NEVER(send_chromeless),                                                                 \
        NEVER(has_deadline_dependent_child_tasks),                                              \
        FIELD(task, owner_count, INT, HIDDEN),                                                  \
        FIELD(task, completed_owners, INT, HIDDEN),                                             \
        FIELD(task, my_part, TRI, HIDDEN)

#define TASK_SUMMARY                      \
    FIELD(task, summary, TEXT, NULLABLE), \
        FIELD(task, original_summary, TEXT, READONLY_NULL)

#define TASK_INPUT_FIELDS                                                              \
    FIELD(task_input, name, TEXT, READONLY, .note = "The same as title."),             \
        FIELD(task_input, description, TEXT, READONLY, .note = "The same as summary."), \
        FIELD(task_input, form_fields, JSON, OPTIONAL),                                \
        FIELD(task_input, tags, JSON, OPTIONAL),                                       \
        FIELD(task_input, separate_task_for_each_assignee, BOOL, OPTIONAL)

static const struct field task_fields[] = { TASK_FIELDS(OPTIONAL), { 0 } };
const struct shape task_shape = SHAPE(task, task_fields);

static const struct field task_whole_fields[] = { TASK_FIELDS(OPTIONAL), TASK_SUMMARY, { 0 } };
const struct shape task_whole_shape = SHAPE(task, task_whole_fields);

static const struct field task_create_fields[] = { TASK_FIELDS(REQUIRED), TASK_SUMMARY,
                                                   TASK_INPUT_FIELDS, { 0 } };
const struct shape task_create_shape = SHAPE(task_input, task_create_fields);

static const struct field task_change_fields[] = { TASK_FIELDS(OPTIONAL), TASK_SUMMARY,
                                                   TASK_INPUT_FIELDS, { 0 } };
const struct shape task_change_shape = SHAPE(task_input, task_change_fields);

static const struct field task_completion_fields[] = {
    FIELD(task_completion_input, task_id, TEXT, REQUIRED),
    FIELD(task_completion_input, is_approved, TRI, NULLABLE),
    FIELD(task_completion_input, override_user, INT, NULLABLE,
          .note = "Administrators: whose completion it is."),
    FIELD(task_completion_input, comment, TEXT, NULLABLE),
    { 0 },
};
const struct shape task_completion_shape = SHAPE(task_completion_input, task_completion_fields);

/* ---- SQL ---- */

static const char TASK_GET[] =
    "SELECT" TASK_COLUMNS ", t.summary," MY_PART("?3") " AS my_part"
    "  FROM tasks t WHERE t.org_id = ?1 AND t.id = ?2";

static const char TASK_NUMBER[] =
    "UPDATE org_counters SET tasks = tasks + 1, live_tasks = live_tasks + 1"
    " WHERE org_id = ? RETURNING tasks";

static const char TASK_INSERT[] =
    "INSERT INTO tasks (org_id, id, increment_id, title, title_folded, summary, task_type, status,"
    "                   open, position, owners, owner_count, max_assignable, webhook, starter_id,"
    "                   everyone_must_complete, can_complete_only_assignees, allow_guest_owners,"
    "                   prevent_guest_comment, top_secret, is_soft_start_date, started_at, due,"
    "                   created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char TASK_UPDATE[] =
    "UPDATE tasks"
    "   SET title = ?, title_folded = ?, summary = ?, task_type = ?, status = ?, position = ?,"
    "       owners = ?, max_assignable = ?, webhook = ?,"
    "       everyone_must_complete = ?, can_complete_only_assignees = ?, allow_guest_owners = ?,"
    "       prevent_guest_comment = ?, top_secret = ?, is_soft_start_date = ?, started_at = ?,"
    "       due = ?, updated_at = ?, version = version + 1"
    " WHERE org_id = ? AND id = ? AND version = ?";

static const char TASK_SET_STATE[] =
    "UPDATE tasks"
    "   SET status = ?, open = ?, completed_at = ?, completer_id = ?, is_approved = ?,"
    "       completions = ?, completed_owners = ?, updated_at = ?, version = version + 1"
    " WHERE org_id = ? AND id = ? AND version = ?";

static const char TASK_SET_ARCHIVED[] =
    "UPDATE tasks SET archived_at = ?, updated_at = ?, version = version + 1"
    " WHERE org_id = ? AND id = ? AND version = ?";

static const char LIVE_TASKS_ADD[] =
    "UPDATE org_counters SET live_tasks = live_tasks + ? WHERE org_id = ?";

static const char TASK_DELETE[] = "DELETE FROM tasks WHERE org_id = ? AND id = ? AND version = ?";

static const char OWNERS_SET_DUE[] =
    "UPDATE task_owners SET due = ? WHERE org_id = ? AND task_id = ?";

/* ?3 is who has completed their part, or 0 to clear everybody's. */
static const char OWNERS_SET_STATE[] =
    "UPDATE task_owners"
    "   SET open = ?1, completed_at = ?2,"
    "       done = CASE WHEN ?3 = 0 THEN 0 WHEN user_id = ?3 THEN 1 ELSE done END"
    " WHERE org_id = ?4 AND task_id = ?5";

static const char OWNERS_SET_ARCHIVED[] =
    "UPDATE task_owners SET archived_at = ? WHERE org_id = ? AND task_id = ?";

static const char OWNERS_DELETE[] = "DELETE FROM task_owners WHERE org_id = ? AND task_id = ?";

static const char GROUPS_DELETE[] = "DELETE FROM task_groups WHERE org_id = ? AND task_id = ?";

static const char OWNER_PART[] =
    "SELECT done FROM task_owners WHERE org_id = ? AND user_id = ? AND task_id = ?";

static const char GUEST_ASSIGNABLE[] =
    "SELECT 1 FROM guests"
    " WHERE org_id = ? AND email_folded = ? AND deleted_at IS NULL AND disabled_at IS NULL";

/* ---- private: seeing ---- */

struct task_facts task_facts(const struct task *t)
{
    return (struct task_facts){
        .type = (enum task_type)t->task_type,
        .state = (enum task_state)t->status,
        .archived = t->archived_at != 0,
        .problem = t->problem,
        .top_secret = t->top_secret,
        .only_assignees = t->can_complete_only_assignees,
        .everyone = t->everyone_must_complete,
        .is_approved = t->is_approved,
        .deadline = t->deadline,
        .owners = t->owner_count,
        .finished = t->completed_owners,
    };
}

static struct task_person caller_of(const struct ctx *c, const struct task *t)
{
    return (struct task_person){
        .admin = c->caller->role == ROLE_ADMIN,
        .light = c->caller->role < ROLE_STANDARD,
        .assigned = t->my_part >= 0,
        .finished = t->my_part == 1,
        .starter = t->starter_id == caller_person(c->caller),
    };
}

void task_derive(const struct ctx *c, struct task *t)
{
    const struct task_facts facts = task_facts(t);
    const struct task_person who = caller_of(c, t);

    t->original_title = t->title;
    t->original_summary = t->summary;
    t->status_label = task_status_label(&facts, c->now);
    t->completion_progress = task_progress(&facts);
    /* Guests see their tasks; completing is the members' part. */
    t->is_completable = c->caller->guest_id == 0 &&
                        task_completion(&facts, &who) == TASK_MAY_COMPLETE;
}

/* Writes the names of what a change changes, and says whether there is any. */
static bool write_changes(struct str *out, const struct task *was, const struct task *is)
{
    bool any = false;

    json_key(out, "changed");
    json_begin_list(out);
    for (const struct field *f = task_whole_fields; f->name != NULL; f++) {
        if ((f->flags & (FIELD_READONLY | FIELD_HIDDEN)) || field_same(f, was, is))
            continue;
        json_put_text(out, f->name);
        any = true;
    }
    json_end_list(out);
    return any;
}

static int64_t due_of(const struct task *t)
{
    return t->deadline == 0 ? NO_DEADLINE : t->deadline;
}

/* The wire has whole seconds; so has the store, so that a time that was answered can be sent back
 * in a filter and means the same. */
static int64_t whole_seconds(int64_t ms)
{
    return ms - ms % SECOND;
}

/* ---- private: checks ---- */

static bool says_nothing(const char *json)
{
    return json == NULL || strcmp(json, "[]") == 0 || strcmp(json, "{}") == 0 ||
           strcmp(json, "null") == 0;
}

static bool is_web_address(const char *s)
{
    const char *host = strncmp(s, "https://", 8) == 0  ? s + 8 :
                       strncmp(s, "http://", 7) == 0 ? s + 7 :
                                                       NULL;

    if (host == NULL || !isalnum((unsigned char)host[0]))
        return false;
    for (; *s != '\0'; s++)
        if ((unsigned char)*s <= ' ' || *s == 0x7f)
            return false;
    return true;
}

/* A reference to something outside the task that cannot be found. */
static void check_absent(struct ctx *c, const char *field, const char *value, const char *noun)
{
    if (value != NULL)
        fault(c, field, "There is no such %s.", noun);
}

/* What the shape cannot tell about an input. Nothing that was sent is dropped in silence. */
static void check_input(struct ctx *c, const struct task_input *in)
{
    const struct task *t = &in->task;

    check_absent(c, "run_id", t->run_id, "process");
    check_absent(c, "checklist_id", t->checklist_id, "template");
    check_absent(c, "linked_step_id", t->linked_step_id, "step");
    if (t->position < 1)
        fault(c, "position", "The position must be at least 1.");
    if (t->webhook != NULL && !is_web_address(t->webhook))
        fault(c, "webhook", "The webhook must be an address that begins with https:// or http://.");
    if (!says_nothing(in->form_fields))
        fault(c, "form_fields", "One-off tasks cannot have form fields here yet.");
    if (!says_nothing(t->taskdata))
        fault(c, "taskdata", "The task has no form fields that could take a value.");
    if (in->separate_task_for_each_assignee)
        fault(c, "separate_task_for_each_assignee",
              "Tasks cannot be split by assignee here yet. Create one for each person.");
}

/* A state that is set by an edit rather than by completing or reopening. */
static void check_state(struct ctx *c, const struct task *was, const struct task *is)
{
    if (is->status == was->status)
        return;
    if (is->status == TASK_COMPLETED)
        fault(c, "status", "A task is completed by completing it, not by an edit.");
    else if (is->status == TASK_SKIPPED)
        fault(c, "status", "A one-off task cannot be hidden.");
    else if (!task_may_become((enum task_state)was->status, (enum task_state)is->status))
        fault(c, "status", "A task that is %s cannot become %s.", task_state_words[was->status],
              task_state_words[is->status]);
}

/* ---- private: writing ---- */

static enum err insert(struct ctx *c, struct task *t)
{
    TRY(db_int(c, TASK_NUMBER, &t->increment_id, TEXT(c->org)));
    return db_change(
        c, TASK_INSERT, TEXT(c->org), TEXT(t->id), INT(t->increment_id), TEXT(t->title),
        TEXT(text_fold(c->mem, t->title)), TEXT(t->summary), TEXT(task_type_words[t->task_type]),
        TEXT(task_state_words[t->status]), INT(t->position), TEXT(t->owners), INT(t->owner_count),
        INT(t->max_assignable), TEXT(t->webhook), INT(t->starter_id),
        INT(t->everyone_must_complete), INT(t->can_complete_only_assignees),
        INT(t->allow_guest_owners), INT(t->prevent_guest_comment), INT(t->top_secret),
        INT(t->is_soft_start_date), INT_OR_NULL(t->started_at), INT(due_of(t)), INT(c->now),
        INT(c->now));
}

/* After a write: what the row has now that the struct has not. */
static void changed(const struct ctx *c, struct task *t)
{
    t->version++;
    t->last_updated = c->now;
}

static enum err update(struct ctx *c, struct task *t)
{
    TRY(db_change_one(
        c, TASK_UPDATE, TEXT(t->title), TEXT(text_fold(c->mem, t->title)), TEXT(t->summary),
        TEXT(task_type_words[t->task_type]), TEXT(task_state_words[t->status]), INT(t->position),
        TEXT(t->owners), INT(t->max_assignable), TEXT(t->webhook), INT(t->everyone_must_complete),
        INT(t->can_complete_only_assignees), INT(t->allow_guest_owners),
        INT(t->prevent_guest_comment), INT(t->top_secret), INT(t->is_soft_start_date),
        INT_OR_NULL(t->started_at), INT(due_of(t)), INT(c->now), TEXT(c->org), TEXT(t->id),
        INT(t->version)));
    changed(c, t);
    return OK;
}

/* Writes state and completions; `finisher` has completed their part, 0 clears everybody's. */
static enum err set_state(struct ctx *c, struct task *t, int64_t finisher)
{
    const int64_t open = task_is_open((enum task_state)t->status);

    TRY(db_change_one(c, TASK_SET_STATE, TEXT(task_state_words[t->status]), INT(open),
                      INT_OR_NULL(t->completed_at), INT_OR_NULL(t->completer_id),
                      TRI(t->is_approved), TEXT(t->completions), INT(t->completed_owners),
                      INT(c->now), TEXT(c->org), TEXT(t->id), INT(t->version)));
    changed(c, t);
    return db_change(c, OWNERS_SET_STATE, INT(open), INT_OR_NULL(t->completed_at), INT(finisher),
                     TEXT(c->org), TEXT(t->id));
}

/* Archives a live task (at some time) or restores an archived one (0). */
static enum err set_archived(struct ctx *c, struct task *t, int64_t at)
{
    t->archived_at = at;
    TRY(db_change_one(c, TASK_SET_ARCHIVED, INT_OR_NULL(at), INT(c->now), TEXT(c->org),
                      TEXT(t->id), INT(t->version)));
    changed(c, t);
    TRY(db_change_one(c, LIVE_TASKS_ADD, INT(at == 0 ? 1 : -1), TEXT(c->org)));
    return db_change(c, OWNERS_SET_ARCHIVED, INT_OR_NULL(at), TEXT(c->org), TEXT(t->id));
}

/* ---- operations: reading ---- */

enum err task_get(struct ctx *c, const char *id, struct task *out)
{
    struct task_facts facts;
    struct task_person who;
    enum err e;

    *out = (struct task){ 0 };
    e = db_one(c, TASK_GET, &task_whole_shape, out, TEXT(c->org), TEXT(id),
               INT(caller_person(c->caller)));
    if (e == ERR_NOT_FOUND)
        return fail(c, ERR_NOT_FOUND, NULL, NULL);
    TRY(e);
    facts = task_facts(out);
    who = caller_of(c, out);
    if (!task_visible_to(&facts, &who))
        return fail(c, ERR_NOT_FOUND, NULL, NULL);
    task_derive(c, out);
    return custom_fields_show(c, CUSTOM_ON_TASK, &task_shape, out, 1);
}

enum err task_get_editable(struct ctx *c, const char *id, struct task *out)
{
    struct task_facts facts;
    struct task_person who;

    TRY(task_get(c, id, out));
    facts = task_facts(out);
    who = caller_of(c, out);
    if (!task_editable_by(&facts, &who))
        return fail(c, ERR_DENIED, NULL, who.light ? "Light members may not change tasks." :
                                                     "Only its assignees may change this task.");
    return OK;
}

/* ---- operations: creating and changing ---- */

struct task_input task_input_new(void)
{
    return (struct task_input){
        .task = { .task_type = -1,
                  .status = TASK_NOT_STARTED,
                  .position = 1,
                  .is_approved = -1,
                  .is_oneoff_task = true,
                  .allow_guest_owners = true,
                  .owners = "{}" },
    };
}

/* Whether the caller has the task, once its owners are entered. */
static enum err read_my_part(struct ctx *c, struct task *t)
{
    int64_t part;
    enum err e = db_int(c, OWNER_PART, &part, TEXT(c->org), INT(caller_person(c->caller)),
                        TEXT(t->id));

    t->my_part = e == OK ? (int)part : -1;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* The parts of creating that a copy shares. */
static enum err create(struct ctx *c, struct auth *auth, struct task *t,
                       const struct owners *owners, const char *copied_from)
{
    static const struct owners nobody = { 0 };
    static const struct id_set no_guests = { 0 };
    struct str data = str_in(c->mem, CHANGES_MAX);

    t->id = id_new(c->mem, c->now);
    t->created_at = t->last_updated = c->now;
    t->taskdata = "{}";
    t->custom_fields = "{}";
    t->completions = PARTS_NONE;
    t->version = 1;
    TRY(insert(c, t));
    TRY(owners_enter(c, t, NULL, owners));
    TRY(read_my_part(c, t));
    json_begin_object(&data);
    owners_write_difference(&data, &nobody, owners);
    if (copied_from != NULL)
        json_key_text(&data, "copied_from", copied_from);
    json_end_object(&data);
    task_derive(c, t);
    if (owners->count[OWNER_GUEST] + owners->count[OWNER_GROUP] > 0)
        TRY(task_guests_tell(c, auth, t->id, &no_guests));
    return event_record(c, "created", "task", t->id, str_text(&data));
}

enum err task_create(struct ctx *c, struct auth *auth, const struct task_input *in,
                     struct task *out)
{
    static const struct task fresh = { .status = TASK_NOT_STARTED };
    struct owners owners;

    *out = in->task;
    out->starter_id = c->caller->user_id;
    out->deadline = whole_seconds(out->deadline);
    out->started_at = whole_seconds(out->started_at == 0 ? c->now : out->started_at);
    check_input(c, in);
    check_state(c, &fresh, out);
    TRY(tag_check_list(c, in->tags));
    TRY(owners_read(c, auth, NULL, out, &owners));
    TRY(create(c, auth, out, &owners, NULL));
    return tag_attach_list(c, SUBJECT_TASK, out->id, in->tags);
}

enum err task_edit(struct ctx *c, const char *id, struct task_input *out)
{
    *out = (struct task_input){ 0 };
    TRY(task_get_editable(c, id, &out->was));
    if (out->was.archived_at != 0)
        return fail(c, ERR_INVALID, "task", "The task is archived. Restore it first.");
    if (out->was.status == TASK_COMPLETED)
        return fail(c, ERR_INVALID, "task", "The task is completed. Reopen it first.");
    out->task = out->was;
    return OK;
}

/* Brings the index from what was to what is; leaves the difference in the event's data. */
static enum err change_owners(struct ctx *c, struct auth *auth, const struct task *was,
                              struct task *is, const struct owners *wanted, struct str *data)
{
    struct id_set guests;
    struct owners present;

    TRY(owners_parse(c, was->owners, &present));
    owners_write_difference(data, &present, wanted);
    if (due_of(was) != due_of(is))
        TRY(db_change(c, OWNERS_SET_DUE, INT(due_of(is)), TEXT(c->org), TEXT(is->id)));
    if (strcmp(was->owners, is->owners) == 0 &&
        was->allow_guest_owners == is->allow_guest_owners)
        return OK;
    TRY(task_guests_get(c, is->id, &guests));
    TRY(owners_enter(c, is, &present, wanted));
    TRY(task_guests_tell(c, auth, is->id, &guests));
    return read_my_part(c, is);
}

enum err task_update(struct ctx *c, struct auth *auth, const struct task_input *in,
                     struct task *out)
{
    struct str data = str_in(c->mem, CHANGES_MAX);
    struct owners owners;

    *out = in->task;
    if (out->version != in->was.version)
        return fail(c, ERR_CONFLICT, NULL, NULL);
    out->deadline = whole_seconds(out->deadline);
    out->started_at = whole_seconds(out->started_at);
    out->taskdata = in->was.taskdata;
    check_input(c, in);
    check_state(c, &in->was, out);
    if (!says_nothing(in->tags))
        fault(c, "tags", "Tags are put on a task, and taken off it, at checklists/tags.");
    TRY(owners_read(c, auth, &in->was, out, &owners));
    json_begin_object(&data);
    if (write_changes(&data, &in->was, out)) {
        TRY(update(c, out));
        TRY(change_owners(c, auth, &in->was, out, &owners, &data));
        json_end_object(&data);
        TRY(event_record(c, "updated", "task", out->id, str_text(&data)));
    }
    task_derive(c, out);
    return OK;
}

/* Whether one of the owners can be given a copy. */
static enum err is_there(struct ctx *c, enum owner_kind kind, const struct owner *who, bool *out)
{
    int64_t found;
    enum err e;

    *out = true;
    if (kind == OWNER_GROUP)
        return OK; /* those that are gone are in no task */
    if (kind == OWNER_USER)
        return owner_is_assignable(c, who->id, out);
    e = db_int(c, GUEST_ASSIGNABLE, &found, TEXT(c->org),
               TEXT(text_fold_email(c->mem, who->name)));
    *out = e == OK;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err task_clone(struct ctx *c, struct auth *auth, const char *id, struct task *out)
{
    struct owners owners, there = { 0 };

    TRY(task_get(c, id, out));
    TRY(owners_parse(c, out->owners, &owners));
    for (int kind = 0; kind < OWNER_KINDS; kind++)
        for (size_t i = 0; i < owners.count[kind]; i++) {
            bool assignable;

            TRY(is_there(c, (enum owner_kind)kind, &owners.list[kind][i], &assignable));
            if (assignable)
                owners_add(c, &there, (enum owner_kind)kind, &owners.list[kind][i]);
        }
    out->starter_id = c->caller->user_id;
    TRY(owners_keep_member(c, out, NULL, &there));
    out->owners = owners_text(c, &there);
    out->owner_count = (int64_t)there.count[OWNER_USER];
    out->status = TASK_NOT_STARTED;
    out->is_approved = -1;
    out->problem = false;
    out->started_at = whole_seconds(c->now);
    out->completed_at = out->archived_at = out->completer_id = out->completed_owners = 0;
    return create(c, auth, out, &there, id);
}

/* ---- operations: completing and reopening ---- */

/* Whose completion it is: the caller's, or for an administrator anybody's. */
static enum err completer_of(struct ctx *c, const struct task_completion_input *in,
                             const struct task *t, int64_t *user, struct task_person *who)
{
    bool assignable;
    int64_t part;
    enum err e;

    *user = c->caller->user_id;
    *who = caller_of(c, t);
    if (in->override_user == 0)
        return OK;
    if (!who->admin)
        return fail(c, ERR_DENIED, NULL, "Only administrators may complete for somebody else.");
    TRY(owner_is_assignable(c, in->override_user, &assignable));
    if (!assignable)
        return fail(c, ERR_INVALID, "override_user", "There is no such member.");
    *user = in->override_user;
    e = db_int(c, OWNER_PART, &part, TEXT(c->org), INT(*user), TEXT(t->id));
    who->assigned = e == OK;
    who->finished = e == OK && part == 1;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* Records one person's completion in the task, and completes it if that was the last one. */
static enum err finish_part(struct ctx *c, struct task *t, int64_t user,
                            const struct task_person *who, int given)
{
    struct task_facts facts = task_facts(t);
    int decision = task_decision(facts.type, given);
    struct parts parts;

    TRY(parts_read(c, t->completions, &parts));
    parts_add(c, &parts, user, decision);
    TRY(parts_write(c, &parts, &t->completions));
    t->completed_owners += who->assigned && !who->finished;
    if (task_waits_for_all(&facts)) {
        if (t->completed_owners < t->owner_count) {
            t->status = TASK_IN_PROGRESS;
            return OK;
        }
        decision = task_decision(facts.type, task_joint_decision(parts.list, parts.count));
    }
    assert(task_may_become(facts.state, TASK_COMPLETED));
    t->status = TASK_COMPLETED;
    t->completed_at = c->now;
    t->completer_id = user;
    t->is_approved = decision;
    return OK;
}

static const char *completion_data(struct ctx *c, const struct task *t,
                                   const struct task_completion_input *in, int64_t user)
{
    struct str data = str_in(c->mem, 512 * 1024);

    json_begin_object(&data);
    json_key_int(&data, "completer_id", user);
    if (t->is_approved >= 0)
        json_key_bool(&data, "is_approved", t->is_approved);
    if (in->comment != NULL)
        json_key_text(&data, "comment", in->comment);
    json_end_object(&data);
    return str_text(&data);
}

enum err task_complete(struct ctx *c, const struct task_completion_input *in, struct task *out)
{
    struct task_facts facts;
    struct task_person who;
    enum task_answer answer;
    int64_t user;

    TRY(task_get(c, in->task_id, out));
    TRY(completer_of(c, in, out, &user, &who));
    facts = task_facts(out);
    answer = task_completion(&facts, &who);
    if (answer == TASK_DONE_ALREADY)
        return OK;
    if (answer == TASK_FOR_ASSIGNEES)
        return fail(c, ERR_DENIED, NULL, "%s", task_answer_text(answer));
    if (answer != TASK_MAY_COMPLETE)
        return fail(c, ERR_INVALID, "task", "%s", task_answer_text(answer));
    if (facts.type == TASK_TYPE_APPROVAL && in->is_approved < 0)
        return fail(c, ERR_INVALID, "is_approved", "The is approved field is required");
    TRY(finish_part(c, out, user, &who, in->is_approved));
    if (user == c->caller->user_id && out->my_part == 0)
        out->my_part = 1;
    TRY(set_state(c, out, user));
    task_derive(c, out);
    return event_record(c, out->status == TASK_COMPLETED ? "completed" : "part_completed", "task",
                        out->id, completion_data(c, out, in, user));
}

enum err task_reopen(struct ctx *c, const char *id, struct task *out)
{
    struct task_facts facts;
    struct task_person who;
    struct owners owners;

    TRY(task_get(c, id, out));
    facts = task_facts(out);
    who = caller_of(c, out);
    if (!task_reopenable_by(&facts, &who))
        return fail(c, ERR_DENIED, NULL, "%s", task_answer_text(TASK_FOR_ASSIGNEES));
    if (facts.archived)
        return fail(c, ERR_INVALID, "task", "%s", task_answer_text(TASK_ARCHIVED));
    if (facts.state != TASK_COMPLETED)
        return fail(c, ERR_INVALID, "task", "The task is not completed.");
    out->status = TASK_IN_PROGRESS;
    out->completed_at = out->completer_id = out->completed_owners = 0;
    out->is_approved = -1;
    out->completions = PARTS_NONE;
    TRY(set_state(c, out, 0));
    TRY(owners_parse(c, out->owners, &owners));
    /* Its groups may have changed since, or be gone. */
    TRY(owners_follow(c, out, &owners));
    TRY(read_my_part(c, out));
    task_derive(c, out);
    return event_record(c, "reopened", "task", out->id, NULL);
}

/* ---- operations: archiving ---- */

enum err task_archive(struct ctx *c, const char *id)
{
    struct task t;

    TRY(task_get_editable(c, id, &t));
    if (!t.is_oneoff_task)
        return fail(c, ERR_INVALID, "task", "A task of a process is archived with its process.");
    if (t.archived_at != 0)
        return OK;
    TRY(set_archived(c, &t, c->now));
    return event_record(c, "archived", "task", t.id, NULL);
}

enum err task_restore(struct ctx *c, const char *id, struct task *out)
{
    TRY(task_get_editable(c, id, out));
    if (out->archived_at == 0)
        return OK;
    TRY(set_archived(c, out, 0));
    task_derive(c, out);
    return event_record(c, "restored", "task", out->id, NULL);
}

enum err task_delete(struct ctx *c, const char *id)
{
    struct str data = str_in(c->mem, CHANGES_MAX);
    struct task t;

    TRY(task_get_editable(c, id, &t));
    if (t.archived_at == 0)
        return fail(c, ERR_INVALID, "task", "Only an archived task can be deleted for good.");
    TRY(db_change_one(c, TASK_DELETE, TEXT(c->org), TEXT(t.id), INT(t.version)));
    TRY(db_change(c, OWNERS_DELETE, TEXT(c->org), TEXT(t.id)));
    TRY(db_change(c, GROUPS_DELETE, TEXT(c->org), TEXT(t.id)));
    TRY(subject_forget(c, SUBJECT_TASK, t.id));
    json_begin_object(&data);
    json_key_text(&data, "title", t.title);
    json_end_object(&data);
    return event_record(c, "deleted", "task", t.id, str_text(&data));
}
