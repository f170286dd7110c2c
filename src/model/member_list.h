/* Lists of members: each order is a range of an index, a search reads those who may match, and how
 * many there are is a counter; so a page takes as long whether an organization has ten members or
 * ten thousand. Everything returned lives in the caller's arena. */
#pragma once

#include "model/list_order.h"
#include "model/user.h"

/* The query's parameters have the same names. */
struct member_filter {
    const char *q; /* in name or address (people_index.h); NULL: everybody */
    struct list_order order; /* id, first_name, full_name, last_name, email, created_at,
                                joined_at */
};
extern const struct shape member_filter_shape;

/* Members of c->org, whatever their status, the bot too; deleted ones are in no list. */
MUST_CHECK enum err member_list(struct ctx *c, const struct member_filter *filter, int64_t limit,
                                int64_t offset, struct user **out, size_t *count,
                                int64_t *total);
