/* Counters in Prometheus' text format (GET /metrics). Atomic; safe from every thread. */
#pragma once

#include <stdint.h>

#include "base/str.h"
#include "http/router.h"

struct metrics;

struct metrics *metrics_new(const struct route *routes, size_t count);
void metrics_free(struct metrics *m);

/* One answered request. `route` is NULL when none was found. */
void metrics_request(struct metrics *m, const struct route *route, int status,
                     int64_t duration_us);

/* Requests and connections that came (1) or ended (-1). */
void metrics_in_flight(struct metrics *m, int change);
void metrics_connections(struct metrics *m, int change);

/* Writes one that is counted elsewhere. */
void metrics_write_counter(struct str *out, const char *name, const char *help, uint64_t n);

/* Writes all: pawl_http_requests_total{method,route,status class}, a duration histogram,
 * pawl_http_requests_in_flight, pawl_http_connections, process memory and CPU, start time,
 * version. */
void metrics_write(struct metrics *m, struct str *out);
