/* The values of custom fields: what a record says under the keys that its organization has for its
 * kind (custom_field_key.h).
 *
 * They stand in the record's own column custom_fields as a JSON object by id of the key, so lists
 * bring them along; on the wire they are named by key. What is left of deleted keys is shown to
 * nobody and goes when the record's values are next written. Guests see none.
 *
 * Everything returned lives in the caller's arena. */
#pragma once

#include <stddef.h>

#include "base/ctx.h"
#include "base/shape.h"
#include "model/custom_field_key.h"

/* What a request says: both JSON. */
struct custom_fields_input {
    const char *custom_fields; /* an object: value by key */
};
extern const struct shape custom_fields_shape; /* also the answer */

struct custom_field_input {
    const char *value;
};
extern const struct shape custom_field_value_shape;

/* Turns what is stored of records of one kind into what is shown, in place: the member
 * custom_fields of each, which stands where `shape` says. One statement, and none when no record
 * has a value. NULL for a guest, who reads null. */
MUST_CHECK enum err custom_fields_show(struct ctx *c, enum custom_kind kind,
                                       const struct shape *shape, void *records, size_t count);

/* For the operations below, `id` names a record as paths do: a member by number, a guest by
 * address, the others by id. ERR_NOT_FOUND for one that c->caller may not see, ERR_DENIED where
 * they may not change it. *out is what the record then has, as it is shown. What is wrong is a
 * fault of "custom_fields.<key>". */

MUST_CHECK enum err custom_fields_get(struct ctx *c, enum custom_kind kind, const char *id,
                                      const char **out);

/* The values, a JSON object by key, become the record's. With `all`, fields that are not named are
 * cleared, as required ones may not be; without it they keep theirs. Fields of the system and
 * inactive ones stay as they are. */
MUST_CHECK enum err custom_fields_set(struct ctx *c, enum custom_kind kind, const char *id,
                                      const char *values, bool all, const char **out);

MUST_CHECK enum err custom_field_set(struct ctx *c, enum custom_kind kind, const char *id,
                                     const char *key, const char *value, const char **out);

/* ERR_DENIED for a field of the system. Clearing one that has no value is OK without effects. */
MUST_CHECK enum err custom_field_clear(struct ctx *c, enum custom_kind kind, const char *id,
                                       const char *key, const char **out);

/* For lists that are narrowed to the records which have a value, whatever its case:
 *
 *     CUSTOM_FIELDS_SOUGHT("t.custom_fields") " LIKE lower(?18) ESCAPE '\\'"
 *
 * custom_field_pattern gives the argument; NULL, when no record can have it. A field that is a
 * list cannot be looked for (a fault of custom_field_key), and the value must be one that the field
 * takes (custom_field_value). */
#define CUSTOM_FIELDS_SOUGHT(column) \
    "lower(substr(" column ", 1, length(" column ") - 1) || ',')"
MUST_CHECK enum err custom_field_pattern(struct ctx *c, enum custom_kind kind, const char *key,
                                         const char *value, const char **out);
