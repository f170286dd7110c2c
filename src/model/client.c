/* See client.h. */
#include "model/client.h"

#include <string.h>
#include <strings.h>

#include "auth/caller.h"
#include "auth/secret.h"
#include "auth/token.h"
#include "auth/words.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"
#include "auth/event.h"

enum { FIRST_CLIENT_ID = 1001, SECRET_LENGTH = 40, REDIRECTS_MAX = 20, REDIRECT_LENGTH = 2000 };

/* ---- shape ---- */

const char *const grant_words[] = { "client_credentials", "password", "refresh_token",
                                    "authorization_code", NULL };

#define CLIENT_FIELDS                                                                  \
    { .name = "id", .type = FIELD_INT, .offset = offsetof(struct client, id),          \
      .flags = FIELD_READONLY | FIELD_ID },                                            \
    FIELD(client, name, TEXT, READONLY), FIELD(client, organization_id, TEXT, READONLY), \
    FIELD(client, grants, JSON, READONLY), FIELD(client, redirect_uris, JSON, READONLY), \
    FIELD(client, require_client_header, BOOL, READONLY),                              \
    FIELD(client, created_at, TIME, READONLY), FIELD(client, last_used_at, TIME, READONLY), \
    FIELD(client, secret_digest, TEXT, HIDDEN)

static const struct field client_fields[] = { CLIENT_FIELDS, { 0 } };
const struct shape client_shape = SHAPE(client, client_fields);

static const struct field client_secret_fields[] = {
    CLIENT_FIELDS,
    FIELD(client, client_secret, TEXT, READONLY),
    { 0 },
};
const struct shape client_secret_shape = SHAPE(client, client_secret_fields);

static const struct field client_input_fields[] = {
    FIELD(client_input, name, TEXT, REQUIRED, .max = 100, .note = "The application's name."),
    FIELD(client_input, grants, JSON, OPTIONAL, .note = "client_credentials alone if absent."),
    FIELD(client_input, redirect_uris, JSON, OPTIONAL,
          .note = "Where it may be sent back to: https, or http on the loopback."),
    FIELD(client_input, require_client_header, BOOL, OPTIONAL,
          .note = "False for integrations that cannot send X-Tallyfy-Client."),
    { 0 },
};
const struct shape client_input_shape = SHAPE(client_input, client_input_fields);

/* ---- SQL ---- */

#define CLIENT                                                                         \
    "SELECT id, name, org_id AS organization_id, grants, redirect_uris,"               \
    "       require_client_header, created_at, last_used_at, secret_digest"            \
    "  FROM oauth_clients"

static const char CLIENT_LIST[] = CLIENT " WHERE org_id = ? ORDER BY id LIMIT ? OFFSET ?";
static const char CLIENT_COUNT[] = "SELECT count(*) FROM oauth_clients WHERE org_id = ?";
static const char CLIENT_GET[] = CLIENT " WHERE org_id = ? AND id = ?";

/* The organization is not known before the client is. */
static const char CLIENT_ANYWHERE[] = CLIENT " WHERE id = ?";

static const char CLIENT_NEXT_ID[] =
    "INSERT INTO counters (name, value) VALUES ('client', ?)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value";

static const char CLIENT_INSERT[] =
    "INSERT INTO oauth_clients (id, org_id, origin, name, secret_digest, grants, redirect_uris,"
    "                           require_client_header, created_by, created_at)"
    " VALUES (?, ?, 'administrator', ?, ?, ?, ?, ?, ?, ?)";

static const char CLIENT_SET_SECRET[] =
    "UPDATE oauth_clients SET secret_digest = ? WHERE org_id = ? AND id = ?";

static const char CLIENT_DELETE[] = "DELETE FROM oauth_clients WHERE org_id = ? AND id = ?";

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

/* A client of c->org; grants as stored. */
static enum err get(struct ctx *c, const char *id, struct client *out)
{
    enum err e = ERR_NOT_FOUND;
    int64_t number;

    *out = (struct client){ 0 };
    if (parse_id(id, &number))
        e = db_one(c, CLIENT_GET, &client_shape, out, TEXT(c->org), INT(number));
    return e == ERR_NOT_FOUND ? fail(c, e, NULL, NULL) : e;
}

static enum err record(struct ctx *c, const char *verb, int64_t id)
{
    return event_record(c, verb, "oauth_client", arena_printf(c->mem, "%lld", (long long)id),
                        NULL);
}

static void make_secret(struct ctx *c, struct client *client)
{
    client->client_secret = secret_new(c->mem, SECRET_LENGTH);
    client->secret_digest = secret_digest(c->mem, client->client_secret);
}

static bool starts(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

/* After the host comes its end (strchr finds the final NUL too), a port or a path:
 * "localhost.example.com" is another host. */
static bool is_loopback(const char *uri)
{
    static const char *const hosts[] = { "http://localhost", "http://127.0.0.1", "http://[::1]" };

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (starts(uri, hosts[i]) && strchr("/:?", uri[strlen(hosts[i])]) != NULL)
            return true;
    return false;
}

/* RFC 6749 section 3.1.2: absolute and without a fragment. No user information either, which is
 * only ever there to deceive a reader. */
static bool is_redirect(const char *uri)
{
    static const char https[] = "https://";

    if (text_length(uri) > REDIRECT_LENGTH || strpbrk(uri, "# \t\r\n\\@") != NULL)
        return false;
    /* strchr also finds the final NUL: an address without a host. */
    if (starts(uri, https))
        return strchr("/:?", uri[strlen(https)]) == NULL;
    return is_loopback(uri);
}

/* Notes faults of the list; it is kept as the text that came. */
static enum err check_redirects(struct ctx *c, const char *json)
{
    struct json *list;
    int n = 0;

    TRY(json_parse(c, json, strlen(json), &list));
    if (list->kind != J_LIST) {
        fault(c, "redirect_uris", "The redirect uris must be a list.");
        return OK;
    }
    for (const struct json *v = list->first; v != NULL; v = v->next, n++) {
        if (n == REDIRECTS_MAX) {
            fault(c, "redirect_uris", "There may be %d redirect uris at most.", REDIRECTS_MAX);
            return OK;
        }
        if (v->kind != J_TEXT || !is_redirect(v->text))
            fault(c, arena_printf(c->mem, "redirect_uris.%d", n),
                  "The redirect uri must be an https address, or http on the loopback, without"
                  " a fragment.");
    }
    return OK;
}

/* ---- operations ---- */

enum err client_list(struct ctx *c, int64_t limit, int64_t offset, struct client **out,
                     size_t *count, int64_t *total)
{
    TRY(db_int(c, CLIENT_COUNT, total, TEXT(c->org)));
    TRY(db_all(c, CLIENT_LIST, &client_shape, out, count, TEXT(c->org), INT(limit),
               INT(offset)));
    for (size_t i = 0; i < *count; i++)
        (*out)[i].grants = words_json(c->mem, (*out)[i].grants);
    return OK;
}

/* A client acts for everybody in the organization; so only whoever may do everything makes one. The
 * operator, who has no caller, may. */
static enum err check_maker(struct ctx *c)
{
    return c->caller == NULL ? OK : token_maker_check(c, "*");
}

enum err client_create(struct ctx *c, const struct client_input *in, struct client *out)
{
    const char *grants = "client_credentials";
    bool redirects = in->redirect_uris != NULL && strcmp(in->redirect_uris, "null") != 0;

    TRY(check_maker(c));
    *out = (struct client){
        .name = in->name,
        .organization_id = c->org,
        .redirect_uris = redirects ? in->redirect_uris : "[]",
        .require_client_header = in->require_client_header,
        .created_at = c->now,
    };
    TRY(words_read(c, "grants", in->grants, grant_words, &grants));
    TRY(check_redirects(c, out->redirect_uris));
    TRY(fields_ok(c));
    make_secret(c, out);
    out->grants = words_json(c->mem, grants);
    TRY(db_int(c, CLIENT_NEXT_ID, &out->id, INT(FIRST_CLIENT_ID)));
    TRY(db_change(c, CLIENT_INSERT, INT(out->id), TEXT(c->org), TEXT(out->name),
                  TEXT(out->secret_digest), TEXT(grants), TEXT(out->redirect_uris),
                  INT(out->require_client_header),
                  INT_OR_NULL(c->caller == NULL ? 0 : c->caller->user_id), INT(c->now)));
    return record(c, "created", out->id);
}

enum err client_new_secret(struct ctx *c, const char *id, struct client *out)
{
    TRY(check_maker(c));
    TRY(get(c, id, out));
    make_secret(c, out);
    out->grants = words_json(c->mem, out->grants);
    TRY(db_change_one(c, CLIENT_SET_SECRET, TEXT(out->secret_digest), TEXT(c->org),
                      INT(out->id)));
    return record(c, "secret_replaced", out->id);
}

enum err client_delete(struct ctx *c, const char *id)
{
    struct client client;

    TRY(get(c, id, &client));
    TRY(tokens_revoke_of_client(c, client.id));
    TRY(db_change_one(c, CLIENT_DELETE, TEXT(c->org), INT(client.id)));
    return record(c, "deleted", client.id);
}

enum err client_authenticate(struct ctx *c, const char *id, const char *secret,
                             struct client *out)
{
    const char *digest = secret == NULL ? NULL : secret_digest(c->mem, secret);
    enum err e = ERR_NOT_FOUND;
    int64_t number;

    *out = (struct client){ 0 };
    if (parse_id(id, &number))
        e = db_one(c, CLIENT_ANYWHERE, &client_shape, out, INT(number));
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (!secret_equal(digest, out->secret_digest))
        return fail_code(c, ERR_UNAUTHENTICATED, "invalid_client",
                         "The client is not known or its secret is wrong.");
    return OK;
}

enum err client_check_grant(struct ctx *c, const struct client *client, const char *grant)
{
    bool has = words_have(client->grants, grant);

    /* Whoever is given refresh tokens may use them. */
    if (!has && strcmp(grant, "refresh_token") == 0)
        has = words_have(client->grants, "password");
    if (!has)
        return fail_code(c, ERR_MALFORMED, "unauthorized_client",
                         "This client may not use the grant %s.", grant);
    return OK;
}

enum err client_used(struct ctx *c, int64_t id)
{
    return db_change(c, CLIENT_USED, INT(c->now), INT(id));
}
