/* See identify.h. One indexed query finds the credential, its account and OAuth client, and the
 * account's place in the organization of the path; what it says is judged here, in the order that
 * clients rely on: credential (401), address (403), organization (404), membership (403). For the
 * code of a guest another query does the same. */
#include "auth/identify.h"

#include <string.h>
#include <strings.h>

#include "auth/dead.h"
#include "auth/jwt.h"
#include "auth/keys.h"
#include "auth/secret.h"
#include "auth/session.h"
#include "base/network.h"
#include "base/shape.h"
#include "base/text.h"
#include "db/db.h"

const char address_not_allowed[] = "ADDRESS_NOT_ALLOWED";

const char *const role_words[] = { "light", "standard", "admin", NULL };
const char *const member_status_words[] = { "active", "invited", "disabled", NULL };

/* ---- shape ---- */

/* What the store says about a credential now. */
struct standing {
    const char *token_id, *token_kind, *kid, *scopes, *token_org, *addresses;
    const char *session_id;
    int64_t user_id, account_id;       /* of the credential; of the account that still exists */
    int64_t client_id, application_id; /* likewise for the OAuth client */
    int64_t last_seen_at, expires_at, revoked_at;
    bool remembered, client_header_required, lapsed, allow_user_invite, allow_manage_groups;
    const char *organization;
    int role, status;
};

static const struct field standing_fields[] = {
    FIELD(standing, token_id, TEXT, READONLY),
    FIELD(standing, token_kind, TEXT, READONLY),
    FIELD(standing, kid, TEXT, READONLY),
    FIELD(standing, scopes, TEXT, READONLY),
    FIELD(standing, token_org, TEXT, READONLY),
    FIELD(standing, addresses, TEXT, READONLY),
    FIELD(standing, session_id, TEXT, READONLY),
    FIELD(standing, user_id, INT, READONLY),
    FIELD(standing, account_id, INT, READONLY),
    FIELD(standing, client_id, INT, READONLY),
    FIELD(standing, application_id, INT, READONLY),
    FIELD(standing, last_seen_at, TIME, READONLY),
    FIELD(standing, expires_at, TIME, READONLY),
    FIELD(standing, revoked_at, TIME, READONLY),
    FIELD(standing, remembered, BOOL, READONLY),
    FIELD(standing, client_header_required, BOOL, READONLY),
    FIELD(standing, lapsed, BOOL, READONLY),
    FIELD(standing, organization, TEXT, READONLY),
    FIELD(standing, allow_user_invite, BOOL, READONLY),
    FIELD(standing, allow_manage_groups, BOOL, READONLY),
    FIELD(standing, role, WORD, READONLY, .words = role_words),
    FIELD(standing, status, WORD, READONLY, .words = member_status_words),
    { 0 },
};
static const struct shape standing_shape = SHAPE(standing, standing_fields);

/* The same of a guest's. */
struct guest_standing {
    int64_t id, disabled_at;
    const char *org_id, *email, *organization;
};

static const struct field guest_standing_fields[] = {
    FIELD(guest_standing, id, INT, READONLY),
    FIELD(guest_standing, org_id, TEXT, READONLY),
    FIELD(guest_standing, email, TEXT, READONLY),
    FIELD(guest_standing, disabled_at, TIME, READONLY),
    FIELD(guest_standing, organization, TEXT, READONLY),
    { 0 },
};
static const struct shape guest_standing_shape = SHAPE(guest_standing, guest_standing_fields);

/* ---- SQL ---- */

#define PLACE                                                                                    \
    " u.id AS account_id, o.id AS organization, o.allow_user_invite, o.allow_manage_groups,"     \
    " m.role, m.status," ACCOUNT_LAPSED(k.user_id) " AS lapsed"

#define PLACE_JOINS(org)                                                                         \
    "  LEFT JOIN users u ON u.id = k.user_id"                                                    \
    "  LEFT JOIN organizations o ON o.id = " org                                                 \
    "  LEFT JOIN members m ON m.org_id = " org " AND m.user_id = k.user_id"

#define TOKEN                                                                                    \
    "SELECT k.id AS token_id, k.kind AS token_kind, k.kid, k.scopes, k.org_id AS token_org,"     \
    "       k.addresses, k.user_id, k.client_id, k.expires_at, k.revoked_at,"                    \
    "       a.id AS application_id,"                                                             \
    "       COALESCE(a.require_client_header, 1) AS client_header_required,"                     \
    PLACE                                                                                        \
    "  FROM tokens k"                                                                            \
    "  LEFT JOIN oauth_clients a ON a.id = k.client_id"                                          \
    PLACE_JOINS("COALESCE(?2, k.org_id)")

static const char TOKEN_BY_ID[] = TOKEN " WHERE k.id = ?1";
static const char TOKEN_BY_DIGEST[] = TOKEN " WHERE k.digest = ?1";

static const char SESSION[] =
    "SELECT k.id AS session_id, k.user_id, k.remembered, k.last_seen_at, k.expires_at,"
    PLACE
    "  FROM sessions k"
    PLACE_JOINS("?2")
    " WHERE k.digest = ?1";

#define GUEST(credentials)                                                                       \
    "SELECT g.id, g.org_id, g.email, g.disabled_at, o.name AS organization"                      \
    "  FROM " credentials " k"                                                                   \
    "  JOIN guests g ON g.org_id = k.org_id AND g.id = k.guest_id AND g.deleted_at IS NULL"      \
    "  JOIN organizations o ON o.id = g.org_id"                                                  \
    " WHERE k.digest = ?"

static const char GUEST_BY_CODE[] = GUEST("guest_codes");
static const char GUEST_BY_SESSION[] = GUEST("guest_sessions") " AND k.expires_at > ?";

/* ---- the credential ---- */

static enum err refuse(struct ctx *c)
{
    return fail(c, ERR_UNAUTHENTICATED, NULL, "%s", err_message(ERR_UNAUTHENTICATED));
}

bool bearer_read(const char *authorization, struct bearer *out)
{
    static const char scheme[] = "Bearer ";
    const size_t n = sizeof(scheme) - 1;

    if (authorization == NULL || strncasecmp(authorization, scheme, n) != 0 ||
        authorization[n] == '\0' || authorization[n + strcspn(authorization + n, " \t")] != '\0')
        return false;
    out->token = authorization + n;
    digest_of(out->token, strlen(out->token), out->digest);
    return true;
}

/* Leaves *out as it is when there is no such credential. */
static enum err load(struct ctx *c, const char *sql, const char *key, struct standing *out)
{
    enum err e = db_one(c, sql, &standing_shape, out, TEXT(key), TEXT(c->org));

    return e == ERR_NOT_FOUND ? OK : e;
}

/* A key can only vouch for the tokens that were signed with it: one that has been replaced, since
 * it was stolen perhaps, makes none of those that came after it, nor an opaque one. */
static enum err load_token(struct ctx *c, struct auth *auth, const struct bearer *bearer,
                           struct standing *out)
{
    const char *token = bearer->token;
    struct claims claims;

    if (secret_is_named_token(token))
        return load(c, TOKEN_BY_DIGEST, text_hex(c->mem, bearer->digest, DIGEST_SIZE), out);
    TRY(jwt_verify(c, auth_keys(auth), token, bearer->digest, &claims));
    TRY(load(c, TOKEN_BY_ID, claims.jti, out));
    if (out->kid == NULL || strcmp(out->kid, claims.kid) != 0)
        out->token_id = NULL;
    return OK;
}

bool bearer_is_dead(struct auth *auth, const struct bearer *bearer)
{
    return dead_has(keys_dead(auth_keys(auth)), bearer->digest);
}

/* Refuses, and knows it the next time without looking. */
static enum err refuse_for_good(struct ctx *c, struct auth *auth, const struct bearer *bearer)
{
    dead_add(keys_dead(auth_keys(auth)), bearer->digest);
    return refuse(c);
}

static enum err by_token(struct ctx *c, struct auth *auth, const struct credentials *in,
                         struct standing *s, struct caller *out)
{
    bool ended, expired;

    /* A guest's code is as good as ever where guests may come. */
    if (in->bearer == NULL || secret_is_guest_code(in->bearer->token))
        return refuse(c);
    TRY(load_token(c, auth, in->bearer, s));
    ended = s->revoked_at != 0 || s->application_id != s->client_id;
    expired = s->expires_at != 0 && s->expires_at <= c->now;
    if (s->token_id != NULL && (ended || expired))
        auth_note_refusal(auth, s->token_id, c->now, out->address,
                          secret_masked(c->mem, out->client));
    if (s->token_id == NULL || ended)
        return refuse_for_good(c, auth, in->bearer);
    /* Not for good: a clock that was wrong may be set right. */
    if (expired)
        return refuse(c);
    out->credential = BY_TOKEN;
    out->token_id = s->token_id;
    out->token_kind = s->token_kind;
    out->scopes = s->scopes;
    out->token_org = s->token_org;
    out->addresses = s->addresses;
    out->client_id = s->client_id;
    out->client_header_required = s->client_header_required;
    return OK;
}

static enum err by_session(struct ctx *c, struct auth *auth, const char *secret,
                           struct standing *s, struct caller *out)
{
    const char *digest;

    if (!session_secret_valid(secret))
        return refuse(c);
    digest = secret_digest(c->mem, secret);
    TRY(load(c, SESSION, digest, s));
    if (s->session_id == NULL || s->expires_at <= c->now ||
        (!s->remembered && session_is_idle(auth, digest, s->last_seen_at, c->now)))
        return refuse(c);
    out->credential = BY_SESSION;
    out->scopes = "*";
    out->session_id = s->session_id;
    out->session_digest = digest;
    out->csrf_token = secret_csrf(c->mem, secret);
    return OK;
}

/* ---- the organization ---- */

static enum err not_member(struct ctx *c, const struct standing *s)
{
    const char *why = "You are not a member of this organization.";

    if (s->status == MEMBER_DISABLED)
        why = "Your membership of this organization has been disabled.";
    else if (s->status == MEMBER_INVITED)
        why = "Your invitation to this organization is not accepted yet.";
    return fail(c, ERR_DENIED, NULL, "%s", why);
}

static enum err enter(struct ctx *c, const struct standing *s, struct caller *out)
{
    /* A token that is bound to an organization ends with the membership in it. */
    if (c->org == NULL)
        return out->token_org == NULL || out->user_id == 0 || s->status == MEMBER_ACTIVE ?
                       OK : refuse(c);
    if (s->organization == NULL)
        return fail(c, ERR_NOT_FOUND, NULL, "%s", err_message(ERR_NOT_FOUND));
    if (out->token_org != NULL && strcmp(out->token_org, c->org) != 0)
        return fail(c, ERR_DENIED, NULL, "This access was granted for another organization.");
    if (out->user_id == 0)
        return OK; /* an application; what it may do is the route's to say */
    if (s->status != MEMBER_ACTIVE)
        return not_member(c, s);
    out->role = s->role;
    out->org_settings = (unsigned)s->allow_user_invite << ALLOW_USER_INVITE |
                        (unsigned)s->allow_manage_groups << ALLOW_MANAGE_GROUPS;
    return OK;
}

static enum err as_member(struct ctx *c, struct auth *auth, const struct credentials *in,
                          struct caller *out)
{
    struct standing s = { .role = ROLE_NONE, .status = -1 };
    struct caller who = *out;

    if (in->authorization)
        TRY(by_token(c, auth, in, &s, &who));
    else if (in->cookie != NULL)
        TRY(by_session(c, auth, in->cookie, &s, &who));
    else
        return OK;
    if (s.account_id != s.user_id || s.lapsed || s.user_id == BOT_USER_ID)
        return refuse(c);
    who.user_id = s.user_id;
    *out = who;
    if (who.addresses != NULL && !networks_have(who.addresses, in->address))
        return fail_code(c, ERR_DENIED, address_not_allowed,
                         "This token may not be used from your address.");
    return enter(c, &s, out);
}

/* ---- guests ---- */

static enum err enter_as_guest(struct ctx *c, const struct guest_standing *g)
{
    if (c->org != NULL && strcmp(c->org, g->org_id) != 0)
        return fail(c, ERR_DENIED, NULL, "This link is for another organization.");
    if (g->disabled_at != 0)
        return fail_code(c, ERR_DENIED, "GUEST_DISABLED",
                         "Your access to your tasks at %s has been switched off. Ask the person "
                         "who gave them to you.", g->organization);
    c->org = g->org_id;
    return OK;
}

static enum err as_guest(struct ctx *c, const struct credentials *in, struct caller *out)
{
    const char *secret = in->guest_code != NULL ? in->guest_code : in->guest_cookie;
    const char *digest = secret_digest(c->mem, secret);
    struct guest_standing g = { 0 };
    enum err e;

    out->credential = BY_GUEST_CODE;
    out->client_header_required = false;
    if (in->guest_code != NULL) {
        if (!secret_is_guest_code(secret))
            return refuse(c);
        e = db_one(c, GUEST_BY_CODE, &guest_standing_shape, &g, TEXT(digest));
    } else {
        if (!session_secret_valid(secret))
            return refuse(c);
        e = db_one(c, GUEST_BY_SESSION, &guest_standing_shape, &g, TEXT(digest), INT(c->now));
        out->session_digest = digest;
        out->csrf_token = secret_csrf(c->mem, secret);
    }
    if (e != OK)
        return e == ERR_NOT_FOUND ? refuse(c) : e;
    out->scopes = "*";
    out->guest_id = g.id;
    out->guest_email = g.email;
    return enter_as_guest(c, &g);
}

static bool is_refusal(enum err e)
{
    return e == ERR_UNAUTHENTICATED || e == ERR_DENIED || e == ERR_NOT_FOUND;
}

enum err identify(struct ctx *c, struct auth *auth, const struct credentials *in,
                  struct caller *out)
{
    const struct caller nobody = {
        .role = ROLE_NONE,
        .client_header_required = true,
        .address = in->address,
        .client = in->client,
        .user_agent = in->user_agent,
    };
    enum err e;

    *out = nobody;
    if (in->authorization || (in->guest_code == NULL && in->guest_cookie == NULL))
        return as_member(c, auth, in, out);
    if (in->cookie != NULL) {
        e = as_member(c, auth, in, out);
        if (!is_refusal(e))
            return e;
        *out = nobody;
        ctx_forgive(c);
    }
    return as_guest(c, in, out);
}
