/* The demonstration: an organization with two members and a handful of tasks, so that the first
 * minute with Pawl shows something. */
#pragma once

#include "api/app.h"

/* Fills the store when `empty`; prints the sign-in, the personal token and one ready curl. */
MUST_CHECK enum err demo_make(struct ctx *c, struct app *app, const char *url, bool empty);
