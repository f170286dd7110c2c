/* SHA-256, the one digest of the product. */
#pragma once

#include <stddef.h>

enum { DIGEST_SIZE = 32 };

void digest_of(const void *bytes, size_t n, unsigned char out[DIGEST_SIZE]);
