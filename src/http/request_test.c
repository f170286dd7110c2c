/* Tests of reading a request: address, headers, cookies, who is calling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "http/head.h"
#include "http/proxies.h"
#include "http/request.h"

#include <cmocka.h> /* last: its macro fail() would hide ours */

struct fixture {
    struct ctx c;
    struct request req;
};

static int start(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->c.mem = f->req.mem = arena_new_arena();
    *state = f;
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;

    arena_free(f->c.mem);
    test_free(f);
    return 0;
}

static void header(struct fixture *f, const char *name, const char *value)
{
    struct pair *p = arena_new(f->c.mem, struct pair);

    p->name = name;
    p->value = value;
    p->next = f->req.headers;
    f->req.headers = p;
}

/* ---- addresses ---- */

static void paths_are_cut_and_decoded_once(void **state)
{
    static const struct {
        const char *target;
        const char *prefix;
        const char *segments; /* joined by '|' */
    } cases[] = {
        { "/", "", "" },
        { "/tasks", "", "tasks" },
        { "/api/tasks", "/api", "tasks" },
        { "/api", "/api", "" },
        { "/api/api/tasks", "/api", "api|tasks" },
        { "/tasks/api", "", "tasks|api" },
        { "/apix/tasks", "", "apix|tasks" },
        { "/tasks/", "", "tasks" },
        { "//tasks///a//", "", "tasks|a" },
        { "/a%2Fb/c", "", "a/b|c" },
        { "/a%2fb", "", "a/b" },
        { "/a%252Fb", "", "a%2Fb" },
        { "/a+b", "", "a+b" },
        { "/a%2Bb%20c", "", "a+b c" },
        { "/ann@example.com", "", "ann@example.com" },
        { "/J%C3%BCrgen", "", "Jürgen" },
        { "/Jürgen", "", "Jürgen" },
        { "/a?x=/b/c", "", "a" },
        { "http://host:80/api/a/b", "/api", "a|b" },
        { "HTTPS://host", "", "" },
        { "http://host?x=1", "", "" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture *f = *state;
        struct str joined = str_in(f->c.mem, 1000);

        assert_int_equal(request_parse_target(&f->c, &f->req, cases[i].target), OK);
        for (size_t s = 0; s < f->req.segment_count; s++) {
            if (s > 0)
                str_add(&joined, "|");
            str_add(&joined, f->req.segments[s]);
        }
        assert_string_equal(str_text(&joined), cases[i].segments);
        assert_string_equal(f->req.prefix, cases[i].prefix);
    }
}

static void the_target_keeps_the_path_as_it_was_sent(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(request_parse_target(&f->c, &f->req, "/api/a%20b/?q=1"), OK);
    assert_string_equal(f->req.target, "/api/a%20b/");
}

static void malformed_targets_are_refused(void **state)
{
    static const char *const targets[] = {
        "", "tasks", "*", "?x=1", "ftp://host/a", "/a b", "/a\tb", "/a\x7f", "/a\r", "/a#b",
        "/%", "/%4", "/%zz", "/%00", "/a%0Ab", "/a%7F", "/%FF", "/\xff", "/%C3", "/%ED%A0%80",
        "/?q=%", "/?q=%0g", "/?q=%00", "/?q=%0A", "/?q=\xfe", "/?%FF=1",
    };

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct fixture *f = *state;

        ctx_forgive(&f->c);
        assert_int_equal(request_parse_target(&f->c, &f->req, targets[i]), ERR_MALFORMED);
        assert_non_null(f->c.failure.message);
    }
}

static void dot_segments_and_deep_paths_are_nowhere(void **state)
{
    static const char *const targets[] = {
        "/a/../b", "/./a", "/a/%2e%2e/b", "/%2e", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
    };

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct fixture *f = *state;

        assert_int_equal(request_parse_target(&f->c, &f->req, targets[i]), ERR_NO_ROUTE);
    }
}

static void queries_are_decoded_and_the_last_value_counts(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(request_parse_target(&f->c, &f->req,
                                          "/?a=1&b=x+y%2Bz&&c&d=&a=2&e=f=g&%C3%A4=%3D&q?=1"),
                     OK);
    assert_string_equal(request_query(&f->req, "a"), "2");
    assert_string_equal(request_query(&f->req, "b"), "x y+z");
    assert_string_equal(request_query(&f->req, "c"), "");
    assert_string_equal(request_query(&f->req, "d"), "");
    assert_string_equal(request_query(&f->req, "e"), "f=g");
    assert_string_equal(request_query(&f->req, "ä"), "=");
    assert_string_equal(request_query(&f->req, "q?"), "1");
    assert_null(request_query(&f->req, "A"));
}

static void too_many_parameters_are_refused(void **state)
{
    struct fixture *f = *state;
    struct str target = str_in(f->c.mem, 10000);

    str_add(&target, "/?");
    for (int i = 0; i < 257; i++)
        str_add(&target, "a&");
    assert_int_equal(request_parse_target(&f->c, &f->req, str_text(&target)), ERR_MALFORMED);
}

/* ---- headers ---- */

static void header_names_ignore_case(void **state)
{
    struct fixture *f = *state;

    header(f, "X-Tallyfy-CLIENT", "n8n");
    assert_string_equal(request_header(&f->req, "x-tallyfy-client"), "n8n");
    assert_null(request_header(&f->req, "x-tallyfy"));
}

static void cookies_are_found_in_every_header(void **state)
{
    struct fixture *f = *state;

    header(f, "Cookie", "c=3");
    header(f, "cookie", " ab=0; a=1;b = no; b=\"2\" ;d=x=y; e=");
    assert_string_equal(request_cookie(&f->req, "a"), "1");
    assert_string_equal(request_cookie(&f->req, "ab"), "0");
    assert_string_equal(request_cookie(&f->req, "b"), "2");
    assert_string_equal(request_cookie(&f->req, "c"), "3");
    assert_string_equal(request_cookie(&f->req, "d"), "x=y");
    assert_string_equal(request_cookie(&f->req, "e"), "");
    assert_null(request_cookie(&f->req, "f"));
    assert_null(request_cookie(&f->req, "A"));
}

static void ambiguous_header_blocks_are_refused(void **state)
{
    static const struct {
        const char *headers[8]; /* name, value, … */
        bool http11;
        enum err expected;
        int64_t body_size;
    } cases[] = {
        { { "Host", "a" }, true, OK, 0 },
        { { "Host", "" }, true, OK, 0 },
        { { "Host", "[::1]:8080", "Content-Length", "5" }, true, OK, 5 },
        { { "Host", "a", "Content-Length", "0" }, true, OK, 0 },
        { { "Host", "a", "transfer-encoding", "Chunked" }, true, OK, BODY_UNKNOWN },
        { { NULL }, false, OK, 0 },
        { { NULL }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "HOST", "a" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a/b" }, true, ERR_MALFORMED, 0 },
        { { "Host", "x@a" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a b" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Content-Length", "5", "content-length", "5" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Content-Length", "" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Content-Length", "+5" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Content-Length", "-5" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Content-Length", "5,5" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Content-Length", "0x5" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Content-Length", "99999999999999999999" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Content-Length", "5", "Transfer-Encoding", "chunked" }, true,
          ERR_MALFORMED, 0 },
        { { "Host", "a", "Transfer-Encoding", "gzip" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Transfer-Encoding", "gzip, chunked" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Transfer-Encoding", "" }, true, ERR_MALFORMED, 0 },
        { { "Host", "a", "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked" }, true,
          ERR_MALFORMED, 0 },
        { { "Host", "a", "Transfer-Encoding", "chunked" }, false, ERR_MALFORMED, 0 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture *f = *state;
        struct head head;

        f->req.headers = NULL;
        for (size_t h = 0; h < 8 && cases[i].headers[h] != NULL; h += 2)
            header(f, cases[i].headers[h], cases[i].headers[h + 1]);
        assert_int_equal(head_check(&f->c, &f->req, cases[i].http11, &head), cases[i].expected);
        if (cases[i].expected == OK)
            assert_int_equal(head.body_size, cases[i].body_size);
    }
}

static void only_one_expectation_is_known(void **state)
{
    struct fixture *f = *state;
    struct head head;

    header(f, "Host", "a");
    header(f, "Expect", "100-Continue");
    assert_int_equal(head_check(&f->c, &f->req, true, &head), OK);
    assert_false(head.expects_other);
    f->req.headers->value = "a cake";
    assert_int_equal(head_check(&f->c, &f->req, true, &head), OK);
    assert_true(head.expects_other);
}

static void names_values_and_request_ids_are_checked(void **state)
{
    char long_id[130];

    (void)state;
    memset(long_id, 'a', sizeof(long_id) - 1);
    long_id[129] = '\0';
    assert_true(head_is_token("X-Y_1.~", 7));
    assert_false(head_is_token("", 0));
    assert_false(head_is_token("a b", 3));
    assert_false(head_is_token("a\0b", 3));
    assert_false(head_is_token("\xc3\xa4", 2));
    assert_true(head_is_value("a \t\xc3\xa4", 5));
    assert_false(head_is_value("a\rb", 3));
    assert_false(head_is_value("a\0b", 3));
    assert_false(head_is_value("\x7f", 1));
    assert_true(head_is_request_id("01f3-a:b/c=="));
    assert_false(head_is_request_id(""));
    assert_false(head_is_request_id("a\"b"));
    assert_false(head_is_request_id("a b"));
    assert_false(head_is_request_id("a\\n"));
    assert_false(head_is_request_id(long_id));
}

/* ---- proxies ---- */

static void a_trusted_proxy_names_the_caller(void **state)
{
    static const struct {
        const char *forwarded;
        const char *caller;
    } cases[] = {
        { "9.9.9.9", "9.9.9.9" },
        { "1.1.1.1, 9.9.9.9", "9.9.9.9" },          /* the caller may have made up the first */
        { "9.9.9.9,10.1.2.3 , 10.0.0.2", "9.9.9.9" },
        { "10.1.1.1, 10.1.1.2", "10.1.1.1" },       /* all trusted: the farthest */
        { "9.9.9.9:4711", "9.9.9.9" },
        { "[2001:db8::1]:80", "2001:db8::1" },
        { "2001:db8::1", "2001:db8::1" },
        { "9.9.9.9, nonsense, 10.1.1.1", "10.1.1.1" }, /* nothing behind nonsense is believed */
        { "nonsense", "10.0.0.1" },
        { ", ,", "10.0.0.1" },
    };
    struct fixture *f = *state;
    struct proxies *p;

    assert_int_equal(proxies_new(&f->c, "10.0.0.0/8, fd00::/8,::1", &p), OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        f->req.headers = NULL;
        header(f, "x-forwarded-for", cases[i].forwarded);
        assert_string_equal(proxies_caller(p, &f->req, "10.0.0.1"), cases[i].caller);
    }
    proxies_free(p);
}

static void networks_are_compared_bit_by_bit(void **state)
{
    struct fixture *f = *state;
    struct proxies *p;

    assert_int_equal(proxies_new(&f->c, "172.16.0.0/12,fd00:8000::/17", &p), OK);
    assert_true(proxies_trust(p, "172.31.255.255"));
    assert_false(proxies_trust(p, "172.32.0.0"));
    assert_true(proxies_trust(p, "fd00:8000::1"));
    assert_false(proxies_trust(p, "fd00:7fff::1"));
    assert_false(proxies_trust(p, "nonsense"));
    proxies_free(p);
    assert_int_equal(proxies_new(&f->c, NULL, &p), OK);
    assert_false(proxies_trust(p, "127.0.0.1"));
    proxies_free(p);
}

static void a_list_of_proxies_with_a_mistake_is_refused(void **state)
{
    static const char *const lists[] = { "10.0.0.1/33", "10.0.0.0/", "10.0.0", "host", "::1/129",
                                         "10.0.0.1/-1", "10.0.0.1/8x",
                                         "10.0.0.0/99999999999999999999" };
    struct fixture *f = *state;
    struct proxies *p;

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        assert_int_equal(proxies_new(&f->c, lists[i], &p), ERR_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(paths_are_cut_and_decoded_once),
        TEST(the_target_keeps_the_path_as_it_was_sent),
        TEST(malformed_targets_are_refused),
        TEST(dot_segments_and_deep_paths_are_nowhere),
        TEST(queries_are_decoded_and_the_last_value_counts),
        TEST(too_many_parameters_are_refused),
        TEST(header_names_ignore_case),
        TEST(cookies_are_found_in_every_header),
        TEST(ambiguous_header_blocks_are_refused),
        TEST(only_one_expectation_is_known),
        TEST(names_values_and_request_ids_are_checked),
        TEST(a_trusted_proxy_names_the_caller),
        TEST(networks_are_compared_bit_by_bit),
        TEST(a_list_of_proxies_with_a_mistake_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
