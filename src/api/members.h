/* Members of an organization. */
#pragma once

#include "http/router.h"
#include "model/user.h"

handler members_list; /* GET O/users */
handler members_all;  /* GET O/users-list: everybody, few fields, no pages */
handler members_read; /* GET O/users/{id} */
handler members_update; /* PUT O/users/{id}: names and time zone are required */
handler members_patch;  /* PATCH O/users/{id} */

/* Changes a profile by what the body says and answers it: one's own or, for administrators,
 * another's. */
MUST_CHECK enum err answer_change_of_user(struct ctx *c, struct request *req,
                                          struct response *res, int64_t id,
                                          enum shape_read_mode mode);

/* A person with what the query includes (groups, stats, …). */
MUST_CHECK enum err answer_user(struct ctx *c, struct request *req, struct response *res,
                                struct user *user);
