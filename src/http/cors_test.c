/* Tests of which origins may call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "http/cors.h"

#include <cmocka.h> /* last: its macro fail() would hide ours */

static const char OWN[] = "https://pawl.example.com/base";

struct fixture {
    struct pair headers[2];
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

static void ask(struct fixture *f, const char *origin, const char *origins)
{
    f->headers[0] = (struct pair){ .name = "Origin", .value = origin };
    f->req.headers = origin == NULL ? NULL : f->headers;
    f->res.headers = NULL;
    cors_apply(&f->req, &f->res, origins, OWN);
}

static const char *told(const struct fixture *f, const char *name)
{
    for (const struct pair *p = f->res.headers; p != NULL; p = p->next) {
        if (strcmp(p->name, name) == 0)
            return p->value;
    }
    return "";
}

static void only_listed_origins_and_our_own_are_allowed(void **state)
{
    static const struct {
        const char *origin;
        const char *origins;
        const char *allowed;
        const char *credentials;
    } cases[] = {
        { NULL, "*", "", "" },
        { "https://a.example", NULL, "", "" },
        { "https://a.example", "https://b.example", "", "" },
        { "https://a.example", "https://b.example, https://a.example/", "https://a.example",
          "true" },
        { "https://A.example", "https://a.example", "https://A.example", "true" },
        { "https://a.example", "https://a.example.org", "", "" },
        { "https://a.example.org", "https://a.example", "", "" },
        { "http://a.example", "https://a.example", "", "" },
        { "https://a.example", "*", "*", "" },
        { "https://a.example", "*,https://a.example", "https://a.example", "true" },
        { "https://pawl.example.com", NULL, "https://pawl.example.com", "true" },
        { "https://pawl.example.com.evil", NULL, "", "" },
        { "null", "https://a.example", "", "" },
        { "", "https://a.example", "", "" },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ask(f, cases[i].origin, cases[i].origins);
        assert_string_equal(told(f, "Access-Control-Allow-Origin"), cases[i].allowed);
        assert_string_equal(told(f, "Access-Control-Allow-Credentials"), cases[i].credentials);
        assert_string_equal(told(f, "Vary"), "Origin");
    }
}

static void only_a_preflight_is_told_methods_and_headers(void **state)
{
    struct fixture *f = *state;

    ask(f, "https://a.example", "*");
    assert_string_equal(told(f, "Access-Control-Allow-Methods"), "");
    f->req.method = OPTIONS;
    f->headers[1] = (struct pair){ .name = "Access-Control-Request-Method", .value = "PUT" };
    f->headers[0].next = &f->headers[1];
    f->res.headers = NULL;
    cors_apply(&f->req, &f->res, "*", OWN);
    assert_string_equal(told(f, "Access-Control-Allow-Methods"), "GET, POST, PUT, PATCH, DELETE");
    assert_non_null(strstr(told(f, "Access-Control-Allow-Headers"), "X-Tallyfy-Client"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_listed_origins_and_our_own_are_allowed),
        TEST(only_a_preflight_is_told_methods_and_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
