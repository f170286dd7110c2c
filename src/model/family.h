/* Families: all tokens and refresh tokens that come of one consent, one approved device or one
 * sign-in through an application. Using a refresh token or a code twice ends its whole family
 * (token_family_end, auth/token.h), since then it is in two hands (RFC 9700 sections 2.1.1, 2.2.2).
 */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"
#include "model/grant.h"

struct family {
    const char *family;   /* its id */
    const char *kind;     /* of its tokens, which says how long they live */
    int64_t user_id;
    int64_t client_id;
    const char *org_id;   /* NULL: all of the user's */
    const char *scopes;   /* the most that a token of it may have */
    const char *resource; /* whom its tokens are for (RFC 8707); NULL: not said */
};

/* The fields of a row's shape that make up its member `of`, a struct family. */
#define FAMILY_FIELD(record, member, kind_of)                                                 \
    { .name = #member, .type = FIELD_##kind_of,                                               \
      .offset = offsetof(struct record, of) + offsetof(struct family, member),                \
      .flags = FIELD_HIDDEN }
#define FAMILY_FIELDS(record)                                                                 \
    FAMILY_FIELD(record, family, TEXT), FAMILY_FIELD(record, kind, TEXT),                     \
    FAMILY_FIELD(record, user_id, INT), FAMILY_FIELD(record, client_id, INT),                 \
    FAMILY_FIELD(record, org_id, TEXT), FAMILY_FIELD(record, scopes, TEXT),                   \
    FAMILY_FIELD(record, resource, TEXT)

/* The kind of the tokens that a person's consent gives this client by the usual routes: one that
 * registered itself is a connector (TOKEN_MCP), whichever way it comes. */
const char *family_kind(const struct client *client);

/* Which scopes tokens of such a kind may have: enum scope_kind. */
unsigned family_scope_kinds(const char *kind);

/* OK while its person may let applications act: with a proved address, an active standard member or
 * administrator of the organization (without one: of any), and not having taken back the consent.
 * Else ERR_MALFORMED with invalid_grant. */
MUST_CHECK enum err family_check(struct ctx *c, const struct family *f);

/* A new access token with these scopes for that resource, and a refresh token that can later give
 * all scopes of the family. Checks nothing. */
MUST_CHECK enum err family_issue(struct ctx *c, struct auth *auth, const struct family *f,
                                 const char *scopes, const char *resource, struct grant *out);

/* The access token alone. */
MUST_CHECK enum err family_issue_access(struct ctx *c, struct auth *auth, const struct family *f,
                                        const char *scopes, const char *resource,
                                        struct grant *out);

/* Whom a token will be for: what the request says, if it says something, within what the family
 * has. ERR_MALFORMED with invalid_target for another one. */
MUST_CHECK enum err family_resource(struct ctx *c, const struct family *f, const char *requested,
                                    const char **out);

/* Whether this can be a resource: an absolute URI without a fragment (RFC 8707 section 2),
 * short enough to stand in a token. */
bool resource_valid(const char *uri);
