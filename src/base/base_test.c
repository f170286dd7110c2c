/* Tests of what everything stands on: times, ids, text, JSON, shapes. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/gram.h"
#include "base/ids.h"
#include "base/network.h"
#include "base/shape.h"
#include "base/text.h"
#include "base/zone.h"

#include "base/testing.h"

/* ---- networks ---- */

static void addresses_are_in_the_networks_that_have_them(void **state)
{
    static const struct {
        const char *list, *address;
        bool has;
    } cases[] = {
        { "10.1.2.3", "10.1.2.3", true },
        { "10.1.2.3", "10.1.2.4", false },
        { "10.1.2.3", "::ffff:10.1.2.3", true },
        { "::ffff:10.1.2.3", "10.1.2.3", true },
        { "192.0.2.0/24", "192.0.2.255", true },
        { "192.0.2.0/24", "192.0.3.0", false },
        { "192.0.2.128/25", "::ffff:192.0.2.127", false },
        { "0.0.0.0/0", "203.0.113.9", true },
        { "0.0.0.0/0", "2001:db8::1", false },
        { "2001:db8::/33", "2001:db8:7fff::1", true },
        { "2001:db8::/33", "2001:db8:8000::1", false },
        { "2001:DB8::1", "2001:db8:0:0::1", true },
        { "10.0.0.1, 2001:db8::/32 ,127.0.0.1", "127.0.0.1", true },
        { "", "127.0.0.1", false },
        { "localhost, 10.0.0.1/33, 1/8", "10.0.0.1", false },
        { "10.0.0.1", "10.0.0.1/32", false },
        { "10.0.0.1", "", false },
        { "::/0", NULL, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(networks_have(cases[i].list, cases[i].address), cases[i].has);
}

static void what_is_no_network_is_refused(void **state)
{
    static const char *const wrong[] = {
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/33", "10.0.0.0/8x",
        "10.0.0.0/99999999999999999999", "10.0.0", "256.0.0.1", "::/129", "::1%lo", ":::1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct network network;

        assert_false(network_parse(wrong[i], strlen(wrong[i]), &network));
    }
}

/* ---- time ---- */

static void times_are_read_in_every_documented_form(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        { "1970-01-01", 0 },
        { "2000-02-29 12:34:56", INT64_C(951827696000) },
        { "2000-02-29T12:34:56Z", INT64_C(951827696000) },
        { "2000-02-29T12:34:56.789Z", INT64_C(951827696789) },
        { "2000-02-29T14:34:56+02:00", INT64_C(951827696000) },
        { "2000-02-29T09:04:56-0330", INT64_C(951827696000) },
        { "2038-01-19 03:14:08", INT64_C(2147483648000) },
        { "1969-12-31T23:59:59Z", -1000 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t ms = 42;

        assert_true(time_parse(cases[i].text, &ms));
        assert_int_equal(ms, cases[i].ms);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const cases[] = {
        "", "now", "2023-02-29", "2023-13-01", "2023-00-10", "2023-1-1", "2023-01-01T25:00:00",
        "2023-01-01 10:61", "2023-01-01T10:00:00+25:00", "2023-01-01T10:00:00 Z",
        "2023-01-01T10:00:00.Z", "1700000000", "2023-01-01x", "20230101",
        "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00+00:01",
    };
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_false(time_parse(cases[i], &ms));
}

static void written_times_read_back(void **state)
{
    (void)state;
    for (int64_t s = -5000000000; s < 100000000000; s += 86399 * 977) {
        char text[TIME_TEXT_SIZE];
        int64_t back;

        time_format(s * 1000, text);
        assert_true(time_parse(text, &back));
        assert_int_equal(back, s * 1000);
    }
}

static void zones_follow_the_season(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(zone_offset(c->mem, "Europe/Berlin", INT64_C(1704067200000)), "+01:00");
    assert_string_equal(zone_offset(c->mem, "Europe/Berlin", INT64_C(1719792000000)), "+02:00");
    assert_string_equal(zone_offset(c->mem, "America/St_Johns", INT64_C(1704067200000)), "-03:30");
    assert_true(zone_valid("UTC"));
    assert_false(zone_valid("Europe/Atlantis"));
    assert_false(zone_valid("../../etc/passwd"));
    assert_false(zone_valid(""));
}

/* ---- ids and text ---- */

static void ids_grow_with_time(void **state)
{
    struct ctx *c = *state;
    const char *early = id_new(c->mem, 1000), *late = id_new(c->mem, 1001);

    assert_true(id_valid(early) && id_valid(late));
    assert_true(strcmp(early, late) < 0);
    assert_false(id_valid("0123456789abcdef0123456789abcde"));
    assert_false(id_valid("0123456789abcdef0123456789abcdef0"));
    assert_false(id_valid("0123456789ABCDEF0123456789abcdef"));
}

static void folding_forgets_case_and_accents(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(text_fold(c->mem, "Çağrı ÉCOLE"), "cagrı ecole");
    assert_string_equal(text_fold(c->mem, "STRASSE"), text_fold(c->mem, "straße"));
    assert_string_equal(text_fold(c->mem, "Άρης"), text_fold(c->mem, "ΑΡΗΣ"));
    assert_int_equal(text_length("añ😀"), 3);
    assert_string_equal(text_like(c->mem, "50%_\\"), "%50\\%\\_\\\\%");
}

/* Nearly the same address is another person's. */
static void addresses_are_compared_without_case_alone(void **state)
{
    static const char *const different[][2] = {
        { "zoe@example.com", "zoë@example.com" },
        { "strasse@example.com", "straße@example.com" },
        { "ada@example.com", "ａｄａ@example.com" },
        { "ada@example.com", "ad\u00ada@example.com" },
    };
    struct ctx *c = *state;

    assert_string_equal(text_fold_email(c->mem, " Ada@Example.COM\t"), "ada@example.com");
    assert_string_equal(text_fold_email(c->mem, "ZOË@example.com"), "zoë@example.com");
    assert_string_equal(text_fold_email(c->mem, "zoe\u0308@example.com"), "zoë@example.com");
    for (size_t i = 0; i < sizeof(different) / sizeof(different[0]); i++)
        assert_string_not_equal(text_fold_email(c->mem, different[i][0]),
                                text_fold_email(c->mem, different[i][1]));
}

static void addresses_look_like_addresses(void **state)
{
    static const char *const good[] = { "a@b.co", "first.last+tag@sub.example.com",
                                        "ü@example.de" };
    static const char *const bad[] = { "", "a", "a@b", "@b.co", "a@b.", "a b@c.de", "a@@b.co",
                                       "a..b@c.de", "a@.co", "<a@b.co>" };

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(text_is_email(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(text_is_email(bad[i]));
}

/* ---- grams ---- */

static const char *joined(struct arena *mem, const char *const *grams, size_t count)
{
    struct str out = str_in(mem, 1000);

    for (size_t i = 0; i < count; i++)
        str_printf(&out, "%s|", grams[i]);
    return str_text(&out);
}

static void a_text_has_the_grams_of_its_words(void **state)
{
    static const struct {
        const char *text, *grams;
    } cases[] = {
        { "", "" },
        { "a", " a|" },
        { "ada", " a| ad|ada|" },
        { "ada ad", " a| ad|a a|ada|da |" },
        { "x.yz@", " x| x.| y| yz|.yz|x.y|yz@|" },
        { "ωμέ", " ω| ωμ|ωμέ|" },
        { "李明", " 明| 李| 李明|" },
        { "--", "" },
    };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t n;
        const char *const *grams = grams_of(c->mem, cases[i].text, &n);

        assert_string_equal(joined(c->mem, grams, n), cases[i].grams);
    }
}

static void what_a_search_wants_stands_in_what_it_finds(void **state)
{
    static const struct {
        const char *q;
        size_t most;
        const char *grams;
    } cases[] = {
        { "", 8, "" },
        { "ω", 8, " ω|" },
        { "ωμ", 8, " ωμ|" },
        { "ωμέ", 8, "ωμέ|" },
        { "ada b", 8, "ada|da |a b|" },
        { "abcdefgh", 2, "abc|def|" },
        { "abcdefgh", 3, "abc|cde|efg|" },
    };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t n;
        const char *const *grams = grams_wanted(c->mem, cases[i].q, cases[i].most, &n);

        assert_string_equal(joined(c->mem, grams, n), cases[i].grams);
    }
}

/* ---- JSON ---- */

static enum err parse(struct ctx *c, const char *text, struct json **out)
{
    ctx_forgive(c);
    return json_parse(c, text, strlen(text), out);
}

static void json_comes_out_as_it_went_in(void **state)
{
    static const char text[] =
        "{\"a\":[1,-2.5,true,null,\"q\\\"\\\\\\n\\u0001é\"],\"b\":{},\"c\":[]}";
    struct ctx *c = *state;
    struct str out = str_in(c->mem, 1000);
    struct json *tree;

    assert_int_equal(parse(c, text, &tree), OK);
    json_put_tree(&out, tree);
    assert_string_equal(str_text(&out), text);
}

static void broken_json_is_refused(void **state)
{
    static const char *const cases[] = { "", "{", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "[1] x",
                                         "\"\\ud800\"", "\"a\\u0000b\"", "\"\xff\"", "nul",
                                         "123456789012345678901234567890" };
    struct ctx *c = *state;
    struct json *tree;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(parse(c, cases[i], &tree), ERR_MALFORMED);
}

static void depth_has_a_limit(void **state)
{
    struct ctx *c = *state;
    struct str deep = str_in(c->mem, 10000);
    struct json *tree;

    for (int i = 0; i < JSON_MAX_DEPTH + 2; i++)
        str_add_char(&deep, '[');
    for (int i = 0; i < JSON_MAX_DEPTH + 2; i++)
        str_add_char(&deep, ']');
    assert_int_equal(parse(c, str_text(&deep), &tree), ERR_MALFORMED);
}

static void a_string_that_outgrows_its_ceiling_fails_for_good(void **state)
{
    struct ctx *c = *state;
    struct str s = str_in(c->mem, 10);

    str_add(&s, "12345");
    assert_true(str_ok(&s));
    str_add(&s, "678901");
    str_add(&s, "x");
    assert_false(str_ok(&s));
    assert_string_equal(str_text(&s), "12345");
}

/* ---- shapes ---- */

static const char *const colours[] = { "red", "green", NULL };

struct thing {
    const char *name;
    int64_t size, due, code;
    bool flag;
    int verdict, colour;
    const char *extra;
};

static const struct field thing_fields[] = {
    FIELD(thing, name, TEXT, REQUIRED, .max = 5), FIELD(thing, size, INT, OPTIONAL, .max = 10),
    FIELD(thing, due, TIME, NULLABLE),            FIELD(thing, code, INT, READONLY),
    FIELD(thing, flag, BOOL, OPTIONAL),           FIELD(thing, verdict, TRI, NULLABLE),
    FIELD(thing, colour, WORD, OPTIONAL, .words = colours),
    FIELD(thing, extra, JSON, OPTIONAL),          { 0 },
};
static const struct shape thing_shape = SHAPE(thing, thing_fields);

static enum err read_thing(struct ctx *c, const char *text, enum shape_read_mode mode,
                           struct thing *t)
{
    struct json *tree;

    assert_int_equal(parse(c, text, &tree), OK);
    return shape_read(c, &thing_shape, tree, mode, t);
}

static void a_shape_reads_what_clients_send(void **state)
{
    struct ctx *c = *state;
    struct thing t = { .verdict = -1, .code = 7 };

    assert_int_equal(read_thing(c, "{\"name\":\" añé \",\"size\":\"9\",\"due\":\"2000-02-29\","
                                   "\"flag\":\"True\",\"verdict\":0,\"colour\":\"GREEN\","
                                   "\"extra\":{\"a\":1},\"code\":99}", READ_FULL, &t), OK);
    assert_string_equal(t.name, "añé");
    assert_int_equal(t.size, 9);
    assert_int_equal(t.due, INT64_C(951782400000));
    assert_true(t.flag);
    assert_int_equal(t.verdict, 0);
    assert_int_equal(t.colour, 1);
    assert_string_equal(t.extra, "{\"a\":1}");
    assert_int_equal(t.code, 7);
}

static void absent_fields_keep_their_value_and_null_clears(void **state)
{
    struct ctx *c = *state;
    struct thing t = { .name = "old", .size = 3, .due = 5, .verdict = 1 };

    assert_int_equal(read_thing(c, "{\"due\":null,\"verdict\":null}", READ_PARTIAL, &t), OK);
    assert_string_equal(t.name, "old");
    assert_int_equal(t.size, 3);
    assert_int_equal(t.due, 0);
    assert_int_equal(t.verdict, -1);
}

static void every_wrong_field_is_named(void **state)
{
    struct ctx *c = *state;
    struct thing t = { 0 };
    int n = 0;

    assert_int_equal(read_thing(c, "{\"name\":\"toolong\",\"size\":11,\"due\":\"x\",\"flag\":2,"
                                   "\"verdict\":\"maybe\",\"colour\":\"blue\"}", READ_FULL, &t),
                     ERR_INVALID);
    for (const struct field_error *f = c->failure.fields; f != NULL; f = f->next)
        n++;
    assert_int_equal(n, 6);
    assert_int_equal(read_thing(c, "{}", READ_FULL, &t), ERR_INVALID);
    assert_string_equal(c->failure.fields->field, "name");
}

static void a_shape_writes_nulls_and_words(void **state)
{
    struct ctx *c = *state;
    struct str out = str_in(c->mem, 1000);
    struct thing t = { .name = "n", .size = 0, .due = 0, .verdict = -1, .colour = 0 };

    shape_write(&out, &thing_shape, &t);
    assert_string_equal(str_text(&out),
                        "{\"name\":\"n\",\"size\":0,\"due\":null,\"code\":0,\"flag\":false,"
                        "\"verdict\":null,\"colour\":\"red\",\"extra\":null}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_in_the_networks_that_have_them),
        cmocka_unit_test(what_is_no_network_is_refused),
        WITH_CONTEXT(times_are_read_in_every_documented_form),
        WITH_CONTEXT(what_is_no_time_is_refused),
        WITH_CONTEXT(written_times_read_back),
        WITH_CONTEXT(zones_follow_the_season),
        WITH_CONTEXT(ids_grow_with_time),
        WITH_CONTEXT(folding_forgets_case_and_accents),
        WITH_CONTEXT(addresses_are_compared_without_case_alone),
        WITH_CONTEXT(addresses_look_like_addresses),
        WITH_CONTEXT(a_text_has_the_grams_of_its_words),
        WITH_CONTEXT(what_a_search_wants_stands_in_what_it_finds),
        WITH_CONTEXT(json_comes_out_as_it_went_in),
        WITH_CONTEXT(broken_json_is_refused),
        WITH_CONTEXT(depth_has_a_limit),
        WITH_CONTEXT(a_string_that_outgrows_its_ceiling_fails_for_good),
        WITH_CONTEXT(a_shape_reads_what_clients_send),
        WITH_CONTEXT(absent_fields_keep_their_value_and_null_clears),
        WITH_CONTEXT(every_wrong_field_is_named),
        WITH_CONTEXT(a_shape_writes_nulls_and_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
