/* How an OAuth client says who it is, at every endpoint that asks (RFC 6749 section 2.3): by HTTP
 * Basic or in the body, never in both. */
#pragma once

#include "base/ctx.h"
#include "http/request.h"
#include "model/client.h"

/* What the request says; NULL for what it does not say. Proves nothing yet. ERR_UNAUTHENTICATED
 * with invalid_client for a Basic header that cannot be read, ERR_MALFORMED with invalid_request
 * for two ways at once. The texts live in c->mem. */
MUST_CHECK enum err client_auth_read(struct ctx *c, const struct request *req, const char **id,
                                     const char **secret);

/* Reads and proves it (client_authenticate, model/client.h). Without an id ERR_MALFORMED with
 * invalid_request. */
MUST_CHECK enum err client_auth(struct ctx *c, const struct request *req, struct client *out);

/* Answers a refusal (e, not OK) of an OAuth endpoint. Refusals that RFC 6749 section 5.2 has words
 * for become the answer and OK, so that what was counted or ended on the way is committed; a
 * client that came with HTTP Basic is challenged. Any other failure is handed back. */
MUST_CHECK enum err client_auth_refuse(struct ctx *c, struct request *req, struct response *res,
                                       enum err e);
