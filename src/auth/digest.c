/* See digest.h. OpenSSL, since it uses the processor's own instructions: a signed token is digested
 * on every request. */
#include "auth/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

void digest_of(const void *bytes, size_t n, unsigned char out[DIGEST_SIZE])
{
    if (EVP_Digest(bytes, n, out, NULL, EVP_sha256(), NULL) != 1)
        abort();
}

void hmac_sha1(const void *key, size_t key_size, const void *bytes, size_t n,
               unsigned char out[HMAC_SHA1_SIZE])
{
    unsigned size;

    if (HMAC(EVP_sha1(), key, (int)key_size, bytes, n, out, &size) == NULL ||
        size != HMAC_SHA1_SIZE)
        abort();
}
