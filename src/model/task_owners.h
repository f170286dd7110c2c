/* Whom a task is given to. Its owners name members, guests and groups, as the JSON in column
 * `owners`; task_groups has the groups again, and task_owners everybody who has the task thereby,
 * directly or through a group: the index that people's lists are read along.
 *
 * Counted are members, each once, since only they complete tasks: owner_count is how many have the
 * task, completed_owners how many of them have completed their part. Guests neither count nor hold
 * up a task that everyone must complete. */
#pragma once

#include "auth/auth.h"
#include "model/task.h"

enum {
    OWNERS_MAX = 250,       /* members and guests that one task names */
    OWNER_GROUPS_MAX = 50,  /* groups that it names */
    OWNERS_TEXT_MAX = 160 * 1024,
};

enum owner_kind { OWNER_USER, OWNER_GUEST, OWNER_GROUP, OWNER_KINDS };

struct owner {
    int64_t id;       /* of a member or guest; 0 for a guest who was read from a stored task */
    const char *name; /* a guest's address, a group's id */
};

struct owners {
    struct owner *list[OWNER_KINDS];
    size_t count[OWNER_KINDS];
};

/* The owners in their one written form, and back. What is stored is right; what is not is left. */
const char *owners_text(struct ctx *c, const struct owners *o);
MUST_CHECK enum err owners_parse(struct ctx *c, const char *text, struct owners *out);

bool owners_have(const struct owners *o, enum owner_kind kind, const struct owner *who);

/* These leave copies of the struct as they are. */
void owners_add(struct ctx *c, struct owners *o, enum owner_kind kind, const struct owner *who);
void owners_drop(struct ctx *c, struct owners *o, enum owner_kind kind, const struct owner *who);

/* Reads what `is` wants to be its owners, where the task `was` is there already (NULL: a new one),
 * and puts them into `is` in their written form. Unknown addresses become guests. ERR_INVALID with
 * every fault of all lists. */
MUST_CHECK enum err owners_read(struct ctx *c, struct auth *auth, const struct task *was,
                                struct task *is, struct owners *out);

/* Sees to it that guests do not have a task alone, nor nobody: one of those before who is active,
 * else its starter, else the default administrator has it too. `before` may be NULL. */
MUST_CHECK enum err owners_keep_member(struct ctx *c, const struct task *t,
                                       const struct owners *before, struct owners *o);

/* Brings the index from what was to what is, after the task's row was written; `was` is NULL for a
 * new task. Counts again, and forgets the completions of those who have gone. */
MUST_CHECK enum err owners_enter(struct ctx *c, struct task *t, const struct owners *was,
                                 const struct owners *is);

/* The same for an open task whose owners `o` are as they were, but whose groups may not be. */
MUST_CHECK enum err owners_follow(struct ctx *c, struct task *t, const struct owners *o);

/* The same for all open tasks of a group that these people have just joined and left. */
MUST_CHECK enum err owners_follow_group(struct ctx *c, const char *group_id,
                                        const struct id_set *joined, const struct id_set *left);

/* Members for an event's data: who was added and who was removed. */
void owners_write_difference(struct str *data, const struct owners *was, const struct owners *is);

/* Whether a member can be given tasks: is active and no bot. */
MUST_CHECK enum err owner_is_assignable(struct ctx *c, int64_t user_id, bool *out);
