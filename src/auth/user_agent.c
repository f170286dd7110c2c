/* See user_agent.h. Browsers name those that they descend from as well, so the order counts: the
 * first mark that is found decides. */
#include "auth/user_agent.h"

#include <stddef.h>
#include <string.h>

struct mark {
    const char *text;
    const char *name;
};

static const struct mark browsers[] = {
    { "Edg/", "Edge" },         { "EdgA/", "Edge" },      { "EdgiOS/", "Edge" },
    { "OPR/", "Opera" },        { "Vivaldi/", "Vivaldi" }, { "YaBrowser/", "Yandex Browser" },
    { "SamsungBrowser/", "Samsung Internet" },
    { "Firefox/", "Firefox" },  { "FxiOS/", "Firefox" },  { "CriOS/", "Chrome" },
    { "Chromium/", "Chromium" }, { "Chrome/", "Chrome" }, { "Safari/", "Safari" },
    { NULL, NULL },
};

static const struct mark systems[] = {
    { "Windows", "Windows" }, { "iPhone", "iPhone" },   { "iPad", "iPad" },
    { "Android", "Android" }, { "CrOS", "ChromeOS" },   { "Mac OS X", "macOS" },
    { "Linux", "Linux" },     { "FreeBSD", "FreeBSD" }, { "OpenBSD", "OpenBSD" },
    { NULL, NULL },
};

static const char *find(const struct mark *marks, const char *text)
{
    while (marks->text != NULL && strstr(text, marks->text) == NULL)
        marks++;
    return marks->name;
}

const char *user_agent_device(struct arena *mem, const char *user_agent)
{
    const char *browser = user_agent == NULL ? NULL : find(browsers, user_agent);
    const char *system = user_agent == NULL ? NULL : find(systems, user_agent);

    if (browser == NULL)
        return "An unknown program";
    return system == NULL ? browser : arena_printf(mem, "%s on %s", browser, system);
}
