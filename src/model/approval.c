/* See approval.h. */
#include "model/approval.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/words.h"
#include "db/db.h"

enum { PLACES_MAX = 1000, WORDS_MAX = 64 };

/* ---- shape ---- */

static const struct field place_fields[] = {
    FIELD(approval_place, id, TEXT, READONLY),
    FIELD(approval_place, name, TEXT, READONLY),
    FIELD(approval_place, role, WORD, READONLY, .words = role_words),
    { 0 },
};
const struct shape approval_place_shape = SHAPE(approval_place, place_fields);

static const struct field input_fields[] = {
    FIELD(approval_input, allow, BOOL, REQUIRED, .note = "False refuses."),
    FIELD(approval_input, organization_id, TEXT, OPTIONAL, .max = 64,
          .note = "Where it may act; needed to allow."),
    FIELD(approval_input, scopes, JSON, OPTIONAL,
          .note = "Those of the scopes offered that are allowed; needed to allow."),
    { 0 },
};
const struct shape approval_input_shape = SHAPE(approval_input, input_fields);

/* ---- SQL ---- */

static const char VERIFIED[] = "SELECT email_verified_at FROM users WHERE id = ?";

/* All organizations of one person, or the client's own among them. */
static const char PLACES[] =
    "SELECT o.id, o.name, m.role FROM members m JOIN organizations o ON o.id = m.org_id"
    " WHERE m.user_id = ? AND (CAST(?2 AS TEXT) IS NULL OR m.org_id = ?2)"
    "   AND m.status = 'active' AND m.role IN ('standard', 'admin')"
    " ORDER BY m.joined_at, o.id LIMIT ?";

/* ---- private ---- */

static bool has_place(const struct approval *a, const char *org_id)
{
    for (size_t i = 0; i < a->place_count; i++)
        if (strcmp(a->places[i].id, org_id) == 0)
            return true;
    return false;
}

static enum err check_possible(struct ctx *c, const struct approval *a)
{
    const char *message, *refusal = approval_refusal(a, &message);

    return refusal == NULL ? OK : fail_code(c, ERR_DENIED, refusal, "%s", message);
}

/* The words that were ticked, each of which must have been offered. */
static enum err read_ticked(struct ctx *c, const char *json, const char *offered,
                            const char **out)
{
    const char *known[WORDS_MAX + 1] = { NULL };
    size_t length;
    int n = 0;

    for (const char *w = words_next(&offered, &length); w != NULL && n < WORDS_MAX;
         w = words_next(&offered, &length))
        known[n++] = arena_dup_n(c->mem, w, length);
    *out = NULL;
    TRY(words_read(c, "scopes", json, known, out));
    if (*out == NULL && c->failure.fields == NULL)
        fault(c, "scopes", "The scopes are required.");
    return OK;
}

/* ---- operations ---- */

enum err approval_get(struct ctx *c, const struct client *client, struct approval *out)
{
    const int64_t user_id = c->caller->user_id;
    int64_t verified_at;
    enum err e;

    *out = (struct approval){ 0 };
    TRY(db_int(c, VERIFIED, &verified_at, INT(user_id)));
    out->verified = verified_at != 0;
    TRY(db_all(c, PLACES, &approval_place_shape, &out->places, &out->place_count, INT(user_id),
               TEXT(client->organization_id), INT(PLACES_MAX)));
    e = consent_find(c, client->id, NULL, user_id, &out->previous);
    return e == ERR_NOT_FOUND ? OK : e;
}

const char *approval_refusal(const struct approval *a, const char **message)
{
    if (!a->verified) {
        *message = "Prove your e-mail address first: applications act for proved accounts only.";
        return "EMAIL_NOT_VERIFIED";
    }
    if (a->place_count == 0) {
        *message = "You are in no organization in which you may let this application act.";
        return "NO_ORGANIZATION";
    }
    return NULL;
}

enum err approval_possible(struct ctx *c, const struct client *client)
{
    struct approval a;

    TRY(approval_get(c, client, &a));
    return check_possible(c, &a);
}

enum err approval_accept(struct ctx *c, const struct client *client, const char *offered,
                         const struct approval_input *in, const char **scopes)
{
    struct approval a;

    TRY(approval_get(c, client, &a));
    TRY(check_possible(c, &a));
    if (in->organization_id == NULL || !has_place(&a, in->organization_id))
        fault(c, "organization_id", "The organization must be one of those offered.");
    TRY(read_ticked(c, in->scopes, offered, scopes));
    TRY(fields_ok(c));
    return consent_record(c, client->id, in->organization_id, c->caller->user_id, *scopes);
}
