/* RSA keys: those that sign, in files of this node, and all that verify, in the store. One signs
 * what is new: DIR/signing-key.pem. Those that did so before stay as DIR/signing-key-KID.pem, so
 * that a personal token can be shown again, until their last token has ended. Only jwt.c, auth.c
 * and token.c use this. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "auth/key.h"
#include "base/ctx.h"
#include "db/db.h"

struct keys;

/* Loads DIR/signing-key.pem; without such a file makes it if that is allowed, else fails. `dir`
 * must outlive the keys. */
MUST_CHECK enum err keys_open(struct ctx *c, const char *dir, bool may_make, struct keys **out);
void keys_close(struct keys *keys);

/* Whether the store knows any key. */
MUST_CHECK enum err keys_known(struct ctx *c, bool *out);

/* Enters the public half of the key that signs into the store, unless it is there. */
MUST_CHECK enum err keys_enter(struct ctx *c, struct keys *keys);

/* The same, and loads all keys that the store has. */
MUST_CHECK enum err keys_register(struct ctx *c, struct keys *keys);

/* Makes a new key, tells the store of it, and puts it in the place of DIR/signing-key.pem. Servers
 * find it there by keys_refresh, this one too. *kid is its name. */
MUST_CHECK enum err keys_rotate(struct ctx *c, struct db *db, struct keys *keys,
                                const char **kid);

/* Looks whether another key signs now, here or at other nodes, and drops the keys whose last token
 * has ended: from the store, from the key set, and the file. In a transaction of its own. Called by
 * one thread alone. */
MUST_CHECK enum err keys_refresh(struct ctx *c, struct db *db, struct keys *keys);

/* The key whose tokens begin with this first part (`n` characters, header in base64url); NULL when
 * unknown. Looks into the store again, but not for every piece of garbage that is sent. */
const struct key *keys_find(struct ctx *c, struct keys *keys, const char *header, size_t n);

/* The key that signs what is new. */
const struct key *keys_signer(const struct keys *keys);

/* The key with this name if this node can sign with it, else NULL. */
const struct key *keys_private(const struct keys *keys, const char *kid);

/* Where jwt.c remembers what it has verified; lives and ends with the keys. */
struct verified *keys_verified(struct keys *keys);

/* Where is remembered what never need be verified again, being refused for good. */
struct dead *keys_dead(struct keys *keys);
