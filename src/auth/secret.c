/* See secret.h. Random characters come from libsodium, which never fails silently; comparisons of
 * secrets look at every byte. */
#include "auth/secret.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth/digest.h"
#include "base/text.h"

#define NAMED_PREFIX "pawl_"
#define SIGNED_PREFIX "eyJ" /* how a JSON object in base64url begins */

enum {
    PREFIX_LENGTH = sizeof(NAMED_PREFIX) - 1,
    RANDOM_LENGTH = 32,
    CHECKSUM_LENGTH = 6, /* 62^6 exceeds 2^32 */
    NAMED_LENGTH = PREFIX_LENGTH + RANDOM_LENGTH + CHECKSUM_LENGTH,
};

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static const char base64url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

uint32_t secret_below(uint32_t n)
{
    if (sodium_init() < 0)
        abort();
    return randombytes_uniform(n);
}

static void fill_random(char *out, size_t length)
{
    for (size_t i = 0; i < length; i++)
        out[i] = base62[secret_below(62)];
}

/* CRC-32 as in Ethernet and zip (reflected, polynomial 0x04C11DB7). */
static uint32_t crc32(const char *text, size_t n)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < n; i++) {
        crc ^= (unsigned char)text[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
    }
    return ~crc;
}

static void write_checksum(const char *text, size_t n, char out[CHECKSUM_LENGTH])
{
    uint32_t crc = crc32(text, n);

    for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--, crc /= 62)
        out[i] = base62[crc % 62];
}

const char *secret_new(struct arena *mem, size_t length)
{
    char *out = arena_alloc(mem, length + 1);

    fill_random(out, length);
    return out;
}

const char *secret_new_named_token(struct arena *mem)
{
    char *out = arena_alloc(mem, NAMED_LENGTH + 1);

    memcpy(out, NAMED_PREFIX, PREFIX_LENGTH);
    fill_random(out + PREFIX_LENGTH, RANDOM_LENGTH);
    write_checksum(out, PREFIX_LENGTH + RANDOM_LENGTH, out + PREFIX_LENGTH + RANDOM_LENGTH);
    return out;
}

bool secret_is_named_token(const char *text)
{
    char checksum[CHECKSUM_LENGTH];

    if (strncmp(text, NAMED_PREFIX, PREFIX_LENGTH) != 0 ||
        strnlen(text, NAMED_LENGTH + 1) != NAMED_LENGTH ||
        strspn(text + PREFIX_LENGTH, base62) != NAMED_LENGTH - PREFIX_LENGTH)
        return false;
    write_checksum(text, NAMED_LENGTH - CHECKSUM_LENGTH, checksum);
    return memcmp(checksum, text + NAMED_LENGTH - CHECKSUM_LENGTH, CHECKSUM_LENGTH) == 0;
}

/* The length of ".claims.signature", as it follows the header of a signed token; 0: it does not. */
static size_t signature_length(const char *at)
{
    size_t claims, signature;

    if (strncmp(at, "." SIGNED_PREFIX, 4) != 0)
        return 0;
    claims = 1 + strspn(at + 1, base64url);
    if (at[claims] != '.')
        return 0;
    signature = strspn(at + claims + 1, base64url);
    return signature == 0 ? 0 : claims + 1 + signature;
}

/* More may follow it: a token is one also where it is glued to something. */
static size_t named_length(const char *at)
{
    char token[NAMED_LENGTH + 1] = "";

    if (strncmp(at, NAMED_PREFIX, PREFIX_LENGTH) != 0)
        return 0;
    memcpy(token, at, strnlen(at, NAMED_LENGTH));
    return secret_is_named_token(token) ? NAMED_LENGTH : 0;
}

/* The first token in a text; NULL: there is none. Both kinds begin within a run of base64url, and
 * what follows the run is looked at once, so the time grows as the text does and no faster. */
static const char *find_token(const char *text, size_t *length)
{
    for (const char *run = text; *run != '\0'; run += strcspn(run, base64url)) {
        const char *end = run + strspn(run, base64url);
        size_t signature = signature_length(end);

        for (; run < end; run++) {
            bool is_signed = signature > 0 && strncmp(run, SIGNED_PREFIX, 3) == 0;

            *length = is_signed ? (size_t)(end - run) + signature : named_length(run);
            if (*length > 0)
                return run;
        }
    }
    return NULL;
}

bool secret_stands_in(const char *text)
{
    size_t length;

    return find_token(text, &length) != NULL;
}

const char *secret_masked(struct arena *mem, const char *text)
{
    static const char mark[] = "[token]"; /* shorter than any token */
    size_t length, n = 0;
    const char *token;
    char *out;

    if (text == NULL || !secret_stands_in(text))
        return text;
    out = arena_alloc(mem, strlen(text) + 1);
    while ((token = find_token(text, &length)) != NULL) {
        memcpy(out + n, text, (size_t)(token - text));
        n += (size_t)(token - text);
        memcpy(out + n, mark, sizeof(mark) - 1);
        n += sizeof(mark) - 1;
        text = token + length;
    }
    memcpy(out + n, text, strlen(text) + 1);
    return out;
}

const char *secret_digest(struct arena *mem, const char *secret)
{
    unsigned char digest[DIGEST_SIZE];

    digest_of(secret, strlen(secret), digest);
    return text_hex(mem, digest, sizeof(digest));
}

bool secret_equal(const char *a, const char *b)
{
    size_t n;

    if (a == NULL || b == NULL)
        return false;
    n = strlen(a);
    return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}

const char *secret_csrf(struct arena *mem, const char *session_secret)
{
    return secret_digest(mem, arena_printf(mem, "csrf %s", session_secret));
}
