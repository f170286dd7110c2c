/* See calendar.h. */
#include "flow/calendar.h"

#include "base/shape.h"

const char *const day_words[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                  "Friday", "Saturday", "Sunday",    NULL };

enum { DAYS = 7 };

static bool is_flag(const struct json *v)
{
    return v->kind == J_BOOL || (v->kind == J_INT && (v->integer == 0 || v->integer == 1));
}

bool calendar_is_week(const struct json *v)
{
    int days = 0, working = 0;

    if (v->kind != J_OBJECT)
        return false;
    for (const struct json *d = v->first; d != NULL; d = d->next, days++) {
        if (word_index(day_words, d->key) < 0 || !is_flag(d))
            return false;
        working += d->kind == J_BOOL ? d->boolean : d->integer == 1;
    }
    return days == DAYS && working > 0;
}

bool calendar_is_day_list(const struct json *v)
{
    unsigned seen = 0;

    if (v->kind != J_LIST)
        return false;
    for (const struct json *d = v->first; d != NULL; d = d->next) {
        int day = d->kind == J_TEXT ? word_index(day_words, d->text) : -1;

        if (day < 0 || (seen & (1u << day)))
            return false;
        seen |= 1u << day;
    }
    return true;
}

bool calendar_is_span(const struct json *v, const char *key, const char *const *units,
                      int64_t most)
{
    const char *unit = json_get_text(v, key);
    const struct json *value = json_get(v, "value");

    return unit != NULL && word_index(units, unit) >= 0 && value != NULL &&
           value->kind == J_INT && value->integer >= 0 && value->integer <= most;
}
