/* See exchange.h. */
#include "model/exchange.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/token.h"
#include "base/clock.h"
#include "db/db.h"
#include "model/family.h"

enum { EXCHANGED_SECONDS = 300 };

/* ---- shape ---- */

/* The token that is handed in. */
struct subject {
    struct family of;
    int64_t expires_at;
};

static const struct field subject_fields[] = {
    FAMILY_FIELDS(subject),
    FIELD(subject, expires_at, TIME, HIDDEN),
    { 0 },
};
static const struct shape subject_shape = SHAPE(subject, subject_fields);

/* ---- SQL ---- */

static const char SUBJECT[] =
    "SELECT family, kind, user_id, client_id, org_id, scopes, expires_at"
    "  FROM tokens WHERE id = ? AND kind = 'mcp'";

/* ---- private ---- */

static enum err invalid_token(struct ctx *c)
{
    ctx_forgive(c);
    return fail_code(c, ERR_UNAUTHENTICATED, "invalid_token",
                     "The token is none of an MCP connector, or has ended.");
}

static enum err find_subject(struct ctx *c, struct subject *out)
{
    enum err e = ERR_NOT_FOUND;

    *out = (struct subject){ 0 };
    if (c->caller->credential == BY_TOKEN)
        e = db_one(c, SUBJECT, &subject_shape, out, TEXT(c->caller->token_id));
    if (e == OK)
        e = family_check(c, &out->of);
    return e == ERR_NOT_FOUND || e == ERR_MALFORMED ? invalid_token(c) : e;
}

/* ---- operations ---- */

enum err grant_exchange(struct ctx *c, struct auth *auth, struct grant *out)
{
    struct subject subject;
    struct token t;

    TRY(find_subject(c, &subject));
    t = (struct token){
        .kind = TOKEN_EXCHANGED,
        .user_id = subject.of.user_id,
        .client_id = subject.of.client_id,
        .org_id = subject.of.org_id,
        .scopes = subject.of.scopes,
        .family = subject.of.family,
    };
    *out = (struct grant){
        .expires_in = (subject.expires_at - c->now) / SECOND,
        .scope = subject.of.scopes,
    };
    if (out->expires_in > EXCHANGED_SECONDS)
        out->expires_in = EXCHANGED_SECONDS;
    return token_issue(c, auth, &t, out->expires_in, &out->access_token);
}
