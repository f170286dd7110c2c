/* Tests of colours. */
#include "flow/color.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_colour_is_six_hex_digits(void **state)
{
    (void)state;
    assert_true(color_is_hex("#0b6b5f"));
    assert_true(color_is_hex("#FFaa00"));
    assert_false(color_is_hex("0b6b5f"));
    assert_false(color_is_hex("#fff"));
    assert_false(color_is_hex("#0b6b5g"));
    assert_false(color_is_hex("#0b6b5f "));
    assert_false(color_is_hex("red"));
    assert_false(color_is_hex(""));
}

static int hundredths(const char *a, const char *b)
{
    return (int)(color_contrast(a, b) * 100 + 0.5);
}

/* The values are those that the Web Accessibility Initiative's own examples and tools give. */
static void contrast_is_that_of_wcag(void **state)
{
    (void)state;
    assert_int_equal(hundredths("#000000", COLOR_WHITE), 2100);
    assert_int_equal(hundredths(COLOR_WHITE, "#000000"), 2100);
    assert_int_equal(hundredths("#777777", "#777777"), 100);
    assert_int_equal(hundredths("#767676", COLOR_WHITE), 454);
    assert_int_equal(hundredths("#777777", COLOR_WHITE), 447);
    assert_int_equal(hundredths("#FF0000", COLOR_WHITE), 399);
    assert_int_equal(hundredths("#0000ff", COLOR_WHITE), 859);
}

static void contrast_is_never_rounded_up(void **state)
{
    (void)state;
    assert_true(color_contrast("#777777", COLOR_WHITE) < 4.5); /* 4.478 */
    assert_true(color_contrast("#0b6b5f", COLOR_WHITE) >= 4.5);
    assert_true(color_contrast("#0b6b5f", COLOR_DARK) < 4.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_colour_is_six_hex_digits),
        cmocka_unit_test(contrast_is_that_of_wcag),
        cmocka_unit_test(contrast_is_never_rounded_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
