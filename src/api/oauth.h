/* OAuth 2.0: the token endpoint, the clients of an organization, the public keys. */
#pragma once

#include "http/router.h"
#include "model/grant.h"

handler oauth_token_slow; /* the password of a password grant */
handler oauth_token;      /* POST /oauth/token */
handler oauth_jwks;       /* GET /.well-known/jwks.json */

handler clients_list;       /* GET O/oauth/clients */
handler clients_create;     /* POST O/oauth/clients */
handler clients_new_secret; /* POST O/oauth/clients/{id}/secret */
handler clients_delete;     /* DELETE O/oauth/clients/{id} */

/* The answer of RFC 6749 section 5.1. */
MUST_CHECK enum err answer_grant(struct ctx *c, struct request *req, struct response *res,
                                 const struct grant *grant);

/* What holds a secret must not stay in any cache. */
void never_cached(struct request *req, struct response *res);
