/* What a list is to be sorted by, as queries say it: `sort` or `sort_by` with a word, downwards
 * with a "-" before it or with sort_direction=desc. */
#pragma once

#include "base/arena.h"
#include "base/shape.h"

/* A member `order` of a list's filter. */
struct list_order {
    const char *sort, *sort_by, *sort_direction;
};

/* Its fields in the filter's shape. */
#define LIST_ORDER_FIELD(record, member)                                                      \
    { .name = #member, .type = FIELD_TEXT, .max = 40,                                         \
      .offset = offsetof(struct record, order) + offsetof(struct list_order, member) }
#define LIST_ORDER_FIELDS(record)                                                             \
    LIST_ORDER_FIELD(record, sort), LIST_ORDER_FIELD(record, sort_by),                        \
    LIST_ORDER_FIELD(record, sort_direction)

/* The one form of it: "word", or "-word" for downwards; NULL: nothing was said. */
const char *list_order(struct arena *mem, const struct list_order *asked);

/* The row for it in a table whose rows begin with such a form; the first one where nothing was
 * said, and for an order that the list does not have. */
#define LIST_ORDER_ROW(mem, asked, table)                                                     \
    (&(table)[list_order_place((mem), (asked), (table), sizeof((table)[0]),                   \
                               sizeof(table) / sizeof((table)[0]))])
size_t list_order_place(struct arena *mem, const struct list_order *asked, const void *table,
                        size_t row_size, size_t count);
