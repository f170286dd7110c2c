/* OAuth 2.0: the token endpoint, and the exchange of tokens for a trusted MCP server. */
#pragma once

#include "http/router.h"
#include "model/grant.h"

handler oauth_token_slow; /* the password of a password grant */
handler oauth_token;      /* POST /oauth/token; and /mcp/oauth/token, where nothing is given
                             without a person's consent */
handler oauth_exchange;   /* POST /mcp/oauth/token-exchange */

/* The answer of RFC 6749 section 5.1. */
MUST_CHECK enum err answer_grant(struct ctx *c, struct request *req, struct response *res,
                                 const struct grant *grant);
