/* Tasks: what one or several people are to do until a deadline. A task that the caller may not
 * see does not exist for them (ERR_NOT_FOUND). Everything returned lives in the caller's arena. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"
#include "model/id_set.h"

/* A task as one caller sees it. */
struct task {
    const char *id;
    int64_t increment_id; /* grows by one for each task of the organization */
    const char *title;
    const char *original_title; /* before names of fields in it were replaced by their values */
    const char *summary;
    const char *original_summary;
    int status;               /* enum task_state */
    const char *status_label; /* derived */
    int task_type;            /* enum task_type; -1 in an input that did not say */
    int64_t position;
    const char *owners; /* JSON: {users, guests, groups, taskUrls}; see task_owners.h */
    int64_t max_assignable;
    const char *webhook;
    int64_t starter_id, completer_id;
    int is_approved;
    const char *taskdata;    /* JSON: values by field */
    const char *custom_fields; /* JSON: values by key, for c->caller; NULL for guests */
    const char *completions; /* JSON: [{user_id, completed_at, is_approved?}] */
    double completion_progress; /* derived; NAN for null */
    int64_t started_at, deadline, completed_at, archived_at, created_at, last_updated;
    bool is_completable; /* derived: by this caller, now */
    bool is_oneoff_task, problem, top_secret, is_soft_start_date;
    bool everyone_must_complete, can_complete_only_assignees;
    bool allow_guest_owners, prevent_guest_comment;
    int64_t version; /* one more with each change */
    const char *tags, *folders; /* JSON, where the answer includes them */

    const char *run_id, *checklist_id, *linked_step_id; /* NULL: it stands alone */

    int64_t owner_count, completed_owners; /* hidden; members who have it, who are done */
    int my_part; /* hidden: the caller has completed their part; -1: is no owner */
};

/* As an entry of a list, and alone or with=summary. */
extern const struct shape task_shape;
extern const struct shape task_whole_shape;

/* What is wanted of a new or changed task. The task comes first: one table serves both. */
struct task_input {
    struct task task; /* as it shall be; owners may name people by strings of digits */
    struct task was;  /* as it is; empty for a new one */
    const char *name, *description; /* other words for title and summary, for the API to unify */
    const char *form_fields, *tags; /* JSON */
    bool separate_task_for_each_assignee;
};

extern const struct shape task_create_shape;
extern const struct shape task_change_shape;

/* An input for a new task, with everything that need not be said. */
struct task_input task_input_new(void);

MUST_CHECK enum err task_create(struct ctx *c, struct auth *auth, const struct task_input *in,
                                struct task *out);

MUST_CHECK enum err task_get(struct ctx *c, const char *id, struct task *out);

/* The same, for changing what a change of the task's state does not keep anybody from changing.
 * ERR_DENIED when the caller may not change the task. */
MUST_CHECK enum err task_get_editable(struct ctx *c, const char *id, struct task *out);

/* Begins a change: the input holds the task as it is. ERR_DENIED or ERR_INVALID when the caller
 * may not change it or it may not be changed now. */
MUST_CHECK enum err task_edit(struct ctx *c, const char *id, struct task_input *out);

/* Ends it: the task becomes what the input wants. ERR_CONFLICT when the input has a version that
 * is no longer the task's. */
MUST_CHECK enum err task_update(struct ctx *c, struct auth *auth, const struct task_input *in,
                                struct task *out);

struct task_completion_input {
    const char *task_id;
    int is_approved;       /* -1: not said */
    int64_t override_user; /* administrators: whose completion it is; 0: the caller's */
    const char *comment;
};

extern const struct shape task_completion_shape;

/* Completes the task, or one person's part of it when everyone must. A task (or part) that is
 * complete already is answered as it is, without effects. */
MUST_CHECK enum err task_complete(struct ctx *c, const struct task_completion_input *in,
                                  struct task *out);

/* Opens a completed task and clears all completions. */
MUST_CHECK enum err task_reopen(struct ctx *c, const char *id, struct task *out);

/* Archiving and restoring; again is OK without effects. */
MUST_CHECK enum err task_archive(struct ctx *c, const char *id);
MUST_CHECK enum err task_restore(struct ctx *c, const char *id, struct task *out);

/* Removes an archived task for good. */
MUST_CHECK enum err task_delete(struct ctx *c, const char *id);

/* A new task like this one, for those of its owners who are still there. */
MUST_CHECK enum err task_clone(struct ctx *c, struct auth *auth, const char *id,
                               struct task *out);

/* ---- when people come and go ----
 *
 * Who has a task is more than whom its owners name: everybody in one of its groups has it too.
 * These keep both right, whatever number of tasks it concerns, and record an owners-updated event
 * for each task whose owners they change. A task that would be left to nobody, or to guests alone,
 * goes to its starter, or to the default administrator where that is no active member. */

/* How many tasks this member or guest still has to do: open, not archived, named in the owners,
 * their own part not done yet. */
MUST_CHECK enum err task_count_open(struct ctx *c, int64_t person_id, int64_t *n);

/* The same, and what they have through a group. */
MUST_CHECK enum err task_count_open_anyhow(struct ctx *c, int64_t person_id, int64_t *n);

enum tasks_of_person {
    TASKS_TO_DO, /* those of task_count_open */
    TASKS_OPEN,  /* archived ones too, which may be restored */
    TASKS_ALL,   /* completed ones too */
};

/* Puts one person into the place of another in these tasks that name them. Both are members or
 * guests of c->org, of either kind; `to` must be active. `from` keeps what they have through a
 * group, and open tasks of which they have done their part. */
MUST_CHECK enum err task_hand_over(struct ctx *c, enum tasks_of_person which, int64_t from,
                                   int64_t to, int64_t *moved);

/* Takes a guest off all tasks that name them, in whatever state. */
MUST_CHECK enum err task_detach(struct ctx *c, int64_t guest_id, const char *guest_email);

/* After people, members or guests, joined or left a group: what is still to be done becomes or
 * ceases to be theirs. Completed tasks stay with those who had them, until they are reopened. It
 * costs as much as the group's open tasks times these people, whoever else is in the group. */
MUST_CHECK enum err task_group_changed(struct ctx *c, const char *group_id,
                                       const struct id_set *joined, const struct id_set *left);

/* So many people may join and leave a group in one change, lest everybody else waits for it. It may
 * be 0 where there are very many open tasks; one person may all the same. */
MUST_CHECK enum err task_group_room(struct ctx *c, const char *group_id, int64_t *people);

/* A group is gone, or is going: no task names it any more. */
MUST_CHECK enum err task_group_removed(struct ctx *c, const char *group_id);
