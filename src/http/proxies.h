/* The proxies whose word counts: who is really calling when the connection comes from one. */
#pragma once

#include <stdbool.h>

#include "base/ctx.h"
#include "http/request.h"

struct proxies;

/* Reads a comma list of addresses and networks ("10.0.0.1, 172.16.0.0/12, ::1"); NULL or "" trusts
 * nobody. ERR_INVALID names the part that is neither. */
MUST_CHECK enum err proxies_new(struct ctx *c, const char *list, struct proxies **out);
void proxies_free(struct proxies *p);

bool proxies_trust(const struct proxies *p, const char *address);

/* The nearest address in X-Forwarded-For that is not a trusted proxy, in the request's arena; the
 * peer's own address when there is none. Only for requests from a trusted peer. */
const char *proxies_caller(const struct proxies *p, const struct request *req, const char *peer);
