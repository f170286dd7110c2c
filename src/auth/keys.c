/* See keys.h.
 *
 * A key's tokens all begin with the same text: the header {"typ":"JWT","alg":"RS256","kid":…}. So
 * a token's first part is compared with that of each key, and what it may say otherwise (another
 * algorithm, a key of its own, extensions) is never even read.
 *
 * The lock is never held while waiting for the store: the store's own thread asks for keys. */
#include "auth/keys.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "auth/dead.h"
#include "auth/jwt.h"
#include "auth/key_file.h"
#include "auth/verified.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

#define KEY_NAME "signing-key.pem"
#define KEPT_NAME "signing-key-%s.pem" /* kid */

enum { KEYS_MAX = 100 };

/* The store is asked for unknown keys once in this time at most. */
#define LOOK_AGAIN (3 * SECOND)

/* A key without tokens is left alone for a while: it may be new, and others hold on to the key set
 * that they have read. */
#define KEPT_AT_LEAST DAY

/* One of the keys that we know. */
struct entry {
    struct entry *next;
    struct key *key;
    atomic_bool ended; /* as if it were not there */
};

struct keys {
    const char *dir;
    pthread_mutex_t lock;          /* held by whoever adds or ends keys; readers need none */
    _Atomic(struct entry *) first; /* grows at its head, nothing leaves it */
    _Atomic(struct key *) signer;
    int64_t signer_stamp; /* of its file, when keys_refresh saw it last */
    int64_t looked_at;    /* clock_monotonic */
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

static const char KEY_DELETE_ENDED[] =
    "DELETE FROM signing_keys"
    " WHERE kid <> ? AND created_at <= ?"
    "   AND NOT EXISTS (SELECT 1 FROM tokens t"
    "                    WHERE t.kid = signing_keys.kid AND t.revoked_at IS NULL"
    "                      AND t.expires_at > ?)";

static const char KEY_LIST[] =
    "SELECT kid, public_pem FROM signing_keys ORDER BY created_at DESC, kid LIMIT ?";

/* ---- the files ---- */

static const char *kept_name(struct arena *mem, const char *kid)
{
    return arena_printf(mem, KEPT_NAME, kid);
}

/* The private key in a file. *out is NULL when there is no such file. */
static enum err read_private(struct ctx *c, const char *dir, const char *name, struct key **out)
{
    char *text = arena_alloc(c->mem, KEY_FILE_MAX);
    enum err e = key_file_read(c, dir, name, text);

    *out = NULL;
    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    *out = key_from_private(text);
    explicit_bzero(text, KEY_FILE_MAX);
    return *out != NULL ? OK : fail(c, ERR_INTERNAL, NULL,
                                    "%s/%s holds no RSA key of %d bits or more", dir, name,
                                    KEY_BITS);
}

static enum err make_first(struct ctx *c, const char *dir)
{
    char text[KEY_FILE_MAX];
    enum err e = key_make(c, text);

    log_info("making a key to sign tokens with: %s/%s", dir, KEY_NAME);
    if (e == OK)
        e = key_file_make(c, dir, KEY_NAME, text);
    explicit_bzero(text, KEY_FILE_MAX);
    return e;
}

static enum err read_or_make(struct ctx *c, const char *dir, bool may_make, struct key **out)
{
    TRY(read_private(c, dir, KEY_NAME, out));
    if (*out != NULL)
        return OK;
    if (!may_make)
        return fail(c, ERR_INTERNAL, NULL,
                    "%s/%s is missing, but tokens of this store are signed already; copy the file "
                    "from another node or from a backup", dir, KEY_NAME);
    TRY(make_first(c, dir));
    return read_private(c, dir, KEY_NAME, out);
}

/* ---- the keys that we know ---- */

static struct entry *find(const struct keys *keys, const char *header, size_t n)
{
    for (struct entry *k = atomic_load(&keys->first); k != NULL; k = k->next)
        if (!k->ended && strlen(key_header(k->key)) == n &&
            memcmp(key_header(k->key), header, n) == 0)
            return k;
    return NULL;
}

static struct entry *named(const struct keys *keys, const char *kid)
{
    for (struct entry *k = atomic_load(&keys->first); k != NULL; k = k->next)
        if (strcmp(key_id(k->key), kid) == 0)
            return k;
    return NULL;
}

/* The lock is held, or nobody else knows these keys yet. */
static void add(struct keys *keys, struct key *key)
{
    struct entry *entry = calloc(1, sizeof(*entry));

    if (entry == NULL)
        abort();
    entry->key = key;
    entry->next = atomic_load(&keys->first);
    atomic_store(&keys->first, entry);
}

/* A key that the store has and we do not: one that this node signed with before, or another
 * node's. */
static struct key *read_stored(struct ctx *c, const struct keys *keys,
                               const struct stored_key *row)
{
    struct key *key;

    if (read_private(c, keys->dir, kept_name(c->mem, row->kid), &key) != OK) {
        log_warn("a key of before cannot be used: %s", c->failure.message);
        ctx_forgive(c);
    }
    if (key == NULL)
        key = key_from_public(row->public_pem);
    if (key != NULL && strcmp(key_id(key), row->kid) == 0)
        return key;
    log_warn("the store holds a key that is not what its name says: %s", row->kid);
    key_free(key);
    return NULL;
}

static enum err list(struct ctx *c, struct stored_key **rows, size_t *count)
{
    return db_all(c, KEY_LIST, &stored_key_shape, rows, count, INT(KEYS_MAX));
}

/* Adds what the store knows and we do not. The lock is held. */
static void take(struct ctx *c, struct keys *keys, const struct stored_key *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct entry *known = named(keys, rows[i].kid);
        struct key *key = known != NULL ? NULL : read_stored(c, keys, &rows[i]);

        if (known != NULL)
            known->ended = false;
        if (key != NULL)
            add(keys, key);
    }
}

static enum err load(struct ctx *c, struct keys *keys)
{
    struct stored_key *rows;
    size_t count;

    TRY(list(c, &rows, &count));
    pthread_mutex_lock(&keys->lock);
    take(c, keys, rows, count);
    pthread_mutex_unlock(&keys->lock);
    return OK;
}

/* ---- operations ---- */

enum err keys_open(struct ctx *c, const char *dir, bool may_make, struct keys **out)
{
    struct key *signer;
    struct keys *keys;

    TRY(read_or_make(c, dir, may_make, &signer));
    keys = calloc(1, sizeof(*keys));
    if (keys == NULL)
        abort();
    keys->dir = dir;
    keys->verified = verified_new();
    keys->dead = dead_new();
    pthread_mutex_init(&keys->lock, NULL);
    add(keys, signer);
    atomic_store(&keys->signer, signer);
    *out = keys;
    return OK;
}

void keys_close(struct keys *keys)
{
    if (keys == NULL)
        return;
    for (struct entry *k = atomic_load(&keys->first), *next; k != NULL; k = next) {
        next = k->next;
        key_free(k->key);
        free(k);
    }
    verified_free(keys->verified);
    dead_free(keys->dead);
    pthread_mutex_destroy(&keys->lock);
    free(keys);
}

enum err keys_known(struct ctx *c, bool *out)
{
    int64_t n;

    TRY(db_int(c, KEY_COUNT, &n));
    *out = n > 0;
    return OK;
}

static enum err enter(struct ctx *c, const struct key *key)
{
    return db_change(c, KEY_INSERT, TEXT(key_id(key)), TEXT(key_public_pem(key)), INT(c->now));
}

enum err keys_enter(struct ctx *c, struct keys *keys)
{
    return enter(c, keys_signer(keys));
}

enum err keys_register(struct ctx *c, struct keys *keys)
{
    TRY(keys_enter(c, keys));
    return load(c, keys);
}

/* Whether it is time to ask the store again. */
static bool may_look(struct keys *keys)
{
    bool may;

    pthread_mutex_lock(&keys->lock);
    may = keys->looked_at == 0 || clock_monotonic() - keys->looked_at >= LOOK_AGAIN;
    if (may)
        keys->looked_at = clock_monotonic();
    pthread_mutex_unlock(&keys->lock);
    return may;
}

const struct key *keys_find(struct ctx *c, struct keys *keys, const char *header, size_t n)
{
    struct entry *known = find(keys, header, n);

    if (known == NULL && c->db != NULL && may_look(keys)) {
        if (load(c, keys) != OK)
            log_warn("the keys of other nodes cannot be read: %s",
                     c->failure.message == NULL ? "the store fails" : c->failure.message);
        known = find(keys, header, n);
    }
    return known == NULL ? NULL : known->key;
}

const struct key *keys_signer(const struct keys *keys)
{
    return atomic_load(&((struct keys *)keys)->signer);
}

const struct key *keys_private(const struct keys *keys, const char *kid)
{
    const struct entry *known = named(keys, kid);

    return known != NULL && key_can_sign(known->key) ? known->key : NULL;
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
    for (const struct entry *k = atomic_load(&keys->first); k != NULL; k = k->next)
        if (!k->ended)
            key_write(k->key, out);
    json_end_list(out);
    json_end_object(out);
}

/* ---- another key signs ---- */

static enum err enter_job(struct ctx *c, void *key)
{
    return enter(c, key);
}

/* First the files, then the store, then the name that servers look at: so no token is ever signed
 * by a key that others cannot find, or that would be lost with the next rotation. */
static enum err put_in_place(struct ctx *c, struct db *db, const struct keys *keys,
                             const char *text, struct key *key)
{
    const char *before = kept_name(c->mem, key_id(keys_signer(keys)));
    const char *kept = kept_name(c->mem, key_id(key));

    TRY(key_file_keep(c, keys->dir, KEY_NAME, before));
    TRY(key_file_make(c, keys->dir, kept, text));
    TRY(db_do(c, db, DB_WRITE, enter_job, key));
    return key_file_replace(c, keys->dir, KEY_NAME, kept);
}

enum err keys_rotate(struct ctx *c, struct db *db, struct keys *keys, const char **kid)
{
    char text[KEY_FILE_MAX];
    enum err e = key_make(c, text);
    struct key *key;

    if (e != OK)
        return e;
    key = key_from_private(text);
    e = put_in_place(c, db, keys, text, key);
    explicit_bzero(text, KEY_FILE_MAX);
    *kid = arena_dup(c->mem, key_id(key));
    key_free(key);
    return e;
}

/* What keys_refresh finds: the file's key, and what the store has. */
struct refresh {
    struct key *signer;
    int64_t stamp;       /* of the file */
    struct entry *first; /* what was known before the store was asked */
    struct stored_key *rows;
    size_t count;
};

static enum err refresh_store(struct ctx *c, void *arg)
{
    struct refresh *r = arg;

    TRY(enter(c, r->signer));
    TRY(db_change(c, KEY_DELETE_ENDED, TEXT(key_id(r->signer)), INT(c->now - KEPT_AT_LEAST),
                  INT(c->now)));
    return list(c, &r->rows, &r->count);
}

static bool listed(const struct refresh *r, const struct key *key)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->rows[i].kid, key_id(key)) == 0)
            return true;
    return false;
}

/* What the store does not have any more. A full list may not be all that it has. The lock is
 * held. */
static void end_others(struct ctx *c, struct keys *keys, const struct refresh *r)
{
    for (struct entry *k = r->first; k != NULL; k = k->next) {
        if (k->ended || r->count == KEYS_MAX || listed(r, k->key))
            continue;
        log_info("the last token of a key has ended: %s", key_id(k->key));
        k->ended = true;
        if (key_can_sign(k->key))
            key_file_remove(c, keys->dir, kept_name(c->mem, key_id(k->key)));
    }
}

/* The key of the file among those that we know. */
static struct key *take_private(struct keys *keys, struct key *key)
{
    struct entry *known = named(keys, key_id(key));

    if (known != NULL && key_can_sign(known->key)) {
        key_free(key);
        return known->key;
    }
    add(keys, key);
    if (known != NULL)
        known->ended = true; /* its public half alone, of which there is no more need */
    return key;
}

/* The key in the file that signs, which is read only when it has changed. */
static enum err read_signer(struct ctx *c, struct keys *keys, struct refresh *out)
{
    struct key *key;

    out->stamp = key_file_stamp(c, keys->dir, KEY_NAME);
    out->signer = atomic_load(&keys->signer);
    if (out->stamp == keys->signer_stamp)
        return OK;
    TRY(read_private(c, keys->dir, KEY_NAME, &key));
    if (key == NULL)
        return fail(c, ERR_INTERNAL, NULL, "%s/%s is gone", keys->dir, KEY_NAME);
    pthread_mutex_lock(&keys->lock);
    out->signer = take_private(keys, key);
    pthread_mutex_unlock(&keys->lock);
    return OK;
}

enum err keys_refresh(struct ctx *c, struct db *db, struct keys *keys)
{
    struct refresh r = { 0 };

    TRY(read_signer(c, keys, &r));
    r.first = atomic_load(&keys->first);
    TRY(db_do(c, db, DB_WRITE, refresh_store, &r));
    if (r.signer != keys_signer(keys))
        log_info("another key signs tokens now: %s", key_id(r.signer));
    atomic_store(&keys->signer, r.signer);
    keys->signer_stamp = r.stamp;
    pthread_mutex_lock(&keys->lock);
    take(c, keys, r.rows, r.count);
    end_others(c, keys, &r);
    pthread_mutex_unlock(&keys->lock);
    return OK;
}
