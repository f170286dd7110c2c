/* Countries and territories of ISO 3166-1, for people to say where they are. A table, not a choice
 * of ours: to be changed when the standard is. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/shape.h"

struct country {
    int64_t id;             /* the numeric code of ISO 3166-1 */
    const char *name;       /* as it is commonly called in English */
    const char *phone_code; /* +30; ITU-T E.164 */
    const char *iso2;
};

extern const struct shape country_shape;

/* All of them, by name. */
extern const struct country countries[];
extern const size_t country_count;

/* NULL when there is none with this id. */
const struct country *country_get(int64_t id);

/* One as JSON; NULL when there is none. */
const char *country_json(struct arena *mem, int64_t id);
