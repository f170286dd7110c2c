/* The event log of an organization: one row for each change, in order, in the change's own
 * transaction. Everything that reacts to a change later reads this log. */
#pragma once

#include "base/ctx.h"

/* Appends an event of c->org by c->caller at c->now. data is JSON text or NULL for {}. */
MUST_CHECK enum err event_record(struct ctx *c, const char *verb, const char *subject_type,
                                 const char *subject_id, const char *data);
