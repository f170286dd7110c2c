/* See id_set.h. */
#include "model/id_set.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

void id_set_order(struct id_set *set)
{
    size_t n = 0;

    if (set->count == 0)
        return;
    qsort(set->list, set->count, sizeof(*set->list), compare);
    for (size_t i = 1; i < set->count; i++)
        if (set->list[i] != set->list[n])
            set->list[++n] = set->list[i];
    set->count = n + 1;
}

bool id_set_has(const struct id_set *set, int64_t id)
{
    return set->count > 0 &&
           bsearch(&id, set->list, set->count, sizeof(*set->list), compare) != NULL;
}

struct id_set id_set_with(struct arena *mem, const struct id_set *a, const struct id_set *b)
{
    struct id_set both = { .list = arena_new_n(mem, int64_t, a->count + b->count + 1) };

    for (size_t i = 0; i < a->count; i++)
        both.list[both.count++] = a->list[i];
    for (size_t i = 0; i < b->count; i++)
        both.list[both.count++] = b->list[i];
    id_set_order(&both);
    return both;
}

struct id_set id_set_without(struct arena *mem, const struct id_set *all,
                             const struct id_set *others)
{
    struct id_set rest = { .list = arena_new_n(mem, int64_t, all->count + 1) };
    size_t k = 0;

    for (size_t i = 0; i < all->count; i++) {
        while (k < others->count && others->list[k] < all->list[i])
            k++;
        if (k == others->count || others->list[k] != all->list[i])
            rest.list[rest.count++] = all->list[i];
    }
    return rest;
}
