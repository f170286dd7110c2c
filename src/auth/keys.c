/* See keys.h. Beside digest.c the only file that includes OpenSSL.
 *
 * A key's tokens all begin with the same text: the header {"typ":"JWT","alg":"RS256","kid":…}. So
 * a token's first part is compared with that of each key, and what it may say otherwise (another
 * algorithm, a key of its own, extensions) is never even read. */
#include "auth/keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "auth/base64.h"
#include "auth/digest.h"
#include "auth/dead.h"
#include "auth/jwt.h"
#include "auth/key_file.h"
#include "auth/verified.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "db/db.h"

#define KEY_NAME "signing-key.pem"

enum { KEY_BITS = 2048, KEYS_MAX = 100 };

/* The store is asked for unknown keys once in this time at most. */
#define LOOK_AGAIN (3 * SECOND)

struct key {
    struct arena *mem;
    struct key *next;
    EVP_PKEY *pkey;
    const char *kid, *n, *e; /* as in RFC 7517 */
    const char *header;
    const char *public_pem;
};

struct keys {
    pthread_mutex_t lock;        /* held by whoever adds keys; readers need none */
    _Atomic(struct key *) first; /* grows at its head, nothing leaves it */
    struct key *signer;
    int64_t looked_at; /* clock_monotonic */
    struct verified *verified;
    struct dead *dead;
};

/* A key as the store has it. */
struct stored_key {
    const char *kid;
    const char *public_pem;
};

static const struct field stored_key_fields[] = {
    FIELD(stored_key, kid, TEXT, READONLY),
    FIELD(stored_key, public_pem, TEXT, READONLY),
    { 0 },
};
static const struct shape stored_key_shape = SHAPE(stored_key, stored_key_fields);

/* ---- SQL ---- */

static const char KEY_COUNT[] = "SELECT count(*) FROM signing_keys";

static const char KEY_INSERT[] =
    "INSERT INTO signing_keys (kid, public_pem, created_at) VALUES (?, ?, ?)"
    " ON CONFLICT (kid) DO NOTHING";

static const char KEY_LIST[] =
    "SELECT kid, public_pem FROM signing_keys ORDER BY created_at DESC, kid LIMIT ?";

/* ---- one key ---- */

/* A public number of the key, big-endian in base64url. */
static const char *number(struct arena *mem, const EVP_PKEY *pkey, const char *name)
{
    unsigned char bytes[1024];
    BIGNUM *n = NULL;
    const char *text = NULL;

    if (EVP_PKEY_get_bn_param(pkey, name, &n) == 1 && BN_num_bytes(n) <= (int)sizeof(bytes))
        text = base64url_encode(mem, bytes, (size_t)BN_bn2bin(n, bytes));
    BN_free(n);
    return text;
}

/* RFC 7638: the digest of the required members, sorted, without blanks. */
static const char *thumbprint(struct arena *mem, const char *n, const char *e)
{
    const char *text = arena_printf(mem, "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}", e, n);
    unsigned char digest[DIGEST_SIZE];

    digest_of(text, strlen(text), digest);
    return base64url_encode(mem, digest, sizeof(digest));
}

static const char *header_of(struct arena *mem, const char *kid)
{
    const char *text = arena_printf(mem, "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"%s\"}", kid);

    return base64url_encode(mem, text, strlen(text));
}

static const char *public_pem(struct arena *mem, EVP_PKEY *pkey)
{
    BIO *bio = BIO_new(BIO_s_mem());
    const char *text = NULL;
    char *bytes;

    if (bio != NULL && PEM_write_bio_PUBKEY(bio, pkey) == 1) {
        long n = BIO_get_mem_data(bio, &bytes);

        text = arena_dup_n(mem, bytes, (size_t)n);
    }
    BIO_free(bio);
    return text;
}

static void key_free(struct key *key)
{
    EVP_PKEY_free(key->pkey);
    arena_free(key->mem);
}

/* Takes pkey over. NULL when it is no RSA key of a decent size. */
static struct key *key_new(EVP_PKEY *pkey)
{
    struct arena *mem = arena_new_arena();
    struct key *key = arena_new(mem, struct key);

    key->mem = mem;
    key->pkey = pkey;
    if (pkey == NULL || !EVP_PKEY_is_a(pkey, "RSA") || EVP_PKEY_get_bits(pkey) < KEY_BITS ||
        (key->n = number(mem, pkey, OSSL_PKEY_PARAM_RSA_N)) == NULL ||
        (key->e = number(mem, pkey, OSSL_PKEY_PARAM_RSA_E)) == NULL ||
        (key->public_pem = public_pem(mem, pkey)) == NULL) {
        key_free(key);
        ERR_clear_error();
        return NULL;
    }
    key->kid = thumbprint(mem, key->n, key->e);
    key->header = header_of(mem, key->kid);
    return key;
}

static EVP_PKEY *read_pem(const char *text, size_t n,
                          EVP_PKEY *(*reader)(BIO *, EVP_PKEY **, pem_password_cb *, void *))
{
    static char no_passphrase[] = ""; /* else OpenSSL would ask the terminal for one */
    BIO *bio = BIO_new_mem_buf(text, (int)n);
    EVP_PKEY *pkey = bio == NULL ? NULL : reader(bio, NULL, NULL, no_passphrase);

    BIO_free(bio);
    ERR_clear_error();
    return pkey;
}

enum err key_sign(struct ctx *c, const struct key *key, const char *text, size_t n,
                  unsigned char **signature, size_t *size)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    const unsigned char *bytes = (const unsigned char *)text;
    bool ok;

    *size = (size_t)EVP_PKEY_get_size(key->pkey);
    *signature = arena_alloc(c->mem, *size);
    ok = md != NULL && EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key->pkey) == 1 &&
         EVP_DigestSign(md, *signature, size, bytes, n) == 1;
    EVP_MD_CTX_free(md);
    ERR_clear_error();
    return ok ? OK : fail(c, ERR_INTERNAL, NULL, "a token could not be signed");
}

bool key_verifies(const struct key *key, const char *text, size_t n,
                  const unsigned char *signature, size_t size)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    const unsigned char *bytes = (const unsigned char *)text;
    bool ok = md != NULL && EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key->pkey) == 1 &&
              EVP_DigestVerify(md, signature, size, bytes, n) == 1;

    EVP_MD_CTX_free(md);
    ERR_clear_error();
    return ok;
}

const char *key_id(const struct key *key)
{
    return key->kid;
}

const char *key_header(const struct key *key)
{
    return key->header;
}

/* ---- all keys ---- */

static struct key *find(const struct keys *keys, const char *header, size_t n)
{
    for (struct key *k = atomic_load(&keys->first); k != NULL; k = k->next)
        if (strlen(k->header) == n && memcmp(k->header, header, n) == 0)
            return k;
    return NULL;
}

static bool knows(const struct keys *keys, const char *kid)
{
    for (const struct key *k = atomic_load(&keys->first); k != NULL; k = k->next)
        if (strcmp(k->kid, kid) == 0)
            return true;
    return false;
}

/* The lock is held, or nobody else knows these keys yet. */
static void add(struct keys *keys, struct key *key)
{
    key->next = atomic_load(&keys->first);
    atomic_store(&keys->first, key);
}

/* Loads what the store knows and we do not. The lock is held. */
static enum err load(struct ctx *c, struct keys *keys)
{
    struct stored_key *rows;
    size_t count;

    TRY(db_all(c, KEY_LIST, &stored_key_shape, &rows, &count, INT(KEYS_MAX)));
    for (size_t i = 0; i < count; i++) {
        const char *pem = rows[i].public_pem;
        struct key *key;

        if (knows(keys, rows[i].kid))
            continue;
        key = key_new(read_pem(pem, strlen(pem), PEM_read_bio_PUBKEY));
        if (key != NULL && strcmp(key->kid, rows[i].kid) == 0) {
            add(keys, key);
        } else {
            log_warn("the store holds a key that is not what its name says: %s", rows[i].kid);
            if (key != NULL)
                key_free(key);
        }
    }
    return OK;
}

const struct key *keys_find(struct ctx *c, struct keys *keys, const char *header, size_t n)
{
    const struct key *key = find(keys, header, n);

    if (key != NULL || c->db == NULL)
        return key;
    pthread_mutex_lock(&keys->lock);
    if (keys->looked_at == 0 || clock_monotonic() - keys->looked_at >= LOOK_AGAIN) {
        keys->looked_at = clock_monotonic();
        if (load(c, keys) != OK)
            log_warn("the keys of other nodes cannot be read: %s",
                     c->failure.message == NULL ? "the store fails" : c->failure.message);
    }
    pthread_mutex_unlock(&keys->lock);
    return find(keys, header, n);
}

enum err keys_known(struct ctx *c, bool *out)
{
    int64_t n;

    TRY(db_int(c, KEY_COUNT, &n));
    *out = n > 0;
    return OK;
}

enum err keys_register(struct ctx *c, struct keys *keys)
{
    enum err e;

    TRY(db_change(c, KEY_INSERT, TEXT(keys->signer->kid), TEXT(keys->signer->public_pem),
                  INT(c->now)));
    pthread_mutex_lock(&keys->lock);
    e = load(c, keys);
    pthread_mutex_unlock(&keys->lock);
    return e;
}

const struct key *keys_signer(const struct keys *keys)
{
    return keys->signer;
}

struct verified *keys_verified(struct keys *keys)
{
    return keys->verified;
}

struct dead *keys_dead(struct keys *keys)
{
    return keys->dead;
}

void jwks_write(struct keys *keys, struct str *out)
{
    json_begin_object(out);
    json_key(out, "keys");
    json_begin_list(out);
    for (const struct key *k = atomic_load(&keys->first); k != NULL; k = k->next) {
        json_begin_object(out);
        json_key_text(out, "kty", "RSA");
        json_key_text(out, "use", "sig");
        json_key_text(out, "alg", "RS256");
        json_key_text(out, "kid", k->kid);
        json_key_text(out, "n", k->n);
        json_key_text(out, "e", k->e);
        json_end_object(out);
    }
    json_end_list(out);
    json_end_object(out);
}

/* ---- the file ---- */

static enum err make_key(struct ctx *c, const char *dir)
{
    EVP_PKEY *pkey = EVP_RSA_gen(KEY_BITS);
    char *text = arena_alloc(c->mem, KEY_FILE_MAX);
    BIO *bio = BIO_new(BIO_s_secmem());
    enum err e;

    log_info("making a key to sign tokens with: %s/%s", dir, KEY_NAME);
    if (pkey == NULL || bio == NULL ||
        PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL) != 1 ||
        BIO_read(bio, text, KEY_FILE_MAX - 1) <= 0)
        e = fail(c, ERR_INTERNAL, NULL, "no RSA key could be made");
    else
        e = key_file_make(c, dir, KEY_NAME, text);
    explicit_bzero(text, KEY_FILE_MAX);
    BIO_free(bio);
    EVP_PKEY_free(pkey);
    return e;
}

/* ERR_NOT_FOUND without a file. */
static enum err read_key(struct ctx *c, const char *dir, struct keys *keys)
{
    char *text = arena_alloc(c->mem, KEY_FILE_MAX);
    enum err e = key_file_read(c, dir, KEY_NAME, text);

    if (e != OK)
        return e;
    keys->signer = key_new(read_pem(text, strlen(text), PEM_read_bio_PrivateKey));
    explicit_bzero(text, KEY_FILE_MAX);
    if (keys->signer == NULL)
        return fail(c, ERR_INTERNAL, NULL, "%s/%s holds no RSA key of %d bits or more", dir,
                    KEY_NAME, KEY_BITS);
    add(keys, keys->signer);
    return OK;
}

static enum err read_or_make(struct ctx *c, const char *dir, bool may_make, struct keys *keys)
{
    enum err e = read_key(c, dir, keys);

    if (e != ERR_NOT_FOUND)
        return e;
    if (!may_make)
        return fail(c, ERR_INTERNAL, NULL,
                    "%s/%s is missing, but tokens of this store are signed already; copy the file "
                    "from another node or from a backup", dir, KEY_NAME);
    TRY(make_key(c, dir));
    return read_key(c, dir, keys);
}

enum err keys_open(struct ctx *c, const char *dir, bool may_make, struct keys **out)
{
    struct keys *keys = calloc(1, sizeof(*keys));
    enum err e;

    if (keys == NULL)
        abort();
    keys->verified = verified_new();
    keys->dead = dead_new();
    pthread_mutex_init(&keys->lock, NULL);
    e = read_or_make(c, dir, may_make, keys);
    if (e != OK) {
        keys_close(keys);
        return e;
    }
    *out = keys;
    return OK;
}

void keys_close(struct keys *keys)
{
    if (keys == NULL)
        return;
    for (struct key *k = atomic_load(&keys->first), *next; k != NULL; k = next) {
        next = k->next;
        key_free(k);
    }
    verified_free(keys->verified);
    dead_free(keys->dead);
    pthread_mutex_destroy(&keys->lock);
    free(keys);
}
