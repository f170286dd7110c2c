/* Groups: members and guests of an organization under one name, which tasks can be given to.
 * Everything returned lives in the caller's arena.
 *
 * Who is in a group is told to its open tasks (task.h) by every operation that changes it, in the
 * same transaction. Operations that change a group's people write the group's row before anything
 * else, so that of two at once the later one sees what the earlier one did. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"
#include "model/list_order.h"

struct group {
    const char *id, *name, *description;
    const char *logo;    /* NULL: none */
    const char *members; /* JSON list of the members' ids, in their order */
    const char *guests;  /* JSON list of the guests' addresses, in the order of their ids; only of
                            those whom the caller may see */
    const char *users;   /* JSON, after group_load_users */
    int64_t created_at, last_updated;
};

extern const struct shape group_shape;

enum { GROUP_PEOPLE_MAX = 2000, GROUPS_MAX = 1000 /* of one organization */ };

/* What a request for one may say. A list that is given replaces the whole list; NULL: not given. */
struct group_input {
    const char *name;
    const char *description;
    const char *logo;    /* NULL: none */
    const char *members; /* JSON list of ids, as numbers or digits */
    const char *guests;  /* JSON list of addresses; unknown ones become guests */
};
extern const struct shape group_input_shape;

/* What a list of groups is asked for by; start from GROUP_FILTER. */
struct group_filter {
    const char *q;           /* in name or description, without regard to case and accents */
    struct list_order order; /* name, created_at, updated_at */
};
#define GROUP_FILTER ((struct group_filter){ .order.sort_by = "created_at" })
extern const struct shape group_filter_shape;

/* Somebody in a group. */
struct group_person {
    int64_t id;
    bool is_guest;
    const char *email; /* of a guest; NULL for members */
};

/* The organization's groups, one page of them. */
MUST_CHECK enum err group_list(struct ctx *c, const struct group_filter *filter, int64_t limit,
                               int64_t offset, struct group **out, size_t *count,
                               int64_t *total);

/* ERR_NOT_FOUND for one that is not c->org's. */
MUST_CHECK enum err group_get(struct ctx *c, const char *id, struct group *out);

/* What answers may include: users becomes {"data":[…]} with who the members are; guests becomes the
 * same for guests, instead of their addresses. */
MUST_CHECK enum err group_load_users(struct ctx *c, struct group *groups, size_t count);
MUST_CHECK enum err group_load_guests(struct ctx *c, struct group *groups, size_t count);

/* Makes a group. ERR_INVALID with each wrong field: a name that another group has, somebody who is
 * no active member, a bad address, more people than maximum_group_assignment_limit. */
MUST_CHECK enum err group_create(struct ctx *c, struct auth *auth, const struct group_input *in,
                                 struct group *out);

/* Changes one; start from group_input_of what group_get gave. ERR_INVALID as for a new one, and
 * when more people would join and leave than its tasks allow at once (task_group_room). */
MUST_CHECK enum err group_update(struct ctx *c, struct auth *auth, const char *id,
                                 const struct group_input *in, struct group *out);
struct group_input group_input_of(const struct group *group);

/* Deletes a group for good. Its people stay, and lose the tasks that they had through it alone.
 * ERR_INVALID while they are too many for its tasks (task_group_room). */
MUST_CHECK enum err group_delete(struct ctx *c, const char *id);

/* One person joins or leaves; nothing happens when it is so already. */
MUST_CHECK enum err group_add_member(struct ctx *c, const char *id, int64_t user_id,
                                     struct group *out);
MUST_CHECK enum err group_remove_member(struct ctx *c, const char *id, int64_t user_id,
                                        struct group *out);
MUST_CHECK enum err group_add_guest(struct ctx *c, struct auth *auth, const char *id,
                                    const char *email, struct group *out);
MUST_CHECK enum err group_remove_guest(struct ctx *c, const char *id, const char *email,
                                       struct group *out);

/* ---- for other nouns ---- */

/* Whether c->org has a group with this id. */
MUST_CHECK enum err group_exists(struct ctx *c, const char *id, bool *out);

/* Who is in a group: members first, each kind by id. Nobody when there is no such group. */
MUST_CHECK enum err group_people(struct ctx *c, const char *id, struct group_person **out,
                                 size_t *count);

/* A member or guest of c->org leaves all groups, and the tasks of these are told. */
MUST_CHECK enum err group_leave_all(struct ctx *c, int64_t person_id);

/* The groups of each of these people (members or guests of c->org), as what their objects include
 * under "groups": out[i] is {"data":[{id, name, logo, members, guests}]} of ids[i]. A few
 * statements, however many people. */
MUST_CHECK enum err group_load_of_people(struct ctx *c, const int64_t *ids, size_t count,
                                         const char **out);
