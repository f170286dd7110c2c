/* Handlers of groups. */
#pragma once

#include "base/ctx.h"
#include "http/request.h"

enum err groups_list(struct ctx *c, struct request *req, struct response *res);
enum err groups_create(struct ctx *c, struct request *req, struct response *res);
enum err groups_read(struct ctx *c, struct request *req, struct response *res);

/* Both change what the body says and leave the rest. PUT answers 201, as clients expect of it. */
enum err groups_update(struct ctx *c, struct request *req, struct response *res);
enum err groups_patch(struct ctx *c, struct request *req, struct response *res);

enum err groups_delete(struct ctx *c, struct request *req, struct response *res);

/* One person in or out, whoever else changes the group meanwhile; 200 with the group, also when
 * nothing was to be done. */
enum err groups_add_member(struct ctx *c, struct request *req, struct response *res);
enum err groups_remove_member(struct ctx *c, struct request *req, struct response *res);
enum err groups_add_guest(struct ctx *c, struct request *req, struct response *res);
enum err groups_remove_guest(struct ctx *c, struct request *req, struct response *res);
