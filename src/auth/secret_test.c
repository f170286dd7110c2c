/* Secrets: form, checksum, comparison. */
#include "auth/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GUEST "00000000000000000000000000000000000iqUEf"

static struct arena *mem;

static void a_named_token_is_recognized(void **unused)
{
    (void)unused;
    for (int i = 0; i < 100; i++) {
        const char *token = secret_new_named_token(mem);

        assert_int_equal(strlen(token), 43);
        assert_memory_equal(token, "pawl_", 5);
        assert_true(secret_is_named_token(token));
    }
}

static void any_slip_of_the_pen_is_noticed(void **unused)
{
    const char *token = secret_new_named_token(mem);

    (void)unused;
    for (size_t i = 0; i < strlen(token); i++) {
        char *wrong = arena_dup(mem, token);

        wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
        assert_false(secret_is_named_token(wrong));
        wrong[i] = '\0';
        assert_false(secret_is_named_token(wrong));
    }
    assert_false(secret_is_named_token(arena_printf(mem, "%sx", token)));
    assert_false(secret_is_named_token(""));
    assert_false(secret_is_named_token("pawl_"));
}

static void the_checksum_stays_what_it_is(void **unused)
{
    (void)unused;
    /* CRC-32 of the first 37 characters is 0xB4B5E0E5; scanners elsewhere compute it too. */
    assert_true(secret_is_named_token("pawl_000000000000000000000000000000003JBCTt"));
}

static void a_guest_code_follows_from_its_bytes(void **unused)
{
    unsigned char bytes[32] = { 0 };
    const char *first = secret_guest_code(mem, bytes), *code;

    (void)unused;
    assert_string_equal(first, "00000000000000000000000000000000000iqUEf");
    for (int i = 0; i < 256; i++) {
        bytes[i / 8] ^= (unsigned char)(1 << i % 8);
        code = secret_guest_code(mem, bytes);
        assert_int_equal(strlen(code), 40);
        assert_true(secret_is_guest_code(code));
        assert_string_not_equal(code, first);
        assert_string_equal(code, secret_guest_code(mem, bytes));
    }
    assert_false(secret_is_guest_code(""));
    assert_false(secret_is_guest_code("00000000000000000000000000000000000iqUEg"));
    assert_false(secret_is_guest_code(arena_printf(mem, "%sx", first)));
    assert_false(secret_is_guest_code(arena_printf(mem, "/%s", first)));
    assert_false(secret_is_guest_code(arena_dup_n(mem, first, 39)));
}

static void tokens_are_found_in_texts(void **unused)
{
    static const char *const texts[][2] = {
        { "eyJh.eyJi.c", "[token]" },
        { "Bearer eyJh.eyJi.c-_9, eyJh.eyJi.c.d", "Bearer [token], [token].d" },
        { "x-eyJh.eyJi.c", "x-[token]" },
        { "eyJ.eyJa.eyJb.c", "[token].c" },
        { "pawl_000000000000000000000000000000003JBCTt", "[token]" },
        { "a=pawl_000000000000000000000000000000003JBCTtx;", "a=[token]x;" },
        { "pawl_pawl_000000000000000000000000000000003JBCTt.eyJi.c", "pawl_[token].eyJi.c" },
        { "{\"client\":\"eyJh.eyJi.c\"}", "{\"client\":\"[token]\"}" },
        { GUEST, "[token]" },
        { "/guests/" GUEST "/tasks?code=" GUEST, "/guests/[token]/tasks?code=[token]" },
        { "/login?next=%2Fguests%2F" GUEST "%2f", "/login?next=%2Fguests%2F[token]%2f" },
        { "{\"name\":\"a\\n" GUEST "\\n\"}", "{\"name\":\"a\\n[token]\\n\"}" },
        { "a-" GUEST "_b", "a-[token]_b" },
        { GUEST "-eyJh.eyJi.c", "[token]-[token]" },
        { "x" GUEST "0", "x[token]0" },
        { "2F" GUEST GUEST, "2F[token][token]" },
    };
    static const char *const others[] = {
        "", "n8n", "eyJ", "eyJh.eyJi", "eyJh.eyJi.", "eyJh.eyJi.!", "eyJh.b.c", "a.eyJi.c",
        "eyJh..c", "pawl_", "pawl_000000000000000000000000000000003JBCTu", "node/20.1.2 (x86_64)",
        "00000000000000000000000000000000000iqUEg",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_true(secret_stands_in(texts[i][0]));
        assert_string_equal(secret_masked(mem, texts[i][0]), texts[i][1]);
        assert_false(secret_stands_in(texts[i][1]));
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_ptr_equal(secret_masked(mem, others[i]), others[i]);
    assert_null(secret_masked(mem, NULL));
}

static void secrets_differ(void **unused)
{
    (void)unused;
    assert_int_equal(strlen(secret_new(mem, 43)), 43);
    assert_string_not_equal(secret_new(mem, 43), secret_new(mem, 43));
    assert_string_equal(secret_new(mem, 0), "");
}

static void a_digest_is_sha_256(void **unused)
{
    (void)unused;
    assert_string_equal(secret_digest(mem, "abc"),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void equality_needs_two_equal_texts(void **unused)
{
    (void)unused;
    assert_true(secret_equal("abc", "abc"));
    assert_true(secret_equal("", ""));
    assert_false(secret_equal("abc", "abd"));
    assert_false(secret_equal("abc", "abcd"));
    assert_false(secret_equal("abc", ""));
    assert_false(secret_equal(NULL, "abc"));
    assert_false(secret_equal("abc", NULL));
    assert_false(secret_equal(NULL, NULL));
}

static void the_csrf_token_tells_nothing_of_the_session(void **unused)
{
    (void)unused;
    assert_string_equal(secret_csrf(mem, "session"), secret_csrf(mem, "session"));
    assert_string_not_equal(secret_csrf(mem, "session"), secret_csrf(mem, "other"));
    assert_string_not_equal(secret_csrf(mem, "session"), secret_digest(mem, "session"));
}

static int set_up(void **unused)
{
    (void)unused;
    mem = arena_new_arena();
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    arena_free(mem);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_named_token_is_recognized),
        cmocka_unit_test(any_slip_of_the_pen_is_noticed),
        cmocka_unit_test(the_checksum_stays_what_it_is),
        cmocka_unit_test(a_guest_code_follows_from_its_bytes),
        cmocka_unit_test(tokens_are_found_in_texts),
        cmocka_unit_test(secrets_differ),
        cmocka_unit_test(a_digest_is_sha_256),
        cmocka_unit_test(equality_needs_two_equal_texts),
        cmocka_unit_test(the_csrf_token_tells_nothing_of_the_session),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
