/* Members of an organization. */
#pragma once

#include "http/router.h"
#include "model/user.h"

handler members_list; /* GET O/users */
handler members_all;  /* GET O/users-list: everybody, few fields, no pages */
handler members_read; /* GET O/users/{id} */

/* A person with what the query includes (groups, stats, …). */
MUST_CHECK enum err answer_user(struct ctx *c, struct request *req, struct response *res,
                                struct user *user);
