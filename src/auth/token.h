/* Access tokens as rows: putting them in the store, what an account sees of those it gave to
 * applications, and ending them. Personal and named tokens build on this (personal.h, named.h).
 *
 * What happens to a token, of whatever kind, stands in the log (event.h) of every organization that
 * it works in, in the same transaction: created, first_used, rotated, revoked, refused (it was used
 * after its end), expired. Whoever ends tokens does it by the functions here, which see to that. */
#pragma once

#include <stdbool.h>

#include "auth/auth.h"
#include "base/shape.h"
#include "db/db.h"

#define TOKEN_PERSONAL "personal"       /* the one on the page, ends with signing out */
#define TOKEN_NAMED "named"             /* opaque, made for one script */
#define TOKEN_APPLICATION "application" /* an OAuth client for itself */
#define TOKEN_MINTED "minted"           /* made by an OAuth client for a member */
#define TOKEN_PASSWORD "password"       /* an OAuth client's, for who signed in through it */
#define TOKEN_AUTHORIZED "authorized"   /* an OAuth client's, for who consented */
#define TOKEN_MCP "mcp"                 /* the same, by the MCP routes */
#define TOKEN_EXCHANGED "exchanged"     /* short-lived, made of an mcp one (RFC 8693) */

/* Half a year of 365.25 days: how long the token of the page lives, and one that somebody gave to
 * an application. */
#define TOKEN_SECONDS INT64_C(15778800)

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
    const char *family;    /* of the consent or sign-in that it came from, or NULL */
    const char *resource;  /* the audience that was asked for (RFC 8707), or NULL */
    const char *addresses; /* addresses and networks (base/network.h) that it may be used from, with
                              blanks between; NULL: any; a JSON list in rows made for answers */
    bool revoked;
    int64_t created_at, updated_at, expires_at;
    int64_t last_used_at;
    const char *last_used_ip;
    const char *last_used_client;
    int64_t calls_7_days; /* of named tokens */
};

/* Puts a row in. ERR_CONFLICT when the account has a personal token already; the transaction may
 * go on. */
MUST_CHECK enum err token_insert(struct ctx *c, const struct token *t);

/* A signed token that begins now: fills id, kid and times, stores the row and gives the text.
 * kind, owner and scopes are the caller's. */
MUST_CHECK enum err token_issue(struct ctx *c, struct auth *auth, struct token *t,
                                int64_t seconds, const char **text);

/* ERR_DENIED unless the caller may make a credential with these scopes. What a token may do must be
 * in the hands of who makes it: else a narrow token would be the way to a wide one, one that works
 * from some addresses the way to one that works from all, and an application could keep what its
 * user takes back from it. EMAIL_NOT_VERIFIED for who has not proved their address: credentials
 * would outlive the day on which its owner takes the account over. */
MUST_CHECK enum err token_maker_check(struct ctx *c, const char *scopes);

/* Rows as the API shows them, scopes and addresses turned into lists. Named tokens have a shape
 * without the application's name. */
extern const struct shape named_token_shape;
extern const struct shape connected_token_shape;
void tokens_for_answer(struct ctx *c, struct token *rows, size_t count);

/* A token that was issued with a refresh token can be renewed until that one's end: so long it is
 * shown, can be revoked, and is kept. Joined to tokens k, it is the refresh token r in force, at
 * most one; RENEWABLE_UNTIL is the later end of the two, null when there is none. */
#define JOIN_REFRESH                                                                          \
    " LEFT JOIN refresh_tokens r"                                                             \
    "   ON r.token_id = k.id AND r.used_at IS NULL AND r.expires_at > k.expires_at"
#define RENEWABLE_UNTIL "COALESCE(r.expires_at, k.expires_at)"

/* What applications hold for an account and is good or can be renewed, newest first, with that end;
 * and the end of one, with the refresh tokens that came with it. */
MUST_CHECK enum err connected_list(struct ctx *c, int64_t user_id, struct token **out,
                                   size_t *count);
MUST_CHECK enum err connected_revoke(struct ctx *c, int64_t user_id, const char *id);

/* Ends one living token of whatever kind. verb is what the log says: "revoked", or "rotated" when
 * another takes its place. That there is none is no error. */
MUST_CHECK enum err token_end(struct ctx *c, const char *id, const char *verb);

/* Revokes one living token with all of its family, so that no refresh token brings it back. */
MUST_CHECK enum err token_revoke_whole(struct ctx *c, const char *id);

/* Revokes every living token of a family and deletes its refresh tokens. */
MUST_CHECK enum err token_family_end(struct ctx *c, const char *family);

/* Revokes every token of an account, of whatever kind, and whatever could become one: refresh
 * tokens, codes, approved devices. */
MUST_CHECK enum err tokens_revoke_all(struct ctx *c, int64_t user_id);

/* Revokes what whoever knew the old password may have made or been given: the personal token, what
 * applications hold for the account, and what could become one; with `named` the named tokens too.
 * Tokens that an application minted by its own right live on. */
MUST_CHECK enum err tokens_revoke_at_reset(struct ctx *c, int64_t user_id, bool named);

/* Revokes every token that a client holds, and its refresh tokens. */
MUST_CHECK enum err tokens_revoke_of_client(struct ctx *c, int64_t client_id);

/* Revokes what came from an account's consent to a client in one organization. */
MUST_CHECK enum err tokens_revoke_of_consent(struct ctx *c, int64_t client_id, const char *org_id,
                                             int64_t user_id);

/* Revokes what opens one organization for one of its members, and what could become that: all that
 * is bound to it, minted tokens too. */
MUST_CHECK enum err tokens_revoke_of_member(struct ctx *c, const char *org_id, int64_t user_id);

/* Runs a statement made with TOKENS_END, and writes verb to the log for each token that it ended;
 * *n is how many, n may be NULL. Its first argument is INT(c->now). */
#define TOKENS_END(which)                                                                     \
    "UPDATE tokens SET revoked_at = ?1, updated_at = ?1"                                      \
    " WHERE revoked_at IS NULL AND " which " RETURNING id"
#define tokens_end(c, sql, verb, n, ...) \
    tokens_end_((c), (sql), (verb), (n), DB_ARGS_(__VA_ARGS__))
MUST_CHECK enum err tokens_end_(struct ctx *c, const char *sql, const char *verb, size_t *n,
                                const struct db_arg *args, size_t arg_count);

/* Writes what happened to a token to the log, by c->caller. Nothing for one that is gone. */
MUST_CHECK enum err token_log(struct ctx *c, const char *id, const char *verb);

/* The same for what was gathered and is written later: its owner used it for the first time; or
 * somebody, who need not be its owner, brought it after its end. */
struct token_use;
MUST_CHECK enum err token_log_first_use(struct ctx *c, const char *id,
                                        const struct token_use *use);
MUST_CHECK enum err token_log_refusal(struct ctx *c, const char *id, const struct token_use *use);
