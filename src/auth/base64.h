/* Base64 (RFC 4648): base64url without padding for signed tokens and keys, and the classic form
 * with padding that HTTP's Basic scheme uses. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

const char *base64url_encode(struct arena *mem, const void *bytes, size_t n);

/* Decodes exactly one spelling: no padding, blanks or stray bits. NULL for anything else; else
 * *size bytes and a final NUL. */
unsigned char *base64url_decode(struct arena *mem, const char *text, size_t n, size_t *size);
unsigned char *base64_decode(struct arena *mem, const char *text, size_t n, size_t *size);
