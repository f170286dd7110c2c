/* Token exchange for a trusted MCP server (after RFC 8693): it hands in the token that a connector
 * showed it and gets a short-lived one to call this API with, for the same person and scopes. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "model/grant.h"

/* Of c->caller's token. ERR_UNAUTHENTICATED with invalid_token when it is none of kind mcp, or its
 * person may not let applications act any more. */
MUST_CHECK enum err grant_exchange(struct ctx *c, struct auth *auth, struct grant *out);
