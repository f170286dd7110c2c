/* See base64.h. libsodium refuses non-canonical spellings and takes the same time for all bytes. */
#include "auth/base64.h"

#include <sodium.h>

const char *base64url_encode(struct arena *mem, const void *bytes, size_t n)
{
    size_t size = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = arena_alloc(mem, size);

    return sodium_bin2base64(out, size, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static unsigned char *decode(struct arena *mem, const char *text, size_t n, size_t *size,
                             int variant)
{
    size_t most = n / 4 * 3 + 3;
    unsigned char *out = arena_alloc(mem, most + 1);

    return sodium_base642bin(out, most, text, n, NULL, size, NULL, variant) == 0 ? out : NULL;
}

unsigned char *base64url_decode(struct arena *mem, const char *text, size_t n, size_t *size)
{
    return decode(mem, text, n, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

unsigned char *base64_decode(struct arena *mem, const char *text, size_t n, size_t *size)
{
    return decode(mem, text, n, size, sodium_base64_VARIANT_ORIGINAL);
}
