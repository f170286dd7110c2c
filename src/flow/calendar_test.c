/* Tests of the settings made of days and spans. */
#include "flow/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: its macro fail() would hide ours */

static struct ctx c;

static const struct json *parsed(const char *text)
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
    assert_true(calendar_is_week(parsed(WEEK("false"))));
    assert_false(calendar_is_week(parsed(WEEK("\"yes\""))));
    assert_false(calendar_is_week(parsed(WEEK("2"))));
    assert_false(calendar_is_week(parsed("{\"Monday\":true}")));
    assert_false(calendar_is_week(parsed("[1]")));
    assert_false(calendar_is_week(parsed("\"all\"")));
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

static void a_span_has_a_unit_and_a_number(void **state)
{
    static const char *const units[] = { "days", "weeks", NULL };

    (void)state;
    assert_true(calendar_is_span(parsed("{\"type\":\"days\",\"value\":7}"), "type", units, 90));
    assert_false(calendar_is_span(parsed("{\"type\":\"eons\",\"value\":7}"), "type", units, 90));
    assert_false(calendar_is_span(parsed("{\"type\":\"days\",\"value\":91}"), "type", units, 90));
    assert_false(calendar_is_span(parsed("{\"type\":\"days\",\"value\":-1}"), "type", units, 90));
    assert_false(calendar_is_span(parsed("{\"type\":\"days\"}"), "type", units, 90));
    assert_false(calendar_is_span(parsed("\"soon\""), "type", units, 90));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_names_all_days),
        cmocka_unit_test(a_list_of_days_names_none_twice),
        cmocka_unit_test(a_span_has_a_unit_and_a_number),
    };
    int failed;

    c.mem = arena_new_arena();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(c.mem);
    return failed;
}
