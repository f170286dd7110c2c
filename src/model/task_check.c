/* See task_check.h. That everybody in the index is named is a query (admin_check.c); here both are
 * counted, so that nobody who is named is missing. */
#include "model/task_check.h"

#include "db/db.h"
#include "model/task_owners.h"

enum { TASKS_AT_ONCE = 500 };

/* A task with the number of its rows, in the order of enum owner_kind. */
struct named_task {
    const char *org_id, *id, *owners;
    int64_t users, guests, groups;
};

static const struct field named_task_fields[] = {
    FIELD(named_task, org_id, TEXT, HIDDEN),
    FIELD(named_task, id, TEXT, HIDDEN),
    FIELD(named_task, owners, TEXT, HIDDEN),
    FIELD(named_task, users, INT, HIDDEN),
    FIELD(named_task, guests, INT, HIDDEN),
    FIELD(named_task, groups, INT, HIDDEN),
    { 0 },
};
static const struct shape named_task_shape = SHAPE(named_task, named_task_fields);

static const char TASKS[] =
    "SELECT t.org_id, t.id, t.owners,"
    "       (SELECT count(*) FROM task_owners o WHERE o.org_id = t.org_id AND o.task_id = t.id"
    "           AND o.direct = 1 AND o.is_guest = 0) AS users,"
    "       (SELECT count(*) FROM task_owners o WHERE o.org_id = t.org_id AND o.task_id = t.id"
    "           AND o.direct = 1 AND o.is_guest = 1) AS guests,"
    "       (SELECT count(*) FROM task_groups g WHERE g.org_id = t.org_id"
    "           AND g.task_id = t.id) AS groups"
    "  FROM tasks t"
    " WHERE (t.org_id, t.id) > (?, ?)"
    " ORDER BY t.org_id, t.id LIMIT ?";

/* The next lot after `last`, which it moves on. */
static enum err check_some(struct ctx *c, struct named_task *last, size_t *count, int64_t *wrong)
{
    struct named_task *tasks;

    TRY(db_all(c, TASKS, &named_task_shape, &tasks, count, TEXT(last->org_id), TEXT(last->id),
               INT(TASKS_AT_ONCE)));
    for (size_t i = 0; i < *count; i++) {
        struct owners o;

        TRY(owners_parse(c, tasks[i].owners, &o));
        *wrong += (int64_t)o.count[OWNER_USER] != tasks[i].users ||
                  (int64_t)o.count[OWNER_GUEST] != tasks[i].guests ||
                  (int64_t)o.count[OWNER_GROUP] != tasks[i].groups;
    }
    if (*count > 0)
        *last = tasks[*count - 1];
    return OK;
}

enum err task_check_owners(struct ctx *c, int64_t *wrong)
{
    struct arena *mem = c->mem, *lots[2] = { arena_new_arena(), arena_new_arena() };
    struct named_task last = { .org_id = "", .id = "" };
    size_t count = TASKS_AT_ONCE;
    enum err e = OK;

    *wrong = 0;
    /* Two by turns: the last task of a lot is asked for in the next one. */
    for (int turn = 0; e == OK && count == TASKS_AT_ONCE; turn = !turn) {
        arena_reset(lots[turn]);
        c->mem = lots[turn];
        e = check_some(c, &last, &count, wrong);
    }
    c->mem = mem;
    c->failure.message = arena_dup(mem, c->failure.message);
    arena_free(lots[0]);
    arena_free(lots[1]);
    return e;
}
