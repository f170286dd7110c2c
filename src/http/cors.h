/* Which web pages of other origins may call (the fetch standard's CORS). */
#pragma once

#include "http/request.h"

/* Adds the headers for the request's Origin, if it is one of `origins` (a comma list; "*" is
 * everybody, without credentials; NULL: none) or our own. For a preflight also what may be sent. */
void cors_apply(struct request *req, struct response *res, const char *origins,
                const char *own_origin);
