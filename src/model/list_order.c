/* See list_order.h. */
#include "model/list_order.h"

#include <string.h>
#include <strings.h>

const char *list_order(struct arena *mem, const struct list_order *asked)
{
    const char *word = asked->sort != NULL ? asked->sort : asked->sort_by;
    const char *direction = asked->sort_direction;

    if (word == NULL || word[0] == '-' || direction == NULL || strcasecmp(direction, "desc") != 0)
        return word;
    return arena_printf(mem, "-%s", word);
}

size_t list_order_place(struct arena *mem, const struct list_order *asked, const void *table,
                        size_t row_size, size_t count)
{
    const char *order = list_order(mem, asked);

    for (size_t i = 0; order != NULL && i < count; i++)
        if (strcmp(*(const char *const *)((const char *)table + i * row_size), order) == 0)
            return i;
    return 0;
}
