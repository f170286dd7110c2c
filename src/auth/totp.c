/* See totp.h. */
#include "auth/totp.h"

#include <stdio.h>

#include "auth/digest.h"
#include "auth/secret.h"
#include "base/clock.h"

enum { MODULUS = 1000000 /* ten to the power of TOTP_DIGITS */, COUNTER_SIZE = 8 };

int64_t totp_step(int64_t now)
{
    return now / (TOTP_STEP_SECONDS * SECOND);
}

/* RFC 4226 section 5.3: where in the digest the number stands, its last four bits say. */
void totp_code(const unsigned char *key, size_t size, int64_t step, char out[TOTP_DIGITS + 1])
{
    unsigned char counter[COUNTER_SIZE], digest[HMAC_SHA1_SIZE], *p;
    uint64_t left = (uint64_t)step;
    uint32_t number;

    for (int i = COUNTER_SIZE - 1; i >= 0; i--, left >>= 8)
        counter[i] = left & 0xFF;
    hmac_sha1(key, size, counter, sizeof(counter), digest);
    p = digest + (digest[HMAC_SHA1_SIZE - 1] & 0x0F);
    number = (uint32_t)(p[0] & 0x7F) << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    snprintf(out, TOTP_DIGITS + 1, "%0*u", TOTP_DIGITS, number % MODULUS);
}

int64_t totp_match(const unsigned char *key, size_t size, int64_t now, int64_t last,
                   const char *code)
{
    int64_t present = totp_step(now), found = 0;
    char right[TOTP_DIGITS + 1];

    for (int64_t step = present - 1; step <= present + 1; step++) {
        totp_code(key, size, step, right);
        if (secret_equal(right, code) && step > last)
            found = step;
    }
    return found;
}
