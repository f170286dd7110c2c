/* See consent.h. */
#include "model/consent.h"

#include "auth/event.h"
#include "auth/token.h"
#include "auth/words.h"
#include "db/db.h"
#include "model/user.h"

/* ---- shape ---- */

static const struct field consent_fields[] = {
    FIELD(consent, client_id, INT, HIDDEN),
    FIELD(consent, user_id, INT, HIDDEN),
    FIELD(consent, org_id, TEXT, HIDDEN),
    FIELD(consent, email, TEXT, HIDDEN),
    FIELD(consent, first_name, TEXT, HIDDEN),
    FIELD(consent, last_name, TEXT, HIDDEN),
    FIELD(consent, user, JSON, READONLY),
    FIELD(consent, scopes, JSON, READONLY),
    FIELD(consent, created_at, TIME, READONLY),
    FIELD(consent, updated_at, TIME, READONLY),
    FIELD(consent, last_used_at, TIME, READONLY),
    { 0 },
};
const struct shape consent_shape = SHAPE(consent, consent_fields);

/* ---- SQL ---- */

static const char CONSENT_RECORD[] =
    "INSERT INTO consents (client_id, org_id, user_id, scopes, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?5, ?5)"
    " ON CONFLICT (client_id, org_id, user_id)"
    " DO UPDATE SET scopes = excluded.scopes, updated_at = excluded.updated_at";

/* What came of earlier consents and still is, or could become, a token. */
#define OF_CONSENT "client_id = ?1 AND org_id = ?2 AND user_id = ?3 AND expires_at > ?4"
static const char SCOPES_ALIVE[] =
    "SELECT scopes FROM refresh_tokens WHERE " OF_CONSENT " AND used_at IS NULL"
    " UNION SELECT scopes FROM tokens WHERE " OF_CONSENT " AND revoked_at IS NULL"
    "          AND kind IN ('authorized', 'mcp')"
    " UNION SELECT scopes FROM authorization_codes WHERE " OF_CONSENT " AND used_at IS NULL"
    " UNION SELECT scopes FROM device_codes WHERE " OF_CONSENT " AND state = 'allowed'"
    " ORDER BY scopes";

static const char CONSENT_FIND[] =
    "SELECT client_id, user_id, org_id, scopes, created_at, updated_at FROM consents"
    " WHERE client_id = ? AND user_id = ? AND (CAST(?3 AS TEXT) IS NULL OR org_id = ?3)"
    " ORDER BY updated_at DESC, org_id LIMIT 1";

static const char CONSENT_LIST[] =
    "SELECT n.user_id, u.email, u.first_name, u.last_name, n.scopes, n.created_at, n.updated_at,"
    "       (SELECT max(k.last_used_at) FROM tokens k"
    "         WHERE k.user_id = n.user_id AND k.client_id = n.client_id AND k.org_id = n.org_id)"
    "       AS last_used_at"
    "  FROM consents n JOIN users u ON u.id = n.user_id"
    " WHERE n.client_id = ? AND n.org_id = ?"
    " ORDER BY n.updated_at DESC, n.user_id LIMIT ? OFFSET ?";

static const char CONSENT_COUNT[] =
    "SELECT count(*) FROM consents WHERE client_id = ? AND org_id = ?";

static const char CONSENTS_OF_MEMBER[] =
    "SELECT client_id FROM consents WHERE user_id = ? AND org_id = ? ORDER BY client_id";

static const char CONSENT_DELETE[] =
    "DELETE FROM consents WHERE client_id = ? AND org_id = ? AND user_id = ?";

static const char CODES_DELETE[] =
    "DELETE FROM authorization_codes WHERE client_id = ? AND org_id = ? AND user_id = ?";

static const char DEVICES_DELETE[] =
    "DELETE FROM device_codes WHERE client_id = ? AND org_id = ? AND user_id = ?";

static const char CONSENTS_FORGET[] = "DELETE FROM consents WHERE client_id = ?";
static const char CODES_FORGET[] = "DELETE FROM authorization_codes WHERE client_id = ?";
static const char DEVICES_FORGET[] = "DELETE FROM device_codes WHERE client_id = ?";

/* ---- private ---- */

static void for_answer(struct ctx *c, struct consent *n)
{
    n->user = user_brief(c->mem, n->user_id, n->email, n->first_name, n->last_name);
    n->scopes = words_json(c->mem, n->scopes);
}

/* The words of `more` that `scopes` does not have yet go to its end. */
static const char *scopes_joined(struct ctx *c, const char *scopes, const char *more)
{
    size_t length;

    for (const char *w = words_next(&more, &length); w != NULL; w = words_next(&more, &length)) {
        const char *word = arena_dup_n(c->mem, w, length);

        if (!words_have(scopes, word))
            scopes = arena_printf(c->mem, "%s %s", scopes, word);
    }
    return scopes;
}

static enum err record_end(struct ctx *c, int64_t client_id, int64_t user_id)
{
    return event_record(c, "consent_revoked", "oauth_client",
                        arena_printf(c->mem, "%lld", (long long)client_id),
                        arena_printf(c->mem, "{\"user_id\":%lld}", (long long)user_id));
}

/* ---- operations ---- */

enum err consent_record(struct ctx *c, int64_t client_id, const char *org_id, int64_t user_id,
                        const char *scopes)
{
    struct consent *alive;
    size_t count;

    TRY(db_all(c, SCOPES_ALIVE, &consent_shape, &alive, &count, INT(client_id), TEXT(org_id),
               INT(user_id), INT(c->now)));
    for (size_t i = 0; i < count; i++)
        scopes = scopes_joined(c, scopes, alive[i].scopes);
    return db_change(c, CONSENT_RECORD, INT(client_id), TEXT(org_id), INT(user_id), TEXT(scopes),
                     INT(c->now));
}

enum err consent_find(struct ctx *c, int64_t client_id, const char *org_id, int64_t user_id,
                      struct consent *out)
{
    *out = (struct consent){ 0 };
    return db_one(c, CONSENT_FIND, &consent_shape, out, INT(client_id), INT(user_id),
                  TEXT(org_id));
}

enum err consent_list(struct ctx *c, int64_t client_id, int64_t limit, int64_t offset,
                      struct consent **out, size_t *count, int64_t *total)
{
    TRY(db_int(c, CONSENT_COUNT, total, INT(client_id), TEXT(c->org)));
    TRY(db_all(c, CONSENT_LIST, &consent_shape, out, count, INT(client_id), TEXT(c->org),
               INT(limit), INT(offset)));
    for (size_t i = 0; i < *count; i++)
        for_answer(c, &(*out)[i]);
    return OK;
}

enum err consent_end(struct ctx *c, int64_t client_id, int64_t user_id)
{
    int64_t n;

    TRY(db_change_n(c, CONSENT_DELETE, &n, INT(client_id), TEXT(c->org), INT(user_id)));
    if (n == 0)
        return fail(c, ERR_NOT_FOUND, NULL, NULL);
    TRY(db_change(c, CODES_DELETE, INT(client_id), TEXT(c->org), INT(user_id)));
    TRY(db_change(c, DEVICES_DELETE, INT(client_id), TEXT(c->org), INT(user_id)));
    TRY(tokens_revoke_of_consent(c, client_id, c->org, user_id));
    return record_end(c, client_id, user_id);
}

enum err consents_end_of_member(struct ctx *c, int64_t user_id)
{
    struct consent *given;
    size_t count;

    TRY(db_all(c, CONSENTS_OF_MEMBER, &consent_shape, &given, &count, INT(user_id),
               TEXT(c->org)));
    for (size_t i = 0; i < count; i++)
        TRY(consent_end(c, given[i].client_id, user_id));
    return OK;
}

enum err consents_forget_client(struct ctx *c, int64_t client_id)
{
    TRY(db_change(c, CONSENTS_FORGET, INT(client_id)));
    TRY(db_change(c, CODES_FORGET, INT(client_id)));
    return db_change(c, DEVICES_FORGET, INT(client_id));
}
