/* See calendar.h. */
#include "flow/calendar.h"

#include <string.h>

#include "base/shape.h"

const char *const day_words[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                  "Friday", "Saturday", "Sunday",    NULL };

enum { DAYS = 7 };

bool calendar_read_week(struct json *v)
{
    int days = 0, working = 0;

    if (v->kind != J_OBJECT)
        return false;
    for (struct json *d = v->first; d != NULL; d = d->next, days++) {
        if (word_index(day_words, d->key) < 0 || !json_make_bool(d))
            return false;
        working += d->boolean;
    }
    return days == DAYS && working > 0;
}

bool calendar_is_day_list(struct json *v)
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

bool calendar_is_hours(struct json *v)
{
    const int start = minutes_of(json_get_text(v, "start"));
    const int end = minutes_of(json_get_text(v, "end"));

    return start >= 0 && end > start && v->first->next == v->last;
}

bool calendar_read_span(struct json *v, const char *key, const char *const *units, int64_t least,
                        int64_t most)
{
    const char *unit = json_get_text(v, key);
    struct json *value = v->kind == J_OBJECT ? v->first : NULL;

    while (value != NULL && strcmp(value->key, "value") != 0)
        value = value->next;
    return unit != NULL && word_index(units, unit) >= 0 && value != NULL &&
           json_make_int(value) && value->integer >= least && value->integer <= most;
}
