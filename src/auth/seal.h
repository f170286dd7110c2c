/* Sealing: for the few secrets that must be read again (the key of a second factor, mail that holds
 * a link). What is sealed is useless without the sealing key, which is a file of the node,
 * DIR/sealing-key, mode 0600, beside the key that signs; nodes on one store share it. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"

/* Text to base64url, different each time (XChaCha20-Poly1305 with a random nonce). */
const char *seal(struct ctx *c, struct auth *auth, const char *text);

/* And back. ERR_INTERNAL for anything that this key has not sealed. */
MUST_CHECK enum err unseal(struct ctx *c, struct auth *auth, const char *sealed,
                           const char **text);

/* 32 bytes that follow from the text, the purpose and the sealing key, and from nothing less
 * (BLAKE2b, keyed): a secret that must be shown again is made again, and only its digest stored.
 * Each purpose has bytes of its own, and so has each store. */
void seal_derive(struct auth *auth, const char *purpose, const char *text,
                 unsigned char out[static 32]);

/* ---- the key; only auth.c uses this ---- */

struct sealing_key;

/* Whether something may have been sealed in this store already. */
MUST_CHECK enum err sealing_key_known(struct ctx *c, bool *out);

/* Loads DIR/sealing-key; without such a file makes it if that is allowed, else fails. */
MUST_CHECK enum err sealing_key_open(struct ctx *c, const char *dir, bool may_make,
                                     struct sealing_key **out);
void sealing_key_close(struct sealing_key *key);

/* Enters the key's fingerprint into the store, or fails when the store's is another one. */
MUST_CHECK enum err sealing_key_register(struct ctx *c, const struct sealing_key *key);
