/* Reading groups (group.h): lists of them, who is in them, what objects of people include of them.
 * An organization has a few hundred groups at most (GROUPS_MAX), so lists are sorted and searched
 * without indexes of their own. */
#include "model/group.h"

#include <stdlib.h>
#include <string.h>

#include "auth/caller.h"
#include "base/include.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"
#include "model/guest_row.h"
#include "model/id_list.h"
#include "model/user.h"

enum {
    LIST_TEXT_MAX = 1024 * 1024,    /* addresses of GROUP_PEOPLE_MAX guests */
    BRIEF_MAX = 2 * LIST_TEXT_MAX,
};

/* ---- shape ---- */

static const struct field group_fields[] = {
    FIELD(group, id, TEXT, READONLY),
    FIELD(group, name, TEXT, READONLY),
    FIELD(group, description, TEXT, READONLY),
    FIELD(group, logo, TEXT, READONLY_NULL),
    FIELD(group, members, JSON, READONLY, .note = "Ids of members."),
    FIELD(group, guests, JSON, READONLY, .note = "Addresses of guests."),
    FIELD(group, created_at, TIME, READONLY),
    FIELD(group, last_updated, TIME, READONLY),
    { 0 },
};
const struct shape group_shape = SHAPE(group, group_fields);

static const struct field filter_fields[] = {
    FIELD(group_filter, q, TEXT, OPTIONAL, .called = "search text", .max = 200),
    LIST_ORDER_FIELDS(group_filter),
    { 0 },
};
const struct shape group_filter_shape = SHAPE(group_filter, filter_fields);

static const struct field person_fields[] = {
    FIELD(group_person, id, INT, HIDDEN),
    FIELD(group_person, is_guest, BOOL, HIDDEN),
    FIELD(group_person, email, TEXT, HIDDEN),
    { 0 },
};
static const struct shape person_shape = SHAPE(group_person, person_fields);

/* Who is in which group. */
struct place {
    int64_t person_id;
    const char *group_id;
};

static const struct field place_fields[] = {
    FIELD(place, person_id, INT, HIDDEN),
    FIELD(place, group_id, TEXT, HIDDEN),
    { 0 },
};
static const struct shape place_shape = SHAPE(place, place_fields);

/* ---- SQL ---- */

#define GROUP \
    "SELECT id, name, description, logo, created_at, updated_at AS last_updated FROM groups"

static const char GROUP_GET[] = GROUP " WHERE org_id = ? AND id = ?";

#define GROUP_MATCHES                                                    \
    " WHERE org_id = ?1"                                                 \
    "   AND (CAST(?2 AS TEXT) IS NULL OR name_folded LIKE ?2 ESCAPE '\\'" \
    "        OR description_folded LIKE ?2 ESCAPE '\\')"
#define GROUP_LIST(order) GROUP GROUP_MATCHES " ORDER BY " order " LIMIT ?3 OFFSET ?4"

static const struct {
    const char *order, *sql;
} lists[] = {
    { "created_at", GROUP_LIST("created_at, id") },
    { "-created_at", GROUP_LIST("created_at DESC, id DESC") },
    { "updated_at", GROUP_LIST("updated_at, id") },
    { "-updated_at", GROUP_LIST("updated_at DESC, id DESC") },
    { "name", GROUP_LIST("name_folded, id") },
    { "-name", GROUP_LIST("name_folded DESC, id DESC") },
};

static const char GROUP_COUNT[] = "SELECT count(*) FROM groups" GROUP_MATCHES;

static const char GROUP_EXISTS[] = "SELECT count(*) FROM groups WHERE org_id = ? AND id = ?";

/* With the eyes of ?3: as a person who sees only guests they work with, or null. */
#define SEEN                                                                              \
    " AND (p.is_guest = 0 OR CAST(?3 AS BIGINT) IS NULL OR p.person_id IN (" GUESTS_OF("?3") "))"

static const char PEOPLE[] =
    "SELECT p.person_id AS id, p.is_guest, g.email"
    "  FROM group_people p"
    "  LEFT JOIN guests g ON p.is_guest = 1 AND g.org_id = p.org_id AND g.id = p.person_id"
    " WHERE p.org_id = ?1 AND p.group_id = ?2" SEEN
    " ORDER BY p.is_guest, p.person_id";

static const char USERS[] =
    "SELECT u.id, u.email, u.username, u.first_name, u.last_name, u.profile_pic, m.role, m.status"
    "  FROM group_people p"
    "  JOIN members m ON m.org_id = p.org_id AND m.user_id = p.person_id"
    "  JOIN users u ON u.id = m.user_id"
    " WHERE p.org_id = ? AND p.group_id = ? AND p.is_guest = 0"
    " ORDER BY u.id";

static const char GUESTS[] =
    "SELECT g.id, g.email, g.first_name, g.last_name"
    "  FROM group_people p JOIN guests g ON g.org_id = p.org_id AND g.id = p.person_id"
    " WHERE p.org_id = ?1 AND p.group_id = ?2 AND p.is_guest = 1" SEEN
    " ORDER BY g.id";

static const char PLACES[] =
    ID_LIST("?2")
    " SELECT p.person_id, p.group_id"
    "   FROM ids i CROSS JOIN group_people p"
    "  WHERE p.org_id = ?1 AND p.person_id = i.id"
    "  ORDER BY p.person_id, p.group_id";

/* Ids are digits and small letters, which every collation sorts as strcmp does. */
static const char GROUP_IDS[] = "SELECT id FROM groups WHERE org_id = ? ORDER BY id";

/* ---- private ---- */

/* Fills the lists of ids and addresses. */
static enum err load_people(struct ctx *c, struct group *group)
{
    struct str members = str_in(c->mem, LIST_TEXT_MAX), guests = str_in(c->mem, LIST_TEXT_MAX);
    struct group_person *people;
    size_t count;

    TRY(db_all(c, PEOPLE, &person_shape, &people, &count, TEXT(c->org), TEXT(group->id),
               INT_OR_NULL(guest_viewer(c))));
    json_begin_list(&members);
    json_begin_list(&guests);
    for (size_t i = 0; i < count; i++)
        if (people[i].is_guest)
            json_put_text(&guests, people[i].email);
        else
            json_put_int(&members, people[i].id);
    json_end_list(&members);
    json_end_list(&guests);
    group->members = str_text(&members);
    group->guests = str_text(&guests);
    return OK;
}

/* ---- operations ---- */

enum err group_list(struct ctx *c, const struct group_filter *filter, int64_t limit,
                    int64_t offset, struct group **out, size_t *count, int64_t *total)
{
    const char *like = text_search(c->mem, filter->q);
    const char *sql = LIST_ORDER_ROW(c->mem, &filter->order, lists)->sql;

    TRY(db_int(c, GROUP_COUNT, total, TEXT(c->org), TEXT(like)));
    TRY(db_all(c, sql, &group_shape, out, count, TEXT(c->org), TEXT(like), INT(limit),
               INT(offset)));
    for (size_t i = 0; i < *count; i++)
        TRY(load_people(c, &(*out)[i]));
    return OK;
}

enum err group_get(struct ctx *c, const char *id, struct group *out)
{
    *out = (struct group){ 0 };
    TRY(db_one(c, GROUP_GET, &group_shape, out, TEXT(c->org), TEXT(id)));
    return load_people(c, out);
}

enum err group_load_users(struct ctx *c, struct group *groups, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct user *users;
        size_t n;

        TRY(db_all(c, USERS, &user_brief_shape, &users, &n, TEXT(c->org), TEXT(groups[i].id)));
        for (size_t k = 0; k < n; k++)
            users[k].full_name = user_full_name(c->mem, users[k].first_name, users[k].last_name);
        TRY(include_list(c, &user_brief_shape, users, n, &groups[i].users));
    }
    return OK;
}

enum err group_load_guests(struct ctx *c, struct group *groups, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct guest *guests;
        size_t n;

        TRY(db_all(c, GUESTS, &guest_brief_shape, &guests, &n, TEXT(c->org), TEXT(groups[i].id),
                   INT_OR_NULL(guest_viewer(c))));
        TRY(include_list(c, &guest_brief_shape, guests, n, &groups[i].guests));
    }
    return OK;
}

enum err group_exists(struct ctx *c, const char *id, bool *out)
{
    int64_t n;

    TRY(db_int(c, GROUP_EXISTS, &n, TEXT(c->org), TEXT(id)));
    *out = n == 1;
    return OK;
}

enum err group_people(struct ctx *c, const char *id, struct group_person **out, size_t *count)
{
    return db_all(c, PEOPLE, &person_shape, out, count, TEXT(c->org), TEXT(id),
                  INT_OR_NULL(0));
}

/* A group in short. */
static enum err write_brief(struct ctx *c, const char *id, const char **out)
{
    struct str text = str_in(c->mem, BRIEF_MAX);
    struct group group;

    TRY(group_get(c, id, &group));
    json_begin_object(&text);
    json_key_text(&text, "id", group.id);
    json_key_text(&text, "name", group.name);
    json_key_text(&text, "logo", group.logo);
    json_key(&text, "members");
    json_put_raw(&text, group.members);
    json_key(&text, "guests");
    json_put_raw(&text, group.guests);
    json_end_object(&text);
    *out = str_text(&text);
    return OK;
}

/* What has been written of the groups, each once for all who are in it: texts[i] of groups[i], NULL
 * until somebody is. */
struct briefs {
    struct group *groups; /* by id */
    const char **texts;
    size_t count;
};

static int compare_ids(const void *id, const void *group)
{
    return strcmp(id, ((const struct group *)group)->id);
}

static enum err find_brief(struct ctx *c, const struct briefs *all, const char *id,
                           const char **out)
{
    const struct group *group =
        bsearch(id, all->groups, all->count, sizeof(*all->groups), compare_ids);
    const char **text;

    if (group == NULL)
        return fail(c, ERR_INTERNAL, NULL, "people are in the group %s, which is not there", id);
    text = &all->texts[group - all->groups];
    if (*text == NULL)
        TRY(write_brief(c, id, text));
    *out = *text;
    return OK;
}

/* The first of the places, which ascend by person, that is this person's or of somebody after. */
static size_t first_place(const struct place *places, size_t count, int64_t person_id)
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (places[middle].person_id < person_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum err load_of_some(struct ctx *c, const struct briefs *briefs, const int64_t *ids,
                             size_t count, const char **out)
{
    struct place *places;
    size_t n;

    TRY(db_all(c, PLACES, &place_shape, &places, &n, TEXT(c->org),
               TEXT(id_list(c->mem, ids, count))));
    for (size_t i = 0; i < count; i++) {
        struct str text = include_begin(c);

        json_begin_list(&text);
        for (size_t k = first_place(places, n, ids[i]);
             k < n && places[k].person_id == ids[i] && str_ok(&text); k++) {
            const char *brief = NULL;

            TRY(find_brief(c, briefs, places[k].group_id, &brief));
            json_put_raw(&text, brief);
        }
        json_end_list(&text);
        TRY(include_end(c, &text, &out[i]));
    }
    return OK;
}

enum err group_load_of_people(struct ctx *c, const int64_t *ids, size_t count, const char **out)
{
    struct briefs briefs;

    TRY(db_all(c, GROUP_IDS, &group_shape, &briefs.groups, &briefs.count, TEXT(c->org)));
    briefs.texts = arena_new_n(c->mem, const char *, briefs.count + 1);
    for (size_t i = 0; i < count; i += ID_LIST_MOST)
        TRY(load_of_some(c, &briefs, ids + i, count - i < ID_LIST_MOST ? count - i : ID_LIST_MOST,
                         out + i));
    return OK;
}
