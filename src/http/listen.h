/* The socket that a server listens on. */
#pragma once

#include "base/ctx.h"

/* Opens "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080" (every IPv4 address) or
 * "[::]:8080" (every address); port 0 picks a free one. *port is the one that was taken. */
MUST_CHECK enum err listen_on(struct ctx *c, const char *where, int *fd, int *port);
