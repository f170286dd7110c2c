/* See event.h. */
#include "auth/event.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/secret.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"

/* ---- SQL ---- */

/* The last of so many. */
static const char EVENT_NUMBERS[] =
    "UPDATE org_counters SET events = events + ? WHERE org_id = ? RETURNING events";

static const char EVENT_INSERT[] =
    "INSERT INTO events (org_id, seq, id, verb, subject_type, subject_id, actor_id, token_id,"
    "                    data, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/* In one order everywhere, so that two writers never wait for each other. */
static const char ORGANIZATIONS_OF_USER[] =
    "SELECT org_id FROM members WHERE user_id = ? AND status = 'active' ORDER BY org_id";

enum { CLIENT_MAX = 200 };

struct place {
    const char *org_id;
};

static const struct field place_fields[] = { FIELD(place, org_id, TEXT, HIDDEN), { 0 } };
static const struct shape place_shape = SHAPE(place, place_fields);

/* ---- operations ---- */

static enum err write_row(struct ctx *c, const char *org_id, int64_t seq, const char *verb,
                          const char *subject_type, const char *subject_id, const char *data)
{
    const struct caller *who = c->caller;
    const char *text = data == NULL ? "{}" : secret_masked(c->mem, data);

    return db_change(c, EVENT_INSERT, TEXT(org_id), INT(seq), TEXT(id_new(c->mem, c->now)),
                     TEXT(verb), TEXT(subject_type), TEXT(subject_id),
                     INT_OR_NULL(who == NULL ? 0 : caller_person(who)),
                     TEXT(who == NULL ? NULL : who->token_id), TEXT(text), INT(c->now));
}

static enum err append(struct ctx *c, const char *org_id, const char *verb,
                       const char *subject_type, const char *subject_id, const char *data)
{
    int64_t seq;

    TRY(db_int(c, EVENT_NUMBERS, &seq, INT(1), TEXT(org_id)));
    return write_row(c, org_id, seq, verb, subject_type, subject_id, data);
}

enum err event_record(struct ctx *c, const char *verb, const char *subject_type,
                      const char *subject_id, const char *data)
{
    return append(c, c->org, verb, subject_type, subject_id, data);
}

enum err event_reserve(struct ctx *c, size_t count, int64_t *first)
{
    TRY(db_int(c, EVENT_NUMBERS, first, INT((int64_t)count), TEXT(c->org)));
    *first -= (int64_t)count - 1;
    return OK;
}

enum err event_record_as(struct ctx *c, int64_t number, const char *verb,
                         const char *subject_type, const char *subject_id, const char *data)
{
    return write_row(c, c->org, number, verb, subject_type, subject_id, data);
}

enum err event_record_account(struct ctx *c, int64_t user_id, const char *org_id,
                              const char *verb, const char *subject_type,
                              const char *subject_id, const char *data)
{
    struct place *places;
    size_t count;

    if (org_id != NULL)
        return append(c, org_id, verb, subject_type, subject_id, data);
    TRY(db_all(c, ORGANIZATIONS_OF_USER, &place_shape, &places, &count, INT(user_id)));
    for (size_t i = 0; i < count; i++)
        TRY(append(c, places[i].org_id, verb, subject_type, subject_id, data));
    return OK;
}

/* Headers are bytes that a stranger chose. */
static const char *as_text(struct arena *mem, const char *said)
{
    const char *header = secret_masked(mem, said);

    return header != NULL && strlen(header) <= CLIENT_MAX &&
                   text_is_utf8(header, strlen(header)) ?
               header :
               NULL;
}

void event_write_origin(const struct ctx *c, struct str *data)
{
    const struct caller *who = c->caller;

    json_key_text(data, "address", who == NULL ? NULL : who->address);
    json_key_text(data, "client", who == NULL ? NULL : as_text(c->mem, who->client));
    json_key_text(data, "user_agent", who == NULL ? NULL : as_text(c->mem, who->user_agent));
}

enum err event_record_login(struct ctx *c, int64_t user_id, const char *verb)
{
    struct str data = str_in(c->mem, 4096);

    json_begin_object(&data);
    event_write_origin(c, &data);
    json_end_object(&data);
    return event_record_account(c, user_id, NULL, verb, "account",
                                arena_printf(c->mem, "%lld", (long long)user_id),
                                str_text(&data));
}
