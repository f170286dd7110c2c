/* Time zones by IANA name, from the system's data. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

bool zone_valid(const char *name);

/* Notes a fault of that field of the body when the zone is none. */
void zone_check(struct ctx *c, const char *field, const char *name);

/* "+02:00": how far ahead of UTC the zone is at that moment; "+00:00" for an unknown zone. */
const char *zone_offset(struct arena *mem, const char *name, int64_t at);
