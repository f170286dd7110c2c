/* Grants: how an OAuth client comes to tokens (RFC 6749 sections 4 to 6). Refusals carry the words
 * of its section 5.2 as their code. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "model/client.h"

/* The parameters of a request to the token endpoint, as sent; NULL when absent. */
struct grant_request {
    const char *grant_type;
    const char *client_id;
    const char *client_secret;
    const char *scope;
    const char *username;
    const char *password;
    const char *refresh_token;
    const char *code;
    const char *redirect_uri;
    const char *code_verifier;
    const char *device_code;
    const char *resource;
    const char *default_resource; /* whom a connector's tokens are for when nobody says */
    bool mcp; /* asked of the MCP routes, which give nothing without a person's consent */
};
extern const struct shape grant_input_shape;

/* What is answered. */
struct grant {
    const char *access_token;
    int64_t expires_in;        /* seconds */
    const char *refresh_token; /* NULL: none */
    const char *scope;         /* NULL: what was asked for */
};

/* Checks that the request is complete, that the client is who it says and that it may use this
 * grant. */
MUST_CHECK enum err grant_admit(struct ctx *c, const struct grant_request *in,
                                struct client *client);

/* Whether a parameter has a value: one without counts as absent (RFC 6749 section 3.1). */
static inline bool grant_given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* client_credentials: a token for the application itself, bound to its organization. */
MUST_CHECK enum err grant_application(struct ctx *c, struct auth *auth,
                                      const struct client *client, const struct grant_request *in,
                                      struct grant *out);

/* password: tokens for a user whose password has been checked; not for one with a second factor,
 * which this grant cannot ask for. */
MUST_CHECK enum err grant_password(struct ctx *c, struct auth *auth, const struct client *client,
                                   int64_t user_id, const struct grant_request *in,
                                   struct grant *out);

/* refresh_token: a new pair in place of the old one. A refresh token that comes a second time is
 * in two hands: then all tokens of its family end. That must be committed although it is refused
 * (ERR_MALFORMED). */
MUST_CHECK enum err grant_refresh(struct ctx *c, struct auth *auth, const struct client *client,
                                  const struct grant_request *in, struct grant *out);
