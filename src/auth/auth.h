/* The part of authentication that lives as long as the server: keys, remembered signatures, uses
 * of tokens not yet written, and the options that rule it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "db/db.h"

struct keys;
struct sealing_key;

struct auth_options {
    const char *dir;         /* where this node's keys are; made at first start, mode 0600 */
    const char *public_url;  /* decides about Secure cookies */
    int password_min_length;
    int64_t guest_invite_limit; /* guests an hour that an organization may add; 0: no limit */
};

struct auth;

/* Where this server is found, "https://pawl.example.com": the configured public address, or,
 * without one, the address that it listens on. What stands in links, in metadata and as the issuer
 * (RFC 8414, RFC 9207) comes from here and never from a request. Set once, when the server
 * listens; before that, and for the operator's commands without a public address,
 * "http://localhost". */
void auth_set_issuer(struct auth *auth, const char *url);
const char *auth_issuer(const struct auth *auth);

/* Loads or makes the key that signs and the key that seals, and registers the first one's public
 * half and the second one's fingerprint in the store; keys that others sign with are read from
 * there. Refuses to start when the store knows keys and this node has none of its own, or another
 * one that seals: then the files must be copied from another node. */
MUST_CHECK enum err auth_open(struct ctx *c, struct db *db, const struct auth_options *options,
                              struct auth **out);
void auth_close(struct auth *auth);

/* A new key signs from now on; servers notice within seconds (auth_refresh_keys). *kid is its
 * name. */
MUST_CHECK enum err auth_rotate_key(struct ctx *c, struct db *db, struct auth *auth,
                                    const char **kid);

/* Keeps up with keys that were replaced, here or at another node, and drops those whose last token
 * has ended. For one worker. */
MUST_CHECK enum err auth_refresh_keys(struct ctx *c, struct db *db, struct auth *auth);

struct keys *auth_keys(struct auth *auth);
const struct sealing_key *auth_sealing_key(const struct auth *auth); /* for seal.c alone */
const struct auth_options *auth_settings(const struct auth *auth);

/* Uses of tokens and sessions are gathered in memory and written now and then: by a worker, at
 * the end, and before a page that shows them. Runs inside the transaction of c. */
void auth_note_use(struct auth *auth, const struct ctx *c);
MUST_CHECK enum err auth_write_uses(struct ctx *c, struct auth *auth);

/* The same, and the calls counted, in a transaction of its own, after which they need not be
 * written again. For one thread alone. */
MUST_CHECK enum err auth_flush_uses(struct ctx *c, struct db *db, struct auth *auth);

/* When a session was used last as far as this process remembers, which may be later than what the
 * store says; 0: it does not. */
int64_t auth_session_seen(struct auth *auth, const char *digest);

/* Somebody brought a token after its end, with nothing but its id known for sure. What the client
 * calls itself is stored, so it comes masked (secret.h). */
void auth_note_refusal(struct auth *auth, const char *token_id, int64_t now, const char *address,
                       const char *client);

/* Calls with a token that are not counted in the store yet. */
int64_t auth_token_calls(struct auth *auth, const char *token_id);

/* The same for the last use of a token: false when this process does not know a later one. */
struct token_use;
bool auth_token_used(struct auth *auth, struct arena *mem, const char *token_id,
                     struct token_use *out);
