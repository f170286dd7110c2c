/* See key.h. Beside digest.c the only file that includes OpenSSL. */
#include "auth/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#include "auth/base64.h"
#include "auth/digest.h"
#include "base/json.h"

struct key {
    struct arena *mem;
    EVP_PKEY *pkey;
    const char *kid, *n, *e; /* as in RFC 7517 */
    const char *header;
    const char *public_pem;
    bool can_sign;
};

/* ---- private ---- */

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

void key_free(struct key *key)
{
    if (key == NULL)
        return;
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

typedef EVP_PKEY *pem_reader(BIO *, EVP_PKEY **, pem_password_cb *, void *);

static EVP_PKEY *read_pem(const char *text, pem_reader *reader)
{
    static char no_passphrase[] = ""; /* else OpenSSL would ask the terminal for one */
    BIO *bio = BIO_new_mem_buf(text, (int)strlen(text));
    EVP_PKEY *pkey = bio == NULL ? NULL : reader(bio, NULL, NULL, no_passphrase);

    BIO_free(bio);
    ERR_clear_error();
    return pkey;
}

/* ---- operations ---- */

struct key *key_from_private(const char *pem)
{
    struct key *key = key_new(read_pem(pem, PEM_read_bio_PrivateKey));

    if (key != NULL)
        key->can_sign = true;
    return key;
}

struct key *key_from_public(const char *pem)
{
    return key_new(read_pem(pem, PEM_read_bio_PUBKEY));
}

enum err key_make(struct ctx *c, char text[KEY_FILE_MAX])
{
    EVP_PKEY *pkey = EVP_RSA_gen(KEY_BITS);
    BIO *bio = BIO_new(BIO_s_secmem());
    int n = 0;

    if (pkey != NULL && bio != NULL &&
        PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL) == 1)
        n = BIO_read(bio, text, KEY_FILE_MAX - 1);
    BIO_free(bio);
    EVP_PKEY_free(pkey);
    if (n <= 0)
        return fail(c, ERR_INTERNAL, NULL, "no RSA key could be made");
    text[n] = '\0';
    return OK;
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

const char *key_public_pem(const struct key *key)
{
    return key->public_pem;
}

bool key_can_sign(const struct key *key)
{
    return key->can_sign;
}

void key_write(const struct key *key, struct str *out)
{
    json_begin_object(out);
    json_key_text(out, "kty", "RSA");
    json_key_text(out, "use", "sig");
    json_key_text(out, "alg", "RS256");
    json_key_text(out, "kid", key->kid);
    json_key_text(out, "n", key->n);
    json_key_text(out, "e", key->e);
    json_end_object(out);
}
