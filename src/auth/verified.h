/* Tokens whose signature has been checked, by digest: a signature never changes, so it need be
 * checked once only. Fixed in size; the oldest make room. Safe from every thread. */
#pragma once

#include <stdbool.h>

#include "auth/digest.h"
#include "auth/jwt.h"
#include "base/arena.h"

struct verified;

struct verified *verified_new(void);
void verified_free(struct verified *v);

/* True and the claims, copied into mem, when the token with this digest was added before. */
bool verified_find(struct verified *v, struct arena *mem,
                   const unsigned char digest[DIGEST_SIZE], struct claims *out);

/* Claims of unusual length are not remembered, only checked again next time. */
void verified_add(struct verified *v, const unsigned char digest[DIGEST_SIZE],
                  const struct claims *claims);
