/* Scopes and the lists of words they are kept as. */
#include "auth/scope.h"

#include "auth/words.h"
#include "base/str.h"

#include "base/testing.h"

static void lists_become_words(void **state)
{
    static const struct {
        const char *json, *words; /* NULL: refused */
    } cases[] = {
        { "[\"tasks.read\"]", "tasks.read" },
        { "[\"tasks.read\",\"admin\",\"tasks.read\"]", "tasks.read admin" },
        { "[\"tasks.read\",\"*\"]", "*" },
        { "null", "*" },
        { NULL, "*" },
        { "[]", NULL },
        { "\"tasks.read\"", NULL },
        { "[\"everything\"]", NULL },
        { "[1]", NULL },
        { "{\"a\":\"tasks.read\"}", NULL },
    };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *words;

        ctx_forgive(c);
        assert_int_equal(scopes_read(c, cases[i].json, &words), OK);
        if (cases[i].words == NULL) {
            assert_int_equal(fields_ok(c), ERR_INVALID);
            assert_string_equal(c->failure.fields->field, "scopes");
        } else {
            assert_int_equal(fields_ok(c), OK);
            assert_string_equal(words, cases[i].words);
        }
    }
}

static void long_lists_give_few_faults(void **state)
{
    struct ctx *c = *state;
    struct str json = str_in(c->mem, 100000);
    const char *words;
    int faults = 0;

    str_add(&json, "[1");
    for (int i = 0; i < 10000; i++)
        str_add(&json, ",1");
    str_add(&json, "]");
    assert_int_equal(scopes_read(c, str_text(&json), &words), OK);
    for (const struct field_error *f = c->failure.fields; f != NULL; f = f->next)
        faults++;
    assert_in_range(faults, 1, 50);
}

static void words_become_lists(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(words_json(c->mem, ""), "[]");
    assert_string_equal(words_json(c->mem, "*"), "[\"*\"]");
    assert_string_equal(words_json(c->mem, "tasks.read admin"), "[\"tasks.read\",\"admin\"]");
}

static void words_are_whole(void **unused)
{
    (void)unused;
    assert_true(words_have("tasks.read admin", "admin"));
    assert_true(words_have("  tasks.read ", "tasks.read"));
    assert_false(words_have("tasks.read", "tasks"));
    assert_false(words_have("tasks.read", "read"));
    assert_false(words_have("", "admin"));
}

static void nobody_hands_out_more_than_he_has(void **unused)
{
    (void)unused;
    assert_true(scopes_cover("*", "*"));
    assert_true(scopes_cover("*", "tasks.write admin"));
    assert_true(scopes_cover("admin tasks.write", "tasks.read"));
    assert_true(scopes_cover("admin tasks.write", "tasks.read tasks.write admin"));
    assert_false(scopes_cover("admin", "*"));
    assert_false(scopes_cover("admin tasks.read", "tasks.write"));
    assert_false(scopes_cover("admin", "admin tasks.read"));
}

static void applications_ask_in_their_own_words(void **state)
{
    static const struct {
        const char *requested, *granted; /* NULL: refused */
    } cases[] = {
        { NULL, "*" },
        { "", "*" },
        { "*", "*" },
        { "read write", "*" },
        { "openid *", "*" },
        { "tasks.read", "tasks.read" },
        { " tasks.read  users.read tasks.read ", "tasks.read users.read" },
        { "tasks.read write", NULL },
        { "mcp.tasks.read", NULL },
        { "* mcp.tasks.read", NULL },
    };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *granted;
        enum err e;

        ctx_forgive(c);
        e = scopes_requested(c, cases[i].requested, &granted);
        if (cases[i].granted == NULL) {
            assert_int_equal(e, ERR_MALFORMED);
            assert_string_equal(c->failure.code, "invalid_scope");
        } else {
            assert_int_equal(e, OK);
            assert_string_equal(granted, cases[i].granted);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(lists_become_words),
        WITH_CONTEXT(long_lists_give_few_faults),
        WITH_CONTEXT(words_become_lists),
        cmocka_unit_test(words_are_whole),
        cmocka_unit_test(nobody_hands_out_more_than_he_has),
        WITH_CONTEXT(applications_ask_in_their_own_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
