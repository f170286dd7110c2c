/* SHA-256, the one digest of the product, and what one-time passwords are made with. */
#pragma once

#include <stddef.h>

enum { DIGEST_SIZE = 32 };

void digest_of(const void *bytes, size_t n, unsigned char out[DIGEST_SIZE]);

/* HMAC with SHA-1 (RFC 2104), which RFC 6238 prescribes; nothing else uses it. */
enum { HMAC_SHA1_SIZE = 20 };

void hmac_sha1(const void *key, size_t key_size, const void *bytes, size_t n,
               unsigned char out[HMAC_SHA1_SIZE]);
