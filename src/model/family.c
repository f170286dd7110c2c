/* See family.h. Refresh tokens are random and kept as digests; the used ones stay in the store
 * until they expire, so that a second use is seen. */
#include "model/family.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "auth/scope.h"
#include "auth/secret.h"
#include "auth/token.h"
#include "base/clock.h"
#include "db/db.h"
#include "model/consent.h"

enum { REFRESH_LENGTH = 48, RESOURCE_MAX = 500 };

/* Seconds that the tokens of a kind live. */
static const struct life {
    const char *kind;
    int64_t access, refresh;
} lives[] = {
    { TOKEN_PASSWORD, TOKEN_SECONDS, 2 * TOKEN_SECONDS },
    { TOKEN_AUTHORIZED, TOKEN_SECONDS, 2 * TOKEN_SECONDS },
    { TOKEN_MCP, 3600, 30 * 24 * 3600 },
};

/* ---- SQL ---- */

static const char PLACES[] =
    "SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id"
    " WHERE m.user_id = ?1 AND (CAST(?2 AS TEXT) IS NULL OR m.org_id = ?2)"
    "   AND m.status = 'active' AND m.role IN ('standard', 'admin')"
    "   AND u.email_verified_at IS NOT NULL";

static const char REFRESH_INSERT[] =
    "INSERT INTO refresh_tokens (digest, family, token_id, kind, user_id, client_id, org_id,"
    "                            scopes, resource, created_at, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/* ---- private ---- */

static const struct life *life_of(const char *kind)
{
    for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++)
        if (strcmp(lives[i].kind, kind) == 0)
            return &lives[i];
    abort();
}

/* Fills *t with the row of the new token. */
static enum err issue(struct ctx *c, struct auth *auth, const struct family *f,
                      const char *scopes, const char *resource, struct token *t,
                      struct grant *out)
{
    const int64_t seconds = life_of(f->kind)->access;

    *t = (struct token){
        .kind = f->kind,
        .user_id = f->user_id,
        .client_id = f->client_id,
        .org_id = f->org_id,
        .scopes = scopes,
        .family = f->family,
        .resource = resource,
    };
    *out = (struct grant){ .expires_in = seconds };
    return token_issue(c, auth, t, seconds, &out->access_token);
}

/* ---- operations ---- */

const char *family_kind(const struct client *client)
{
    return client->origin == BY_REGISTRATION ? TOKEN_MCP : TOKEN_AUTHORIZED;
}

unsigned family_scope_kinds(const char *kind)
{
    return strcmp(kind, TOKEN_MCP) == 0 ? SCOPES_MCP : SCOPES_API | SCOPES_MCP;
}

enum err family_check(struct ctx *c, const struct family *f)
{
    struct consent consent;
    int64_t places;
    enum err e = OK;

    TRY(db_int(c, PLACES, &places, INT(f->user_id), TEXT(f->org_id)));
    if (f->org_id != NULL)
        e = consent_find(c, f->client_id, f->org_id, f->user_id, &consent);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (places == 0 || e == ERR_NOT_FOUND)
        return fail_code(c, ERR_MALFORMED, "invalid_grant",
                         "This account does not let the application act for it.");
    return OK;
}

enum err family_issue_access(struct ctx *c, struct auth *auth, const struct family *f,
                             const char *scopes, const char *resource, struct grant *out)
{
    struct token t;

    return issue(c, auth, f, scopes, resource, &t, out);
}

enum err family_issue(struct ctx *c, struct auth *auth, const struct family *f,
                      const char *scopes, const char *resource, struct grant *out)
{
    struct token t;

    TRY(issue(c, auth, f, scopes, resource, &t, out));
    out->refresh_token = secret_new(c->mem, REFRESH_LENGTH);
    return db_change(c, REFRESH_INSERT, TEXT(secret_digest(c->mem, out->refresh_token)),
                     TEXT(f->family), TEXT(t.id), TEXT(f->kind), INT(f->user_id),
                     INT(f->client_id), TEXT(f->org_id), TEXT(f->scopes), TEXT(f->resource),
                     INT(c->now), INT(c->now + life_of(f->kind)->refresh * SECOND));
}

bool resource_valid(const char *uri)
{
    const char *at = uri;

    while (isalnum((unsigned char)*at) || (*at != '\0' && strchr("+-.", *at) != NULL))
        at++;
    if (!isalpha((unsigned char)uri[0]) || at[0] != ':' || at[1] == '\0' ||
        strnlen(uri, RESOURCE_MAX + 1) > RESOURCE_MAX)
        return false;
    for (; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~' || strchr("#\"<>\\^`{|}", *at) != NULL)
            return false;
    return true;
}

enum err family_resource(struct ctx *c, const struct family *f, const char *requested,
                         const char **out)
{
    *out = f->resource;
    if (requested == NULL || requested[0] == '\0')
        return OK;
    if (!resource_valid(requested) ||
        (f->resource != NULL && strcmp(f->resource, requested) != 0))
        return fail_code(c, ERR_MALFORMED, "invalid_target",
                         "The resource is not the one that was asked for.");
    *out = requested;
    return OK;
}
