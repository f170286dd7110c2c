/* RSA keys: the one that signs, in a file of this node, and all that verify, in the store. Only
 * jwt.c and auth.c use this. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

struct keys;
struct key;

/* Loads DIR/signing-key.pem; without such a file makes it if that is allowed, else fails. */
MUST_CHECK enum err keys_open(struct ctx *c, const char *dir, bool may_make, struct keys **out);
void keys_close(struct keys *keys);

/* Whether the store knows any key. */
MUST_CHECK enum err keys_known(struct ctx *c, bool *out);

/* Enters this node's public key into the store and loads those of the others. */
MUST_CHECK enum err keys_register(struct ctx *c, struct keys *keys);

/* The key whose tokens begin with this first part (`n` characters, header in base64url); NULL when
 * unknown. Looks into the store again, but not for every piece of garbage that is sent. */
const struct key *keys_find(struct ctx *c, struct keys *keys, const char *header, size_t n);

const struct key *keys_signer(const struct keys *keys);

/* The key's name: its RFC 7638 thumbprint. */
const char *key_id(const struct key *key);

/* The first part of its tokens. */
const char *key_header(const struct key *key);

/* RSASSA-PKCS1-v1_5 with SHA-256. The same text gives the same signature. */
MUST_CHECK enum err key_sign(struct ctx *c, const struct key *key, const char *text, size_t n,
                             unsigned char **signature, size_t *size);
bool key_verifies(const struct key *key, const char *text, size_t n,
                  const unsigned char *signature, size_t size);

/* Where jwt.c remembers what it has verified; lives and ends with the keys. */
struct verified *keys_verified(struct keys *keys);

/* Where is remembered what never need be verified again, being refused for good. */
struct dead *keys_dead(struct keys *keys);
