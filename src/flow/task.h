/* The rules of a task: its kinds and states, who may do what with it and when, and what it takes
 * until a task that everyone must complete is complete. Pure functions: nothing is read here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum task_type {
    TASK_TYPE_TASK,           /* completed */
    TASK_TYPE_APPROVAL,       /* approved or rejected */
    TASK_TYPE_EXPIRING,       /* acknowledged, or it expires */
    TASK_TYPE_EMAIL,          /* reviewed and sent by its assignee */
    TASK_TYPE_EXPIRING_EMAIL, /* sent, or it sends itself */
};

enum task_state { TASK_NOT_STARTED, TASK_IN_PROGRESS, TASK_COMPLETED, TASK_SKIPPED, TASK_STATES };

extern const char *const task_type_words[];
extern const char *const task_state_words[];

/* Due soon is due within this time from now. */
#define TASK_SOON DAY

/* What the rules look at. */
struct task_facts {
    enum task_type type;
    enum task_state state;
    bool archived;
    bool problem; /* an issue is open */
    bool top_secret;
    bool only_assignees; /* only they may complete it */
    bool everyone;       /* each of them must */
    int is_approved;     /* 1, 0, or -1 for no decision */
    int64_t deadline;    /* 0: none */
    int64_t owners;      /* how many members have it; guests do not complete tasks */
    int64_t finished;    /* how many of them have completed their part */
};

/* Who asks, as the task sees them. */
struct task_person {
    bool admin;
    bool light;
    bool assigned;
    bool finished; /* has completed their part */
    bool starter;  /* made the task */
};

bool task_may_become(enum task_state from, enum task_state to);

/* Neither completed nor hidden: somebody is to do it. */
bool task_is_open(enum task_state state);

bool task_is_overdue(const struct task_facts *t, int64_t now);
bool task_is_due_soon(const struct task_facts *t, int64_t now);

/* The state in the words that lists show. Static. */
const char *task_status_label(const struct task_facts *t, int64_t now);

bool task_visible_to(const struct task_facts *t, const struct task_person *who);
bool task_editable_by(const struct task_facts *t, const struct task_person *who);
bool task_reopenable_by(const struct task_facts *t, const struct task_person *who);

/* Whether a person may complete the task now, and if not, why not. */
enum task_answer {
    TASK_MAY_COMPLETE,
    TASK_DONE_ALREADY, /* by anybody, or this person's part of it: nothing is left to do */
    TASK_ARCHIVED,
    TASK_HIDDEN,
    TASK_HAS_ISSUE,
    TASK_FOR_ASSIGNEES,
    TASK_FOR_EVERYONE, /* each assignee must, and this person is none */
    TASK_ANSWERS,
};
enum task_answer task_completion(const struct task_facts *t, const struct task_person *who);

/* The reason in words for people; NULL for the first two. */
const char *task_answer_text(enum task_answer answer);

/* Whether completions are collected until every assignee's is there. A task that no member has
 * (its groups are empty) waits for nobody. */
bool task_waits_for_all(const struct task_facts *t);

/* In percent; NAN for a task that does not wait for all. */
double task_progress(const struct task_facts *t);

/* One person's completion. */
struct task_part {
    int64_t user_id;
    int is_approved; /* 1, 0, or -1 for no decision */
};

/* Of those who completed a task that waits for all: 1 when none of them rejected, else 0. */
int task_joint_decision(const struct task_part *parts, size_t count);

/* What is recorded as the decision when a task of this type is completed with one (-1: none). */
int task_decision(enum task_type type, int given);
