/* Many ids of people as one argument of a statement, so that one constant statement serves any
 * number of them on both engines. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* At once: more cost more than a second statement, since the text is read from its start for each
 * of them. */
enum { ID_LIST_MOST = 100, ID_LIST_WIDTH = 19 };

/* The argument: each id in 19 digits. At most ID_LIST_MOST. */
const char *id_list(struct arena *mem, const int64_t *ids, size_t count);

/* SQL: begins a statement with the table `ids`, whose column is `id`. `arg` is the argument, as in
 * "?2". A row with the id 0, which nobody has, begins it. */
#define ID_LIST(arg)                                                                          \
    "WITH RECURSIVE ids (n, id) AS ("                                                         \
    " SELECT 0, CAST(0 AS BIGINT)"                                                            \
    " UNION ALL"                                                                              \
    " SELECT n + 1, CAST(substr(CAST(" arg " AS TEXT), n * 19 + 1, 19) AS BIGINT) FROM ids"   \
    "  WHERE (n + 1) * 19 <= length(CAST(" arg " AS TEXT)))"
