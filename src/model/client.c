/* See client.h. */
#include "model/client.h"

#include <stdlib.h>
#include <string.h>

#include "auth/caller.h"
#include "auth/event.h"
#include "auth/scope.h"
#include "auth/secret.h"
#include "auth/token.h"
#include "auth/words.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"
#include "model/consent.h"
#include "model/redirect.h"

enum { FIRST_CLIENT_ID = 1001, SECRET_LENGTH = 40, REDIRECTS_MAX = 20 };

#define OVERLAP_MAX (30 * DAY / SECOND)
#define UNUSED_KEPT (30 * DAY)

/* ---- shape ---- */

const char *const grant_words[] = {
    GRANT_CLIENT_CREDENTIALS, GRANT_PASSWORD, GRANT_REFRESH_TOKEN,
    GRANT_AUTHORIZATION_CODE, GRANT_IMPLICIT, GRANT_DEVICE_CODE, NULL,
};

static const char *const consented_grant_words[] = {
    GRANT_AUTHORIZATION_CODE, GRANT_REFRESH_TOKEN, GRANT_DEVICE_CODE, NULL,
};

const char *const origin_words[] = {
    "built-in", "operator", "administrator", "registration", NULL,
};

#define CLIENT_FIELDS                                                                  \
    { .name = "id", .type = FIELD_INT, .offset = offsetof(struct client, id),          \
      .flags = FIELD_READONLY | FIELD_ID },                                            \
    FIELD(client, name, TEXT, READONLY),                                               \
    FIELD(client, organization_id, TEXT, READONLY_NULL),                               \
    FIELD(client, origin, WORD, READONLY, .words = origin_words),                      \
    FIELD(client, public, BOOL, READONLY), FIELD(client, grants, JSON, READONLY),      \
    FIELD(client, redirect_uris, JSON, READONLY), FIELD(client, scopes, JSON, READONLY), \
    FIELD(client, require_client_header, BOOL, READONLY),                              \
    FIELD(client, created_at, TIME, READONLY), FIELD(client, last_used_at, TIME, READONLY), \
    FIELD(client, secret_created_at, TIME, READONLY),                                  \
    FIELD(client, old_secret_until, TIME, READONLY),                                   \
    FIELD(client, secret_digest, TEXT, HIDDEN), FIELD(client, old_secret_digest, TEXT, HIDDEN)

static const struct field client_fields[] = { CLIENT_FIELDS, { 0 } };
const struct shape client_shape = SHAPE(client, client_fields);

static const struct field client_secret_fields[] = {
    CLIENT_FIELDS,
    FIELD(client, client_secret, TEXT, READONLY_NULL),
    { 0 },
};
const struct shape client_secret_shape = SHAPE(client, client_secret_fields);

#define CHANGE_FIELDS                                                                         \
    FIELD(client_input, name, TEXT, REQUIRED, .max = 100, .note = "The application's name."), \
    FIELD(client_input, grants, JSON, OPTIONAL,                                               \
          .note = "client_credentials alone if absent."),                                     \
    FIELD(client_input, redirect_uris, JSON, OPTIONAL,                                        \
          .note = "Where it may be sent back to: https, or http on the loopback."),           \
    FIELD(client_input, scopes, JSON, OPTIONAL,                                               \
          .note = "The most it may get; everything if absent."),                              \
    FIELD(client_input, require_client_header, BOOL, OPTIONAL,                                \
          .note = "False for integrations that cannot send X-Tallyfy-Client.")

static const struct field client_change_fields[] = { CHANGE_FIELDS, { 0 } };
const struct shape client_change_shape =
    SHAPE(client_input, client_change_fields, .answer = &client_shape);

static const struct field client_input_fields[] = {
    CHANGE_FIELDS,
    FIELD(client_input, public, BOOL, OPTIONAL,
          .note = "True for apps on people's own devices, which can keep no secret."),
    { 0 },
};
const struct shape client_input_shape =
    SHAPE(client_input, client_input_fields, .answer = &client_shape);

static const struct field secret_input_fields[] = {
    FIELD(secret_input, overlap_seconds, INT, OPTIONAL, .max = OVERLAP_MAX,
          .note = "How long the old secret stays good; 0 if absent, 30 days at most."),
    { 0 },
};
const struct shape secret_input_shape = SHAPE(secret_input, secret_input_fields);

/* ---- SQL ---- */

#define CLIENT                                                                         \
    "SELECT id, name, org_id AS organization_id, origin, grants, redirect_uris, scopes," \
    "       CASE WHEN secret_digest IS NULL THEN 1 ELSE 0 END AS public,"              \
    "       require_client_header, created_at, last_used_at, secret_created_at,"       \
    "       old_secret_until, secret_digest, old_secret_digest"                        \
    "  FROM oauth_clients"

static const char CLIENT_LIST[] = CLIENT " WHERE org_id = ? ORDER BY id LIMIT ? OFFSET ?";
static const char CLIENT_COUNT[] = "SELECT count(*) FROM oauth_clients WHERE org_id = ?";
static const char CLIENT_GET[] = CLIENT " WHERE org_id = ? AND id = ?";

static const char CLIENT_GET_CONSENTED[] =
    CLIENT " WHERE id = ?2"
           "   AND (org_id = ?1"
           "        OR (org_id IS NULL"
           "            AND EXISTS (SELECT 1 FROM consents n"
           "                         WHERE n.client_id = oauth_clients.id AND n.org_id = ?1)))";

/* The organization is not known before the client is. */
static const char CLIENT_ANYWHERE[] = CLIENT " WHERE id = ?";

static const char CLIENT_NEXT_ID[] =
    "INSERT INTO counters (name, value) VALUES ('client', ?)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value";

static const char CLIENT_INSERT[] =
    "INSERT INTO oauth_clients (id, org_id, origin, name, secret_digest, secret_created_at,"
    "                           grants, redirect_uris, scopes, require_client_header,"
    "                           created_by, created_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char CLIENT_CHANGE[] =
    "UPDATE oauth_clients"
    "   SET name = ?, grants = ?, redirect_uris = ?, scopes = ?, require_client_header = ?"
    " WHERE org_id = ? AND id = ?";

/* The right-hand sides are the row as it was. */
static const char CLIENT_SET_SECRET[] =
    "UPDATE oauth_clients"
    "   SET secret_digest = ?1, secret_created_at = ?2,"
    "       old_secret_digest = CASE WHEN CAST(?3 AS BIGINT) IS NULL THEN NULL"
    "                                ELSE secret_digest END,"
    "       old_secret_until = ?3"
    " WHERE org_id = ?4 AND id = ?5";

static const char CLIENT_END_OLD_SECRET[] =
    "UPDATE oauth_clients SET old_secret_digest = NULL, old_secret_until = NULL"
    " WHERE org_id = ? AND id = ? AND old_secret_until > ?";

static const char CLIENTS_MADE_BY[] =
    CLIENT " WHERE org_id IN (SELECT org_id FROM members WHERE user_id = ?1) AND created_by = ?1"
           " ORDER BY id";

static const char CLIENT_DELETE[] = "DELETE FROM oauth_clients WHERE org_id = ? AND id = ?";

/* Nobody has ever let it act. Consents whose code was never fetched go with it. */
static const char UNUSED_FORGET[] =
    "DELETE FROM oauth_clients"
    " WHERE origin = 'registration' AND last_used_at IS NULL AND created_at <= ?";

static const char ORPHANS_FORGET[] =
    "DELETE FROM consents"
    " WHERE NOT EXISTS (SELECT 1 FROM oauth_clients a WHERE a.id = consents.client_id)";

static const char CLIENT_USED[] = "UPDATE oauth_clients SET last_used_at = ? WHERE id = ?";

/* ---- private ---- */

/* Digits only: "1001", not "+1001" or " 1001". */
static bool parse_id(const char *text, int64_t *id)
{
    size_t n = strlen(text);

    if (n == 0 || n > 18 || strspn(text, "0123456789") != n)
        return false;
    *id = strtoll(text, NULL, 10);
    return true;
}

/* The client that a statement of c->org and an id gives, as stored. */
static enum err get_by(struct ctx *c, const char *sql, const char *id, struct client *out)
{
    enum err e = ERR_NOT_FOUND;
    int64_t number;

    *out = (struct client){ 0 };
    if (parse_id(id, &number))
        e = db_one(c, sql, &client_shape, out, TEXT(c->org), INT(number));
    return e == ERR_NOT_FOUND ? fail(c, e, NULL, NULL) : e;
}

/* A client of c->org, as stored. */
static enum err get(struct ctx *c, const char *id, struct client *out)
{
    return get_by(c, CLIENT_GET, id, out);
}

static void for_answer(struct ctx *c, struct client *client)
{
    client->grants = words_json(c->mem, client->grants);
    client->scopes = words_json(c->mem, client->scopes);
    if (client->old_secret_until <= c->now)
        client->old_secret_until = 0;
}

/* What befalls a client of no organization is in nobody's log. */
static enum err record(struct ctx *c, const char *verb, int64_t id)
{
    if (c->org == NULL)
        return OK;
    return event_record(c, verb, "oauth_client", arena_printf(c->mem, "%lld", (long long)id),
                        NULL);
}

static void make_secret(struct ctx *c, struct client *client)
{
    client->client_secret = secret_new(c->mem, SECRET_LENGTH);
    client->secret_digest = secret_digest(c->mem, client->client_secret);
    client->secret_created_at = c->now;
}

/* A client acts for everybody in the organization; so only whoever may do everything makes or
 * changes one. The operator, who has no caller, may. */
static enum err check_maker(struct ctx *c)
{
    return c->caller == NULL ? OK : token_maker_check(c, "*");
}

/* Notes faults of the list; it is kept as the text that came. */
static enum err read_redirects(struct ctx *c, const char *json, bool public, const char **out)
{
    struct json *list;
    int n = 0;

    *out = "[]";
    if (json == NULL || strcmp(json, "null") == 0)
        return OK;
    TRY(json_parse(c, json, strlen(json), &list));
    if (list->kind != J_LIST)
        fault(c, "redirect_uris", "The redirect uris must be a list.");
    for (const struct json *v = list->first; v != NULL; v = v->next, n++) {
        if (n == REDIRECTS_MAX) {
            fault(c, "redirect_uris", "There may be %d redirect uris at most.", REDIRECTS_MAX);
            break;
        }
        if (v->kind != J_TEXT || !redirect_valid(v->text, public))
            fault(c, arena_printf(c->mem, "redirect_uris.%d", n),
                  "The redirect uri must be an https address, or http on the loopback%s, without"
                  " a fragment.", public ? ", or have a scheme with a dot in it" : "");
    }
    *out = n == 0 ? "[]" : json;
    return OK;
}

/* Which grants go with which clients. */
static void check_grants(struct ctx *c, const struct client *client)
{
    const char *grants = client->grants;
    bool redirects = words_have(grants, GRANT_AUTHORIZATION_CODE) ||
                     words_have(grants, GRANT_IMPLICIT);

    if (words_have(grants, GRANT_CLIENT_CREDENTIALS) && client->public)
        fault(c, "grants", "A public client has no client_credentials.");
    if (words_have(grants, GRANT_CLIENT_CREDENTIALS) && client->organization_id == NULL)
        fault(c, "grants", "Only a client of an organization may have client_credentials.");
    if (redirects && strcmp(client->redirect_uris, "[]") == 0)
        fault(c, "redirect_uris", "These grants need a redirect uri.");
}

void client_check_name(struct ctx *c, const char *field, const char *name)
{
    if (!text_is_visible(name))
        fault(c, field, "The %s must not hold characters that are not seen or turn text around.",
              field);
}

/* What the input says, checked, into a client whose organization and kind are known. */
static enum err read_input(struct ctx *c, const struct client_input *in, struct client *out)
{
    out->name = in->name;
    client_check_name(c, "name", in->name);
    out->require_client_header = in->require_client_header;
    out->grants = out->public || out->organization_id == NULL ?
                          GRANT_AUTHORIZATION_CODE " " GRANT_REFRESH_TOKEN :
                          GRANT_CLIENT_CREDENTIALS;
    TRY(words_read(c, "grants", in->grants, grant_words, &out->grants));
    TRY(scopes_read(c, in->scopes, &out->scopes));
    TRY(read_redirects(c, in->redirect_uris, out->public, &out->redirect_uris));
    check_grants(c, out);
    return fields_ok(c);
}

static enum err insert(struct ctx *c, const struct client_input *in, enum origin origin,
                       struct client *out)
{
    *out = (struct client){
        .organization_id = c->org,
        .origin = origin,
        .public = in->public,
        .created_at = c->now,
    };
    TRY(read_input(c, in, out));
    if (!out->public)
        make_secret(c, out);
    TRY(db_int(c, CLIENT_NEXT_ID, &out->id, INT(FIRST_CLIENT_ID)));
    TRY(db_change(c, CLIENT_INSERT, INT(out->id), TEXT(c->org), TEXT(origin_words[origin]),
                  TEXT(out->name), TEXT(out->secret_digest), INT_OR_NULL(out->secret_created_at),
                  TEXT(out->grants), TEXT(out->redirect_uris), TEXT(out->scopes),
                  INT(out->require_client_header),
                  INT_OR_NULL(c->caller == NULL ? 0 : c->caller->user_id), INT(c->now)));
    for_answer(c, out);
    return record(c, "created", out->id);
}

/* ---- operations ---- */

enum err client_list(struct ctx *c, int64_t limit, int64_t offset, struct client **out,
                     size_t *count, int64_t *total)
{
    TRY(db_int(c, CLIENT_COUNT, total, TEXT(c->org)));
    TRY(db_all(c, CLIENT_LIST, &client_shape, out, count, TEXT(c->org), INT(limit),
               INT(offset)));
    for (size_t i = 0; i < *count; i++)
        for_answer(c, &(*out)[i]);
    return OK;
}

enum err client_get(struct ctx *c, const char *id, struct client *out)
{
    TRY(get(c, id, out));
    for_answer(c, out);
    return OK;
}

enum err client_get_consented(struct ctx *c, const char *id, struct client *out)
{
    TRY(get_by(c, CLIENT_GET_CONSENTED, id, out));
    for_answer(c, out);
    return OK;
}

enum err client_create(struct ctx *c, const struct client_input *in, struct client *out)
{
    TRY(check_maker(c));
    return insert(c, in, c->caller == NULL ? BY_OPERATOR : BY_ADMINISTRATOR, out);
}

struct client_input client_input_of(const struct client *client)
{
    return (struct client_input){
        .name = client->name,
        .grants = client->grants,
        .redirect_uris = client->redirect_uris,
        .scopes = client->scopes,
        .require_client_header = client->require_client_header,
    };
}

enum err client_update(struct ctx *c, const char *id, const struct client_input *in,
                       struct client *out)
{
    struct client was;

    TRY(check_maker(c));
    TRY(get(c, id, out));
    was = *out;
    TRY(read_input(c, in, out));
    if (!shape_same(&client_shape, &was, out)) {
        TRY(db_change_one(c, CLIENT_CHANGE, TEXT(out->name), TEXT(out->grants),
                          TEXT(out->redirect_uris), TEXT(out->scopes),
                          INT(out->require_client_header), TEXT(c->org), INT(out->id)));
        TRY(record(c, "updated", out->id));
    }
    for_answer(c, out);
    return OK;
}

enum err client_new_secret(struct ctx *c, const char *id, int64_t overlap_seconds,
                           struct client *out)
{
    TRY(check_maker(c));
    TRY(get(c, id, out));
    if (out->public)
        return fail_code(c, ERR_MALFORMED, "PUBLIC_CLIENT", "A public client has no secret.");
    if (overlap_seconds < 0)
        return fail(c, ERR_INVALID, "overlap_seconds", "The overlap seconds may not be negative.");
    make_secret(c, out);
    out->old_secret_until = overlap_seconds == 0 ? 0 : c->now + overlap_seconds * SECOND;
    TRY(db_change_one(c, CLIENT_SET_SECRET, TEXT(out->secret_digest), INT(c->now),
                      INT_OR_NULL(out->old_secret_until), TEXT(c->org), INT(out->id)));
    for_answer(c, out);
    return record(c, "secret_replaced", out->id);
}

enum err client_end_old_secret(struct ctx *c, const char *id)
{
    struct client client;
    int64_t n;

    TRY(get(c, id, &client));
    TRY(db_change_n(c, CLIENT_END_OLD_SECRET, &n, TEXT(c->org), INT(client.id), INT(c->now)));
    return n == 0 ? OK : record(c, "updated", client.id);
}

static enum err delete_one(struct ctx *c, int64_t id)
{
    TRY(tokens_revoke_of_client(c, id));
    TRY(consents_forget_client(c, id));
    TRY(db_change_one(c, CLIENT_DELETE, TEXT(c->org), INT(id)));
    return record(c, "deleted", id);
}

enum err client_delete(struct ctx *c, const char *id)
{
    struct client client;

    TRY(get(c, id, &client));
    return delete_one(c, client.id);
}

enum err clients_delete_made_by(struct ctx *c, int64_t user_id)
{
    const char *outer = c->org;
    struct client *clients;
    enum err e = OK;
    size_t count;

    TRY(db_all(c, CLIENTS_MADE_BY, &client_shape, &clients, &count, INT(user_id)));
    for (size_t i = 0; e == OK && i < count; i++) {
        c->org = clients[i].organization_id;
        e = delete_one(c, clients[i].id);
    }
    c->org = outer;
    return e;
}

enum err client_register(struct ctx *c, const struct client_input *in, struct client *out)
{
    const char *grants;

    TRY(words_read(c, "grant_types", in->grants, consented_grant_words, &grants));
    TRY(fields_ok(c));
    return insert(c, in, BY_REGISTRATION, out);
}

enum err clients_forget_unused(struct ctx *c)
{
    TRY(db_change(c, UNUSED_FORGET, INT(c->now - UNUSED_KEPT)));
    return db_change(c, ORPHANS_FORGET);
}

enum err client_find(struct ctx *c, const char *id, struct client *out)
{
    int64_t number;

    *out = (struct client){ 0 };
    if (!parse_id(id, &number))
        return ERR_NOT_FOUND;
    return db_one(c, CLIENT_ANYWHERE, &client_shape, out, INT(number));
}

static bool proves(struct ctx *c, const struct client *client, const char *secret)
{
    const char *digest;

    if (client->public)
        return secret == NULL || secret[0] == '\0';
    if (secret == NULL)
        return false;
    digest = secret_digest(c->mem, secret);
    return secret_equal(digest, client->secret_digest) ||
           (client->old_secret_until > c->now && secret_equal(digest, client->old_secret_digest));
}

enum err client_authenticate(struct ctx *c, const char *id, const char *secret,
                             struct client *out)
{
    enum err e = client_find(c, id, out);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || !proves(c, out, secret))
        return fail_code(c, ERR_UNAUTHENTICATED, "invalid_client",
                         "The client is not known or its secret is wrong.");
    return OK;
}

enum err client_check_grant(struct ctx *c, const struct client *client, const char *grant)
{
    bool has = words_have(client->grants, grant);

    /* Whoever is given refresh tokens may use them. */
    if (!has && strcmp(grant, GRANT_REFRESH_TOKEN) == 0)
        has = words_have(client->grants, GRANT_PASSWORD) ||
              words_have(client->grants, GRANT_AUTHORIZATION_CODE) ||
              words_have(client->grants, GRANT_DEVICE_CODE);
    if (!has)
        return fail_code(c, ERR_MALFORMED, "unauthorized_client",
                         "This client may not use the grant %s.", grant);
    return OK;
}

/* The first element of the list, which was checked when it came. */
static const struct json *first_redirect(struct ctx *c, const struct client *client)
{
    struct json *list;

    if (json_parse(c, client->redirect_uris, strlen(client->redirect_uris), &list) == OK)
        return list->first;
    ctx_forgive(c);
    return NULL;
}

bool client_redirect_allowed(struct ctx *c, const struct client *client, const char *uri)
{
    for (const struct json *v = first_redirect(c, client); v != NULL; v = v->next)
        if (redirect_same(v->text, uri))
            return true;
    return false;
}

const char *client_redirect_only(struct ctx *c, const struct client *client)
{
    const struct json *first = first_redirect(c, client);

    return first == NULL || first->next != NULL ? NULL : first->text;
}

enum err client_used(struct ctx *c, int64_t id)
{
    return db_change(c, CLIENT_USED, INT(c->now), INT(id));
}
