/* Tokens that were refused for a reason that lasts: forged, revoked, or not in the store although
 * well signed. None of them ever becomes good again, so the next request that brings one is refused
 * without asking the store. Kept by digest; fixed in size, the oldest make room. Safe from every
 * thread. */
#pragma once

#include <stdbool.h>

#include "auth/digest.h"

struct dead;

struct dead *dead_new(void);
void dead_free(struct dead *d);

bool dead_has(struct dead *d, const unsigned char digest[DIGEST_SIZE]);
void dead_add(struct dead *d, const unsigned char digest[DIGEST_SIZE]);
