/* Passwords: argon2id (RFC 9106), t = 3, 64 MiB. Hashing is slow on purpose: call it off the
 * request threads, and never inside a transaction. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

MUST_CHECK enum err password_hash(struct ctx *c, const char *password, const char **hash);

/* Whether this is an argon2id hash that passwords can be compared with, of whatever cost: accounts
 * may be brought along from elsewhere. */
bool password_hash_valid(const char *hash);

/* False also for a NULL hash, after the same work: an unknown account costs what a known does. */
bool password_matches(const char *hash, const char *password);

/* How many this process has hashed: what guessing costs, for those who watch it. */
uint64_t password_hashes(void);

/* Checks the rule (length between `min` and 127 characters, not a common one, not the e-mail
 * address) and notes a fault of `field`. */
void password_check(struct ctx *c, const char *field, const char *password, const char *email,
                    int min);
