/* Tests of the settings made of days and spans. */
#include "flow/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h> /* last: its macro fail() would hide ours */

static struct ctx c;

static struct json *parsed(const char *text)
{
    struct json *v;

    assert_int_equal(json_parse(&c, text, strlen(text), &v), OK);
    return v;
}

#define WEEK(sunday)                                                                        \
    "{\"Monday\":true,\"Tuesday\":1,\"Wednesday\":0,\"Thursday\":true,\"Friday\":true,"     \
    "\"Saturday\":false,\"Sunday\":" sunday "}"

static void a_week_names_all_days(void **state)
{
    (void)state;
    assert_true(calendar_read_week(parsed(WEEK("false"))));
    assert_false(calendar_read_week(parsed(WEEK("\"yes\""))));
    assert_false(calendar_read_week(parsed(WEEK("2"))));
    assert_true(calendar_read_week(parsed(WEEK("\"True\""))));
    assert_false(calendar_read_week(parsed("{\"Monday\":true}")));
    assert_false(calendar_read_week(parsed("[1]")));
    assert_false(calendar_read_week(parsed("\"all\"")));
}

static void a_list_of_days_names_none_twice(void **state)
{
    (void)state;
    assert_true(calendar_is_day_list(parsed("[]")));
    assert_true(calendar_is_day_list(parsed("[\"Monday\",\"Friday\"]")));
    assert_false(calendar_is_day_list(parsed("[\"Monday\",\"Monday\"]")));
    assert_false(calendar_is_day_list(parsed("[\"monday\"]")));
    assert_false(calendar_is_day_list(parsed("{}")));
}

static bool are_hours(const char *start, const char *end)
{
    char text[200];

    snprintf(text, sizeof(text), "{\"start\":\"%s\",\"end\":\"%s\"}", start, end);
    return calendar_is_hours(parsed(text));
}

static void hours_end_after_they_start(void **state)
{
    (void)state;
    assert_true(are_hours("09:00", "17:30"));
    assert_true(are_hours("00:00", "24:00"));
    assert_false(are_hours("09:00", "09:00"));
    assert_false(are_hours("17:30", "09:00"));
    assert_false(are_hours("24:00", "24:00"));
    assert_false(are_hours("9:00", "17:30"));
    assert_false(are_hours("09:00", "24:01"));
    assert_false(are_hours("09:60", "17:30"));
    assert_false(are_hours("09:00", "17h30"));
    assert_false(are_hours("-9:00", "17:30"));
    assert_false(calendar_is_hours(parsed("{\"start\":\"09:00\"}")));
    assert_false(calendar_is_hours(
        parsed("{\"start\":\"09:00\",\"end\":\"10:00\",\"x\":1}")));
    assert_false(calendar_is_hours(parsed("{\"start\":9,\"end\":17}")));
    assert_false(calendar_is_hours(parsed("[]")));
    assert_false(calendar_is_hours(parsed("\"all day\"")));
}

static bool is_span(const char *text, int64_t least)
{
    static const char *const units[] = { "days", "weeks", NULL };

    return calendar_read_span(parsed(text), "type", units, least, 90);
}

static void a_span_has_a_unit_and_a_number(void **state)
{
    (void)state;
    assert_true(is_span("{\"type\":\"days\",\"value\":7}", 0));
    assert_true(is_span("{\"type\":\"days\",\"value\":0}", 0));
    assert_false(is_span("{\"type\":\"days\",\"value\":0}", 1));
    assert_false(is_span("{\"type\":\"eons\",\"value\":7}", 0));
    assert_true(is_span("{\"type\":\"days\",\"value\":\"90\"}", 0));
    assert_false(is_span("{\"type\":\"days\",\"value\":\"9.5\"}", 0));
    assert_false(is_span("{\"type\":\"days\",\"value\":91}", 0));
    assert_false(is_span("{\"type\":\"days\",\"value\":-1}", 0));
    assert_false(is_span("{\"type\":\"days\"}", 0));
    assert_false(is_span("\"soon\"", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_names_all_days),
        cmocka_unit_test(a_list_of_days_names_none_twice),
        cmocka_unit_test(hours_end_after_they_start),
        cmocka_unit_test(a_span_has_a_unit_and_a_number),
    };
    int failed;

    c.mem = arena_new_arena();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(c.mem);
    return failed;
}
