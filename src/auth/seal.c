/* See seal.h. The fingerprint is a digest of a constant keyed with the key, which tells whether two
 * keys are the same and nothing else about them. */
#include "auth/seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "auth/base64.h"
#include "auth/key_file.h"
#include "auth/secret.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"

#define KEY_NAME "sealing-key"

enum {
    KEY_SIZE = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

struct sealing_key {
    unsigned char bytes[KEY_SIZE];
};

/* ---- SQL ---- */

static const char KNOWN[] = "SELECT count(*) FROM sealing_keys";

static const char ENTER[] =
    "INSERT INTO sealing_keys (id, fingerprint) VALUES (1, ?) ON CONFLICT (id) DO NOTHING";

static const char FINGERPRINT[] = "SELECT fingerprint FROM sealing_keys WHERE id = 1";

/* ---- sealing ---- */

const char *seal(struct ctx *c, struct auth *auth, const char *text)
{
    size_t length = strlen(text);
    unsigned char *bytes = arena_alloc(c->mem, NONCE_SIZE + length + TAG_SIZE);
    unsigned long long n;

    randombytes_buf(bytes, NONCE_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + NONCE_SIZE, &n,
                                               (const unsigned char *)text, length, NULL, 0, NULL,
                                               bytes, auth_sealing_key(auth)->bytes);
    return base64url_encode(c->mem, bytes, NONCE_SIZE + (size_t)n);
}

enum err unseal(struct ctx *c, struct auth *auth, const char *sealed, const char **text)
{
    size_t size;
    unsigned char *bytes = base64url_decode(c->mem, sealed, strlen(sealed), &size);
    char *out;

    if (bytes == NULL || size < NONCE_SIZE + TAG_SIZE)
        return fail(c, ERR_INTERNAL, NULL, "what the store holds was not sealed");
    out = arena_alloc(c->mem, size - NONCE_SIZE - TAG_SIZE + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)out, NULL, NULL,
                                                   bytes + NONCE_SIZE, size - NONCE_SIZE, NULL, 0,
                                                   bytes, auth_sealing_key(auth)->bytes) != 0)
        return fail(c, ERR_INTERNAL, NULL, "what the store holds was sealed with another key");
    *text = out;
    return OK;
}

/* ---- deriving ---- */

static void keyed_digest(const unsigned char key[static KEY_SIZE], const char *text,
                         unsigned char out[static 32])
{
    crypto_generichash(out, 32, (const unsigned char *)text, strlen(text), key, KEY_SIZE);
}

/* A key for each purpose, so that no text of one can be taken for that of another. They come of a
 * key for deriving, since what is made of the sealing key itself, the fingerprint, is stored. */
void seal_derive(struct auth *auth, const char *purpose, const char *text,
                 unsigned char out[static 32])
{
    unsigned char deriving[KEY_SIZE], key[KEY_SIZE];

    keyed_digest(auth_sealing_key(auth)->bytes, "pawl deriving key", deriving);
    keyed_digest(deriving, purpose, key);
    keyed_digest(key, text, out);
    explicit_bzero(deriving, sizeof(deriving));
    explicit_bzero(key, sizeof(key));
}

/* ---- the key ---- */

static enum err read_key(struct ctx *c, const char *dir, struct sealing_key *key)
{
    char *text = arena_alloc(c->mem, KEY_FILE_MAX);
    size_t n = 0;
    const char *end;
    enum err e = key_file_read(c, dir, KEY_NAME, text);

    if (e != OK)
        return e;
    if (sodium_hex2bin(key->bytes, KEY_SIZE, text, strlen(text), "\r\n", &n, &end) != 0 ||
        n != KEY_SIZE || *end != '\0')
        e = fail(c, ERR_INTERNAL, NULL, "%s/%s is not %d bytes in hex", dir, KEY_NAME, KEY_SIZE);
    explicit_bzero(text, KEY_FILE_MAX);
    return e;
}

static enum err make_key(struct ctx *c, const char *dir)
{
    unsigned char bytes[KEY_SIZE];
    char text[2 * KEY_SIZE + 1];
    enum err e;

    log_info("making a key to seal secrets with: %s/%s", dir, KEY_NAME);
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2hex(text, sizeof(text), bytes, sizeof(bytes));
    e = key_file_make(c, dir, KEY_NAME, text);
    explicit_bzero(bytes, sizeof(bytes));
    explicit_bzero(text, sizeof(text));
    return e;
}

static enum err read_or_make(struct ctx *c, const char *dir, bool may_make,
                             struct sealing_key *key)
{
    enum err e = read_key(c, dir, key);

    if (e != ERR_NOT_FOUND)
        return e;
    if (!may_make)
        return fail(c, ERR_INTERNAL, NULL,
                    "%s/%s is missing, but this store holds what was sealed with it; copy the "
                    "file from another node or from a backup", dir, KEY_NAME);
    TRY(make_key(c, dir));
    return read_key(c, dir, key);
}

enum err sealing_key_open(struct ctx *c, const char *dir, bool may_make, struct sealing_key **out)
{
    struct sealing_key *key = calloc(1, sizeof(*key));
    enum err e;

    if (key == NULL || sodium_init() < 0)
        abort();
    e = read_or_make(c, dir, may_make, key);
    if (e != OK)
        sealing_key_close(key);
    else
        *out = key;
    return e;
}

void sealing_key_close(struct sealing_key *key)
{
    if (key == NULL)
        return;
    explicit_bzero(key, sizeof(*key));
    free(key);
}

static const char *fingerprint(struct ctx *c, const struct sealing_key *key)
{
    static const char constant[] = "pawl sealing key";
    unsigned char digest[32];

    keyed_digest(key->bytes, constant, digest);
    return text_hex(c->mem, digest, sizeof(digest));
}

enum err sealing_key_known(struct ctx *c, bool *out)
{
    int64_t n;

    TRY(db_int(c, KNOWN, &n));
    *out = n > 0;
    return OK;
}

enum err sealing_key_register(struct ctx *c, const struct sealing_key *key)
{
    const char *mine = fingerprint(c, key), *known;

    TRY(db_change(c, ENTER, TEXT(mine)));
    TRY(db_text(c, FINGERPRINT, &known));
    if (!secret_equal(mine, known))
        return fail(c, ERR_INTERNAL, NULL,
                    "the file %s of this node is not the one that sealed what this store holds; "
                    "copy the file from another node or from a backup", KEY_NAME);
    return OK;
}
