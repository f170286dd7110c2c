/* Tests of answering with files of the web app. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "http/asset.h"

#include <cmocka.h> /* last: its macro fail() would hide ours */

static const unsigned char PLAIN[] = "plain bytes";
static const unsigned char GZIP[] = "small";

const struct asset web_assets[] = {
    { "/assets/a-1.js", "text/javascript", "W/\"1\"", PLAIN, 11, GZIP, 5, true },
    { "/favicon.ico", "image/x-icon", "W/\"2\"", PLAIN, 11, NULL, 0, false },
    { "/index.html", "text/html", "W/\"3\"", PLAIN, 11, GZIP, 5, false },
};
const size_t web_asset_count = sizeof(web_assets) / sizeof(web_assets[0]);

struct fixture {
    struct request req;
    struct response res;
};

static int start(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->req.mem = arena_new_arena();
    *state = f;
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;

    arena_free(f->req.mem);
    test_free(f);
    return 0;
}

/* Asks with one header. */
static enum err ask(struct fixture *f, const char *path, const char *name, const char *value)
{
    struct pair header = { .name = name, .value = value };
    enum err e;

    f->req.headers = name == NULL ? NULL : &header;
    f->res = (struct response){ 0 };
    e = asset_answer(path, &f->req, &f->res);
    f->req.headers = NULL;
    return e;
}

static const char *told(const struct fixture *f, const char *name)
{
    for (const struct pair *p = f->res.headers; p != NULL; p = p->next) {
        if (strcmp(p->name, name) == 0)
            return p->value;
    }
    return "";
}

static void each_file_is_found_and_nothing_else(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < web_asset_count; i++) {
        assert_int_equal(ask(f, web_assets[i].path, NULL, NULL), OK);
        assert_int_equal(f->res.status, 200);
        assert_string_equal(f->res.type, web_assets[i].type);
        assert_ptr_equal(f->res.fixed, PLAIN);
        assert_int_equal(f->res.fixed_size, 11);
        assert_string_equal(told(f, "ETag"), web_assets[i].etag);
    }
    assert_int_equal(ask(f, "/index.htm", NULL, NULL), ERR_NO_ROUTE);
    assert_int_equal(ask(f, "/", NULL, NULL), ERR_NO_ROUTE);
    assert_int_equal(ask(f, "", NULL, NULL), ERR_NO_ROUTE);
}

static void files_with_a_digest_in_their_name_are_cached_for_ever(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ask(f, "/assets/a-1.js", NULL, NULL), OK);
    assert_string_equal(told(f, "Cache-Control"), "public, max-age=31536000, immutable");
    assert_int_equal(ask(f, "/index.html", NULL, NULL), OK);
    assert_string_equal(told(f, "Cache-Control"), "no-cache");
}

static void whoever_takes_gzip_gets_it(void **state)
{
    static const struct {
        const char *accept;
        bool gzip;
    } cases[] = {
        { "gzip", true },
        { "br, GZIP;q=0.5", true },
        { "gzip ; q=1.0, br", true },
        { "deflate,gzip", true },
        { "gzip;q=0", false },
        { "gzip;q=0.000", false },
        { "x-gzip, gzipped", false },
        { "br", false },
        { "", false },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ask(f, "/index.html", "Accept-Encoding", cases[i].accept), OK);
        assert_ptr_equal(f->res.fixed, cases[i].gzip ? GZIP : PLAIN);
        assert_string_equal(told(f, "Content-Encoding"), cases[i].gzip ? "gzip" : "");
        assert_string_equal(told(f, "Vary"), "Accept-Encoding");
    }
    assert_int_equal(ask(f, "/favicon.ico", "Accept-Encoding", "gzip"), OK);
    assert_ptr_equal(f->res.fixed, PLAIN);
}

static void a_known_file_is_not_sent_again(void **state)
{
    static const struct {
        const char *tags;
        int status;
    } cases[] = {
        { "W/\"3\"", 304 }, { "\"3\"", 304 }, { "\"x\", W/\"3\"", 304 },
        { "*", 304 },       { "\"33\"", 200 }, { "3", 200 },
        { "", 200 },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ask(f, "/index.html", "If-None-Match", cases[i].tags), OK);
        assert_int_equal(f->res.status, cases[i].status);
        assert_int_equal(f->res.fixed_size, cases[i].status == 304 ? 0 : 11);
        assert_string_equal(told(f, "ETag"), "W/\"3\"");
    }
}

static void pages_may_load_nothing_from_elsewhere(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(ask(f, "/index.html", NULL, NULL), OK);
    assert_non_null(strstr(told(f, "Content-Security-Policy"), "default-src 'none'"));
    assert_string_equal(told(f, "X-Frame-Options"), "DENY");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_file_is_found_and_nothing_else),
        TEST(files_with_a_digest_in_their_name_are_cached_for_ever),
        TEST(whoever_takes_gzip_gets_it),
        TEST(a_known_file_is_not_sent_again),
        TEST(pages_may_load_nothing_from_elsewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
