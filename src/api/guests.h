/* Guests of an organization. Their codes, links and own pages are elsewhere. */
#pragma once

#include "http/request.h"
#include "model/guest.h"

enum err guests_list(struct ctx *c, struct request *req, struct response *res);
enum err guests_all(struct ctx *c, struct request *req, struct response *res);
enum err guests_create(struct ctx *c, struct request *req, struct response *res);
enum err guests_read(struct ctx *c, struct request *req, struct response *res);
enum err guests_update(struct ctx *c, struct request *req, struct response *res);
enum err guests_patch(struct ctx *c, struct request *req, struct response *res);
enum err guests_delete(struct ctx *c, struct request *req, struct response *res);
enum err guests_disable(struct ctx *c, struct request *req, struct response *res);
enum err guests_enable(struct ctx *c, struct request *req, struct response *res);

/* A guest, with what the query's `with` asks for. */
MUST_CHECK enum err answer_guest(struct ctx *c, struct request *req, struct response *res,
                                 int status, struct guest *guest);
