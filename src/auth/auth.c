/* See auth.h. */
#include "auth/auth.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "auth/caller.h"
#include "auth/keys.h"
#include "auth/uses.h"

struct auth {
    struct auth_options options;
    struct keys *keys;
    struct uses *uses;
    const char *_Atomic issuer;
};

static enum err ask_known(struct ctx *c, void *known)
{
    return keys_known(c, known);
}

static enum err register_keys(struct ctx *c, void *keys)
{
    return keys_register(c, keys);
}

enum err auth_open(struct ctx *c, struct db *db, const struct auth_options *options,
                   struct auth **out)
{
    struct keys *keys;
    enum err e;
    bool known;

    TRY(db_do(c, db, DB_READ, ask_known, &known));
    TRY(keys_open(c, options->dir, !known, &keys));
    e = db_do(c, db, DB_WRITE, register_keys, keys);
    if (e != OK) {
        keys_close(keys);
        return e;
    }
    *out = calloc(1, sizeof(**out));
    if (*out == NULL)
        abort();
    **out = (struct auth){ .options = *options, .keys = keys, .uses = uses_new() };
    auth_set_issuer(*out, options->public_url == NULL ? "http://localhost" : options->public_url);
    return OK;
}

void auth_close(struct auth *auth)
{
    if (auth == NULL)
        return;
    keys_close(auth->keys);
    uses_free(auth->uses);
    free(auth);
}

struct keys *auth_keys(struct auth *auth)
{
    return auth->keys;
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
    else
        uses_note_token(auth->uses, who->token_id, c->now, who->address, who->client);
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

static enum err write_uses(struct ctx *c, void *uses)
{
    return uses_write(c, uses);
}

enum err auth_flush_uses(struct ctx *c, struct db *db, struct auth *auth)
{
    uint64_t mark = uses_mark(auth->uses);

    TRY(db_do(c, db, DB_WRITE, write_uses, auth->uses));
    uses_settle(auth->uses, mark);
    return OK;
}

enum err auth_write_uses(struct ctx *c, struct auth *auth)
{
    return uses_write(c, auth->uses);
}
