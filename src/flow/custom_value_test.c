/* Tests of custom fields' values: each type over a table of what is sent. */
#include "flow/custom_value.h"

#include <string.h>

#include "base/testing.h"

enum { LONG_MAX_BYTES = 40000 };

static const struct json *parsed(struct ctx *c, const char *text)
{
    struct json *v;

    assert_int_equal(json_parse(c, text, strlen(text), &v), OK);
    return v;
}

static const char *written(struct ctx *c, const struct json *v)
{
    struct str out = str_in(c->mem, 1024 * 1024);

    if (v == NULL)
        return NULL;
    json_put_tree(&out, v);
    return str_text(&out);
}

/* Gold 1, Silver 2, "2024" 3; or, of a table, the columns Name 1, Quantity 2. */
static struct custom_field field_of(struct ctx *c, enum custom_type type)
{
    struct custom_field field = { .type = type, .label = "Field" };
    const char *options = "[{\"id\":1,\"text\":\"Gold\"},{\"id\":2,\"text\":\"Silver\"},"
                          "{\"id\":3,\"text\":\"2024\"}]";
    const char *columns = "[{\"id\":1,\"label\":\"Name\"},{\"id\":2,\"label\":\"Quantity\"}]";

    choices_parse(c->mem, parsed(c, type == CUSTOM_TABLE ? columns : options), &field.choices);
    return field;
}

#define WRONG "wrong"

static const struct {
    enum custom_type type;
    const char *sent, *stored, *shown; /* stored NULL: it clears; shown NULL: as stored */
} values[] = {
    { CUSTOM_TEXT, "\"  Ada \"", "\"Ada\"" },
    { CUSTOM_TEXT, "12", "\"12\"" },
    { CUSTOM_TEXT, "1.5", "\"1.5\"" },
    { CUSTOM_TEXT, "true", "\"true\"" },
    { CUSTOM_TEXT, "\"\"", NULL },
    { CUSTOM_TEXT, "\"  \"", NULL },
    { CUSTOM_TEXT, "null", NULL },
    { CUSTOM_TEXT, "[]", NULL },
    { CUSTOM_TEXT, "\"a\\nb\"", WRONG },
    { CUSTOM_TEXT, "[\"a\"]", WRONG },
    { CUSTOM_TEXT, "{\"a\":1}", WRONG },
    { CUSTOM_TEXTAREA, "\"a\\nb\"", "\"a\\nb\"" },
    { CUSTOM_TEXTAREA, "{\"a\":1}", WRONG },
    { CUSTOM_NUMBER, "0", "0" },
    { CUSTOM_NUMBER, "-12.5", "-12.5" },
    { CUSTOM_NUMBER, "\"12\"", "12" },
    { CUSTOM_NUMBER, "\" 1e3 \"", "1000" },
    { CUSTOM_NUMBER, "9223372036854775807", "9223372036854775807" },
    { CUSTOM_NUMBER, "\"9999999999999999999\"", "1e+19" },
    { CUSTOM_NUMBER, "\"1e999\"", WRONG },
    { CUSTOM_NUMBER, "\"nan\"", WRONG },
    { CUSTOM_NUMBER, "\"0x10\"", WRONG },
    { CUSTOM_NUMBER, "\"12 pieces\"", WRONG },
    { CUSTOM_NUMBER, "true", WRONG },
    { CUSTOM_NUMBER, "[1]", WRONG },
    { CUSTOM_BOOLEAN, "false", "false" },
    { CUSTOM_BOOLEAN, "\"True\"", "true" },
    { CUSTOM_BOOLEAN, "\"0\"", "false" },
    { CUSTOM_BOOLEAN, "1", "true" },
    { CUSTOM_BOOLEAN, "2", WRONG },
    { CUSTOM_BOOLEAN, "\"perhaps\"", WRONG },
    { CUSTOM_DATE, "\"2030-01-31\"", "\"2030-01-31T00:00:00Z\"" },
    { CUSTOM_DATE, "\"2030-01-31 17:00:00\"", "\"2030-01-31T17:00:00Z\"" },
    { CUSTOM_DATE, "\"2030-01-31T17:00:00+02:00\"", "\"2030-01-31T15:00:00Z\"" },
    { CUSTOM_DATE, "\"1970-01-01\"", "\"1970-01-01T00:00:00Z\"" },
    { CUSTOM_DATE, "\"1815-12-10\"", "\"1815-12-10T00:00:00Z\"" },
    { CUSTOM_DATE, "\"2030-02-30\"", WRONG },
    { CUSTOM_DATE, "\"soon\"", WRONG },
    { CUSTOM_DATE, "1900000000", WRONG },
    { CUSTOM_EMAIL, "\" Ada@Example.com \"", "\"Ada@Example.com\"" },
    { CUSTOM_EMAIL, "\"ada\"", WRONG },
    { CUSTOM_EMAIL, "5", WRONG },
    { CUSTOM_URL, "\"https://example.com/a?b=c#d\"", "\"https://example.com/a?b=c#d\"" },
    { CUSTOM_URL, "\"HTTP://localhost:8080\"", "\"HTTP://localhost:8080\"" },
    { CUSTOM_URL, "\"javascript:alert(1)\"", WRONG },
    { CUSTOM_URL, "\"ftp://example.com\"", WRONG },
    { CUSTOM_URL, "\"example.com\"", WRONG },
    { CUSTOM_URL, "\"https://\"", WRONG },
    { CUSTOM_RADIO, "\"Gold\"", "1", "\"Gold\"" },
    { CUSTOM_RADIO, "\" Silver \"", "2", "\"Silver\"" },
    { CUSTOM_RADIO, "2024", "3", "\"2024\"" },
    { CUSTOM_RADIO, "{\"id\":2}", "2", "\"Silver\"" },
    { CUSTOM_RADIO, "{\"id\":\"2\",\"text\":\"Old name\"}", "2", "\"Silver\"" },
    { CUSTOM_RADIO, "{\"text\":\"Gold\"}", "1", "\"Gold\"" },
    { CUSTOM_RADIO, "\"\"", NULL },
    { CUSTOM_RADIO, "\"gold\"", WRONG },
    { CUSTOM_RADIO, "1", WRONG },
    { CUSTOM_RADIO, "{\"id\":4,\"text\":\"Gold\"}", WRONG },
    { CUSTOM_RADIO, "[\"Gold\"]", WRONG },
    { CUSTOM_RADIO, "{}", WRONG },
    { CUSTOM_DROPDOWN, "\"Gold\"", "1", "\"Gold\"" },
    { CUSTOM_DROPDOWN, "\"Bronze\"", WRONG },
    { CUSTOM_MULTISELECT, "[\"Gold\",{\"id\":2},\"Gold\"]", "[1,2]", "[\"Gold\",\"Silver\"]" },
    { CUSTOM_MULTISELECT, "[{\"id\":1,\"selected\":false},{\"id\":2,\"selected\":true}]", "[2]",
      "[\"Silver\"]" },
    { CUSTOM_MULTISELECT, "[{\"id\":1,\"selected\":false}]", NULL },
    { CUSTOM_MULTISELECT, "[]", NULL },
    { CUSTOM_MULTISELECT, "[\"Gold\",\"Bronze\"]", WRONG },
    { CUSTOM_MULTISELECT, "\"Gold\"", WRONG },
    { CUSTOM_TABLE, "[{\"Name\":\"Nut\",\"Quantity\":5},{\"Quantity\":true},{}]",
      "[{\"1\":\"Nut\",\"2\":5},{\"2\":true},{}]",
      "[{\"Name\":\"Nut\",\"Quantity\":5},{\"Quantity\":true},{}]" },
    { CUSTOM_TABLE, "[[\"Nut\",5],[\"\",null]]", "[{\"1\":\"Nut\",\"2\":5},{}]",
      "[{\"Name\":\"Nut\",\"Quantity\":5},{}]" },
    { CUSTOM_TABLE, "[]", NULL },
    { CUSTOM_TABLE, "\"\"", NULL },
    { CUSTOM_TABLE, "[{\"Price\":1}]", WRONG },
    { CUSTOM_TABLE, "[[\"Nut\"]]", WRONG },
    { CUSTOM_TABLE, "[[\"Nut\",5,6]]", WRONG },
    { CUSTOM_TABLE, "[{\"Name\":[\"Nut\"]}]", WRONG },
    { CUSTOM_TABLE, "[\"Nut\"]", WRONG },
    { CUSTOM_TABLE, "{\"Name\":\"Nut\"}", WRONG },
    { CUSTOM_TABLE, "{}", WRONG },
};

static void each_type_takes_its_values(void **state)
{
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct custom_field field = field_of(c, values[i].type);
        const char *shown = values[i].shown != NULL ? values[i].shown : values[i].stored;
        const struct json *stored;
        bool ok = custom_value_read(c, "f", &field, parsed(c, values[i].sent), &stored);

        if (values[i].stored == NULL) {
            assert_true(ok);
            assert_null(stored);
        } else if (strcmp(values[i].stored, WRONG) == 0) {
            if (ok)
                print_error("%s took %s\n", custom_type_words[field.type], values[i].sent);
            assert_false(ok);
            assert_non_null(c->failure.fields);
            assert_memory_equal(c->failure.fields->message, "Field ", 6);
        } else {
            assert_true(ok);
            assert_string_equal(written(c, stored), values[i].stored);
            assert_string_equal(written(c, custom_value_shown(c->mem, &field, stored)), shown);
        }
        ctx_forgive(c);
    }
}

static void what_is_shown_can_be_sent(void **state)
{
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct custom_field field = field_of(c, values[i].type);
        const struct json *stored, *again;

        if (!custom_value_read(c, "f", &field, parsed(c, values[i].sent), &stored) ||
            stored == NULL)
            continue;
        assert_true(custom_value_read(c, "f", &field,
                                      custom_value_shown(c->mem, &field, stored), &again));
        assert_string_equal(written(c, again), written(c, stored));
    }
}

/* So many letters that are two bytes each. */
static const struct json *letters(struct ctx *c, int n)
{
    struct str s = str_in(c->mem, 2 * LONG_MAX_BYTES);

    for (int i = 0; i < n; i++)
        str_add(&s, "ä");
    return json_new_text(c->mem, str_text(&s));
}

static void texts_are_counted_in_characters(void **state)
{
    static const struct {
        enum custom_type type;
        int most;
    } limits[] = { { CUSTOM_TEXT, CUSTOM_TEXT_MAX }, { CUSTOM_TEXTAREA, CUSTOM_TEXTAREA_MAX } };
    struct ctx *c = *state;

    for (size_t i = 0; i < 2; i++) {
        const struct custom_field field = field_of(c, limits[i].type);
        const struct json *out;

        assert_true(custom_value_read(c, "f", &field, letters(c, limits[i].most), &out));
        assert_false(custom_value_read(c, "f", &field, letters(c, limits[i].most + 1), &out));
    }
}

static void what_is_gone_is_not_shown(void **state)
{
    struct ctx *c = *state;
    struct custom_field radio = field_of(c, CUSTOM_RADIO), many = field_of(c, CUSTOM_MULTISELECT);
    struct custom_field table = field_of(c, CUSTOM_TABLE);

    assert_null(custom_value_shown(c->mem, &radio, parsed(c, "9")));
    assert_null(custom_value_shown(c->mem, &radio, parsed(c, "\"Gold\"")));
    assert_null(custom_value_shown(c->mem, &many, parsed(c, "[9]")));
    assert_string_equal(written(c, custom_value_shown(c->mem, &many, parsed(c, "[9,1]"))),
                        "[\"Gold\"]");
    assert_string_equal(
        written(c, custom_value_shown(c->mem, &table, parsed(c, "[{\"9\":1,\"2\":5},[1]]"))),
        "[{\"Quantity\":5},{}]");
}

/* ---- options and columns ---- */

static const struct {
    const char *sent, *kept; /* NULL: refused */
    int64_t last;
} lists[] = {
    { "[\"Gold\",\"Silver\"]", "[{\"id\":1,\"text\":\"Gold\"},{\"id\":2,\"text\":\"Silver\"}]", 3 },
    { "[\"Silver\",\"Bronze\"]",
      "[{\"id\":2,\"text\":\"Silver\"},{\"id\":4,\"text\":\"Bronze\"}]", 4 },
    { "[{\"id\":1,\"text\":\"Golden\"},\"Gold\"]",
      "[{\"id\":1,\"text\":\"Golden\"},{\"id\":4,\"text\":\"Gold\"}]", 4 },
    { "[{\"id\":7,\"label\":\" A \"},{\"id\":\"9\",\"text\":\"B\"},5]",
      "[{\"id\":7,\"text\":\"A\"},{\"id\":9,\"text\":\"B\"},{\"id\":10,\"text\":\"5\"}]", 10 },
    { "[]", NULL, 0 },
    { "null", NULL, 0 },
    { "\"Gold\"", NULL, 0 },
    { "[\"\"]", NULL, 0 },
    { "[null]", NULL, 0 },
    { "[{\"id\":1}]", NULL, 0 },
    { "[{\"id\":0,\"text\":\"A\"}]", NULL, 0 },
    { "[{\"id\":\"x\",\"text\":\"A\"}]", NULL, 0 },
    { "[{\"id\":1,\"text\":\"A\"},{\"id\":1,\"text\":\"B\"}]", NULL, 0 },
    { "[\"Gold\",\"gold\"]", NULL, 0 },
    { "[\"a\\nb\"]", NULL, 0 },
};

static void ids_of_options_stay(void **state)
{
    struct ctx *c = *state;
    struct choices was = { .last = 3 };

    choices_parse(c->mem, parsed(c, "[{\"id\":1,\"text\":\"Gold\"},"
                                    "{\"id\":2,\"text\":\"Silver\"}]"), &was);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct str out = str_in(c->mem, 4096);
        struct choices is;

        choices_read(c, "options", parsed(c, lists[i].sent), &was, &is);
        assert_int_equal(fields_ok(c), lists[i].kept == NULL ? ERR_INVALID : OK);
        if (lists[i].kept != NULL) {
            choices_write(&out, &is, "text");
            assert_string_equal(str_text(&out), lists[i].kept);
            assert_int_equal(is.last, lists[i].last);
        }
        ctx_forgive(c);
    }
}

static void what_was_kept_can_be_sent(void **state)
{
    struct ctx *c = *state;
    struct choices none = { 0 }, is, again;
    struct str out = str_in(c->mem, 4096);

    choices_read(c, "options", parsed(c, "[{\"id\":1000000000,\"text\":\"A\"},\"B\"]"), &none,
                 &is);
    choices_write(&out, &is, "text");
    choices_read(c, "options", parsed(c, str_text(&out)), &is, &again);
    assert_int_equal(fields_ok(c), OK);
    assert_int_equal(again.list[1].id, 1000000001);
    assert_int_equal(again.last, is.last);
}

static void options_are_not_too_many(void **state)
{
    struct ctx *c = *state;
    struct json *list = json_new(c->mem, J_LIST);
    struct choices none = { 0 }, is;

    for (int i = 0; i < CHOICES_MAX; i++)
        json_append(c->mem, list, NULL, json_new_text(c->mem, arena_printf(c->mem, "%d", i)));
    choices_read(c, "options", list, &none, &is);
    assert_int_equal(fields_ok(c), OK);
    json_append(c->mem, list, NULL, json_new_text(c->mem, "one more"));
    choices_read(c, "options", list, &none, &is);
    assert_int_equal(fields_ok(c), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(each_type_takes_its_values), WITH_CONTEXT(what_is_shown_can_be_sent),
        WITH_CONTEXT(texts_are_counted_in_characters), WITH_CONTEXT(what_is_gone_is_not_shown),
        WITH_CONTEXT(ids_of_options_stay),        WITH_CONTEXT(what_was_kept_can_be_sent),
        WITH_CONTEXT(options_are_not_too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
