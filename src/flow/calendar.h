/* The settings of an organization that are made of days and spans, as the API writes them:
 * {"Monday":true,…}, ["Monday",…], {"start":"09:00","end":"17:30"}, {"type":"days","value":5}.
 * Those with flags and numbers are read in any spelling (json_as_bool, json_as_int), and made plain
 * in place. */
#pragma once

#include <stdbool.h>

#include "base/json.h"

/* Monday first, NULL-terminated. */
extern const char *const day_words[];

/* Each day with true or false; all seven, at least one of them true. */
bool calendar_read_week(struct json *v);

/* A list of names of days, none twice; may be empty. */
bool calendar_is_day_list(struct json *v);

/* {"start": "09:00", "end": "17:30"}: within one day, the end after the start; a day ends at
 * 24:00. */
bool calendar_is_hours(struct json *v);

/* {"<key>": a word of units, "value": a whole number from least to most}. */
bool calendar_read_span(struct json *v, const char *key, const char *const *units, int64_t least,
                        int64_t most);
