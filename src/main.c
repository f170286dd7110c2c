/* Pawl: a self-hosted workflow server. Start reading here, then in routes.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "auth/permission.h"
#include "base/log.h"
#include "routes.h"
#include "serve.h"
#include "settings.h"
#include "version.h"

static int help(struct ctx *c, const struct settings *settings, const char **words)
{
    struct str text = str_in(c->mem, 64 * 1024);

    (void)settings;
    (void)words;
    str_add(&text,
            "pawl " PAWL_VERSION ", a self-hosted workflow server\n"
            "\n"
            "  pawl serve [options]            run the server\n"
            "  pawl admin COMMAND [options]    work on the store directly (pawl admin help)\n"
            "  pawl routes [--json]            list every route of the API\n"
            "  pawl permissions [--json]       list which role may do what\n"
            "  pawl version                    print the version\n"
            "\n"
            "Options; each may also stand in pawl.conf (name = value) or in the environment\n"
            "(PAWL_NAME=value):\n");
    settings_help(&text);
    fputs(str_text(&text), stdout);
    return 0;
}

static int version(struct ctx *c, const struct settings *settings, const char **words)
{
    (void)c;
    (void)settings;
    (void)words;
    puts(PAWL_VERSION);
    return 0;
}

static bool wants_json(const char **words)
{
    return words[0] != NULL && strcmp(words[0], "--json") == 0;
}

static int print_json(struct ctx *c, void (*write)(struct str *out))
{
    struct str text = str_in(c->mem, 1024 * 1024);

    write(&text);
    puts(str_text(&text));
    return 0;
}

static int list_routes(struct ctx *c, const struct settings *settings, const char **words)
{
    (void)settings;
    if (wants_json(words))
        return print_json(c, routes_write);
    for (size_t i = 0; i < route_count; i++)
        printf("%-7s %s\n", method_name(routes[i].method), routes[i].path);
    return 0;
}

static int list_permissions(struct ctx *c, const struct settings *settings, const char **words)
{
    (void)settings;
    if (wants_json(words))
        return print_json(c, permissions_write);
    printf("%-32s %-8s %-8s %-8s %s\n", "", "admin", "standard", "light", "guest");
    for (size_t i = 0; i < ACTIONS; i++) {
        const struct permission *p = &permissions[i];

        printf("%-32s %-8s %-8s %-8s %s\n", p->doing, right_words[p->admin],
               right_words[p->standard], right_words[p->light], right_words[p->guest]);
    }
    return 0;
}

static const struct command {
    const char *name;
    int (*run)(struct ctx *c, const struct settings *settings, const char **words);
} commands[] = {
    { "serve", serve },
    { "admin", admin },
    { "routes", list_routes },
    { "permissions", list_permissions },
    { "version", version },
    { "--version", version },
    { "help", help },
    { "--help", help },
};

static int run(struct ctx *c, const struct settings *settings, const char **words)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(words[0], commands[i].name) == 0)
            return commands[i].run(c, settings, words + 1);
    fprintf(stderr, "pawl: there is no command '%s'; see pawl help\n", words[0]);
    return 2;
}

int main(int argc, char **argv)
{
    struct ctx c = { .mem = arena_new_arena() };
    struct settings settings;
    enum log_level level;
    const char **words;
    int status = 2;

    if (settings_read(&c, argc - 1, argv + 1, &settings, &words) != OK)
        fprintf(stderr, "pawl: %s\n", c.failure.message);
    else if (!log_level_parse(settings.log_level, &level))
        fprintf(stderr, "pawl: log_level must be error, warn, info or debug, not '%s'\n",
                settings.log_level);
    else if (words[0] == NULL)
        help(&c, &settings, words);
    else {
        log_setup(level, strcmp(settings.log_format, "json") == 0);
        status = run(&c, &settings, words);
    }
    arena_free(c.mem);
    return status;
}
