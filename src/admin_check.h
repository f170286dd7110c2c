/* `pawl admin check`: the store's own integrity, and what must always hold of our data. */
#pragma once

#include "base/ctx.h"
#include "db/db.h"

/* Prints each fault on standard output, one line each, and counts them. */
MUST_CHECK enum err admin_check(struct ctx *c, struct db *db, int *faults);
