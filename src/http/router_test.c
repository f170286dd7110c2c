/* Tests of finding a route. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "http/router.h"

#include <cmocka.h> /* last: its macro fail() would hide ours */

static enum err nothing(struct ctx *c, struct request *req, struct response *res)
{
    (void)c;
    (void)req;
    (void)res;
    return OK;
}

static const struct route table[] = {
    { GET, "/", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { GET, "/tasks", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { POST, "/tasks", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { GET, "/tasks/{id}", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { PUT, "/tasks/{id}", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { GET, "/tasks/done", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { GET, "/tasks/{id}/notes/{note}", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { GET, "/tasks/done/today", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { GET, "/assets/*", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { GET, "/assets/{name}/info", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { GET, "/{org:id}", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { GET, "/{org:id}/*", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { POST, "/{any}/new", PUBLIC, NULL, NULL, nothing, 0, NULL },
    { DELETE, "/orgs/{org}/*", PUBLIC, NULL, NULL, nothing, 0, NULL },
};

#define ID "0123456789abcdef0123456789abcdef"

struct fixture {
    struct ctx c;
    struct request req;
    struct router *router;
    const char *allow;
};

static int start(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->c.mem = f->req.mem = arena_new_arena();
    f->router = router_new(table, sizeof(table) / sizeof(table[0]));
    *state = f;
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;

    router_free(f->router);
    arena_free(f->c.mem);
    test_free(f);
    return 0;
}

static enum err find(struct fixture *f, enum method method, const char *target)
{
    f->req.method = method;
    f->req.route = NULL;
    assert_int_equal(request_parse_target(&f->c, &f->req, target), OK);
    return router_find(f->router, &f->c, &f->req, &f->allow);
}

static void each_path_finds_its_row(void **state)
{
    static const struct {
        enum method method;
        const char *target;
        const char *path;
    } cases[] = {
        { GET, "/", "/" },
        { GET, "/api", "/" },
        { GET, "/tasks", "/tasks" },
        { POST, "/api/tasks/", "/tasks" },
        { HEAD, "/tasks", "/tasks" },
        { GET, "/tasks/1", "/tasks/{id}" },
        { GET, "/tasks/%7Bid%7D", "/tasks/{id}" },
        { GET, "/tasks/done", "/tasks/done" },
        { PUT, "/tasks/done", "/tasks/{id}" }, /* no PUT of the literal: its sibling takes it */
        { GET, "/tasks/done/today", "/tasks/done/today" },
        { GET, "/tasks/done/notes/2", "/tasks/{id}/notes/{note}" }, /* back from the literal */
        { GET, "/assets/a/b.js", "/assets/*" },
        { GET, "/assets", "/assets/*" },
        { GET, "/assets/a/info", "/assets/{name}/info" },
        { DELETE, "/orgs/1/x/y", "/orgs/{org}/*" },
        { GET, "/" ID, "/{org:id}" },
        { GET, "/" ID "/a/b", "/{org:id}/*" },
        { POST, "/" ID "/new", "/{any}/new" },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(find(f, cases[i].method, cases[i].target), OK);
        assert_string_equal(f->req.route->path, cases[i].path);
    }
}

static void parameters_are_found_by_name(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(find(f, GET, "/tasks/a%2Fb/notes/c+d"), OK);
    assert_string_equal(request_param(&f->req, "id"), "a/b");
    assert_string_equal(request_param(&f->req, "note"), "c+d");
    assert_int_equal(find(f, GET, "/" ID "/a"), OK);
    assert_string_equal(request_param(&f->req, "org"), ID);
}

static void unknown_paths_have_no_route(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(find(f, GET, "/task"), ERR_NO_ROUTE);
    assert_int_equal(find(f, GET, "/0123456789ABCDEF0123456789ABCDEF/x"), ERR_NO_ROUTE);
    assert_int_equal(find(f, GET, "/Tasks"), ERR_NO_ROUTE);
    assert_int_equal(find(f, GET, "/tasks/1/notes"), ERR_NO_ROUTE);
    assert_int_equal(find(f, GET, "/tasks/1/notes/2/3"), ERR_NO_ROUTE);
    assert_null(f->allow);
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(find(f, POST, "/tasks/1"), ERR_METHOD);
    assert_string_equal(f->allow, "GET, PUT, HEAD, OPTIONS");
    assert_int_equal(find(f, PATCH, "/"), ERR_METHOD);
    assert_string_equal(f->allow, "GET, HEAD, OPTIONS");
    assert_int_equal(find(f, GET, "/orgs/1/x"), ERR_METHOD);
    assert_string_equal(f->allow, "DELETE, OPTIONS");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_path_finds_its_row),
        TEST(parameters_are_found_by_name),
        TEST(unknown_paths_have_no_route),
        TEST(a_wrong_method_is_told_the_right_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
