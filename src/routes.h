/* The route table: every endpoint of the product, one line each. */
#pragma once

#include <stddef.h>

#include "base/str.h"
#include "http/router.h"

extern const struct route routes[];
extern const size_t route_count;

/* The table as a JSON list of {method, path, who, scope, client_header}: for `pawl routes`. */
void routes_write(struct str *out);
