/* Whether what stands in the store about the owners of tasks agrees: for `pawl admin check`. */
#pragma once

#include "base/ctx.h"

/* How many tasks of all organizations name other owners than the index of lists has. */
MUST_CHECK enum err task_check_owners(struct ctx *c, int64_t *wrong);
