/* Handlers of job titles, which the paths call roles. */
#pragma once

#include "base/ctx.h"
#include "http/request.h"

enum err job_titles_list(struct ctx *c, struct request *req, struct response *res);
enum err job_titles_create(struct ctx *c, struct request *req, struct response *res);
enum err job_titles_read(struct ctx *c, struct request *req, struct response *res);
enum err job_titles_update(struct ctx *c, struct request *req, struct response *res);
enum err job_titles_patch(struct ctx *c, struct request *req, struct response *res);
enum err job_titles_delete(struct ctx *c, struct request *req, struct response *res);
