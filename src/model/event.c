/* See event.h. */
#include "model/event.h"

#include "auth/caller.h"
#include "base/ids.h"
#include "db/db.h"

/* ---- SQL ---- */

static const char EVENT_NUMBER[] =
    "UPDATE org_counters SET events = events + 1 WHERE org_id = ? RETURNING events";

static const char EVENT_INSERT[] =
    "INSERT INTO events (org_id, seq, id, verb, subject_type, subject_id, actor_id, token_id,"
    "                    data, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/* ---- operations ---- */

enum err event_record(struct ctx *c, const char *verb, const char *subject_type,
                      const char *subject_id, const char *data)
{
    const struct caller *who = c->caller;
    int64_t seq;

    TRY(db_int(c, EVENT_NUMBER, &seq, TEXT(c->org)));
    return db_change(c, EVENT_INSERT, TEXT(c->org), INT(seq), TEXT(id_new(c->mem, c->now)),
                     TEXT(verb), TEXT(subject_type), TEXT(subject_id),
                     INT_OR_NULL(who == NULL ? 0 : who->user_id),
                     TEXT(who == NULL ? NULL : who->token_id), TEXT(data == NULL ? "{}" : data),
                     INT(c->now));
}
