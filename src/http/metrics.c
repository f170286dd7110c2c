/* See metrics.h. Counters are added to without order: nobody concludes from one about another. */
#include "http/metrics.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "version.h"

enum { CLASSES = 5 }; /* 1xx to 5xx */

static const struct {
    int64_t us;
    const char *seconds;
} buckets[] = {
    { 500, "0.0005" },  { 1000, "0.001" },   { 2500, "0.0025" },  { 5000, "0.005" },
    { 10000, "0.01" },  { 25000, "0.025" },  { 50000, "0.05" },   { 100000, "0.1" },
    { 250000, "0.25" }, { 500000, "0.5" },   { 1000000, "1" },    { 2500000, "2.5" },
    { 5000000, "5" },   { 10000000, "10" },
};

enum { BUCKETS = sizeof(buckets) / sizeof(buckets[0]) };

struct metrics {
    const struct route *routes;
    size_t count;
    time_t start;
    atomic_int in_flight;
    atomic_int connections;
    _Atomic uint64_t duration[BUCKETS + 1]; /* the last one: longer than all */
    _Atomic uint64_t duration_sum_us;
    _Atomic uint64_t requests[][CLASSES]; /* by route; the last row: no route */
};

struct metrics *metrics_new(const struct route *routes, size_t count)
{
    struct metrics *m = calloc(1, sizeof(*m) + (count + 1) * sizeof(m->requests[0]));

    if (m == NULL)
        abort();
    m->routes = routes;
    m->count = count;
    m->start = time(NULL);
    return m;
}

void metrics_free(struct metrics *m)
{
    free(m);
}

static void add(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void metrics_request(struct metrics *m, const struct route *route, int status,
                     int64_t duration_us)
{
    size_t row = route == NULL ? m->count : (size_t)(route - m->routes);
    int class = status / 100 - 1;
    size_t bucket = 0;

    if (class < 0 || class >= CLASSES)
        class = CLASSES - 1;
    while (bucket < BUCKETS && duration_us > buckets[bucket].us)
        bucket++;
    add(&m->requests[row][class], 1);
    add(&m->duration[bucket], 1);
    add(&m->duration_sum_us, duration_us < 0 ? 0 : (uint64_t)duration_us);
}

void metrics_in_flight(struct metrics *m, int change)
{
    atomic_fetch_add_explicit(&m->in_flight, change, memory_order_relaxed);
}

void metrics_connections(struct metrics *m, int change)
{
    atomic_fetch_add_explicit(&m->connections, change, memory_order_relaxed);
}

static uint64_t value(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void describe(struct str *out, const char *name, const char *type, const char *help)
{
    str_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Routes that nobody has called are left out. Paths hold no byte that would need escaping. */
static void write_requests(const struct metrics *m, struct str *out)
{
    describe(out, "pawl_http_requests_total", "counter", "Answered requests.");
    for (size_t row = 0; row <= m->count; row++) {
        const struct route *route = row == m->count ? NULL : &m->routes[row];

        for (int class = 0; class < CLASSES; class++) {
            uint64_t n = value(&m->requests[row][class]);

            if (n == 0)
                continue;
            str_printf(out,
                       "pawl_http_requests_total{method=\"%s\",route=\"%s\",status=\"%dxx\"} "
                       "%llu\n",
                       route == NULL ? "" : method_name(route->method),
                       route == NULL ? "" : route->path, class + 1, (unsigned long long)n);
        }
    }
}

static void write_durations(const struct metrics *m, struct str *out)
{
    static const char name[] = "pawl_http_request_duration_seconds";
    uint64_t total = 0;

    describe(out, name, "histogram", "Time from the header block to the answer.");
    for (size_t i = 0; i < BUCKETS; i++) {
        total += value(&m->duration[i]);
        str_printf(out, "%s_bucket{le=\"%s\"} %llu\n", name, buckets[i].seconds,
                   (unsigned long long)total);
    }
    total += value(&m->duration[BUCKETS]);
    str_printf(out, "%s_bucket{le=\"+Inf\"} %llu\n", name, (unsigned long long)total);
    str_printf(out, "%s_sum %.6f\n", name, (double)value(&m->duration_sum_us) / 1e6);
    str_printf(out, "%s_count %llu\n", name, (unsigned long long)total);
}

static void write_gauge(struct str *out, const char *name, const char *help, double now)
{
    describe(out, name, "gauge", help);
    str_printf(out, "%s %.0f\n", name, now);
}

/* Resident bytes; 0 where /proc is not there. */
static double resident_bytes(void)
{
    FILE *f = fopen("/proc/self/statm", "re");
    long pages = 0;

    if (f == NULL)
        return 0;
    if (fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static double cpu_seconds(void)
{
    struct rusage use;

    if (getrusage(RUSAGE_SELF, &use) != 0)
        return 0;
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

void metrics_write_counter(struct str *out, const char *name, const char *help, uint64_t n)
{
    describe(out, name, "counter", help);
    str_printf(out, "%s %llu\n", name, (unsigned long long)n);
}

void metrics_write(struct metrics *m, struct str *out)
{
    write_requests(m, out);
    write_durations(m, out);
    write_gauge(out, "pawl_http_requests_in_flight", "Requests that are being answered.",
                atomic_load(&m->in_flight));
    write_gauge(out, "pawl_http_connections", "Open connections.", atomic_load(&m->connections));
    write_gauge(out, "process_resident_memory_bytes", "Memory in use.", resident_bytes());
    write_gauge(out, "process_start_time_seconds", "Start, in seconds since 1970.",
                (double)m->start);
    describe(out, "process_cpu_seconds_total", "counter", "CPU time used.");
    str_printf(out, "process_cpu_seconds_total %.3f\n", cpu_seconds());
    describe(out, "pawl_build_info", "gauge", "The version that runs.");
    str_printf(out, "pawl_build_info{version=\"%s\"} 1\n", PAWL_VERSION);
}
