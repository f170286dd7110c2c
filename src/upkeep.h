/* What is done now and then while the server runs: uses of tokens are written, keys that
 * were replaced are noticed, what has expired is forgotten. */
#pragma once

#include "api/app.h"

struct upkeep;

struct upkeep *upkeep_start(struct app *app);

/* Writes what is pending, ends the thread. NULL is allowed. */
void upkeep_stop(struct upkeep *u);
