/* Authorization requests (RFC 6749 sections 4.1 and 4.2, RFC 7636, 8707, 9207): an application
 * sends a browser here with what it wants; the person allows it (approval.h), and the browser goes
 * back with a code, or, for the implicit grant, with a token.
 *
 * A request is judged in two steps, since only what is wrong after the first may be told to the
 * redirect URI. */
#pragma once

#include <stdbool.h>

#include "auth/auth.h"
#include "base/ctx.h"
#include "model/client.h"
#include "model/grant.h"

/* The parameters as sent; NULL when absent. */
struct authorization_request {
    const char *client_id;
    const char *redirect_uri;
    const char *response_type;
    const char *response_mode;
    const char *scope;
    const char *state;
    const char *code_challenge;
    const char *code_challenge_method;
    const char *resource;
    const char *repeated;         /* the name of one that came twice */
    const char *default_resource; /* whom a connector's tokens are for unless the request says */
    bool mcp;                     /* by the MCP routes */
};

struct authorization {
    struct client client;
    const char *kind;         /* of the tokens to be given */
    bool implicit;            /* a token at once, in the fragment */
    const char *redirect_uri; /* where the browser goes back to; NULL: nowhere */
    const char *said_uri;     /* the same if the request named it, else NULL */
    const char *state;        /* to be returned as it came, or NULL */
    const char *asked_scope;  /* NULL: nothing */
    const char *scopes;       /* to be offered to the person */
    const char *challenge;    /* NULL: none */
    const char *resource;
};

/* Who asks, and where to go back to. ERR_MALFORMED when either is not known here: then nobody must
 * be sent anywhere. */
MUST_CHECK enum err authorization_begin(struct ctx *c, const struct authorization_request *in,
                                        struct authorization *out);

/* All the rest, after authorization_begin. ERR_MALFORMED with a code of RFC 6749 section 4.1.2.1,
 * which is for the redirect URI. */
MUST_CHECK enum err authorization_check(struct ctx *c, const struct authorization_request *in,
                                        struct authorization *out);

/* What an allowed request gives: a code, or for the implicit grant a token. c->caller has consented
 * to these scopes in that organization. */
MUST_CHECK enum err authorization_code_new(struct ctx *c, const struct authorization *a,
                                           const char *org_id, const char *scopes,
                                           const char **code);
MUST_CHECK enum err authorization_token_new(struct ctx *c, struct auth *auth,
                                            const struct authorization *a, const char *org_id,
                                            const char *scopes, struct grant *out);

/* authorization_code: the tokens for a code. Whatever is wrong with the request, the code is spent;
 * one that comes again ends all that came of it. So a refusal (ERR_MALFORMED) must be committed. */
MUST_CHECK enum err grant_code(struct ctx *c, struct auth *auth, const struct client *client,
                               const struct grant_request *in, struct grant *out);
