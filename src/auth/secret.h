/* Secrets: making, recognizing, digesting and comparing them. Only digests are stored. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* `length` random base-62 characters (5.95 bits each). */
const char *secret_new(struct arena *mem, size_t length);

/* A random number below n, each as likely as the others. */
uint32_t secret_below(uint32_t n);

/* "pawl_" + 32 random base-62 characters + 6 of a CRC-32 over what stands before, so that secret
 * scanners find it and a mistyped one is refused without asking the store. */
const char *secret_new_named_token(struct arena *mem);
bool secret_is_named_token(const char *text);

/* The code of a guest's link: 34 base-62 characters of these bytes, always the same for the same
 * (202 bits; who derives the bytes with seal_derive need not store the code), and 6 of a CRC-32
 * over them. */
const char *secret_guest_code(struct arena *mem, const unsigned char bytes[static 32]);
bool secret_is_guest_code(const char *text);

/* A text that somebody else wrote, as it may be stored or logged: "[token]" stands for each token
 * in it, be it signed (RFC 7515 section 7.1), named or a guest's code, also where it is glued to
 * something. The text itself where there is none; NULL for NULL. */
const char *secret_masked(struct arena *mem, const char *text);

/* True when secret_masked would change the text. */
bool secret_stands_in(const char *text);

/* SHA-256 in lower-case hex: what is stored of a random secret. */
const char *secret_digest(struct arena *mem, const char *secret);

/* Compares in a time that depends on the lengths alone. NULL equals nothing. */
bool secret_equal(const char *a, const char *b);

/* The CSRF token of a session, derived from its cookie's value; nothing of it is stored. */
const char *secret_csrf(struct arena *mem, const char *session_secret);
