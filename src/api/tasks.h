/* Tasks over HTTP. */
#pragma once

#include "http/router.h"

handler tasks_list;    /* the organization's */
handler tasks_mine;    /* the caller's */
handler tasks_of_user; /* {id}'s */
handler tasks_create;
handler tasks_read;
handler tasks_update; /* PUT: title, deadline and owners must be given */
handler tasks_patch;
handler tasks_complete;
handler tasks_reopen;
handler tasks_archive;
handler tasks_restore;
handler tasks_delete;
handler tasks_clone;

/* The list that the query asks for, of a guest's tasks. */
MUST_CHECK enum err answer_tasks_of_guest(struct ctx *c, struct request *req,
                                          struct response *res, int64_t guest_id);
