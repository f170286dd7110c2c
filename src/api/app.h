/* What handlers reach beside their request: the parts that live as long as the server. */
#pragma once

#include <stdatomic.h>

#include "auth/auth.h"
#include "base/ctx.h"
#include "http/metrics.h"
#include "http/request.h"

struct app {
    struct db *db;
    struct auth *auth;
    struct metrics *metrics;
    const char *public_url;    /* "https://pawl.example.com", without a final slash; or NULL */
    const char *setup_code_digest; /* of the one-time set-up link; NULL: no set-up */
    bool require_client_header;
    bool secure_cookies;       /* the public URL is https */
    bool sign_up;              /* strangers may make accounts */
    bool sends_mail;           /* an SMTP server is configured; else mail waits to be read */
    const char *mcp_resource;  /* whom MCP tokens are for; NULL: this API */
    const char *mcp_proxy_secret; /* what a trusted MCP server shows; NULL: there is none */
    _Atomic int64_t proved_at; /* when the store was last seen to take a write; monotonic */
};

/* The app of the request that is being served. */
struct app *app_of(const struct request *req);
