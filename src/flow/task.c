/* See task.h.
 *
 *    not-started ---- begun ----> in-progress <--------- reopened ---------+
 *      |     |                      |     |                                |
 *      |     +---------------------------- completed ----> completed ------+
 *      |                            |
 *      +----------------------------+----- hidden -------> auto-skipped ---- shown ---> as it was
 */
#include "flow/task.h"

#include <math.h>

const char *const task_type_words[] = { "task", "approval", "expiring", "email", "expiring_email",
                                        NULL };

const char *const task_state_words[] = { "not-started", "in-progress", "completed", "auto-skipped",
                                         NULL };

#define TO(state) (1u << TASK_##state)

static const unsigned task_moves[TASK_STATES] = {
    [TASK_NOT_STARTED] = TO(IN_PROGRESS) | TO(COMPLETED) | TO(SKIPPED),
    [TASK_IN_PROGRESS] = TO(COMPLETED) | TO(SKIPPED),
    [TASK_COMPLETED] = TO(IN_PROGRESS), /* reopened */
    [TASK_SKIPPED] = TO(NOT_STARTED) | TO(IN_PROGRESS),
};

static const char *const answer_texts[TASK_ANSWERS] = {
    [TASK_ARCHIVED] = "The task is archived. Restore it first.",
    [TASK_HIDDEN] = "The task is hidden and cannot be completed.",
    [TASK_HAS_ISSUE] = "The task has an open issue. Resolve it first.",
    [TASK_FOR_ASSIGNEES] = "Only its assignees may complete or reopen this task.",
    [TASK_FOR_EVERYONE] = "Each assignee must complete this task; nobody else can do it for them.",
};

bool task_may_become(enum task_state from, enum task_state to)
{
    return (task_moves[from] & (1u << to)) != 0;
}

bool task_is_open(enum task_state state)
{
    return state == TASK_NOT_STARTED || state == TASK_IN_PROGRESS;
}

bool task_is_overdue(const struct task_facts *t, int64_t now)
{
    return task_is_open(t->state) && t->deadline != 0 && t->deadline < now;
}

bool task_is_due_soon(const struct task_facts *t, int64_t now)
{
    return task_is_open(t->state) && t->deadline >= now && t->deadline < now + TASK_SOON;
}

static const char *completed_label(const struct task_facts *t)
{
    switch (t->type) {
    case TASK_TYPE_APPROVAL:
        return t->is_approved == 0 ? "rejected" : "approved";
    case TASK_TYPE_EXPIRING:
        return t->is_approved == 0 ? "expired" : "acknowledged";
    case TASK_TYPE_EMAIL:
    case TASK_TYPE_EXPIRING_EMAIL:
        return "sent";
    case TASK_TYPE_TASK:
        break;
    }
    return task_state_words[TASK_COMPLETED];
}

const char *task_status_label(const struct task_facts *t, int64_t now)
{
    if (t->state == TASK_COMPLETED)
        return completed_label(t);
    if (t->problem)
        return "hasproblem";
    if (task_is_overdue(t, now))
        return "overdue";
    return task_state_words[t->state];
}

bool task_visible_to(const struct task_facts *t, const struct task_person *who)
{
    if (who->admin || who->assigned)
        return true;
    return !who->light && !t->top_secret;
}

/* Beyond seeing it: whose business the task is when it is kept to its assignees. */
static bool concerns(const struct task_facts *t, const struct task_person *who)
{
    return who->admin || who->assigned || !t->only_assignees;
}

bool task_editable_by(const struct task_facts *t, const struct task_person *who)
{
    return task_visible_to(t, who) && !who->light && (concerns(t, who) || who->starter);
}

bool task_reopenable_by(const struct task_facts *t, const struct task_person *who)
{
    return task_visible_to(t, who) && concerns(t, who);
}

bool task_waits_for_all(const struct task_facts *t)
{
    return t->everyone && t->owners > 0 &&
           (t->type == TASK_TYPE_TASK || t->type == TASK_TYPE_APPROVAL);
}

enum task_answer task_completion(const struct task_facts *t, const struct task_person *who)
{
    /* When the last one who had not completed was taken off the task, any of the others may close
     * it: their parts are all there. */
    bool all_there = t->finished >= t->owners;

    if (t->state == TASK_COMPLETED)
        return TASK_DONE_ALREADY;
    if (t->archived)
        return TASK_ARCHIVED;
    if (t->state == TASK_SKIPPED)
        return TASK_HIDDEN;
    if (t->problem)
        return TASK_HAS_ISSUE;
    if (!concerns(t, who))
        return TASK_FOR_ASSIGNEES;
    if (!task_waits_for_all(t))
        return TASK_MAY_COMPLETE;
    if (!who->assigned)
        return TASK_FOR_EVERYONE;
    return who->finished && !all_there ? TASK_DONE_ALREADY : TASK_MAY_COMPLETE;
}

const char *task_answer_text(enum task_answer answer)
{
    return answer_texts[answer];
}

double task_progress(const struct task_facts *t)
{
    if (!task_waits_for_all(t))
        return NAN;
    return t->state == TASK_COMPLETED ? 100.0 : 100.0 * (double)t->finished / (double)t->owners;
}

int task_joint_decision(const struct task_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].is_approved == 0)
            return 0;
    return 1;
}

int task_decision(enum task_type type, int given)
{
    return type == TASK_TYPE_APPROVAL || type == TASK_TYPE_EXPIRING ? given : -1;
}
