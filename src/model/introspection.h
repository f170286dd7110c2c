/* What OAuth clients may ask and say of tokens: whether one is good (RFC 7662), and that one is to
 * end (RFC 7009). */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "model/client.h"

/* A token that is good now. */
struct token_state {
    const char *id;    /* of an access token */
    bool refresh;      /* it is a refresh token */
    int64_t user_id;   /* 0: an application's own */
    const char *email; /* of the user */
    int64_t client_id; /* 0: the first-party client */
    const char *org_id;
    const char *scopes; /* stored text */
    const char *resource;
    int64_t created_at, expires_at; /* expires_at 0: never */
};

/* ERR_NOT_FOUND, without a recorded failure, for what is no good token or none of this client's
 * business. That are its own tokens, of refresh tokens those alone; access tokens that members of
 * its organization may use there; and for a client that the operator made for everybody, all of
 * them. */
MUST_CHECK enum err token_introspect(struct ctx *c, struct auth *auth,
                                     const struct client *client, const char *token,
                                     struct token_state *out);

/* Ends a token of this client, with all of its family. That it is none is no error. */
MUST_CHECK enum err token_revoke_by(struct ctx *c, struct auth *auth, const struct client *client,
                                    const char *token);
