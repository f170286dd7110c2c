/* The settings of an organization that are made of days and spans, as the API writes them:
 * {"Monday":true,…}, ["Monday",…], {"start":"09:00","end":"17:30"}, {"type":"days","value":5}. */
#pragma once

#include <stdbool.h>

#include "base/json.h"

/* Monday first, NULL-terminated. */
extern const char *const day_words[];

/* Each day with true or false (or 1, 0); all seven, at least one of them true. */
bool calendar_is_week(const struct json *v);

/* A list of names of days, none twice; may be empty. */
bool calendar_is_day_list(const struct json *v);

/* {"start": "09:00", "end": "17:30"}: within one day, the end after the start; a day ends at
 * 24:00. */
bool calendar_is_hours(const struct json *v);

/* {"<key>": a word of units, "value": a whole number from least to most}. */
bool calendar_is_span(const struct json *v, const char *key, const char *const *units,
                      int64_t least, int64_t most);
