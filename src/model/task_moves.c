/* Tasks follow the people: what is declared at the end of task.h.
 *
 * However many tasks it concerns, they are read and written some at a time, and the memory of each
 * lot is given back before the next. What follows a group's people is in task_owners.c. */
#include "model/task.h"

#include <string.h>

#include "auth/event.h"
#include "base/ids.h"
#include "base/json.h"
#include "db/db.h"
#include "model/task_owners.h"

enum {
    TASKS_AT_ONCE = 200,
    GROUP_ROWS_AT_ONCE = 50000, /* tasks times people: about a second of the store's time */
};

/* ---- shape ---- */

static const struct field moved_fields[] = {
    FIELD(task, id, TEXT, HIDDEN),
    FIELD(task, owners, JSON, HIDDEN),
    FIELD(task, completions, JSON, HIDDEN),
    FIELD(task, starter_id, INT, HIDDEN),
    FIELD(task, allow_guest_owners, BOOL, HIDDEN),
    { 0 },
};
static const struct shape moved_shape = SHAPE(task, moved_fields);

static const struct field address_fields[] = { FIELD(owner, name, TEXT, HIDDEN), { 0 } };
static const struct shape address_shape = SHAPE(owner, address_fields);

/* ---- SQL ---- */

#define COLUMNS "SELECT t.id, t.owners, t.completions, t.starter_id, t.allow_guest_owners"
#define NEXT_ONES(k) " AND " k ".task_id > ?3 ORDER BY " k ".task_id LIMIT ?4"

#define OF_PERSON                                                                \
    COLUMNS                                                                      \
    "  FROM task_owners k JOIN tasks t ON t.org_id = k.org_id AND t.id = k.task_id" \
    " WHERE k.org_id = ?1 AND k.user_id = ?2 AND k.direct = 1"

/* A part that is done stays with who did it. */
#define NOT_DONE " AND k.open = 1 AND k.done = 0"

static const char *const TASKS_OF_PERSON[] = {
    [TASKS_TO_DO] = OF_PERSON NOT_DONE " AND k.archived_at IS NULL" NEXT_ONES("k"),
    [TASKS_OPEN] = OF_PERSON NOT_DONE NEXT_ONES("k"),
    [TASKS_ALL] = OF_PERSON NEXT_ONES("k"),
};

#define OF_GROUP                                                                 \
    COLUMNS                                                                      \
    "  FROM task_groups k JOIN tasks t ON t.org_id = k.org_id AND t.id = k.task_id" \
    " WHERE k.org_id = ?1 AND k.group_id = ?2"

static const char TASKS_OF_GROUP[] = OF_GROUP NEXT_ONES("k");
static const char TASKS_LEFT_TO_GUESTS[] =
    OF_GROUP " AND t.open = 1 AND t.owner_count = 0"
    " AND EXISTS (SELECT 1 FROM task_owners o"
    "              WHERE o.org_id = t.org_id AND o.task_id = t.id)" NEXT_ONES("k");

/* As many as matter. */
static const char OPEN_TASKS_OF_GROUP[] =
    "SELECT count(*) FROM"
    " (SELECT 1 FROM task_groups k JOIN tasks t ON t.org_id = k.org_id AND t.id = k.task_id"
    "   WHERE k.org_id = ? AND k.group_id = ? AND t.open = 1 LIMIT ?) AS o";

static const char COUNT_OPEN[] =
    "SELECT count(*) FROM task_owners"
    " WHERE org_id = ? AND user_id = ? AND direct = 1 AND open = 1 AND done = 0"
    "   AND archived_at IS NULL";

static const char COUNT_OPEN_ANYHOW[] =
    "SELECT count(*) FROM task_owners"
    " WHERE org_id = ? AND user_id = ? AND open = 1 AND archived_at IS NULL";

static const char SET_OWNERS[] =
    "UPDATE tasks SET owners = ?, updated_at = ?, version = version + 1"
    " WHERE org_id = ? AND id = ?";

static const char GUEST_ADDRESS[] = "SELECT email AS name FROM guests WHERE org_id = ? AND id = ?";

/* ---- private ---- */

/* One owner of many tasks and who takes their place. */
struct move {
    const char *tasks;   /* SQL: which; with the organization, whose, after which id, how many */
    struct db_arg whose;
    enum owner_kind out_kind, in_kind;
    struct owner out;    /* neither id nor name: nobody, as of `in` */
    struct owner in;
    int64_t moved;       /* tasks that it changed */
    char last[ID_LENGTH + 1]; /* the last one of them */
    bool more;                /* there may be another after it */
};

static bool is_somebody(const struct owner *who)
{
    return who->id != 0 || who->name != NULL;
}

/* A member or a guest by the number, which they never have in common. */
static enum err find_person(struct ctx *c, int64_t id, enum owner_kind *kind, struct owner *out)
{
    enum err e;

    *out = (struct owner){ 0 };
    e = db_one(c, GUEST_ADDRESS, &address_shape, out, TEXT(c->org), INT(id));
    *kind = e == OK ? OWNER_GUEST : OWNER_USER;
    out->id = id;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* `event`: the number of the event that tells of it. */
static enum err move_task(struct ctx *c, struct move *m, struct task *t, int64_t event)
{
    struct str data = str_in(c->mem, 2 * OWNERS_TEXT_MAX);
    struct owners was, is;

    TRY(owners_parse(c, t->owners, &was));
    is = was;
    if (is_somebody(&m->out))
        owners_drop(c, &is, m->out_kind, &m->out);
    if (is_somebody(&m->in))
        owners_add(c, &is, m->in_kind, &m->in);
    TRY(owners_keep_member(c, t, NULL, &is));
    TRY(db_change_one(c, SET_OWNERS, TEXT(owners_text(c, &is)), INT(c->now), TEXT(c->org),
                      TEXT(t->id)));
    TRY(owners_enter(c, t, &was, &is));
    json_begin_object(&data);
    owners_write_difference(&data, &was, &is);
    json_end_object(&data);
    m->moved++;
    return event_record_as(c, event, "owners-updated", "task", t->id, str_text(&data));
}

/* The next lot. */
static enum err move_some(struct ctx *c, void *arg)
{
    struct move *m = arg;
    struct task *tasks;
    size_t count;
    int64_t event;

    TRY(db_all(c, m->tasks, &moved_shape, &tasks, &count, TEXT(c->org), m->whose, TEXT(m->last),
               INT(TASKS_AT_ONCE)));
    m->more = count == TASKS_AT_ONCE;
    if (count == 0)
        return OK;
    TRY(event_reserve(c, count, &event));
    for (size_t i = 0; i < count; i++)
        TRY(move_task(c, m, &tasks[i], event + (int64_t)i));
    memcpy(m->last, tasks[count - 1].id, ID_LENGTH + 1);
    return OK;
}

static enum err move_all(struct ctx *c, struct move *m)
{
    do
        TRY(ctx_aside(c, move_some, m));
    while (m->more);
    return OK;
}

/* ---- operations ---- */

enum err task_count_open(struct ctx *c, int64_t person_id, int64_t *n)
{
    return db_int(c, COUNT_OPEN, n, TEXT(c->org), INT(person_id));
}

enum err task_count_open_anyhow(struct ctx *c, int64_t person_id, int64_t *n)
{
    return db_int(c, COUNT_OPEN_ANYHOW, n, TEXT(c->org), INT(person_id));
}

enum err task_hand_over(struct ctx *c, enum tasks_of_person which, int64_t from, int64_t to,
                        int64_t *moved)
{
    struct move m = { .tasks = TASKS_OF_PERSON[which], .whose = INT(from) };
    bool assignable = true;

    TRY(find_person(c, from, &m.out_kind, &m.out));
    TRY(find_person(c, to, &m.in_kind, &m.in));
    if (m.in_kind == OWNER_USER)
        TRY(owner_is_assignable(c, to, &assignable));
    if (!assignable)
        return fail(c, ERR_INVALID, "to", "%lld is no active member.", (long long)to);
    TRY(move_all(c, &m));
    *moved = m.moved;
    return OK;
}

enum err task_detach(struct ctx *c, int64_t guest_id, const char *guest_email)
{
    struct move m = { .tasks = TASKS_OF_PERSON[TASKS_ALL],
                      .whose = INT(guest_id),
                      .out_kind = OWNER_GUEST,
                      .out = { .id = guest_id, .name = guest_email } };

    return move_all(c, &m);
}

enum err task_group_room(struct ctx *c, const char *group_id, int64_t *people)
{
    int64_t tasks;

    TRY(db_int(c, OPEN_TASKS_OF_GROUP, &tasks, TEXT(c->org), TEXT(group_id),
               INT(GROUP_ROWS_AT_ONCE)));
    *people = tasks == 0 ? INT64_MAX : GROUP_ROWS_AT_ONCE / tasks;
    return OK;
}

enum err task_group_changed(struct ctx *c, const char *group_id, const struct id_set *joined,
                            const struct id_set *left)
{
    struct move m = { .tasks = TASKS_LEFT_TO_GUESTS, .whose = TEXT(group_id) };

    TRY(owners_follow_group(c, group_id, joined, left));
    return move_all(c, &m);
}

enum err task_group_removed(struct ctx *c, const char *group_id)
{
    struct move m = { .tasks = TASKS_OF_GROUP,
                      .whose = TEXT(group_id),
                      .out_kind = OWNER_GROUP,
                      .out = { .name = group_id } };

    return move_all(c, &m);
}
