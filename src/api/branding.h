/* Handlers of an organization's branding. */
#pragma once

#include "base/ctx.h"
#include "http/request.h"

enum err branding_read(struct ctx *c, struct request *req, struct response *res);

/* PUT and PATCH alike: what the body does not say stays. */
enum err branding_change(struct ctx *c, struct request *req, struct response *res);
