/* Base32 (RFC 4648), for secrets that people type: capital letters and the digits 2 to 7. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

/* Without padding; authenticator apps want none. */
const char *base32_encode(struct arena *mem, const unsigned char *bytes, size_t n);
