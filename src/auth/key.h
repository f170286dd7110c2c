/* One RSA key: to sign with, or only to verify. Only keys.c and jwt.c use this. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "auth/key_file.h"
#include "base/ctx.h"
#include "base/str.h"

struct key;

/* The text of a new private key, for its file; to be wiped. */
MUST_CHECK enum err key_make(struct ctx *c, char text[KEY_FILE_MAX]);

/* A key from PEM text. NULL when that holds no RSA key of KEY_BITS or more. */
struct key *key_from_private(const char *pem);
struct key *key_from_public(const char *pem);
void key_free(struct key *key); /* NULL is allowed */

enum { KEY_BITS = 2048 };

/* The key's name: its RFC 7638 thumbprint, in base64url. */
const char *key_id(const struct key *key);

/* The first part of its tokens: the header {"typ":"JWT","alg":"RS256","kid":…} in base64url. */
const char *key_header(const struct key *key);

const char *key_public_pem(const struct key *key);
bool key_can_sign(const struct key *key);

/* The public half as RFC 7517 has it: {kty,use,alg,kid,n,e}. */
void key_write(const struct key *key, struct str *out);

/* RSASSA-PKCS1-v1_5 with SHA-256. The same text gives the same signature. */
MUST_CHECK enum err key_sign(struct ctx *c, const struct key *key, const char *text, size_t n,
                             unsigned char **signature, size_t *size);
bool key_verifies(const struct key *key, const char *text, size_t n,
                  const unsigned char *signature, size_t size);
