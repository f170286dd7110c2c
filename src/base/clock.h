/* Time: milliseconds UTC inside, `YYYY-MM-DDTHH:MM:SSZ` outside. 0 stands for "no time". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* From 0000-01-01 until 10000-01-01: what four digits of a year can say. */
#define TIME_FIRST INT64_C(-62167219200000)
#define TIME_END INT64_C(253402300800000)

enum { TIME_TEXT_SIZE = sizeof("YYYY-MM-DDTHH:MM:SSZ") };

/* The present moment. With PAWL_TEST_CLOCK naming a file, the number of milliseconds in that
 * file is added, so that tests can let half a year pass. */
int64_t clock_now(void);

/* The name of that file, or NULL: so that a server says at start that its clock is a test's. */
const char *clock_test_file(void);

/* A moment that only goes forward, for measuring durations and deadlines of sockets. */
int64_t clock_monotonic(void);

/* Writes the outside form; a moment before year 0 or after 9999 is clamped. */
void time_format(int64_t ms, char out[TIME_TEXT_SIZE]);

/* Reads `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS` and RFC 3339, with fraction and offset or without;
 * no offset means UTC. A date alone is its first moment. False: not a time, or one outside the
 * years 0 to 9999. */
bool time_parse(const char *text, int64_t *out);

/* The same as a span: a date alone is its whole day, a time its second; *end is the first moment
 * after it. */
bool time_parse_span(const char *text, int64_t *start, int64_t *end);
