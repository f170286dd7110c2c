/* See secret.h. Random characters come from libsodium, which never fails silently; comparisons of
 * secrets look at every byte. */
#include "auth/secret.h"

#include <ctype.h>
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
    GUEST_LENGTH = 34 + CHECKSUM_LENGTH,
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

/* Whether the last of these n characters are the checksum of the others. */
static bool checksum_fits(const char *text, size_t n)
{
    char checksum[CHECKSUM_LENGTH];

    write_checksum(text, n - CHECKSUM_LENGTH, checksum);
    return memcmp(checksum, text + n - CHECKSUM_LENGTH, CHECKSUM_LENGTH) == 0;
}

bool secret_is_named_token(const char *text)
{
    return strncmp(text, NAMED_PREFIX, PREFIX_LENGTH) == 0 &&
           strnlen(text, NAMED_LENGTH + 1) == NAMED_LENGTH &&
           strspn(text + PREFIX_LENGTH, base62) == NAMED_LENGTH - PREFIX_LENGTH &&
           checksum_fits(text, NAMED_LENGTH);
}

/* The remainder of dividing the number by 62; the quotient takes its place. */
static unsigned next_digit(unsigned char number[static 32])
{
    unsigned rest = 0;

    for (int i = 0; i < 32; i++) {
        rest = rest << 8 | number[i];
        number[i] = (unsigned char)(rest / 62);
        rest %= 62;
    }
    return rest;
}

const char *secret_guest_code(struct arena *mem, const unsigned char bytes[static 32])
{
    char *out = arena_alloc(mem, GUEST_LENGTH + 1);
    unsigned char number[32];

    memcpy(number, bytes, sizeof(number));
    for (int i = GUEST_LENGTH - CHECKSUM_LENGTH - 1; i >= 0; i--)
        out[i] = base62[next_digit(number)];
    explicit_bzero(number, sizeof(number));
    write_checksum(out, GUEST_LENGTH - CHECKSUM_LENGTH, out + GUEST_LENGTH - CHECKSUM_LENGTH);
    out[GUEST_LENGTH] = '\0';
    return out;
}

bool secret_is_guest_code(const char *text)
{
    return strspn(text, base62) == GUEST_LENGTH && text[GUEST_LENGTH] == '\0' &&
           checksum_fits(text, GUEST_LENGTH);
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

/* The first token in a text; NULL: there is none. All kinds begin within a run of base64url, and
 * what follows the run is looked at once, as is each word in it, so the time grows as the text does
 * and no faster. */
static const char *find_token(const char *text, size_t *length)
{
    for (const char *run = text; *run != '\0'; run += strcspn(run, base64url)) {
        const char *end = run + strspn(run, base64url);
        const char *word_end = run;
        size_t signature = signature_length(end);

        for (; run < end; run++) {
            bool is_signed = signature > 0 && strncmp(run, SIGNED_PREFIX, 3) == 0;

            if (run >= word_end)
                word_end = run + strspn(run, base62);
            *length = is_signed ? (size_t)(end - run) + signature : named_length(run);
            if (*length == 0 && word_end - run >= GUEST_LENGTH && checksum_fits(run, GUEST_LENGTH))
                *length = GUEST_LENGTH;
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
