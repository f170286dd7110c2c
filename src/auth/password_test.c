/* Passwords: hashing and the rule. */
#include "auth/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static struct arena *mem;

static const char *fault_of(const char *password)
{
    struct ctx c = { .mem = mem };

    password_check(&c, "password", password, "eva@example.com", 10);
    return c.failure.fields == NULL ? NULL : c.failure.fields->message;
}

static void a_hash_matches_its_password_alone(void **unused)
{
    struct ctx c = { .mem = mem };
    const char *hash, *again;

    (void)unused;
    assert_int_equal(password_hash(&c, "correct horse battery", &hash), OK);
    assert_int_equal(password_hash(&c, "correct horse battery", &again), OK);
    assert_memory_equal(hash, "$argon2id$v=19$m=65536,t=3,p=1$", 31);
    assert_string_not_equal(hash, again);
    assert_true(password_matches(hash, "correct horse battery"));
    assert_false(password_matches(hash, "correct horse batterz"));
    assert_false(password_matches(hash, ""));
}

static void nothing_matches_no_hash_or_a_broken_one(void **unused)
{
    (void)unused;
    assert_false(password_matches(NULL, "correct horse battery"));
    assert_false(password_matches("", "correct horse battery"));
    assert_false(password_matches("$argon2id$v=19$m=65536", "correct horse battery"));
}

static void good_passwords_pass(void **unused)
{
    static const char *const good[] = {
        "correct horse battery", "another long battery", "ümlaut-ist-schön", "q8Fz!kP2m_",
        "4815162342", "passwords are overrated",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_null(fault_of(good[i]));
}

static void bad_passwords_are_refused(void **unused)
{
    static const char *const bad[] = {
        "", "ninechars", "ééééééééé", "password123", "PASSWORD123!", "Passwort2024!",
        "1234567890", "0987654321", "qwertyuiop", "aaaaaaaaaaaa", "abababababab", "eva@example.com",
        "EVA@example.com", "welcome2024!", "1q2w3e4r5t", "administrator",
    };

    (void)unused;
    assert_non_null(fault_of(NULL));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_non_null(fault_of(bad[i]));
}

static void length_counts_characters(void **unused)
{
    char *text = arena_alloc(mem, 300);

    (void)unused;
    for (int i = 0; i < 127; i++)
        memcpy(text + 2 * i, i % 4 == 0 ? "é" : i % 4 == 1 ? "ü" : i % 4 == 2 ? "д" : "щ", 2);
    assert_null(fault_of(text));
    assert_non_null(fault_of(arena_printf(mem, "%sx", text)));
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
        cmocka_unit_test(a_hash_matches_its_password_alone),
        cmocka_unit_test(nothing_matches_no_hash_or_a_broken_one),
        cmocka_unit_test(good_passwords_pass),
        cmocka_unit_test(bad_passwords_are_refused),
        cmocka_unit_test(length_counts_characters),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
