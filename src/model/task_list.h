/* Lists of tasks: whose, which, in what order. */
#pragma once

#include "model/task.h"

/* What is wanted, as the API's parameters say it; texts may be NULL or empty. */
struct task_filter {
    const char *q;
    const char *status;
    const char *owners;   /* ids of people, with commas; any of them */
    const char *assignee; /* "me", or an id */
    const char *guests, *groups, *roles, *tag, *folder, *template, *checklist_id;
    const char *custom_field_key, *custom_field_value;
    const char *created; /* a day, or two with a colon */
    const char *deadline_on, *deadline_before, *deadline_after;
    const char *deadline_start_range, *deadline_end_range;
    const char *archived; /* "true": too, "only" */
    const char *sort, *sort_by, *sort_direction;
    int is_oneoff; /* -1: both */
    bool unassigned;
    bool without_pagination;
    bool whole; /* hidden: with summary */
};

extern const struct shape task_filter_shape;

struct task_list {
    struct task *rows;
    size_t count;
    int64_t total;
    int64_t overdue_tasks, tasks_due_soon; /* of all open tasks of the person; 0 without one */
};

/* The tasks of a person, or of everybody (person 0), as far as the caller may see them. */
MUST_CHECK enum err task_list(struct ctx *c, const struct task_filter *filter, int64_t person,
                              int64_t limit, int64_t offset, struct task_list *out);

/* The tasks of a guest of c->org, for that guest or for members, as far as these may see them. */
MUST_CHECK enum err task_list_of_guest(struct ctx *c, const struct task_filter *filter,
                                       int64_t guest_id, int64_t limit, int64_t offset,
                                       struct task_list *out);
