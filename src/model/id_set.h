/* Sets of people's ids: ascending, none twice. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct id_set {
    int64_t *list;
    size_t count;
};

/* Makes a set of ids in any order, in place. */
void id_set_order(struct id_set *set);

bool id_set_has(const struct id_set *set, int64_t id);

/* Everybody of both. */
struct id_set id_set_with(struct arena *mem, const struct id_set *a, const struct id_set *b);

/* Those of `all` who are not among the others. */
struct id_set id_set_without(struct arena *mem, const struct id_set *all,
                             const struct id_set *others);
