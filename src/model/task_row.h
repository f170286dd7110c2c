/* What reading one task and reading lists of them share (task.c, task_list.c). */
#pragma once

#include "auth/caller.h"
#include "model/task.h"

/* The year 10000 stands in column `due` for no deadline: it is never null and sorts last. */
#define NO_DEADLINE TIME_END

/* The columns of `tasks t` for lists. */
#define TASK_COLUMNS                                                                               \
    " t.id, t.increment_id, t.title, t.status, t.task_type,"                                       \
    " t.position, t.owners, t.owner_count, t.completed_owners, t.max_assignable, t.webhook,"       \
    " t.starter_id, t.completer_id, t.is_approved, t.everyone_must_complete,"                      \
    " t.can_complete_only_assignees, t.allow_guest_owners, t.prevent_guest_comment, t.top_secret," \
    " t.is_soft_start_date, t.problem, t.is_oneoff_task, t.taskdata, t.custom_fields,"             \
    " t.completions, t.started_at,"                                                                \
    " NULLIF(t.due, 253402300800000) AS deadline, t.completed_at, t.archived_at, t.created_at,"    \
    " t.updated_at AS last_updated, t.version"

/* For my_part; `me` is the argument with the caller's user id. */
#define MY_PART(me)                                                                                \
    " (SELECT p.done FROM task_owners p"                                                           \
    "   WHERE p.org_id = t.org_id AND p.user_id = " me " AND p.task_id = t.id)"

struct task_facts;

/* The task as the rules see it. */
struct task_facts task_facts(const struct task *t);

/* Fills the derived members of a loaded task for c->caller at c->now. */
void task_derive(const struct ctx *c, struct task *t);
