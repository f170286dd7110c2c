/* Uses of tokens, sessions, memberships and guests' links that are not written yet. Noting one
 * takes a short lock and no memory; the table is fixed in size, and what finds no room in it is not
 * noted. What was noted last is lost when the process is killed, which is why nothing but display
 * and idle time hangs on it. Safe from every thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

struct uses;

struct uses *uses_new(void);
void uses_free(struct uses *u);

/* What the client calls itself is stored as it comes here but for its end: mask it before
 * (secret.h), since half a token is not recognized any more. */
void uses_note_token(struct uses *u, const char *token_id, int64_t now, const char *address,
                     const char *client);
/* Somebody brought a token after its end. Only the first time is told of. */
void uses_note_refusal(struct uses *u, const char *token_id, int64_t now, const char *address,
                       const char *client);
void uses_note_session(struct uses *u, const char *digest, int64_t now);
void uses_note_member(struct uses *u, const char *org_id, int64_t user_id, int64_t now);
void uses_note_guest(struct uses *u, const char *org_id, int64_t guest_id, int64_t now,
                     const char *address);

/* When a session was used last as far as this process remembers; 0: it does not. */
int64_t uses_session_seen(struct uses *u, const char *digest);

/* The last use of a token as far as this process remembers it, copied into mem. False: it does not,
 * and *out is untouched. */
struct token_use {
    int64_t at;
    const char *address;
    const char *client; /* NULL: not said */
};
bool uses_token_used(struct uses *u, struct arena *mem, const char *token_id,
                     struct token_use *out);

/* Calls with a token that the store has not counted yet. */
int64_t uses_token_calls(struct uses *u, const char *token_id);

/* Writes what is due, in the transaction of c. It stays due: the transaction may be repeated or
 * rolled back. That a token was used for the first time, or refused, goes to the log with it. */
MUST_CHECK enum err uses_write(struct ctx *c, struct uses *u);

/* The same with the calls, which are added to those of the store and so must be written once: by
 * one thread alone, which settles after the commit what had been noted when it asked uses_mark
 * before. */
MUST_CHECK enum err uses_flush(struct ctx *c, struct uses *u);
uint64_t uses_mark(const struct uses *u);
void uses_settle(struct uses *u, uint64_t mark);
