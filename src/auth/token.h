/* Access tokens as rows: putting them in the store, what an account sees of those it gave to
 * applications, and ending them. Personal and named tokens build on this (personal.h, named.h). */
#pragma once

#include <stdbool.h>

#include "auth/auth.h"
#include "base/shape.h"

#define TOKEN_PERSONAL "personal"       /* the one on the page, ends with signing out */
#define TOKEN_NAMED "named"             /* opaque, made for one script */
#define TOKEN_APPLICATION "application" /* an OAuth client for itself */
#define TOKEN_MINTED "minted"           /* made by an OAuth client for a member */
#define TOKEN_PASSWORD "password"       /* an OAuth client's, for who signed in through it */

struct token {
    const char *id;
    const char *kind;
    int64_t user_id;   /* 0: the application itself */
    const char *org_id;
    int64_t client_id; /* 0: the first-party client; read from the store it is its 1 */
    const char *client_name;
    const char *digest;
    const char *prefix;
    const char *kid;
    const char *name;
    const char *scopes; /* stored text; a JSON list in rows made for answers */
    const char *family;   /* of the consent that it came from, or NULL */
    const char *resource; /* whom it is for (RFC 8707), or NULL */
    bool revoked;
    int64_t created_at, updated_at, expires_at;
    int64_t last_used_at;
    const char *last_used_ip;
    const char *last_used_client;
};

/* Puts a row in. ERR_CONFLICT when the account has a personal token already; the transaction may
 * go on. */
MUST_CHECK enum err token_insert(struct ctx *c, const struct token *t);

/* A signed token that begins now: fills id, kid and times, stores the row and gives the text.
 * kind, owner and scopes are the caller's. */
MUST_CHECK enum err token_issue(struct ctx *c, struct auth *auth, struct token *t,
                                int64_t seconds, const char **text);

/* ERR_DENIED unless the caller may make a credential with these scopes. What a token may do must be
 * in the hands of who makes it: else a narrow token would be the way to a wide one, and an
 * application could keep what its user takes back from it. */
MUST_CHECK enum err token_maker_check(struct ctx *c, const char *scopes);

/* Rows as the API shows them, scopes turned into lists. Named tokens have a shape without the
 * application's name. */
extern const struct shape named_token_shape;
extern const struct shape connected_token_shape;
void tokens_for_answer(struct ctx *c, struct token *rows, size_t count);

/* The living tokens that applications hold for an account, newest first; and the end of one,
 * with the refresh tokens that came with it. */
MUST_CHECK enum err connected_list(struct ctx *c, int64_t user_id, struct token **out,
                                   size_t *count);
MUST_CHECK enum err connected_revoke(struct ctx *c, int64_t user_id, const char *id);

/* Ends every token of an account, of whatever kind, and its refresh tokens. */
MUST_CHECK enum err tokens_revoke_all(struct ctx *c, int64_t user_id);

/* Ends every token that a client holds, and its refresh tokens. */
MUST_CHECK enum err tokens_revoke_of_client(struct ctx *c, int64_t client_id);
