/* See group.h. An organization has a few hundred groups at most (GROUPS_MAX), so lists of them are
 * sorted and searched without indexes of their own. */
#include "model/group.h"

#include <stdlib.h>
#include <string.h>

#include "auth/caller.h"
#include "auth/event.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"
#include "model/guest.h"
#include "model/task.h"
#include "model/user.h"

enum {
    LIST_TEXT_MAX = 1024 * 1024, /* addresses of GROUP_PEOPLE_MAX guests */
    INCLUDED_MAX = 8 * 1024 * 1024,
    EVENT_DATA_MAX = 64 * 1024,
    FAULTS_MAX = 10, /* told of one list */
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

static const struct field input_fields[] = {
    FIELD(group_input, name, TEXT, REQUIRED, .max = 200, .note = "Unique in the organization."),
    FIELD(group_input, description, TEXT, OPTIONAL, .max = 2000),
    FIELD(group_input, logo, TEXT, NULLABLE, .max = 2000),
    FIELD(group_input, members, JSON, OPTIONAL, .note = "Ids of members; the whole list."),
    FIELD(group_input, guests, JSON, OPTIONAL, .note = "Addresses; the whole list."),
    { 0 },
};
const struct shape group_input_shape = SHAPE(group_input, input_fields);

static const struct field filter_fields[] = {
    FIELD(group_filter, q, TEXT, OPTIONAL, .max = 200),
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

/* Whether a member can be in a group. */
struct standing {
    int status; /* enum member_status */
    bool is_bot;
};

static const struct field standing_fields[] = {
    FIELD(standing, status, WORD, HIDDEN, .words = member_status_words),
    FIELD(standing, is_bot, BOOL, HIDDEN),
    { 0 },
};
static const struct shape standing_shape = SHAPE(standing, standing_fields);

/* ---- SQL ---- */

#define GROUP \
    "SELECT id, name, description, logo, created_at, updated_at AS last_updated FROM groups"

static const char GROUP_GET[] = GROUP " WHERE org_id = ? AND id = ?";

#define GROUP_MATCHES                                                    \
    " WHERE org_id = ?1"                                                 \
    "   AND (CAST(?2 AS TEXT) IS NULL OR name_folded LIKE ?2 ESCAPE '\\'" \
    "        OR description_folded LIKE ?2 ESCAPE '\\')"
#define GROUP_LIST(order) GROUP GROUP_MATCHES " ORDER BY " order " LIMIT ?3 OFFSET ?4"

static const struct list_statement lists[] = {
    { "created_at", GROUP_LIST("created_at, id") },
    { "-created_at", GROUP_LIST("created_at DESC, id DESC") },
    { "updated_at", GROUP_LIST("updated_at, id") },
    { "-updated_at", GROUP_LIST("updated_at DESC, id DESC") },
    { "name", GROUP_LIST("name_folded, id") },
    { "-name", GROUP_LIST("name_folded DESC, id DESC") },
};

static const char GROUP_COUNT[] = "SELECT count(*) FROM groups" GROUP_MATCHES;

static const char GROUP_EXISTS[] = "SELECT count(*) FROM groups WHERE org_id = ? AND id = ?";

static const char NAME_OF_OTHER[] =
    "SELECT count(*) FROM groups WHERE org_id = ? AND name_folded = ? AND id <> ?";

static const char GROUP_INSERT[] =
    "INSERT INTO groups (org_id, id, name, name_folded, description, description_folded, logo,"
    "                    created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?8, ?8)";

/* Changes nothing, and makes whoever else would change the group wait. */
static const char GROUP_LOCK[] =
    "UPDATE groups SET updated_at = updated_at WHERE org_id = ? AND id = ?";

static const char GROUP_UPDATE[] =
    "UPDATE groups"
    "   SET name = ?, name_folded = ?, description = ?, description_folded = ?, logo = ?,"
    "       updated_at = ?"
    " WHERE org_id = ? AND id = ?";

static const char GROUP_DELETE[] = "DELETE FROM groups WHERE org_id = ? AND id = ?";

static const char PEOPLE[] =
    "SELECT p.person_id AS id, p.is_guest, g.email"
    "  FROM group_people p"
    "  LEFT JOIN guests g ON p.is_guest = 1 AND g.org_id = p.org_id AND g.id = p.person_id"
    " WHERE p.org_id = ? AND p.group_id = ?"
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
    " WHERE p.org_id = ? AND p.group_id = ? AND p.is_guest = 1"
    " ORDER BY g.id";

static const char PERSON_ADD[] =
    "INSERT INTO group_people (org_id, group_id, person_id, is_guest) VALUES (?, ?, ?, ?)";

static const char PERSON_REMOVE[] =
    "DELETE FROM group_people WHERE org_id = ? AND group_id = ? AND person_id = ?";

static const char PEOPLE_DELETE[] = "DELETE FROM group_people WHERE org_id = ? AND group_id = ?";

/* Those of people whose ids lie near to each other, as on a page of a list of people. */
static const char PLACES[] =
    "SELECT person_id, group_id FROM group_people"
    " WHERE org_id = ? AND person_id >= ? AND person_id <= ?"
    " ORDER BY person_id, group_id";

static const char STANDING[] =
    "SELECT status, is_bot FROM members"
    " WHERE org_id = ? AND user_id = ? AND deleted_at IS NULL";

static const char PEOPLE_LIMIT[] =
    "SELECT maximum_group_assignment_limit FROM organizations WHERE id = ?";

/* ---- private: sets of people ---- */

/* Ids, ascending, none twice. */
struct ids {
    int64_t *list;
    size_t count;
};

static bool is_among(const struct ids *set, int64_t id)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->list[i] == id)
            return true;
    return false;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void order(struct ids *set)
{
    size_t n = 0;

    if (set->count == 0)
        return;
    qsort(set->list, set->count, sizeof(*set->list), compare_ids);
    for (size_t i = 1; i < set->count; i++)
        if (set->list[i] != set->list[n])
            set->list[++n] = set->list[i];
    set->count = n + 1;
}

static struct ids ids_of(struct ctx *c, const struct group_person *people, size_t count,
                         bool guests)
{
    struct ids set = { .list = arena_new_n(c->mem, int64_t, count + 1) };

    for (size_t i = 0; i < count; i++)
        if (people[i].is_guest == guests)
            set.list[set.count++] = people[i].id;
    return set;
}

/* Those of `all` who are not among the others; both ascend. */
static struct ids without(struct ctx *c, const struct ids *all, const struct ids *others)
{
    struct ids rest = { .list = arena_new_n(c->mem, int64_t, all->count + 1) };
    size_t k = 0;

    for (size_t i = 0; i < all->count; i++) {
        while (k < others->count && others->list[k] < all->list[i])
            k++;
        if (k == others->count || others->list[k] != all->list[i])
            rest.list[rest.count++] = all->list[i];
    }
    return rest;
}

/* What becomes of a group's people. */
struct change {
    struct ids members, guests; /* as they were; as they are wanted after reading the input */
    struct ids joined, joined_guests, left;
};

static enum err present_people(struct ctx *c, const char *id, struct change *out)
{
    struct group_person *people;
    size_t count;

    TRY(group_people(c, id, &people, &count));
    *out = (struct change){ .members = ids_of(c, people, count, false),
                            .guests = ids_of(c, people, count, true) };
    return OK;
}

/* The wanted ones take the place of those who are there. */
static void replace(struct ctx *c, struct ids *present, const struct ids *wanted,
                    struct ids *joined, struct ids *left)
{
    const struct ids gone = without(c, present, wanted);
    int64_t *all = arena_new_n(c->mem, int64_t, left->count + gone.count + 1);

    for (size_t i = 0; i < left->count; i++)
        all[i] = left->list[i];
    for (size_t i = 0; i < gone.count; i++)
        all[left->count + i] = gone.list[i];
    *left = (struct ids){ all, left->count + gone.count };
    *joined = without(c, wanted, present);
    *present = *wanted;
}

static bool nothing_changes(const struct change *p)
{
    return p->joined.count == 0 && p->joined_guests.count == 0 && p->left.count == 0;
}

/* ---- private: reading ---- */

static size_t length_of(const struct json *list)
{
    size_t n = 0;

    for (const struct json *v = list->first; v != NULL; v = v->next)
        n++;
    return n;
}

/* The list in an input; *given is false for none. */
static enum err read_list(struct ctx *c, const char *field, const char *text, struct json **list,
                          bool *given)
{
    *given = false;
    if (text == NULL)
        return OK;
    TRY(json_parse(c, text, strlen(text), list));
    if ((*list)->kind == J_NULL)
        return OK;
    if ((*list)->kind != J_LIST)
        fault(c, field, "The %s must be a list.", field);
    else if (length_of(*list) > GROUP_PEOPLE_MAX)
        fault(c, field, "A group can have %d %s at most.", GROUP_PEOPLE_MAX, field);
    else
        *given = true;
    return OK;
}

static const char *as_text(struct ctx *c, const struct json *v)
{
    struct str out = str_in(c->mem, 100);

    json_put_tree(&out, v);
    return str_ok(&out) ? str_text(&out) : "This";
}

/* Why somebody cannot be in a group; NULL: can be. ERR_NOT_FOUND for who is no member. */
static enum err obstacle(struct ctx *c, int64_t user_id, const char **why)
{
    struct standing s;

    TRY(db_one(c, STANDING, &standing_shape, &s, TEXT(c->org), INT(user_id)));
    *why = s.is_bot                      ? "is the bot, which is in no group" :
           s.status == MEMBER_DISABLED   ? "is disabled" :
           s.status == MEMBER_INVITED    ? "is invited and has not joined yet" :
                                           NULL;
    return OK;
}

static enum err check_member(struct ctx *c, int64_t user_id, int *faults)
{
    const char *why;
    enum err e = obstacle(c, user_id, &why);

    if (e == ERR_NOT_FOUND)
        why = "is no member of this organization";
    else if (e != OK)
        return e;
    if (why != NULL) {
        fault(c, "members", "%lld %s.", (long long)user_id, why);
        (*faults)++;
    }
    return OK;
}

static enum err read_members(struct ctx *c, const char *text, struct change *p)
{
    struct ids wanted = { 0 };
    struct json *list;
    int faults = 0;
    bool given;

    TRY(read_list(c, "members", text, &list, &given));
    if (!given)
        return OK;
    wanted.list = arena_new_n(c->mem, int64_t, length_of(list) + 1);
    for (const struct json *v = list->first; v != NULL && faults < FAULTS_MAX; v = v->next) {
        int64_t id;

        if (json_as_int(v, &id) && id > 0) {
            wanted.list[wanted.count++] = id;
        } else {
            fault(c, "members", "%s is no id of a member.", as_text(c, v));
            faults++;
        }
    }
    order(&wanted);
    replace(c, &p->members, &wanted, &p->joined, &p->left);
    for (size_t i = 0; i < p->joined.count && faults < FAULTS_MAX; i++)
        TRY(check_member(c, p->joined.list[i], &faults));
    return OK;
}

static enum err read_guests(struct ctx *c, struct auth *auth, const char *text, struct change *p)
{
    struct ids wanted = { 0 };
    struct json *list;
    bool given;

    TRY(read_list(c, "guests", text, &list, &given));
    if (!given)
        return OK;
    wanted.list = arena_new_n(c->mem, int64_t, length_of(list) + 1);
    for (const struct json *v = list->first; v != NULL; v = v->next) {
        int64_t id = 0;

        if (v->kind == J_TEXT)
            TRY(guest_need(c, auth, "guests", text_trim(c->mem, v->text), &id));
        else
            fault(c, "guests", "%s is no address of a guest.", as_text(c, v));
        if (id != 0)
            wanted.list[wanted.count++] = id;
    }
    order(&wanted);
    replace(c, &p->guests, &wanted, &p->joined_guests, &p->left);
    return OK;
}

/* A group that has become too large by a lower limit may still shrink. */
static enum err check_size(struct ctx *c, const struct change *p)
{
    const size_t size = p->members.count + p->guests.count;
    int64_t limit;

    if (p->joined.count == 0 && p->joined_guests.count == 0)
        return OK;
    TRY(db_int(c, PEOPLE_LIMIT, &limit, TEXT(c->org)));
    if (limit == 0 || limit > GROUP_PEOPLE_MAX)
        limit = GROUP_PEOPLE_MAX;
    if (size > (size_t)limit)
        fault(c, p->joined.count > 0 ? "members" : "guests",
              "A group can have %lld people at most, members and guests together.",
              (long long)limit);
    return OK;
}

static enum err check_name(struct ctx *c, const char *id, const char *name)
{
    const char *folded;
    int64_t n;

    if (name == NULL)
        return OK;
    folded = text_fold(c->mem, name);
    TRY(db_int(c, NAME_OF_OTHER, &n, TEXT(c->org), TEXT(folded), TEXT(id)));
    if (folded[0] == '\0')
        fault(c, "name", "The name must hold something that is seen.");
    else if (n > 0)
        fault(c, "name", "There is a group with this name already.");
    return OK;
}

/* Checks an input, all of it; *p is what it makes of the people. */
static enum err read_input(struct ctx *c, struct auth *auth, const char *id,
                           const struct group_input *in, struct change *p)
{
    TRY(present_people(c, id, p));
    TRY(check_name(c, id, in->name));
    TRY(read_members(c, in->members, p));
    TRY(read_guests(c, auth, in->guests, p));
    TRY(check_size(c, p));
    return fields_ok(c);
}

/* ---- private: writing ---- */

static enum err lock(struct ctx *c, const char *id)
{
    int64_t n;

    TRY(db_change_n(c, GROUP_LOCK, &n, TEXT(c->org), TEXT(id)));
    return n == 1 ? OK : ERR_NOT_FOUND;
}

static enum err write_row(struct ctx *c, const char *id, const struct group_input *in)
{
    const char *description = in->description == NULL ? "" : in->description;

    return db_change_one(c, GROUP_UPDATE, TEXT(in->name), TEXT(text_fold(c->mem, in->name)),
                         TEXT(description), TEXT(text_fold(c->mem, description)), TEXT(in->logo),
                         INT(c->now), TEXT(c->org), TEXT(id));
}

static enum err add_people(struct ctx *c, const char *id, const struct ids *who, bool guests)
{
    for (size_t i = 0; i < who->count; i++)
        TRY(db_change(c, PERSON_ADD, TEXT(c->org), TEXT(id), INT(who->list[i]), INT(guests)));
    return OK;
}

static enum err write_people(struct ctx *c, const char *id, const struct change *p)
{
    if (nothing_changes(p))
        return OK;
    TRY(add_people(c, id, &p->joined, false));
    TRY(add_people(c, id, &p->joined_guests, true));
    for (size_t i = 0; i < p->left.count; i++)
        TRY(db_change(c, PERSON_REMOVE, TEXT(c->org), TEXT(id), INT(p->left.list[i])));
    return task_group_changed(c, id);
}

static void put_ids(struct str *out, const char *key, const struct ids *a, const struct ids *b)
{
    json_key(out, key);
    json_begin_list(out);
    for (size_t i = 0; i < a->count; i++)
        json_put_int(out, a->list[i]);
    for (size_t i = 0; b != NULL && i < b->count; i++)
        json_put_int(out, b->list[i]);
    json_end_list(out);
}

/* The name is told too, since the group may be gone when the log is read. */
static enum err record(struct ctx *c, const char *verb, const char *id, const char *name,
                       const struct change *p)
{
    struct str data = str_in(c->mem, EVENT_DATA_MAX);

    json_begin_object(&data);
    json_key_text(&data, "title", name);
    if (p != NULL && !nothing_changes(p)) {
        put_ids(&data, "joined", &p->joined, &p->joined_guests);
        put_ids(&data, "left", &p->left, NULL);
    }
    json_end_object(&data);
    return event_record(c, verb, "group", id, str_text(&data));
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Writes what differs from the group as it was. */
static enum err write_change(struct ctx *c, const struct group *was, const struct group_input *in,
                             const struct change *p)
{
    if (same_text(was->name, in->name) && same_text(was->description, in->description) &&
        same_text(was->logo, in->logo) && nothing_changes(p))
        return OK;
    TRY(write_row(c, was->id, in));
    TRY(write_people(c, was->id, p));
    return record(c, "updated", was->id, in->name, p);
}

/* One person joins or leaves. */
static enum err change_people(struct ctx *c, const char *id, const struct change *p,
                              struct group *out)
{
    struct group_input in = group_input_of(out);

    TRY(write_change(c, out, &in, p));
    return group_get(c, id, out);
}

/* ---- private: answers ---- */

/* Fills the lists of ids and addresses. */
static enum err load_people(struct ctx *c, struct group *group)
{
    struct str members = str_in(c->mem, LIST_TEXT_MAX), guests = str_in(c->mem, LIST_TEXT_MAX);
    struct group_person *people;
    size_t count;

    TRY(group_people(c, group->id, &people, &count));
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

static const char *included(struct ctx *c, const struct shape *shape, const void *records,
                            size_t count)
{
    struct str out = str_in(c->mem, INCLUDED_MAX);

    json_begin_object(&out);
    json_key(&out, "data");
    json_begin_list(&out);
    for (size_t i = 0; i < count; i++)
        shape_write(&out, shape, (const char *)records + i * shape->size);
    json_end_list(&out);
    json_end_object(&out);
    return str_text(&out);
}

/* ---- operations ---- */

enum err group_list(struct ctx *c, const struct group_filter *filter, int64_t limit,
                    int64_t offset, struct group **out, size_t *count, int64_t *total)
{
    const char *like = filter->q == NULL ? NULL : text_like(c->mem, text_fold(c->mem, filter->q));
    const char *sql =
        list_statement(c->mem, &filter->order, lists, sizeof(lists) / sizeof(lists[0]));

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
        groups[i].users = included(c, &user_brief_shape, users, n);
    }
    return OK;
}

enum err group_load_guests(struct ctx *c, struct group *groups, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct guest *guests;
        size_t n;

        TRY(db_all(c, GUESTS, &guest_brief_shape, &guests, &n, TEXT(c->org),
                   TEXT(groups[i].id)));
        groups[i].guests = included(c, &guest_brief_shape, guests, n);
    }
    return OK;
}

struct group_input group_input_of(const struct group *group)
{
    return (struct group_input){
        .name = group->name,
        .description = group->description,
        .logo = group->logo,
    };
}

enum err group_create(struct ctx *c, struct auth *auth, const struct group_input *in,
                      struct group *out)
{
    const char *id = id_new(c->mem, c->now);
    const char *description = in->description == NULL ? "" : in->description;
    struct change p;
    int64_t n;

    TRY(db_int(c, GROUP_COUNT, &n, TEXT(c->org), TEXT(NULL)));
    if (n >= GROUPS_MAX)
        fault(c, "name", "An organization can have %d groups at most.", GROUPS_MAX);
    TRY(read_input(c, auth, id, in, &p));
    TRY(db_change(c, GROUP_INSERT, TEXT(c->org), TEXT(id), TEXT(in->name),
                  TEXT(text_fold(c->mem, in->name)), TEXT(description),
                  TEXT(text_fold(c->mem, description)), TEXT(in->logo), INT(c->now)));
    TRY(write_people(c, id, &p));
    TRY(record(c, "created", id, in->name, &p));
    return group_get(c, id, out);
}

enum err group_update(struct ctx *c, struct auth *auth, const char *id,
                      const struct group_input *in, struct group *out)
{
    struct change p;

    TRY(lock(c, id));
    TRY(group_get(c, id, out));
    TRY(read_input(c, auth, id, in, &p));
    TRY(write_change(c, out, in, &p));
    return group_get(c, id, out);
}

enum err group_delete(struct ctx *c, const char *id)
{
    struct group group;

    TRY(lock(c, id));
    TRY(group_get(c, id, &group));
    TRY(task_group_removed(c, id));
    TRY(db_change(c, PEOPLE_DELETE, TEXT(c->org), TEXT(id)));
    TRY(db_change_one(c, GROUP_DELETE, TEXT(c->org), TEXT(id)));
    return record(c, "deleted", id, group.name, NULL);
}

/* Begins a change of one person: the group, locked, and who is in it. */
static enum err begin_change(struct ctx *c, const char *id, struct group *group,
                             struct change *p)
{
    TRY(lock(c, id));
    TRY(group_get(c, id, group));
    return present_people(c, id, p);
}

static struct ids only(struct ctx *c, int64_t id)
{
    struct ids one = { .list = arena_new(c->mem, int64_t), .count = 1 };

    one.list[0] = id;
    return one;
}

enum err group_add_member(struct ctx *c, const char *id, int64_t user_id, struct group *out)
{
    struct change p;
    const char *why;

    TRY(begin_change(c, id, out, &p));
    if (is_among(&p.members, user_id))
        return OK;
    TRY(obstacle(c, user_id, &why));
    if (why != NULL)
        return fail(c, ERR_INVALID, "members", "%lld %s.", (long long)user_id, why);
    p.joined = only(c, user_id);
    p.members.count++;
    TRY(check_size(c, &p));
    TRY(fields_ok(c));
    return change_people(c, id, &p, out);
}

enum err group_add_guest(struct ctx *c, struct auth *auth, const char *id, const char *email,
                         struct group *out)
{
    struct change p;
    int64_t guest_id;

    TRY(begin_change(c, id, out, &p));
    TRY(guest_need(c, auth, "email", email, &guest_id));
    TRY(fields_ok(c));
    if (is_among(&p.guests, guest_id))
        return OK;
    p.joined_guests = only(c, guest_id);
    p.guests.count++;
    TRY(check_size(c, &p));
    TRY(fields_ok(c));
    return change_people(c, id, &p, out);
}

enum err group_remove_member(struct ctx *c, const char *id, int64_t user_id, struct group *out)
{
    struct change p;

    TRY(begin_change(c, id, out, &p));
    if (is_among(&p.members, user_id))
        p.left = only(c, user_id);
    return change_people(c, id, &p, out);
}

enum err group_remove_guest(struct ctx *c, const char *id, const char *email, struct group *out)
{
    const char *wanted = text_fold_email(c->mem, email);
    struct group_person *people;
    struct change p = { 0 };
    size_t count;

    TRY(begin_change(c, id, out, &p));
    TRY(group_people(c, id, &people, &count));
    for (size_t i = 0; i < count; i++)
        if (people[i].is_guest && people[i].email != NULL &&
            strcmp(text_fold_email(c->mem, people[i].email), wanted) == 0)
            p.left = only(c, people[i].id);
    return change_people(c, id, &p, out);
}

/* ---- operations for other nouns ---- */

enum err group_exists(struct ctx *c, const char *id, bool *out)
{
    int64_t n;

    TRY(db_int(c, GROUP_EXISTS, &n, TEXT(c->org), TEXT(id)));
    *out = n == 1;
    return OK;
}

enum err group_people(struct ctx *c, const char *id, struct group_person **out, size_t *count)
{
    return db_all(c, PEOPLE, &person_shape, out, count, TEXT(c->org), TEXT(id));
}

enum err group_leave_all(struct ctx *c, int64_t person_id)
{
    struct place *places;
    size_t count;

    TRY(db_all(c, PLACES, &place_shape, &places, &count, TEXT(c->org), INT(person_id),
               INT(person_id)));
    for (size_t i = 0; i < count; i++) {
        const struct change p = { .left = only(c, person_id) };
        struct group group;

        TRY(lock(c, places[i].group_id));
        TRY(group_get(c, places[i].group_id, &group));
        TRY(change_people(c, group.id, &p, &group));
    }
    return OK;
}

/* A group in short. */
static enum err write_brief(struct ctx *c, const char *id, const char **out)
{
    struct str text = str_in(c->mem, INCLUDED_MAX);
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

/* What has been written of a group, for all others who are in it. */
struct brief {
    struct brief *next;
    const char *id, *text;
};

static enum err find_brief(struct ctx *c, struct brief **known, const char *id, const char **out)
{
    struct brief *b = *known;

    while (b != NULL && strcmp(b->id, id) != 0)
        b = b->next;
    if (b == NULL) {
        b = arena_new(c->mem, struct brief);
        b->id = id;
        TRY(write_brief(c, id, &b->text));
        b->next = *known;
        *known = b;
    }
    *out = b->text;
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

enum err group_load_of_people(struct ctx *c, const int64_t *ids, size_t count, const char **out)
{
    int64_t least = INT64_MAX, most = 0;
    struct brief *known = NULL;
    struct place *places;
    size_t n;

    for (size_t i = 0; i < count; i++) {
        least = ids[i] < least ? ids[i] : least;
        most = ids[i] > most ? ids[i] : most;
    }
    TRY(db_all(c, PLACES, &place_shape, &places, &n, TEXT(c->org), INT(least), INT(most)));
    for (size_t i = 0; i < count; i++) {
        struct str text = str_in(c->mem, INCLUDED_MAX);

        json_begin_object(&text);
        json_key(&text, "data");
        json_begin_list(&text);
        for (size_t k = first_place(places, n, ids[i]); k < n && places[k].person_id == ids[i];
             k++) {
            const char *brief;

            TRY(find_brief(c, &known, places[k].group_id, &brief));
            json_put_raw(&text, brief);
        }
        json_end_list(&text);
        json_end_object(&text);
        out[i] = str_text(&text);
    }
    return OK;
}
