/* See device.h. Both codes are kept as digests. */
#include "model/device.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "auth/caller.h"
#include "auth/scope.h"
#include "auth/secret.h"
#include "auth/throttle.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/db.h"
#include "model/family.h"

enum {
    LIFE_SECONDS = 600,
    INTERVAL_SECONDS = 5, /* and so much longer each time that a device asks too soon */
    DEVICE_CODE_LENGTH = 48,
    HALF = 4,       /* letters before the dash of a user code, and after it */
    TYPED_MAX = 40, /* characters of a code as typed */
    TRIES = 5,      /* to find a user code that is free: there are 25,600,000,000 */
};

/* Without vowels, so that no words come of it (RFC 8628 section 6.1). */
static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";

/* ---- shape ---- */

static const struct field request_fields[] = {
    FIELD(device_request, client_id, TEXT, OPTIONAL, .note = "Unless given by HTTP Basic."),
    FIELD(device_request, client_secret, TEXT, OPTIONAL, .note = "Of a confidential client."),
    FIELD(device_request, scope, TEXT, OPTIONAL, .note = "Blank-separated; everything if absent."),
    { 0 },
};
const struct shape device_request_shape = SHAPE(device_request, request_fields);

enum state { WAITING, ALLOWED, DENIED, USED };
static const char *const state_words[] = { "waiting", "allowed", "denied", "used", NULL };

/* A row of device_codes. */
struct row {
    struct family of;
    const char *digest;
    int state;
    int64_t interval_seconds;
    int64_t polled_at;
    int64_t expires_at;
};

static const struct field row_fields[] = {
    FAMILY_FIELDS(row),
    FIELD(row, digest, TEXT, HIDDEN),
    FIELD(row, state, WORD, HIDDEN, .words = state_words),
    FIELD(row, interval_seconds, INT, HIDDEN),
    FIELD(row, polled_at, TIME, HIDDEN),
    FIELD(row, expires_at, TIME, HIDDEN),
    { 0 },
};
static const struct shape row_shape = SHAPE(row, row_fields);

/* ---- SQL ---- */

static const char DEVICE_INSERT[] =
    "INSERT INTO device_codes (digest, user_code_digest, client_id, scopes, state, family,"
    "                          interval_seconds, created_at, expires_at)"
    " VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING";

#define DEVICE                                                                        \
    "SELECT digest, family, user_id, client_id, org_id, scopes, state,"               \
    "       interval_seconds, polled_at, expires_at"                                  \
    "  FROM device_codes"

static const char DEVICE_BY_CODE[] = DEVICE " WHERE digest = ?";
static const char DEVICE_WAITING[] =
    DEVICE " WHERE user_code_digest = ? AND state = 'waiting' AND expires_at > ?";

static const char DEVICE_ANSWER[] =
    "UPDATE device_codes SET state = ?, user_id = ?, org_id = ?, scopes = ?"
    " WHERE digest = ? AND state = 'waiting'";

static const char DEVICE_ASKED[] =
    "UPDATE device_codes SET polled_at = ?, interval_seconds = ? WHERE digest = ?";

static const char DEVICE_USE[] =
    "UPDATE device_codes SET state = 'used' WHERE digest = ? AND state = 'allowed'";

/* ---- codes that people type ---- */

static const char *user_code_new(struct arena *mem)
{
    char *out = arena_alloc(mem, 2 * HALF + 2);

    for (int i = 0; i <= 2 * HALF; i++)
        out[i] = i == HALF ? '-' : letters[secret_below(sizeof(letters) - 1)];
    return out;
}

/* Letters alone, in upper case; NULL when it is too long to be one. */
static const char *user_code_plain(struct arena *mem, const char *typed)
{
    char *out = arena_alloc(mem, TYPED_MAX + 1), *end = out;

    if (strnlen(typed, TYPED_MAX + 1) > TYPED_MAX)
        return NULL;
    for (; *typed != '\0'; typed++)
        if (*typed != '-' && *typed != ' ')
            *end++ = (char)toupper((unsigned char)*typed);
    return out;
}

static const char *user_code_digest(struct arena *mem, const char *typed)
{
    const char *plain = user_code_plain(mem, typed == NULL ? "" : typed);

    return plain == NULL ? NULL : secret_digest(mem, plain);
}

/* ---- private ---- */

static enum err not_yet(struct ctx *c, const char *code, const char *why)
{
    return fail_code(c, ERR_MALFORMED, code, "%s", why);
}

static enum err unknown_code(struct ctx *c)
{
    TRY(throttle_code_failed(c, c->caller->user_id));
    return fail_code(c, ERR_NOT_FOUND, "DEVICE_CODE_UNKNOWN",
                     "This code is not known, or it has been answered or has expired.");
}

static enum err find_client(struct ctx *c, int64_t id, struct client *out)
{
    return client_find(c, arena_printf(c->mem, "%lld", (long long)id), out);
}

/* A device asks again while its user has not answered. */
static enum err asked(struct ctx *c, const struct row *row)
{
    bool early = row->polled_at != 0 &&
                 c->now < row->polled_at + row->interval_seconds * SECOND;
    int64_t interval = row->interval_seconds + (early ? INTERVAL_SECONDS : 0);

    TRY(db_change(c, DEVICE_ASKED, INT(c->now), INT(interval), TEXT(row->digest)));
    if (early)
        return not_yet(c, "slow_down", "Wait five seconds longer each time.");
    return not_yet(c, "authorization_pending", "Nobody has answered yet.");
}

static enum err find_asking(struct ctx *c, const struct client *client, const char *code,
                            struct row *out)
{
    enum err e;

    *out = (struct row){ 0 };
    e = db_one(c, DEVICE_BY_CODE, &row_shape, out, TEXT(secret_digest(c->mem, code)));
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || out->of.client_id != client->id)
        return not_yet(c, "invalid_grant", "The device_code is not known.");
    out->of.kind = family_kind(client);
    return OK;
}

static enum err end_family(struct ctx *c, const char *family)
{
    TRY(token_family_end(c, family));
    return not_yet(c, "invalid_grant",
                   "The device_code was used before. All that came from it has ended.");
}

static enum err give(struct ctx *c, struct auth *auth, const struct client *client,
                     const struct row *row, struct grant *out)
{
    int64_t used;

    TRY(db_change_n(c, DEVICE_USE, &used, TEXT(row->digest)));
    if (used == 0)
        return end_family(c, row->of.family);
    TRY(family_check(c, &row->of));
    TRY(client_used(c, client->id));
    TRY(family_issue(c, auth, &row->of, row->of.scopes, row->of.resource, out));
    out->scope = row->of.scopes;
    return OK;
}

/* ---- operations ---- */

enum err device_begin(struct ctx *c, const struct client *client, const char *scope,
                      struct device_codes *out)
{
    const char *scopes;
    int64_t made = 0;

    TRY(client_check_grant(c, client, GRANT_DEVICE_CODE));
    TRY(scopes_requested(c, scope, family_scope_kinds(family_kind(client)), client->scopes,
                         &scopes));
    *out = (struct device_codes){
        .device_code = secret_new(c->mem, DEVICE_CODE_LENGTH),
        .expires_in = LIFE_SECONDS,
        .interval = INTERVAL_SECONDS,
    };
    for (int i = 0; made == 0 && i < TRIES; i++) {
        out->user_code = user_code_new(c->mem);
        TRY(db_change_n(c, DEVICE_INSERT, &made, TEXT(secret_digest(c->mem, out->device_code)),
                        TEXT(user_code_digest(c->mem, out->user_code)), INT(client->id),
                        TEXT(scopes), TEXT(id_new(c->mem, c->now)), INT(INTERVAL_SECONDS),
                        INT(c->now), INT(c->now + LIFE_SECONDS * SECOND)));
    }
    return made == 1 ? OK : fail(c, ERR_INTERNAL, NULL, "no free user code was found");
}

enum err device_find(struct ctx *c, const char *user_code, struct device *out)
{
    const char *digest = user_code_digest(c->mem, user_code);
    struct row row = { 0 };
    enum err e;

    TRY(throttle_code_check(c, c->caller->user_id));
    e = db_one(c, DEVICE_WAITING, &row_shape, &row, TEXT(digest), INT(c->now));
    if (e == OK)
        e = find_client(c, row.of.client_id, &out->client);
    if (e == ERR_NOT_FOUND)
        return unknown_code(c);
    TRY(e);
    out->digest = row.digest;
    out->scopes = row.of.scopes;
    return OK;
}

enum err device_answer(struct ctx *c, const struct device *device,
                       const struct approval_input *in)
{
    const char *scopes = device->scopes;

    if (in->allow)
        TRY(approval_accept(c, &device->client, device->scopes, in, &scopes));
    return db_change_one(c, DEVICE_ANSWER, TEXT(state_words[in->allow ? ALLOWED : DENIED]),
                         INT(c->caller->user_id), TEXT(in->allow ? in->organization_id : NULL),
                         TEXT(scopes), TEXT(device->digest));
}

enum err grant_device(struct ctx *c, struct auth *auth, const struct client *client,
                      const struct grant_request *in, struct grant *out)
{
    struct row row;

    TRY(find_asking(c, client, in->device_code, &row));
    if (strcmp(row.of.kind, TOKEN_MCP) == 0)
        row.of.resource = in->default_resource;
    if (row.state == USED)
        return end_family(c, row.of.family);
    if (row.expires_at <= c->now)
        return not_yet(c, "expired_token", "The device_code has expired.");
    switch (row.state) {
    case WAITING:
        return asked(c, &row);
    case ALLOWED:
        return give(c, auth, client, &row, out);
    default:
        return not_yet(c, "access_denied", "The user has refused.");
    }
}
