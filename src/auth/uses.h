/* Uses of tokens, sessions and memberships that are not written yet. Noting one takes a short lock
 * and no memory; the table is fixed in size, and what finds no room in it is not noted. What was
 * noted last is lost when the process is killed, which is why nothing but display and idle time
 * hangs on it. Safe from every thread. */
#pragma once

#include <stdint.h>

#include "base/ctx.h"

struct uses;

struct uses *uses_new(void);
void uses_free(struct uses *u);

void uses_note_token(struct uses *u, const char *token_id, int64_t now, const char *address,
                     const char *client);
void uses_note_session(struct uses *u, const char *digest, int64_t now);
void uses_note_member(struct uses *u, const char *org_id, int64_t user_id, int64_t now);

/* When a session was used last as far as this process remembers; 0: it does not. */
int64_t uses_session_seen(struct uses *u, const char *digest);

/* Writes all that is noted, in the transaction of c. */
MUST_CHECK enum err uses_write(struct ctx *c, struct uses *u);
