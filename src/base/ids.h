/* Ids of records: 32 lower-case hex digits that grow with time (UUID version 7, RFC 9562,
 * written without dashes), made by us so that both stores agree. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { ID_LENGTH = 32 };

/* A new id for this moment (milliseconds UTC). */
const char *id_new(struct arena *mem, int64_t now);

/* True for exactly 32 lower-case hex digits. */
bool id_valid(const char *text);
