/* See base32.h. */
#include "auth/base32.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

enum { BITS = 5, MASK = (1 << BITS) - 1 };

const char *base32_encode(struct arena *mem, const unsigned char *bytes, size_t n)
{
    char *out = arena_alloc(mem, n * 8 / BITS + 2), *p = out;
    uint32_t left = 0; /* bits that are not written yet, the newest at the low end */
    int count = 0;

    for (size_t i = 0; i < n; i++) {
        left = (left << 8 | bytes[i]) & 0xFFFF;
        for (count += 8; count >= BITS; count -= BITS)
            *p++ = alphabet[left >> (count - BITS) & MASK];
    }
    if (count > 0)
        *p++ = alphabet[left << (BITS - count) & MASK];
    *p = '\0';
    return out;
}
