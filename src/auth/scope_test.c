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
        { "[\"mcp.tasks.read\",\"mcp.users.write\"]", "mcp.tasks.read mcp.users.write" },
        { "[\"mcp.tasks.read\",\"users.read\"]", NULL },
        { "[\"mcp.tasks.read\",\"*\"]", NULL },
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
    assert_true(scopes_cover("mcp.tasks.write", "mcp.tasks.read"));
    assert_false(scopes_cover("mcp.tasks.write", "tasks.read"));
    assert_false(scopes_cover("tasks.write", "mcp.tasks.read"));
    assert_false(scopes_cover("mcp.tasks.write", "account.read"));
}

#define ALL_MCP                                                                       \
    "mcp.users.read mcp.users.write mcp.tasks.read mcp.tasks.write mcp.processes.read" \
    " mcp.processes.write mcp.templates.read mcp.templates.write mcp.forms.read"      \
    " mcp.forms.write mcp.automation.read mcp.automation.write"

static void applications_ask_in_their_own_words(void **state)
{
    static const struct {
        const char *requested;
        unsigned kinds;
        const char *most, *granted; /* NULL: refused */
    } cases[] = {
        { NULL, SCOPES_API, "*", "*" },
        { "", SCOPES_API, "*", "*" },
        { "*", SCOPES_API, "*", "*" },
        { "read write", SCOPES_API, "*", "*" },
        { "openid *", SCOPES_API, "*", "*" },
        { "tasks.read", SCOPES_API, "*", "tasks.read" },
        { " tasks.read  users.read tasks.read ", SCOPES_API, "*", "tasks.read users.read" },
        { "tasks.read write", SCOPES_API, "*", NULL },
        { "mcp.tasks.read", SCOPES_API, "*", NULL },
        { "* mcp.tasks.read", SCOPES_API | SCOPES_MCP, "*", NULL },
        { "users.read mcp.tasks.read", SCOPES_API | SCOPES_MCP, "*", NULL },
        { "mcp.tasks.read offline", SCOPES_API | SCOPES_MCP, "*", "mcp.tasks.read" },
        { "mcp.tasks.delete", SCOPES_API | SCOPES_MCP, "*", NULL },
        { NULL, SCOPES_API | SCOPES_MCP, "*", "*" },
        { NULL, SCOPES_MCP, "*", ALL_MCP },
        { "*", SCOPES_MCP, "*", ALL_MCP },
        { "openid", SCOPES_MCP, "*", ALL_MCP },
        { "tasks.read", SCOPES_MCP, "*", NULL },
        { NULL, SCOPES_API, "tasks.write users.read", "users.read tasks.read tasks.write" },
        { "tasks.read", SCOPES_API, "tasks.write", "tasks.read" },
        { "users.read", SCOPES_API, "tasks.write", NULL },
        { NULL, SCOPES_MCP, "mcp.tasks.read", "mcp.tasks.read" },
        { NULL, SCOPES_API | SCOPES_MCP, "mcp.tasks.read", "mcp.tasks.read" },
        { NULL, SCOPES_MCP, "tasks.read", NULL },
        { NULL, SCOPES_API, "mcp.tasks.read", NULL },
    };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *granted;
        enum err e;

        ctx_forgive(c);
        e = scopes_requested(c, cases[i].requested, cases[i].kinds, cases[i].most, &granted);
        if (cases[i].granted == NULL) {
            assert_int_equal(e, ERR_MALFORMED);
            assert_string_equal(c->failure.code, "invalid_scope");
        } else {
            assert_int_equal(e, OK);
            assert_string_equal(granted, cases[i].granted);
        }
    }
}

static void gated_tokens_are_held_to_their_words(void **unused)
{
    static const struct {
        const char *scopes, *route;
        bool open;
    } cases[] = {
        { "*", "admin", true },
        { "tasks.write", "tasks.read", true },
        { "tasks.read", "tasks.write", false },
        { "tasks.read", "account.read", false },
        { "mcp.tasks.read", "tasks.read", true },
        { "mcp.tasks.write", "tasks.read", true },
        { "mcp.tasks.read", "tasks.write", false },
        { "mcp.tasks.write", "users.read", false },
        { "mcp.tasks.read", "account.read", true },
        { "mcp.tasks.write", "account.write", false },
        { "mcp.tasks.write", "organization.write", false },
        { "mcp.tasks.read", "organization.read", true },
        { "mcp.tasks.write", "admin", false },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct caller who = { .scopes = cases[i].scopes };

        assert_int_equal(caller_has_scope(&who, cases[i].route), cases[i].open);
    }
}

static void every_scope_is_told_in_words(void **unused)
{
    (void)unused;
    for (size_t i = 0; scope_words[i] != NULL; i++) {
        assert_string_not_equal(scope_title(scope_words[i]), "");
        assert_string_not_equal(scope_text(scope_words[i]), "");
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
        cmocka_unit_test(gated_tokens_are_held_to_their_words),
        cmocka_unit_test(every_scope_is_told_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
