/* Tasks and the guests who have them, directly or through a group: who is told, and whom else they
 * see there. */
#pragma once

#include <stddef.h>

#include "auth/auth.h"
#include "model/id_set.h"
#include "model/task.h"

/* The guests who have this task. */
MUST_CHECK enum err task_guests_get(struct ctx *c, const char *task_id, struct id_set *out);

/* Mails their links (guest_link.h) to those who have the task now and did not before. */
MUST_CHECK enum err task_guests_tell(struct ctx *c, struct auth *auth, const char *task_id,
                                     const struct id_set *before);

/* The same for guests who have just joined a group, if it has anything to do. */
MUST_CHECK enum err task_guests_tell_joined(struct ctx *c, struct auth *auth, const char *group_id,
                                            const struct id_set *joined);

/* Prepares tasks for the eyes of who asks for a guest's. *people: JSON [{id, full_name}], the first
 * hundred of the members whom these tasks name, since guests cannot look them up; of a task that
 * names none, its starter. What is the organization's own business is taken out for guests. */
MUST_CHECK enum err task_guests_view(struct ctx *c, struct task *tasks, size_t count,
                                     const char **people);
