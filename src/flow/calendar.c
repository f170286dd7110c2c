/* See calendar.h. */
#include "flow/calendar.h"

#include <string.h>

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

/* The minutes of a day that "HH:MM" is; -1 for anything else. */
static int minutes_of(const char *text)
{
    static const char digits[] = "0123456789";
    int hours, minutes;

    if (text == NULL || strlen(text) != 5 || strspn(text, digits) != 2 || text[2] != ':' ||
        strspn(text + 3, digits) != 2)
        return -1;
    hours = (text[0] - '0') * 10 + text[1] - '0';
    minutes = (text[3] - '0') * 10 + text[4] - '0';
    return minutes < 60 && hours * 60 + minutes <= 24 * 60 ? hours * 60 + minutes : -1;
}

bool calendar_is_hours(const struct json *v)
{
    const int start = minutes_of(json_get_text(v, "start"));
    const int end = minutes_of(json_get_text(v, "end"));

    return start >= 0 && end > start && v->first->next == v->last;
}

bool calendar_is_span(const struct json *v, const char *key, const char *const *units,
                      int64_t least, int64_t most)
{
    const char *unit = json_get_text(v, key);
    const struct json *value = json_get(v, "value");

    return unit != NULL && word_index(units, unit) >= 0 && value != NULL &&
           value->kind == J_INT && value->integer >= least && value->integer <= most;
}
