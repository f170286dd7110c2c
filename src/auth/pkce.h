/* Proof of key for code exchange (RFC 7636): whoever exchanges a code shows that it also made the
 * request for it. S256 alone; the method "plain" proves nothing to whoever has seen the request. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/* Whether this can be a challenge: base64url of 32 bytes. */
bool pkce_challenge_valid(const char *challenge);

/* Whether the challenge was made of this verifier, which must be of 43 to 128 unreserved
 * characters. In a time that says nothing about the challenge. */
bool pkce_proves(struct arena *mem, const char *verifier, const char *challenge);
