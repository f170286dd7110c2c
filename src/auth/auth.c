/* See auth.h. */
#include "auth/auth.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "auth/caller.h"
#include "auth/keys.h"
#include "auth/seal.h"
#include "auth/secret.h"
#include "auth/uses.h"

struct auth {
    struct auth_options options;
    struct keys *keys;
    struct sealing_key *sealing;
    struct uses *uses;
    const char *_Atomic issuer;
};

/* What the store knows of keys. */
struct known {
    bool signing, sealing;
};

static enum err ask_known(struct ctx *c, void *arg)
{
    struct known *known = arg;

    TRY(keys_known(c, &known->signing));
    return sealing_key_known(c, &known->sealing);
}

static enum err register_keys(struct ctx *c, void *arg)
{
    struct auth *auth = arg;

    TRY(sealing_key_register(c, auth->sealing));
    return keys_register(c, auth->keys);
}

static enum err open_keys(struct ctx *c, struct db *db, struct auth *auth)
{
    const char *dir = auth->options.dir;
    struct known known;

    TRY(db_do(c, db, DB_READ, ask_known, &known));
    TRY(keys_open(c, dir, !known.signing, &auth->keys));
    TRY(sealing_key_open(c, dir, !known.sealing, &auth->sealing));
    return db_do(c, db, DB_WRITE, register_keys, auth);
}

enum err auth_open(struct ctx *c, struct db *db, const struct auth_options *options,
                   struct auth **out)
{
    struct auth *auth = calloc(1, sizeof(*auth));
    enum err e;

    if (auth == NULL)
        abort();
    auth->options = *options;
    auth->uses = uses_new();
    auth_set_issuer(auth, options->public_url == NULL ? "http://localhost" : options->public_url);
    e = open_keys(c, db, auth);
    if (e != OK)
        auth_close(auth);
    else
        *out = auth;
    return e;
}

void auth_close(struct auth *auth)
{
    if (auth == NULL)
        return;
    keys_close(auth->keys);
    sealing_key_close(auth->sealing);
    uses_free(auth->uses);
    free(auth);
}

enum err auth_rotate_key(struct ctx *c, struct db *db, struct auth *auth, const char **kid)
{
    return keys_rotate(c, db, auth->keys, kid);
}

enum err auth_refresh_keys(struct ctx *c, struct db *db, struct auth *auth)
{
    return keys_refresh(c, db, auth->keys);
}

struct keys *auth_keys(struct auth *auth)
{
    return auth->keys;
}

const struct sealing_key *auth_sealing_key(const struct auth *auth)
{
    return auth->sealing;
}

const struct auth_options *auth_settings(const struct auth *auth)
{
    return &auth->options;
}

void auth_set_issuer(struct auth *auth, const char *url)
{
    atomic_store(&auth->issuer, url);
}

const char *auth_issuer(const struct auth *auth)
{
    return atomic_load(&((struct auth *)auth)->issuer);
}

void auth_note_use(struct auth *auth, const struct ctx *c)
{
    const struct caller *who = c->caller;

    if (who == NULL || who->credential == BY_NOTHING)
        return;
    if (who->credential == BY_SESSION)
        uses_note_session(auth->uses, who->session_digest, c->now);
    else if (who->credential == BY_GUEST_CODE)
        uses_note_guest(auth->uses, c->org, who->guest_id, c->now, who->address);
    else
        uses_note_token(auth->uses, who->token_id, c->now, who->address,
                        secret_masked(c->mem, who->client));
    if (who->role != ROLE_NONE)
        uses_note_member(auth->uses, c->org, who->user_id, c->now);
}

int64_t auth_session_seen(struct auth *auth, const char *digest)
{
    return uses_session_seen(auth->uses, digest);
}

bool auth_token_used(struct auth *auth, struct arena *mem, const char *token_id,
                     struct token_use *out)
{
    return uses_token_used(auth->uses, mem, token_id, out);
}

void auth_note_refusal(struct auth *auth, const char *token_id, int64_t now, const char *address,
                       const char *client)
{
    uses_note_refusal(auth->uses, token_id, now, address, client);
}

int64_t auth_token_calls(struct auth *auth, const char *token_id)
{
    return uses_token_calls(auth->uses, token_id);
}

static enum err flush_uses(struct ctx *c, void *uses)
{
    return uses_flush(c, uses);
}

enum err auth_flush_uses(struct ctx *c, struct db *db, struct auth *auth)
{
    uint64_t mark = uses_mark(auth->uses);

    TRY(db_do(c, db, DB_WRITE, flush_uses, auth->uses));
    uses_settle(auth->uses, mark);
    return OK;
}

enum err auth_write_uses(struct ctx *c, struct auth *auth)
{
    return uses_write(c, auth->uses);
}
