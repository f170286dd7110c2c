/* Every option of the server: one table in settings.c. An option comes from the command line
 * (--header-timeout 5), the environment (PAWL_HEADER_TIMEOUT=5) or a file pawl.conf
 * (header_timeout = 5), in this order of precedence. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/str.h"

struct settings {
    const char *config;
    const char *data;
    const char *db;
    const char *listen;
    const char *public_url;
    const char *tls_cert;
    const char *tls_key;
    const char *cors_origins;
    const char *trusted_proxies;
    const char *log_level;
    const char *log_format;
    int64_t threads;
    int64_t db_workers;
    int64_t max_connections;
    int64_t max_body;
    int64_t header_timeout;
    int64_t body_timeout;
    int64_t idle_timeout;
    int64_t write_timeout;
    int64_t password_min_length;
    int64_t rate_limit;              /* requests a minute; 0, here and below: no limit */
    int64_t token_rate_limit;        /* a minute */
    int64_t registration_rate_limit; /* an hour */
    int64_t password_change_limit;   /* a day, as the next three */
    int64_t email_change_limit;
    int64_t profile_change_limit;
    int64_t invite_limit;
    int64_t guest_invite_limit; /* an hour */
    const char *smtp_url; /* NULL: mail waits in the store */
    const char *smtp_user;
    const char *smtp_password;
    const char *smtp_tls; /* required, try or no */
    const char *mail_from;
    const char *mcp_resource;
    const char *mcp_proxy_secret;
    bool sign_up;
    bool require_client_header;
    bool demo;
};

/* Reads options from argv (those that are not options are left in `rest`, NULL-terminated, in
 * order), the environment and the file. ERR_INVALID with a message for people. */
MUST_CHECK enum err settings_read(struct ctx *c, int argc, char **argv, struct settings *out,
                                  const char ***rest);

/* The options with their defaults and meanings, for --help. */
void settings_help(struct str *out);
