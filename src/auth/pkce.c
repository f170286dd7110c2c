/* See pkce.h. */
#include "auth/pkce.h"

#include <string.h>

#include "auth/base64.h"
#include "auth/digest.h"
#include "auth/secret.h"

enum { VERIFIER_MIN = 43, VERIFIER_MAX = 128 };

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool pkce_challenge_valid(const char *challenge)
{
    static const size_t length = (DIGEST_SIZE * 4 + 2) / 3;

    return strnlen(challenge, length + 1) == length &&
           strspn(challenge, LETTERS "-_") == length;
}

static bool verifier_valid(const char *verifier)
{
    size_t n = strnlen(verifier, VERIFIER_MAX + 1);

    return n >= VERIFIER_MIN && n <= VERIFIER_MAX && strspn(verifier, LETTERS "-._~") == n;
}

bool pkce_proves(struct arena *mem, const char *verifier, const char *challenge)
{
    unsigned char digest[DIGEST_SIZE];

    if (!verifier_valid(verifier))
        return false;
    digest_of(verifier, strlen(verifier), digest);
    return secret_equal(base64url_encode(mem, digest, sizeof(digest)), challenge);
}
