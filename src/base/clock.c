/* See clock.h. The calendar arithmetic counts days from 1970-01-01 in the proleptic Gregorian
 * calendar, with years that begin in March so that the leap day comes last. */
#include "base/clock.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t which)
{
    struct timespec t;

    clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *clock_test_file(void)
{
    const char *file = getenv("PAWL_TEST_CLOCK");

    return file == NULL || file[0] == '\0' ? NULL : file;
}

static int64_t test_offset(const char *file)
{
    char text[32] = "";
    int fd = open(file, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return 0;
    if (read(fd, text, sizeof(text) - 1) < 0)
        text[0] = '\0';
    close(fd);
    return strtoll(text, NULL, 10);
}

int64_t clock_now(void)
{
    const char *file = clock_test_file();

    return read_clock(CLOCK_REALTIME) + (file == NULL ? 0 : test_offset(file));
}

int64_t clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t days_from_date(int64_t y, int m, int d)
{
    int64_t era, year_of_era, day_of_year;

    y -= m <= 2;
    era = (y >= 0 ? y : y - 399) / 400;
    year_of_era = y - era * 400;
    day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static void date_from_days(int64_t days, int64_t *y, int *m, int *d)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = yoe + era * 400 + (*m <= 2);
}

static void two_digits(char *out, int v)
{
    out[0] = (char)('0' + v / 10);
    out[1] = (char)('0' + v % 10);
}

void time_format(int64_t ms, char out[TIME_TEXT_SIZE])
{
    int64_t s, days, y;
    int m, d, of_day;

    ms = ms < TIME_FIRST ? TIME_FIRST : ms >= TIME_END ? TIME_END - 1 : ms;
    s = ms >= 0 ? ms / 1000 : (ms - 999) / 1000;
    days = s >= 0 ? s / 86400 : (s - 86399) / 86400;
    of_day = (int)(s - days * 86400);
    date_from_days(days, &y, &m, &d);

    two_digits(out, (int)y / 100);
    two_digits(out + 2, (int)y % 100);
    out[4] = '-';
    two_digits(out + 5, m);
    out[7] = '-';
    two_digits(out + 8, d);
    out[10] = 'T';
    two_digits(out + 11, of_day / 3600);
    out[13] = ':';
    two_digits(out + 14, of_day / 60 % 60);
    out[16] = ':';
    two_digits(out + 17, of_day % 60);
    out[19] = 'Z';
    out[20] = '\0';
}

/* Exactly n digits, moving *p past them; -1 when there are fewer. */
static int digits(const char **p, int n)
{
    int v = 0;

    for (int i = 0; i < n; i++, (*p)++) {
        if (!isdigit((unsigned char)**p))
            return -1;
        v = v * 10 + (**p - '0');
    }
    return v;
}

static bool skip(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

static bool parse_date(const char **p, int64_t *days)
{
    static const int month_days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int y, m, d;

    y = digits(p, 4);
    if (y < 0 || !skip(p, '-') || (m = digits(p, 2)) < 1 || m > 12 || !skip(p, '-') ||
        (d = digits(p, 2)) < 1 || d > month_days[m - 1])
        return false;
    if (m == 2 && d == 29 && (y % 4 != 0 || (y % 100 == 0 && y % 400 != 0)))
        return false;
    *days = days_from_date(y, m, d);
    return true;
}

/* HH:MM[:SS[.fraction]] */
static bool parse_time(const char **p, int64_t *ms)
{
    int h = digits(p, 2), m, s = 0;
    int64_t unit = 100, fraction = 0;

    if (h < 0 || h > 23 || !skip(p, ':') || (m = digits(p, 2)) < 0 || m > 59)
        return false;
    if (skip(p, ':') && ((s = digits(p, 2)) < 0 || s > 60))
        return false;
    if (skip(p, '.')) {
        if (!isdigit((unsigned char)**p))
            return false;
        for (; isdigit((unsigned char)**p); (*p)++, unit /= 10)
            fraction += (**p - '0') * unit;
    }
    *ms = ((int64_t)h * 3600 + m * 60 + s) * 1000 + fraction;
    return true;
}

/* Nothing, Z, or an offset as +HH:MM or +HHMM. */
static bool parse_offset(const char **p, int64_t *ms)
{
    int sign = **p == '-' ? -1 : 1, h, m;

    *ms = 0;
    if (skip(p, 'Z') || skip(p, 'z') || **p == '\0')
        return true;
    if (!skip(p, '+') && !skip(p, '-'))
        return false;
    if ((h = digits(p, 2)) < 0 || h > 23)
        return false;
    skip(p, ':');
    if ((m = digits(p, 2)) < 0 || m > 59)
        return false;
    *ms = sign * ((int64_t)h * 60 + m) * MINUTE;
    return true;
}

bool time_parse(const char *text, int64_t *out)
{
    int64_t days, of_day = 0, offset = 0;
    const char *p = text;

    if (!parse_date(&p, &days))
        return false;
    if (*p != '\0') {
        if (!skip(&p, 'T') && !skip(&p, 't') && !skip(&p, ' '))
            return false;
        if (!parse_time(&p, &of_day) || !parse_offset(&p, &offset))
            return false;
    }
    if (*p != '\0')
        return false;
    *out = days * DAY + of_day - offset;
    return *out >= TIME_FIRST && *out < TIME_END;
}

bool time_parse_span(const char *text, int64_t *start, int64_t *end)
{
    if (!time_parse(text, start))
        return false;
    *end = *start + (strlen(text) == strlen("YYYY-MM-DD") ? DAY : SECOND);
    return true;
}
