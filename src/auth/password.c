/* See password.h. libsodium's own text form of a hash carries its parameters and salt. */
#include "auth/password.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { OPERATIONS = 3, MEMORY = 64 * 1024 * 1024, LONGEST = 127 };

static _Atomic uint64_t hashes;

uint64_t password_hashes(void)
{
    return atomic_load_explicit(&hashes, memory_order_relaxed);
}

static void hash_into(char hash[crypto_pwhash_STRBYTES], const char *password)
{
    hashes++;
    if (sodium_init() < 0 ||
        crypto_pwhash_str_alg(hash, password, strlen(password), OPERATIONS, MEMORY,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        abort(); /* out of memory */
}

enum err password_hash(struct ctx *c, const char *password, const char **hash)
{
    char out[crypto_pwhash_STRBYTES];

    hash_into(out, password);
    *hash = arena_dup(c->mem, out);
    return OK;
}

bool password_hash_valid(const char *hash)
{
    return strncmp(hash, crypto_pwhash_argon2id_STRPREFIX,
                   strlen(crypto_pwhash_argon2id_STRPREFIX)) == 0 &&
           crypto_pwhash_str_needs_rehash(hash, OPERATIONS, MEMORY) >= 0;
}

bool password_matches(const char *hash, const char *password)
{
    if (hash == NULL) {
        char unused[crypto_pwhash_STRBYTES];

        hash_into(unused, password);
        return false;
    }
    hashes++;
    return sodium_init() >= 0 && crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

/* ---- the rule ---- */

/* What people choose first when told to use ten characters. Compared without case, and without
 * digits and punctuation at the end, so that "Password2024!" is found as well. */
static const char *const common_words[] = {
    "password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "passwordpassword", "mypassword",
    "thepassword", "newpassword", "changeme", "changemenow", "letmein", "letmeinnow", "welcome",
    "welcomeback", "administrator", "admin", "adminadmin", "superadmin", "superuser", "root",
    "rootroot", "secret", "secretsecret", "topsecret", "qwerty", "qwertyuiop", "qwertzuiop",
    "azertyuiop", "qwertyqwerty", "qwertyui", "asdfghjkl", "asdfasdf", "asdfasdfasdf", "zxcvbnm",
    "iloveyou", "iloveyouso", "ihateyou", "sunshine", "princess", "football", "baseball",
    "basketball", "superman", "spiderman", "starwars", "dragon", "monkey", "shadow", "master",
    "computer", "internet", "michael", "jennifer", "liverpool", "chocolate", "butterfly",
    "summer", "winter", "spring", "autumn", "january", "february", "october", "november",
    "december", "correcthorsebatterystaple", "trustno", "whatever", "freedom", "hello",
    "helloworld", "hellohello", "testtest", "testtesttest", "testing", "test", "guest", "login",
    "abcdefghij", "abcdefghijkl", "abcdefghijklm", "abcabcabc", "demodemo", "workflow", "company",
    "pawl", "pawlpawl", "pawlpawlpawl",
};

/* Runs along the digits or the keyboard, in any stretch of ten or more. */
static const char *const runs[] = {
    "012345678901234567890123456789", "987654321098765432109876543210",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1qaz2wsx3edc4rfv5tgb6yhn",
    "qwertyuiopasdfghjklzxcvbnm", "qazwsxedcrfvtgbyhnujmikolp",
    "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba",
};

static bool has_few_letters(const char *text)
{
    bool seen[256] = { false };
    int kinds = 0;

    for (; *text != '\0'; text++) {
        kinds += !seen[(unsigned char)*text];
        seen[(unsigned char)*text] = true;
    }
    return kinds < 4;
}

static bool is_common(struct arena *mem, const char *password)
{
    char *text = arena_dup(mem, text_fold(mem, password));
    size_t n;

    if (has_few_letters(text))
        return true;
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
        if (strstr(runs[i], text) != NULL)
            return true;
    n = strlen(text);
    while (n > 0 && (text[n - 1] < 'a' || text[n - 1] > 'z') && (unsigned char)text[n - 1] < 0x80)
        text[--n] = '\0';
    for (size_t i = 0; i < sizeof(common_words) / sizeof(common_words[0]); i++)
        if (strcmp(common_words[i], text) == 0)
            return true;
    return false;
}

static bool same_folded(struct arena *mem, const char *a, const char *b)
{
    return b != NULL && strcmp(text_fold(mem, a), text_fold(mem, b)) == 0;
}

void password_check(struct ctx *c, const char *field, const char *password, const char *email,
                    int min)
{
    if (password == NULL || password[0] == '\0')
        fault(c, field, "The password is required.");
    else if (text_length(password) < (size_t)min)
        fault(c, field, "The password must have at least %d characters.", min);
    else if (text_length(password) > LONGEST)
        fault(c, field, "The password may not be longer than %d characters.", LONGEST);
    else if (same_folded(c->mem, password, email))
        fault(c, field, "The password may not be the e-mail address.");
    else if (is_common(c->mem, password))
        fault(c, field, "This password is too common. Choose one that nobody would guess.");
}
