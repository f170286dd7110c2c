/* See task_guests.h. */
#include "model/task_guests.h"

#include "auth/caller.h"
#include "base/json.h"
#include "db/db.h"
#include "model/guest_link.h"
#include "model/id_list.h"
#include "model/task_owners.h"
#include "model/user_row.h"

enum { PEOPLE_TEXT_MAX = 128 * 1024 };

/* ---- shape ---- */

struct person {
    int64_t id;
    const char *first_name, *last_name;
};

static const struct field person_fields[] = {
    FIELD(person, id, INT, HIDDEN),
    FIELD(person, first_name, TEXT, HIDDEN),
    FIELD(person, last_name, TEXT, HIDDEN),
    { 0 },
};
static const struct shape person_shape = SHAPE(person, person_fields);

/* ---- SQL ---- */

static const char GUESTS[] =
    "SELECT user_id AS id FROM task_owners"
    " WHERE org_id = ? AND task_id = ? AND is_guest = 1 ORDER BY user_id";

/* 0 or 1. */
static const char OPEN_TASKS[] =
    "SELECT count(*) FROM"
    " (SELECT 1 FROM task_groups g JOIN tasks t ON t.org_id = g.org_id AND t.id = g.task_id"
    "   WHERE g.org_id = ? AND g.group_id = ? AND t.open = 1 AND t.archived_at IS NULL"
    "   LIMIT 1) AS o";

static const char NAMES[] =
    ID_LIST("?2")
    " SELECT u.id, " FIRST_NAME " AS first_name, " LAST_NAME " AS last_name"
    "   FROM ids CROSS JOIN members m CROSS JOIN users u"
    "  WHERE m.org_id = ?1 AND m.user_id = ids.id AND u.id = ids.id";

/* ---- private ---- */

static enum err tell(struct ctx *c, struct auth *auth, const struct id_set *guests)
{
    for (size_t i = 0; i < guests->count; i++)
        TRY(guest_link_mail(c, auth, guests->list[i]));
    return OK;
}

static bool has(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Adds those whom the task names to `ids`, as far as there is room; the starter for one that comes
 * through a group, so that there is somebody to ask. */
static enum err add_members(struct ctx *c, const struct task *t, int64_t ids[ID_LIST_MOST],
                            size_t *count)
{
    struct owners owners;

    TRY(owners_parse(c, t->owners, &owners));
    if (owners.count[OWNER_USER] == 0)
        owners_add(c, &owners, OWNER_USER, &(struct owner){ .id = t->starter_id });
    for (size_t i = 0; i < owners.count[OWNER_USER] && *count < ID_LIST_MOST; i++) {
        int64_t id = owners.list[OWNER_USER][i].id;

        if (!has(ids, *count, id))
            ids[(*count)++] = id;
    }
    return OK;
}

static const char *names_json(struct ctx *c, const struct person *people, size_t count)
{
    struct str out = str_in(c->mem, PEOPLE_TEXT_MAX);

    json_begin_list(&out);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&out);
        json_key_int(&out, "id", people[i].id);
        json_key_text(&out, "full_name",
                      user_full_name(c->mem, people[i].first_name, people[i].last_name));
        json_end_object(&out);
    }
    json_end_list(&out);
    return str_text(&out);
}

/* ---- operations ---- */

enum err task_guests_get(struct ctx *c, const char *task_id, struct id_set *out)
{
    struct person *rows;

    TRY(db_all(c, GUESTS, &person_shape, &rows, &out->count, TEXT(c->org), TEXT(task_id)));
    out->list = arena_new_n(c->mem, int64_t, out->count);
    for (size_t i = 0; i < out->count; i++)
        out->list[i] = rows[i].id;
    return OK;
}

enum err task_guests_tell(struct ctx *c, struct auth *auth, const char *task_id,
                          const struct id_set *before)
{
    struct id_set now;

    TRY(task_guests_get(c, task_id, &now));
    now = id_set_without(c->mem, &now, before);
    return tell(c, auth, &now);
}

enum err task_guests_tell_joined(struct ctx *c, struct auth *auth, const char *group_id,
                                 const struct id_set *joined)
{
    int64_t open;

    if (joined->count == 0)
        return OK;
    TRY(db_int(c, OPEN_TASKS, &open, TEXT(c->org), TEXT(group_id)));
    return open == 0 ? OK : tell(c, auth, joined);
}

enum err task_guests_view(struct ctx *c, struct task *tasks, size_t count, const char **people)
{
    int64_t ids[ID_LIST_MOST];
    struct person *rows;
    size_t named = 0, found;

    for (size_t i = 0; i < count; i++) {
        TRY(add_members(c, &tasks[i], ids, &named));
        if (c->caller->guest_id != 0)
            tasks[i].webhook = NULL;
    }
    TRY(db_all(c, NAMES, &person_shape, &rows, &found, TEXT(c->org),
               TEXT(id_list(c->mem, ids, named))));
    *people = names_json(c, rows, found);
    return OK;
}
