/* See user_include.h. */
#include "model/user_include.h"

#include "base/include.h"
#include "db/db.h"
#include "model/group.h"
#include "model/id_list.h"
#include "model/org.h"
#include "model/preferences.h"
#include "model/profile.h"

/* ---- shape ---- */

/* Of templates and processes there are none. */
struct user_stats {
    int64_t id;
    int64_t steps_created, tasks_completed, processes_launched, checklists_created;
    int64_t last_step_created_at;
};

static const struct field stats_fields[] = {
    FIELD(user_stats, id, INT, HIDDEN),
    FIELD(user_stats, steps_created, INT, READONLY),
    FIELD(user_stats, tasks_completed, INT, READONLY),
    FIELD(user_stats, processes_launched, INT, READONLY),
    FIELD(user_stats, checklists_created, INT, READONLY),
    FIELD(user_stats, last_step_created_at, TIME, READONLY),
    { 0 },
};
static const struct shape stats_shape = SHAPE(user_stats, stats_fields);

static const struct field org_brief_fields[] = {
    FIELD(org, id, TEXT, READONLY),
    FIELD(org, name, TEXT, READONLY),
    FIELD(org, slug, TEXT, READONLY),
    FIELD(org, org_logo, TEXT, READONLY_NULL),
    { 0 },
};
static const struct shape org_brief_shape = SHAPE(org, org_brief_fields);

/* ---- SQL ---- */

static const char STATS[] =
    ID_LIST("?2")
    " SELECT i.id, count(*) AS tasks_completed"
    "   FROM ids i CROSS JOIN task_owners o"
    "  WHERE o.org_id = ?1 AND o.user_id = i.id"
    "    AND o.archived_at IS NULL AND o.completed_at IS NOT NULL"
    "  GROUP BY i.id ORDER BY i.id";

/* ---- private ---- */

enum { ORGS_MOST = 100 };

static const int64_t *ids_of(struct ctx *c, const struct user *users, size_t count)
{
    int64_t *ids = arena_new_n(c->mem, int64_t, count + 1);

    for (size_t i = 0; i < count; i++)
        ids[i] = users[i].id;
    return ids;
}

static enum err stats_of_some(struct ctx *c, struct user *users, size_t count)
{
    struct user_stats *rows;
    size_t n;

    TRY(db_all(c, STATS, &stats_shape, &rows, &n, TEXT(c->org),
               TEXT(id_list(c->mem, ids_of(c, users, count), count))));
    for (size_t i = 0; i < count; i++) {
        struct user_stats stats = { 0 };

        for (size_t k = 0; k < n; k++)
            if (rows[k].id == users[i].id)
                stats = rows[k];
        TRY(include_one(c, &stats_shape, &stats, &users[i].stats));
    }
    return OK;
}

/* ---- operations ---- */

enum err user_include_stats(struct ctx *c, struct user *users, size_t count)
{
    for (size_t i = 0; c->org != NULL && i < count; i += ID_LIST_MOST)
        TRY(stats_of_some(c, users + i, count - i < ID_LIST_MOST ? count - i : ID_LIST_MOST));
    return OK;
}

enum err user_include_groups(struct ctx *c, struct user *users, size_t count)
{
    const char **groups = arena_new_n(c->mem, const char *, count + 1);

    if (c->org == NULL)
        return OK;
    TRY(group_load_of_people(c, ids_of(c, users, count), count, groups));
    for (size_t i = 0; i < count; i++)
        users[i].groups = groups[i];
    return OK;
}

/* What other organizations somebody is in is nobody else's business. */
enum err user_include_organizations(struct ctx *c, struct user *users, size_t count)
{
    const char *here = NULL;
    struct org org;

    if (c->org != NULL) {
        TRY(org_get(c, &org));
        TRY(include_list(c, &org_brief_shape, &org, 1, &here));
    }
    for (size_t i = 0; i < count; i++) {
        struct org *own;
        size_t n;
        int64_t total;

        users[i].organizations = here;
        if (users[i].id != c->caller->user_id)
            continue;
        TRY(org_list_of_user(c, users[i].id, c->caller->token_org, ORGS_MOST, 0, &own, &n,
                             &total));
        TRY(include_list(c, &org_brief_shape, own, n, &users[i].organizations));
    }
    return OK;
}

enum err user_include_preferences(struct ctx *c, struct user *users, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct preferences preferences;

        if (users[i].stored_preferences == NULL || !profile_may_open(c, &users[i]))
            continue;
        TRY(preferences_parse(c, users[i].stored_preferences, &preferences));
        TRY(include_one(c, &preferences_shape, &preferences, &users[i].preferences));
    }
    return OK;
}

enum err user_include_auth_methods(struct ctx *c, struct user *users, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (profile_may_open(c, &users[i]))
            users[i].auth_methods = users[i].password_hash == NULL ?
                                        "{\"data\":[]}" :
                                        "{\"data\":[{\"method\":\"native\"}]}";
    return OK;
}
