/* Lists of guests: each order is a range of an index, a search reads those who may match, and how
 * many there are is a counter; so a page takes as long whether an organization has ten guests or a
 * hundred thousand. Who may see only guests they work with has a list of those, sorted anew.
 * Everything returned lives in the caller's arena. */
#pragma once

#include "model/guest.h"
#include "model/list_order.h"

/* The query's parameters have the same names. */
struct guest_filter {
    const char *q;           /* in name or address (people_index.h); NULL: everybody */
    struct list_order order; /* created_at, id, first_name, full_name, last_name, email */
    bool without_pagination; /* all at once: for who answers */
};
extern const struct shape guest_filter_shape;

/* Guests of c->org, disabled ones too; deleted ones are in no list. They are not described yet. */
MUST_CHECK enum err guest_list(struct ctx *c, const struct guest_filter *filter, int64_t limit,
                               int64_t offset, struct guest **out, size_t *count,
                               int64_t *total);
