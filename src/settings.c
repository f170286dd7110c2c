/* See settings.h. */
#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum type { TEXT_OPTION, NUMBER_OPTION, SWITCH_OPTION };

struct option {
    const char *name; /* with underscores; dashes on the command line */
    enum type type;
    size_t offset;
    const char *standard;
    int64_t min, max; /* numbers */
    const char *value; /* how the value is called in help */
    const char *help;
};

#define T(member, standard, value, help) \
    { #member, TEXT_OPTION, offsetof(struct settings, member), standard, 0, 0, value, help }
#define N(member, standard, min, max, value, help) \
    { #member, NUMBER_OPTION, offsetof(struct settings, member), standard, min, max, value, help }
#define S(member, standard, help) \
    { #member, SWITCH_OPTION, offsetof(struct settings, member), standard, 0, 0, "yes|no", help }

static const struct option options[] = {
    T(config, NULL, "FILE", "read options from FILE; DIR/pawl.conf is read if it exists"),
    T(data, "./data", "DIR", "keep the embedded store and the keys in DIR"),
    T(db, NULL, "URL", "use the PostgreSQL store at postgresql://… instead of the embedded one"),
    T(listen, "127.0.0.1:8080", "ADDR:PORT", "listen there; port 0 picks a free one"),
    T(public_url, NULL, "URL", "the address that people and links use, such as "
                               "https://pawl.example.com"),
    T(tls_cert, NULL, "FILE", "serve https with this certificate chain (PEM)"),
    T(tls_key, NULL, "FILE", "and this private key (PEM)"),
    T(cors_origins, NULL, "LIST", "origins whose pages may call the API, comma-separated, or *"),
    T(trusted_proxies, NULL, "LIST", "addresses of proxies whose X-Forwarded-For is believed"),
    T(log_level, "info", "LEVEL", "error, warn, info or debug"),
    T(log_format, "text", "FORMAT", "text for people or json for machines"),
    N(threads, "0", 0, 256, "N", "threads that serve connections; 0: one a core"),
    N(db_workers, "8", 1, 256, "N", "connections to PostgreSQL"),
    N(max_connections, "20000", 1, 1000000, "N", "connections served at once"),
    N(max_body, "1048576", 1024, 104857600, "BYTES", "largest request body"),
    N(header_timeout, "10", 1, 3600, "S", "seconds until a request's headers must be complete"),
    N(body_timeout, "30", 1, 3600, "S", "seconds until a body must be complete, plus 1 for "
                                        "each 64 KiB"),
    N(idle_timeout, "75", 1, 86400, "S", "seconds that a connection may wait between requests"),
    N(write_timeout, "30", 1, 3600, "S", "seconds until an answer must be taken, plus 1 for "
                                         "each 64 KiB"),
    N(password_min_length, "10", 6, 127, "N", "shortest password that is accepted"),
    N(rate_limit, "600", 0, 1000000000, "N", "requests a minute by one account, or by one address "
                                             "without any; 0: no limit"),
    N(token_rate_limit, "60", 0, 1000000000, "N", "requests a minute for tokens, and with mailed "
                                                  "links, by one address; 0: no limit"),
    N(registration_rate_limit, "5", 0, 1000000000, "N", "OAuth clients, and accounts, an hour that "
                                                        "one address may register; 0: no limit"),
    N(password_change_limit, "0", 0, 1000000, "N", "times a day that people may change their "
                                                   "password; 0: no limit"),
    N(email_change_limit, "0", 0, 1000000, "N", "and their e-mail address"),
    N(profile_change_limit, "0", 0, 1000000, "N", "and their profile"),
    N(invite_limit, "0", 0, 1000000, "N", "people that one member may invite a day; 0: no limit"),
    N(guest_invite_limit, "30", 0, 1000000, "N", "guests that one organization may add an hour; "
                                                 "0: no limit"),
    T(smtp_url, NULL, "URL", "send mail by smtp://HOST:PORT or smtps://HOST:PORT; without it, mail "
                             "waits and administrators can read it"),
    T(smtp_user, NULL, "NAME", "sign in there with this name"),
    T(smtp_password, NULL, "TEXT", "and this password; better in the file or the environment"),
    T(smtp_tls, "required", "HOW", "encryption of smtp://: required, try or no"),
    T(mail_from, NULL, "ADDRESS", "the sender of mail; pawl@ and the host of the public address "
                                  "if not given"),
    T(mcp_resource, NULL, "URL", "the MCP server that tokens are for; the API if not given"),
    T(mcp_proxy_secret, NULL, "TEXT", "what a trusted MCP server sends as X-Tallyfy-Proxy-Auth"),
    S(sign_up, "no", "let strangers make an account and an organization of their own"),
    S(require_client_header, "yes", "refuse API calls without X-Tallyfy-Client"),
    S(demo, "no", "fill an empty store with a demonstration"),
};

enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]), CONFIG_FILE_MAX = 64 * 1024 };

/* Where a value came from; a nearer source is not overwritten by a farther one. */
enum source { FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT, FROM_COMMAND_LINE };

struct reader {
    struct ctx *c;
    struct settings *out;
    enum source from[OPTION_COUNT];
};

static enum err set_number(struct ctx *c, const struct option *o, int64_t *out, const char *value)
{
    char *end;

    errno = 0;
    *out = strtoll(value, &end, 10);
    if (*value == '\0' || *end != '\0' || errno != 0 || *out < o->min || *out > o->max)
        return fail(c, ERR_INVALID, NULL, "%s must be a number from %lld to %lld, not '%s'",
                    o->name, (long long)o->min, (long long)o->max, value);
    return OK;
}

static enum err set_switch(struct ctx *c, const struct option *o, bool *out, const char *value)
{
    static const char *const yes[] = { "yes", "true", "on", "1" };
    static const char *const no[] = { "no", "false", "off", "0" };

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (strcmp(value, yes[i]) == 0 || strcmp(value, no[i]) == 0) {
            *out = strcmp(value, yes[i]) == 0;
            return OK;
        }
    }
    return fail(c, ERR_INVALID, NULL, "%s must be yes or no, not '%s'", o->name, value);
}

static enum err set(struct reader *r, int index, const char *value, enum source source)
{
    const struct option *o = &options[index];
    void *place = (char *)r->out + o->offset;

    if (source < r->from[index])
        return OK;
    r->from[index] = source;
    if (o->type == NUMBER_OPTION)
        return set_number(r->c, o, place, value);
    if (o->type == SWITCH_OPTION)
        return set_switch(r->c, o, place, value);
    *(const char **)place = arena_dup(r->c->mem, value);
    return OK;
}

/* The option of that name, dashes counting as underscores; -1: none. */
static int find(const char *name, size_t n)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        size_t k = 0;

        while (k < n && options[i].name[k] == (name[k] == '-' ? '_' : name[k]))
            k++;
        if (k == n && options[i].name[n] == '\0')
            return i;
    }
    return -1;
}

static enum err read_defaults(struct reader *r)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (options[i].standard != NULL)
            TRY(set(r, i, options[i].standard, FROM_DEFAULT));
    return OK;
}

static enum err read_environment(struct reader *r)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        char *name = arena_printf(r->c->mem, "PAWL_%s", options[i].name);
        const char *value;

        for (char *p = name; *p != '\0'; p++)
            *p = (char)toupper((unsigned char)*p);
        value = getenv(name);
        if (value != NULL && value[0] != '\0')
            TRY(set(r, i, value, FROM_ENVIRONMENT));
    }
    return OK;
}

static enum err read_command_line(struct reader *r, int argc, char **argv, const char ***rest)
{
    const char **others = arena_new_n(r->c->mem, const char *, (size_t)argc + 1);
    size_t n = 0;

    for (int a = 0; a < argc; a++) {
        const char *word = argv[a] + 2;
        const char *equals = strncmp(argv[a], "--", 2) == 0 ? strchr(word, '=') : NULL;
        size_t length = equals != NULL ? (size_t)(equals - word) : strlen(argv[a]) - 2;
        int i = strncmp(argv[a], "--", 2) == 0 ? find(word, length) : -1;

        if (i < 0) {
            others[n++] = argv[a];
            continue;
        }
        if (equals != NULL)
            TRY(set(r, i, equals + 1, FROM_COMMAND_LINE));
        else if (options[i].type == SWITCH_OPTION)
            TRY(set(r, i, "yes", FROM_COMMAND_LINE));
        else if (a + 1 < argc)
            TRY(set(r, i, argv[++a], FROM_COMMAND_LINE));
        else
            return fail(r->c, ERR_INVALID, NULL, "%s needs a value", argv[a]);
    }
    *rest = others;
    return OK;
}

/* One line `name = value`; a # begins a comment at a line's start. */
static enum err read_line(struct reader *r, const char *file, int number, char *line)
{
    char *equals = strchr(line, '=');
    char *name = line + strspn(line, " \t");
    char *value, *end;
    int i;

    if (*name == '\0' || *name == '#')
        return OK;
    i = equals == NULL ? -1 : find(name, strcspn(name, " \t="));
    if (i < 0)
        return fail(r->c, ERR_INVALID, NULL, "%s:%d: not an option: %s", file, number, line);
    value = equals + 1 + strspn(equals + 1, " \t");
    end = value + strlen(value);
    while (end > value && isspace((unsigned char)end[-1]))
        *--end = '\0';
    return set(r, i, value, FROM_FILE);
}

static enum err read_file(struct reader *r, const char *file, bool must_exist)
{
    char *text = arena_alloc(r->c->mem, CONFIG_FILE_MAX + 1);
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    int number = 1;

    if (fd < 0 && !must_exist)
        return OK;
    n = fd < 0 ? -1 : read(fd, text, CONFIG_FILE_MAX);
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return fail(r->c, ERR_INVALID, NULL, "cannot read %s: %s", file, strerror(errno));
    for (char *line = text, *next; line != NULL; line = next, number++) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        TRY(read_line(r, file, number, line));
    }
    return OK;
}

static enum err check(struct ctx *c, struct settings *s)
{
    size_t n;

    if (strcmp(s->log_format, "text") != 0 && strcmp(s->log_format, "json") != 0)
        return fail(c, ERR_INVALID, NULL, "log_format must be text or json, not '%s'",
                    s->log_format);
    if ((s->tls_cert == NULL) != (s->tls_key == NULL))
        return fail(c, ERR_INVALID, NULL, "tls_cert and tls_key belong together");
    if (strcmp(s->smtp_tls, "required") != 0 && strcmp(s->smtp_tls, "try") != 0 &&
        strcmp(s->smtp_tls, "no") != 0)
        return fail(c, ERR_INVALID, NULL, "smtp_tls must be required, try or no, not '%s'",
                    s->smtp_tls);
    if (s->smtp_url != NULL && strncmp(s->smtp_url, "smtp://", 7) != 0 &&
        strncmp(s->smtp_url, "smtps://", 8) != 0)
        return fail(c, ERR_INVALID, NULL, "smtp_url must begin with smtp:// or smtps://");
    if (s->public_url == NULL)
        return OK;
    if (strncmp(s->public_url, "http://", 7) != 0 && strncmp(s->public_url, "https://", 8) != 0)
        return fail(c, ERR_INVALID, NULL, "public_url must begin with http:// or https://");
    n = strlen(s->public_url);
    while (n > 0 && s->public_url[n - 1] == '/')
        n--;
    s->public_url = arena_dup_n(c->mem, s->public_url, n);
    return OK;
}

enum err settings_read(struct ctx *c, int argc, char **argv, struct settings *out,
                       const char ***rest)
{
    struct reader r = { .c = c, .out = out };
    const char *file;

    *out = (struct settings){ 0 };
    TRY(read_defaults(&r));
    TRY(read_environment(&r));
    TRY(read_command_line(&r, argc, argv, rest));
    file = out->config != NULL ? out->config : arena_printf(c->mem, "%s/pawl.conf", out->data);
    TRY(read_file(&r, file, out->config != NULL));
    return check(c, out);
}

void settings_help(struct str *out)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option *o = &options[i];
        char *name = arena_printf(out->mem, "--%s %s", o->name,
                                  o->type == SWITCH_OPTION ? "" : o->value);

        for (char *p = name; *p != '\0'; p++)
            if (*p == '_')
                *p = '-';
        str_printf(out, "  %-28s %s", name, o->help);
        if (o->standard != NULL)
            str_printf(out, " (%s)", o->standard);
        str_add_char(out, '\n');
    }
}
