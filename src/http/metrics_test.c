/* Tests of the counters' text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "http/metrics.h"

#include <cmocka.h> /* last: its macro fail() would hide ours */

static const struct route table[] = {
    { .method = GET, .path = "/tasks/{id}" },
    { .method = POST, .path = "/tasks" },
};

static void requests_are_counted_by_route_class_and_duration(void **state)
{
    static const char *const lines[] = {
        "\npawl_http_requests_total{method=\"GET\",route=\"/tasks/{id}\",status=\"2xx\"} 2\n",
        "\npawl_http_requests_total{method=\"GET\",route=\"/tasks/{id}\",status=\"4xx\"} 1\n",
        "\npawl_http_requests_total{method=\"\",route=\"\",status=\"4xx\"} 1\n",
        "\npawl_http_request_duration_seconds_bucket{le=\"0.0005\"} 1\n",
        "\npawl_http_request_duration_seconds_bucket{le=\"0.001\"} 3\n",
        "\npawl_http_request_duration_seconds_bucket{le=\"10\"} 3\n",
        "\npawl_http_request_duration_seconds_bucket{le=\"+Inf\"} 4\n",
        "\npawl_http_request_duration_seconds_sum 20.002100\n",
        "\npawl_http_request_duration_seconds_count 4\n",
        "\npawl_http_requests_in_flight 2\n",
        "\npawl_http_connections 1\n",
    };
    struct metrics *m = metrics_new(table, 2);
    struct arena *mem = arena_new_arena();
    struct str out = str_in(mem, 100000);
    const char *text;

    (void)state;
    metrics_request(m, &table[0], 200, 500);
    metrics_request(m, &table[0], 204, 501);
    metrics_request(m, &table[0], 404, 1000);
    metrics_request(m, NULL, 405, 20000099);
    metrics_in_flight(m, 1);
    metrics_in_flight(m, 1);
    metrics_connections(m, 1);
    metrics_write(m, &out);
    text = str_text(&out);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_non_null(strstr(text, lines[i]));
    assert_null(strstr(text, "route=\"/tasks\","));
    metrics_free(m);
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_counted_by_route_class_and_duration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
