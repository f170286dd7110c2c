/* The test vectors of RFC 6238 appendix B (SHA-1; its eight digits end in our six), those of RFC
 * 4648 section 10, and the window. */
#include "auth/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <string.h>

#include "auth/base32.h"
#include "base/clock.h"

static const unsigned char key[] = "12345678901234567890";

static void codes_are_those_of_the_rfc(void **unused)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } vectors[] = {
        { 59, "287082" },         { 1111111109, "081804" },  { 1111111111, "050471" },
        { 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
    };
    char code[TOTP_DIGITS + 1];

    (void)unused;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        totp_code(key, TOTP_KEY_SIZE, totp_step(vectors[i].seconds * SECOND), code);
        assert_string_equal(code, vectors[i].code);
    }
}

static void one_step_early_or_late_is_taken_and_each_once(void **unused)
{
    const int64_t step = 41152263, now = step * TOTP_STEP_SECONDS * SECOND + 1;
    char code[TOTP_DIGITS + 1];

    (void)unused;
    for (int64_t off = -3; off <= 3; off++) {
        int64_t taken = off < -1 || off > 1 ? 0 : step + off;

        totp_code(key, TOTP_KEY_SIZE, step + off, code);
        assert_int_equal(totp_match(key, TOTP_KEY_SIZE, now, 0, code), taken);
        assert_int_equal(totp_match(key, TOTP_KEY_SIZE, now, step + off, code), 0);
        assert_int_equal(totp_match(key, TOTP_KEY_SIZE, now, step + off - 1, code), taken);
    }
    assert_int_equal(totp_match(key, TOTP_KEY_SIZE, now, 0, ""), 0);
    assert_int_equal(totp_match(key, TOTP_KEY_SIZE, now, 0, NULL), 0);
}

static void base32_is_that_of_the_rfc(void **unused)
{
    static const char *const vectors[][2] = {
        { "", "" },           { "f", "MY" },         { "fo", "MZXQ" },
        { "foo", "MZXW6" },   { "foob", "MZXW6YQ" }, { "fooba", "MZXW6YTB" },
        { "foobar", "MZXW6YTBOI" },
    };
    struct arena *mem = arena_new_arena();

    (void)unused;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        const unsigned char *bytes = (const unsigned char *)vectors[i][0];

        assert_string_equal(base32_encode(mem, bytes, strlen(vectors[i][0])), vectors[i][1]);
    }
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(one_step_early_or_late_is_taken_and_each_once),
        cmocka_unit_test(base32_is_that_of_the_rfc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
