/* See uses.h. Sets of four entries under a few locks; the key's hash chooses the set. */
#include "auth/uses.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "auth/token.h"
#include "base/clock.h"
#include "base/text.h"
#include "db/db.h"

enum { SETS = 1024, WAYS = 4, LOCKS = 16 };

/* Sessions, memberships and guests are written once in this time at most; tokens whenever they were
 * used, since people look at that to find out which integration still lives. */
#define COARSE (5 * MINUTE)

enum kind { TOKEN, REFUSAL, SESSION, MEMBER, GUEST };

struct use {
    enum kind kind;
    char key[72];    /* token id, session digest or organization id; "": empty */
    int64_t user_id; /* of a member or guest */
    int64_t at, noted_at;
    uint64_t number; /* of the note that made it due */
    bool due;        /* not known to be written */
    int64_t calls;   /* of a token, not known to be counted in the store */
    int64_t written; /* of them, by the flush that is running */
    char address[46];
    char client[64];
};

struct uses {
    _Atomic uint64_t notes;
    pthread_mutex_t locks[LOCKS];
    struct use sets[SETS][WAYS];
};

/* ---- SQL ---- */

static const char TOKEN_FIRST_USED[] =
    "UPDATE tokens SET last_used_at = ?, last_used_ip = ?, last_used_client = ?"
    " WHERE id = ? AND last_used_at IS NULL";

static const char TOKEN_USED[] =
    "UPDATE tokens SET last_used_at = ?, last_used_ip = ?, last_used_client = ? WHERE id = ?";

static const char TOKEN_CALLS[] =
    "INSERT INTO token_calls (token_id, day, calls) VALUES (?, ?, ?)"
    " ON CONFLICT (token_id, day) DO UPDATE SET calls = token_calls.calls + excluded.calls";

static const char TOKEN_REFUSED[] =
    "UPDATE tokens SET refused_at = ? WHERE id = ? AND refused_at IS NULL";

static const char SESSION_SEEN[] =
    "UPDATE sessions SET last_seen_at = ?1 WHERE digest = ?2 AND last_seen_at < ?1";

static const char MEMBER_ACCESSED[] =
    "UPDATE members SET last_accessed_at = ? WHERE org_id = ? AND user_id = ?";

static const char GUEST_ACCESSED[] =
    "UPDATE guests SET last_accessed_at = ?, last_known_ip = ? WHERE org_id = ? AND id = ?";

/* ---- the table ---- */

struct uses *uses_new(void)
{
    struct uses *u = calloc(1, sizeof(*u));

    if (u == NULL)
        abort();
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&u->locks[i], NULL);
    return u;
}

void uses_free(struct uses *u)
{
    if (u == NULL)
        return;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&u->locks[i]);
    free(u);
}

/* FNV-1a. Keys are our own ids, so nobody chooses them to collide. */
static unsigned set_of(enum kind kind, const char *key, int64_t user_id)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)user_id ^ (uint64_t)kind << 60;

    for (; *key != '\0'; key++)
        h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
    return (unsigned)(h >> 32) % SETS;
}

static bool is(const struct use *e, enum kind kind, const char *key, int64_t user_id)
{
    return e->kind == kind && e->user_id == user_id && strcmp(e->key, key) == 0;
}

/* The entry for this key, or the one that can best be spared; NULL when all are still to be
 * written. The lock is held. */
static struct use *place(struct use set[WAYS], enum kind kind, const char *key, int64_t user_id)
{
    struct use *spare = NULL;

    for (int i = 0; i < WAYS; i++) {
        struct use *e = &set[i];

        if (is(e, kind, key, user_id))
            return e;
        if (!e->due && (spare == NULL || e->at < spare->at))
            spare = e;
    }
    return spare;
}

static void note(struct uses *u, const struct use *use, int64_t granularity)
{
    unsigned set = set_of(use->kind, use->key, use->user_id);
    struct use *e;

    pthread_mutex_lock(&u->locks[set % LOCKS]);
    e = place(u->sets[set], use->kind, use->key, use->user_id);
    if (e != NULL) {
        bool same = is(e, use->kind, use->key, use->user_id);
        int64_t noted_at = same ? e->noted_at : 0;
        bool again = use->at - noted_at >= granularity;
        bool due = again || (same && e->due);
        uint64_t number = again ? ++u->notes : e->number;
        int64_t calls = same ? e->calls : 0;
        int64_t written = same ? e->written : 0;

        *e = *use;
        e->calls = calls + (use->kind == TOKEN);
        e->written = written;
        e->noted_at = again ? use->at : noted_at;
        e->number = number;
        e->due = due;
    }
    pthread_mutex_unlock(&u->locks[set % LOCKS]);
}

void uses_note_token(struct uses *u, const char *token_id, int64_t now, const char *address,
                     const char *client)
{
    struct use use = { .kind = TOKEN, .at = now };

    text_ascii(use.key, sizeof(use.key), token_id);
    text_ascii(use.address, sizeof(use.address), address);
    text_ascii(use.client, sizeof(use.client), client);
    note(u, &use, 0);
}

void uses_note_refusal(struct uses *u, const char *token_id, int64_t now, const char *address,
                       const char *client)
{
    struct use use = { .kind = REFUSAL, .at = now };

    text_ascii(use.key, sizeof(use.key), token_id);
    text_ascii(use.address, sizeof(use.address), address);
    text_ascii(use.client, sizeof(use.client), client);
    note(u, &use, DAY);
}

void uses_note_session(struct uses *u, const char *digest, int64_t now)
{
    struct use use = { .kind = SESSION, .at = now };

    text_ascii(use.key, sizeof(use.key), digest);
    note(u, &use, COARSE);
}

void uses_note_member(struct uses *u, const char *org_id, int64_t user_id, int64_t now)
{
    struct use use = { .kind = MEMBER, .user_id = user_id, .at = now };

    text_ascii(use.key, sizeof(use.key), org_id);
    note(u, &use, COARSE);
}

void uses_note_guest(struct uses *u, const char *org_id, int64_t guest_id, int64_t now,
                     const char *address)
{
    struct use use = { .kind = GUEST, .user_id = guest_id, .at = now };

    text_ascii(use.key, sizeof(use.key), org_id);
    text_ascii(use.address, sizeof(use.address), address);
    note(u, &use, COARSE);
}

int64_t uses_session_seen(struct uses *u, const char *digest)
{
    unsigned set = set_of(SESSION, digest, 0);
    int64_t at = 0;

    pthread_mutex_lock(&u->locks[set % LOCKS]);
    for (int i = 0; i < WAYS; i++)
        if (is(&u->sets[set][i], SESSION, digest, 0))
            at = u->sets[set][i].at;
    pthread_mutex_unlock(&u->locks[set % LOCKS]);
    return at;
}

bool uses_token_used(struct uses *u, struct arena *mem, const char *token_id,
                     struct token_use *out)
{
    unsigned set = set_of(TOKEN, token_id, 0);
    bool found = false;

    pthread_mutex_lock(&u->locks[set % LOCKS]);
    for (int i = 0; i < WAYS && !found; i++) {
        const struct use *use = &u->sets[set][i];

        found = is(use, TOKEN, token_id, 0);
        if (found)
            *out = (struct token_use){
                .at = use->at,
                .address = arena_dup(mem, use->address),
                .client = use->client[0] == '\0' ? NULL : arena_dup(mem, use->client),
            };
    }
    pthread_mutex_unlock(&u->locks[set % LOCKS]);
    return found;
}

int64_t uses_token_calls(struct uses *u, const char *token_id)
{
    unsigned set = set_of(TOKEN, token_id, 0);
    int64_t calls = 0;

    pthread_mutex_lock(&u->locks[set % LOCKS]);
    for (int i = 0; i < WAYS; i++)
        if (is(&u->sets[set][i], TOKEN, token_id, 0))
            calls = u->sets[set][i].calls;
    pthread_mutex_unlock(&u->locks[set % LOCKS]);
    return calls;
}

/* ---- writing ---- */

static enum err write_token(struct ctx *c, const struct use *e, const struct token_use *use)
{
    int64_t first;

    TRY(db_change_n(c, TOKEN_FIRST_USED, &first, INT(use->at), TEXT(use->address),
                    TEXT(use->client), TEXT(e->key)));
    if (first != 0)
        TRY(token_log_first_use(c, e->key, use));
    else
        TRY(db_change(c, TOKEN_USED, INT(use->at), TEXT(use->address), TEXT(use->client),
                      TEXT(e->key)));
    if (e->written == 0)
        return OK;
    return db_change(c, TOKEN_CALLS, TEXT(e->key), INT(e->at / DAY), INT(e->written));
}

static enum err write_refusal(struct ctx *c, const struct use *e, const struct token_use *use)
{
    int64_t first;

    TRY(db_change_n(c, TOKEN_REFUSED, &first, INT(use->at), TEXT(e->key)));
    return first == 0 ? OK : token_log_refusal(c, e->key, use);
}

static enum err write_one(struct ctx *c, const struct use *e)
{
    const struct token_use use = {
        .at = e->at,
        .address = e->address,
        .client = e->client[0] == '\0' ? NULL : e->client,
    };

    switch (e->kind) {
    case TOKEN:
        return write_token(c, e, &use);
    case REFUSAL:
        return write_refusal(c, e, &use);
    case SESSION:
        return db_change(c, SESSION_SEEN, INT(e->at), TEXT(e->key));
    case MEMBER:
        return db_change(c, MEMBER_ACCESSED, INT(e->at), TEXT(e->key), INT(e->user_id));
    case GUEST:
        return db_change(c, GUEST_ACCESSED, INT(e->at), TEXT(e->address), TEXT(e->key),
                         INT(e->user_id));
    }
    return OK;
}

/* Copies the entries of one set that are due; no lock is held while the store works. */
static int take(struct uses *u, unsigned set, bool counting, struct use out[WAYS])
{
    int n = 0;

    pthread_mutex_lock(&u->locks[set % LOCKS]);
    for (int i = 0; i < WAYS; i++) {
        struct use *e = &u->sets[set][i];

        if (!e->due)
            continue;
        if (counting)
            e->written = e->calls;
        out[n] = *e;
        if (!counting)
            out[n].written = 0;
        n++;
    }
    pthread_mutex_unlock(&u->locks[set % LOCKS]);
    return n;
}

static enum err write_due(struct ctx *c, struct uses *u, bool counting)
{
    for (unsigned set = 0; set < SETS; set++) {
        struct use due[WAYS];
        int n = take(u, set, counting, due);

        for (int i = 0; i < n; i++)
            TRY(write_one(c, &due[i]));
    }
    return OK;
}

enum err uses_write(struct ctx *c, struct uses *u)
{
    return write_due(c, u, false);
}

enum err uses_flush(struct ctx *c, struct uses *u)
{
    return write_due(c, u, true);
}

uint64_t uses_mark(const struct uses *u)
{
    return u->notes;
}

void uses_settle(struct uses *u, uint64_t mark)
{
    for (unsigned set = 0; set < SETS; set++) {
        pthread_mutex_lock(&u->locks[set % LOCKS]);
        for (int i = 0; i < WAYS; i++) {
            struct use *e = &u->sets[set][i];

            e->calls -= e->written;
            e->written = 0;
            if (e->number <= mark)
                e->due = false;
        }
        pthread_mutex_unlock(&u->locks[set % LOCKS]);
    }
}
