/* See zone.h. The only file that includes GLib, whose GTimeZone is thread-safe. */
#include "base/zone.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static GTimeZone *zone_find(const char *name)
{
    /* GLib also takes offsets and POSIX rules; only names of the zone database are names here. */
    if (name == NULL || name[0] == '\0' || strlen(name) > 64 || strpbrk(name, "+,<:") != NULL ||
        name[0] == '/' || strstr(name, "..") != NULL)
        return NULL;
    return g_time_zone_new_identifier(name);
}

bool zone_valid(const char *name)
{
    GTimeZone *zone = zone_find(name);

    if (zone == NULL)
        return false;
    g_time_zone_unref(zone);
    return true;
}

void zone_check(struct ctx *c, const char *field, const char *name)
{
    if (!zone_valid(name))
        fault(c, field, "The %s must be an IANA name such as Europe/Athens.", field);
}

const char *zone_offset(struct arena *mem, const char *name, int64_t at)
{
    GTimeZone *zone = zone_find(name);
    int minutes = 0;

    if (zone != NULL) {
        int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, at / SECOND);

        minutes = g_time_zone_get_offset(zone, interval) / 60;
        g_time_zone_unref(zone);
    }
    return arena_printf(mem, "%c%02d:%02d", minutes < 0 ? '-' : '+', abs(minutes) / 60,
                        abs(minutes) % 60);
}
