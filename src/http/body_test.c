/* Tests of reading bodies: JSON, forms and multipart become the same tree. */
#include <stddef.h>
#include <string.h>

#include "http/request.h"

#include "base/testing.h"

static const char FORM[] = "application/x-www-form-urlencoded";
static const char MULTIPART[] = "multipart/form-data; boundary=xx";

static enum err parse(struct ctx *c, const char *type, const char *body, size_t n,
                      const struct json **out)
{
    struct pair header = { .name = "content-type", .value = type };
    struct request req = {
        .mem = c->mem,
        .headers = type == NULL ? NULL : &header,
        .body = n == 0 ? NULL : body,
        .body_size = n,
    };
    enum err e;

    ctx_forgive(c);
    e = request_parse_body(c, &req);
    *out = req.input;
    return e;
}

/* The body's tree as JSON text, or the name of the error. */
static const char *read_body(struct ctx *c, const char *type, const char *body)
{
    const struct json *input;
    struct str out = str_in(c->mem, 100000);
    enum err e = parse(c, type, body, strlen(body), &input);

    if (e != OK)
        return err_code(e);
    if (input == NULL)
        return "nothing";
    json_put_tree(&out, input);
    return str_text(&out);
}

static void the_content_type_decides(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(read_body(c, "application/json", "{\"a\":1}"), "{\"a\":1}");
    assert_string_equal(read_body(c, "Application/JSON; charset=utf-8", "[1]"), "[1]");
    assert_string_equal(read_body(c, "application/vnd.pawl+json;v=1", "{}"), "{}");
    assert_string_equal(read_body(c, FORM, "a=1"), "{\"a\":\"1\"}");
    assert_string_equal(read_body(c, "text/plain", "a=1"), "UNSUPPORTED_MEDIA_TYPE");
    assert_string_equal(read_body(c, "application/jsonp", "{}"), "UNSUPPORTED_MEDIA_TYPE");
    assert_string_equal(read_body(c, NULL, "{}"), "UNSUPPORTED_MEDIA_TYPE");
}

static void an_empty_body_is_never_judged(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(read_body(c, "application/json", ""), "nothing");
    assert_string_equal(read_body(c, "text/plain", ""), "nothing");
    assert_string_equal(read_body(c, "multipart/form-data", ""), "nothing");
    assert_string_equal(read_body(c, NULL, ""), "nothing");
}

static void json_must_be_an_object_or_a_list(void **state)
{
    static const char *const bodies[] = { "1", "\"a\"", "null", "true", "{", "{}x", "\xff", " " };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        assert_string_equal(read_body(c, "application/json", bodies[i]), "BAD_REQUEST");
}

static void forms_nest_as_php_reads_them(void **state)
{
    static const struct {
        const char *form;
        const char *tree;
    } cases[] = {
        { "a=1&b=x+y%2B", "{\"a\":\"1\",\"b\":\"x y+\"}" },
        { "a=1&a=2", "{\"a\":\"2\"}" },
        { "a", "{\"a\":\"\"}" },
        { "&&a=1&&=2&", "{\"a\":\"1\"}" },
        { "a[]=1&a[]=2", "{\"a\":[\"1\",\"2\"]}" },
        { "a[0]=1&a[1]=2", "{\"a\":[\"1\",\"2\"]}" },
        { "a[b]=1&a[c][]=2&a[c][]=3", "{\"a\":{\"b\":\"1\",\"c\":[\"2\",\"3\"]}}" },
        { "a[0][x]=1&a[0][y]=2&a[1][x]=3", "{\"a\":[{\"x\":\"1\",\"y\":\"2\"},{\"x\":\"3\"}]}" },
        { "a%5Bb%5D=1", "{\"a\":{\"b\":\"1\"}}" },
        { "a[7]=1", "{\"a\":{\"7\":\"1\"}}" },
        { "a[b=1&[c]=2&d]=3", "{\"a[b\":\"1\",\"[c]\":\"2\",\"d]\":\"3\"}" },
        { "a=%0D%0A%09", "{\"a\":\"\\r\\n\\t\"}" },
    };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(read_body(c, FORM, cases[i].form), cases[i].tree);
}

static void broken_forms_are_refused(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(read_body(c, FORM, "a=%"), "BAD_REQUEST");
    assert_string_equal(read_body(c, FORM, "a=%zz"), "BAD_REQUEST");
    assert_string_equal(read_body(c, FORM, "a=%00"), "BAD_REQUEST");
    assert_string_equal(read_body(c, FORM, "%FF=1"), "BAD_REQUEST");
    assert_string_equal(read_body(c, FORM, "a[b][c][d][e][f][g][h][i]=1"), "BAD_REQUEST");
    assert_string_equal(read_body(c, FORM, "a=1&a[b]=2"), "VALIDATION_FAILED");
    assert_string_equal(read_body(c, FORM, "a[b]=1&a=2"), "VALIDATION_FAILED");
    assert_string_equal(read_body(c, FORM, "a[]=1&a[x]=2"), "VALIDATION_FAILED");
    assert_string_equal(read_body(c, FORM, "a[]=1&a[5]=2"), "VALIDATION_FAILED");
    assert_string_equal(c->failure.fields->field, "a[5]");
}

static void a_form_has_at_most_a_thousand_fields(void **state)
{
    struct ctx *c = *state;
    struct str form = str_in(c->mem, 100000);

    for (int i = 0; i < 1000; i++)
        str_printf(&form, "a[]=%d&", i);
    assert_string_not_equal(read_body(c, FORM, str_text(&form)), "BAD_REQUEST");
    str_add(&form, "b=1");
    assert_string_equal(read_body(c, FORM, str_text(&form)), "BAD_REQUEST");
}

#define PART(headers, text) "--xx\r\n" headers "\r\n\r\n" text "\r\n"
#define FIELD_PART(name, text) PART("Content-Disposition: form-data; name=\"" name "\"", text)

static void multipart_texts_become_fields(void **state)
{
    static const struct {
        const char *body;
        const char *tree;
    } cases[] = {
        { FIELD_PART("a", "1") "--xx--\r\n", "{\"a\":\"1\"}" },
        { FIELD_PART("a", "1") FIELD_PART("b[c]", "2") "--xx--",
          "{\"a\":\"1\",\"b\":{\"c\":\"2\"}}" },
        { "preamble\r\n" FIELD_PART("a", "") "--xx--\r\nepilogue", "{\"a\":\"\"}" },
        { FIELD_PART("a", "x\r\n--x\r\ny") "--xx--", "{\"a\":\"x\\r\\n--x\\r\\ny\"}" },
        { FIELD_PART("a b\\\"c", "1") "--xx--", "{\"a b\\\"c\":\"1\"}" },
        { PART("content-type: text/plain\r\nCONTENT-DISPOSITION:form-data;name=a", "1") "--xx--",
          "{\"a\":\"1\"}" },
        { PART("Content-Disposition: form-data; name=f; filename=\"\"", "") "--xx--", "{}" },
        { "--xx--", "{}" },
        { "--xx  \r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--xx--", "{\"a\":\"1\"}" },
    };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(read_body(c, MULTIPART, cases[i].body), cases[i].tree);
    assert_string_equal(read_body(c, "Multipart/Form-Data; x=y; Boundary=\"xx\"",
                                  FIELD_PART("a", "1") "--xx--"),
                        "{\"a\":\"1\"}");
}

static void files_are_refused_by_name(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(
        read_body(c, MULTIPART,
                  PART("Content-Disposition: form-data; name=f; filename=x", "1") "--xx--"),
        "VALIDATION_FAILED");
    assert_string_equal(c->failure.fields->field, "f");
}

static void broken_multiparts_are_refused(void **state)
{
    static const char *const bodies[] = {
        "x", "--xx", "--xx\r\n", "--xy--", "--xx\n", "--xxx\r\n\r\n--xx--",
        "--xx\r\n\r\n1\r\n--xx--",
        PART("Content-Disposition: attachment; name=a", "1") "--xx--",
        PART("Content-Disposition: form-data", "1") "--xx--",
        PART("Content-Disposition: form-data; name=\"a", "1") "--xx--",
        PART("Content-Disposition: form-data; name=\"\xff\"", "1") "--xx--",
        FIELD_PART("a", "1"),
        FIELD_PART("a", "1") "--xx",
        FIELD_PART("a", "\xff") "--xx--",
        "--xx\r\nContent-Disposition: form-data; name=a\r\n1\r\n--xx--",
    };
    struct ctx *c = *state;
    const struct json *input;
    const char nul[] = FIELD_PART("a", "\0") "--xx--";

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        assert_string_equal(read_body(c, MULTIPART, bodies[i]), "BAD_REQUEST");
    assert_int_equal(parse(c, MULTIPART, nul, sizeof(nul) - 1, &input), ERR_MALFORMED);
    assert_string_equal(read_body(c, "multipart/form-data", "--xx--"), "BAD_REQUEST");
    assert_string_equal(read_body(c, "multipart/form-data; boundary=", "----"), "BAD_REQUEST");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(the_content_type_decides),
        WITH_CONTEXT(an_empty_body_is_never_judged),
        WITH_CONTEXT(json_must_be_an_object_or_a_list),
        WITH_CONTEXT(forms_nest_as_php_reads_them),
        WITH_CONTEXT(broken_forms_are_refused),
        WITH_CONTEXT(a_form_has_at_most_a_thousand_fields),
        WITH_CONTEXT(multipart_texts_become_fields),
        WITH_CONTEXT(files_are_refused_by_name),
        WITH_CONTEXT(broken_multiparts_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
