/* The caller's own password once more, for what an open browser alone may not do. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

/* {"password": …} */
extern const struct shape password_input_shape;

/* The slow part of the route: hashes it. */
handler password_input_slow;

/* The handler begins with this. ERR_INVALID when the password was wrong, which the handler tells by
 * answer_wrong (session.h), so that it is counted. */
MUST_CHECK enum err password_input_settle(struct ctx *c, struct request *req);
