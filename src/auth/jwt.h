/* Signed tokens: JSON Web Tokens (RFC 7519) with RS256 (RFC 7518 section 3.3) and nothing else.
 * The algorithm is fixed here; what a token's header says is compared, never obeyed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "auth/digest.h"
#include "base/ctx.h"
#include "base/str.h"

struct keys; /* the signing key and all keys that still verify */

/* What a token says. The same claims and key always give the same text. */
struct claims {
    const char *jti;
    int64_t user_id;    /* sub; 0: no user */
    int64_t client_id;  /* aud; 0 is written "1", the first-party client */
    const char *org_id; /* only in tokens bound to an organization; else NULL */
    const char *scopes; /* blank-separated; written as a list, those of the mcp family once more as
                           mcp_scopes, whose absence means that the token is not gated */
    int64_t issued_at;  /* iat and nbf, milliseconds (whole seconds on the wire) */
    int64_t expires_at; /* exp */
    const char *kid;    /* the key; NULL when signing: the present one, and is then set */

    /* For others to read: nothing here depends on them, so they are not read back. */
    const char *issuer;   /* iss; NULL: none */
    const char *resource; /* mcp_resource, the audience that was asked for (RFC 8707), or NULL */
};

/* ERR_NOT_FOUND when claims->kid names a key that this server does not sign with (any more). */
MUST_CHECK enum err jwt_sign(struct ctx *c, struct keys *keys, struct claims *claims,
                             const char **token);

/* Verifies form, algorithm, key and signature, and reads the claims; expiry and revocation are the
 * caller's. `digest` is the token's (digest.h): verified tokens are remembered by it, since a
 * signature never changes. Any defect is ERR_UNAUTHENTICATED. */
MUST_CHECK enum err jwt_verify(struct ctx *c, struct keys *keys, const char *token,
                               const unsigned char digest[DIGEST_SIZE], struct claims *out);

/* The key set of RFC 7517 as JSON: {"keys":[{kty,use,alg,kid,n,e}]}. */
void jwks_write(struct keys *keys, struct str *out);
