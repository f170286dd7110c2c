/* Time-based one-time passwords (RFC 6238) as authenticator apps make them: HMAC-SHA-1, six digits,
 * a new one each 30 seconds. Pure functions. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { TOTP_DIGITS = 6, TOTP_STEP_SECONDS = 30, TOTP_KEY_SIZE = 20 /* bytes; as the digest's */ };

/* The number of a time step; now in milliseconds since 1970. */
int64_t totp_step(int64_t now);

/* The code of a step, with a final NUL. */
void totp_code(const unsigned char *key, size_t size, int64_t step, char out[TOTP_DIGITS + 1]);

/* The step whose code this is: that of now, the one before (people type slowly) or the one after
 * (clocks differ), but only one later than `last`, since each code is good once. 0: none. Takes the
 * same time for every code. */
int64_t totp_match(const unsigned char *key, size_t size, int64_t now, int64_t last,
                   const char *code);
