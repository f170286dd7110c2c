/* See log.h. A line is written with one write, so that lines of several threads do not mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

static const char *const level_names[] = { "error", "warn", "info", "debug" };

static enum log_level log_level = LOG_INFO;
static bool log_json;

void log_setup(enum log_level level, bool json)
{
    log_level = level;
    log_json = json;
}

bool log_level_parse(const char *name, enum log_level *out)
{
    for (int i = LOG_ERROR; i <= LOG_DEBUG; i++) {
        if (strcasecmp(name, level_names[i]) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}

bool log_wants(enum log_level level)
{
    return level <= log_level;
}

/* A message may quote what a stranger sent: no control byte of it reaches the terminal. */
static void defuse(char *message)
{
    for (char *p = message; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
}

void log_line(enum log_level level, const char *fmt, ...)
{
    struct arena *mem;
    struct str line;
    char when[TIME_TEXT_SIZE];
    char *message;
    va_list ap;

    if (!log_wants(level))
        return;
    mem = arena_new_arena();
    va_start(ap, fmt);
    message = arena_vprintf(mem, fmt, ap);
    va_end(ap);
    defuse(message);
    time_format(clock_now(), when);
    line = str_in(mem, 64 * 1024);
    if (log_json) {
        json_begin_object(&line);
        json_key_text(&line, "time", when);
        json_key_text(&line, "level", level_names[level]);
        json_key_text(&line, "message", message);
        json_end_object(&line);
        str_add_char(&line, '\n');
    } else {
        str_printf(&line, "%s %-5s %s\n", when, level_names[level], message);
    }
    if (write(STDERR_FILENO, line.data, line.len) < 0) {
        /* Nobody is left to tell. */
    }
    arena_free(mem);
}
