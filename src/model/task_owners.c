/* See task_owners.h.
 *
 * Rows of task_owners are direct (the owners name the person) or not (one of the groups has them).
 * A change marks those who are no longer named as indirect, adds the new ones, and then lets the
 * rows follow the groups: who is neither named nor in a group goes, who is in one comes. Completed
 * tasks do not follow: whoever had them as a member of a group has had them. */
#include "model/task_owners.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "db/db.h"
#include "model/group.h"
#include "model/guest.h"
#include "model/id_list.h"
#include "model/task_parts.h"

enum {
    OWNERS_AT_ONCE = 8, /* in one statement */
    TASKS_AT_ONCE = 100,
    WRONG_MAX = 10, /* owners of one list that a refusal names */
};

/* ---- shape ---- */

static const struct field owner_fields[] = {
    FIELD(owner, id, INT, HIDDEN),
    FIELD(owner, name, TEXT, HIDDEN),
    { 0 },
};
static const struct shape owner_shape = SHAPE(owner, owner_fields);

/* What counting a task's people again finds out. */
static const struct field counts_fields[] = {
    FIELD(task, owner_count, INT, HIDDEN),
    FIELD(task, completed_owners, INT, HIDDEN),
    { 0 },
};
static const struct shape counts_shape = SHAPE(task, counts_fields);

/* The lists of the JSON, in the order of enum owner_kind. */
static const struct {
    const char *list, *field;
    const char *added, *removed; /* in the data of events */
    size_t max;
} kinds[OWNER_KINDS] = {
    { "users", "owners.users", "assigned", "unassigned", OWNERS_MAX },
    { "guests", "owners.guests", "assigned_guests", "unassigned_guests", OWNERS_MAX },
    { "groups", "owners.groups", "assigned_groups", "unassigned_groups", OWNER_GROUPS_MAX },
};

/* ---- SQL ---- */

static const char MEMBER_ASSIGNABLE[] =
    "SELECT 1 FROM members"
    " WHERE org_id = ? AND user_id = ? AND status = 'active' AND is_bot = 0";

static const char GUEST_BY_ADDRESS[] =
    "SELECT id, email AS name FROM guests"
    " WHERE org_id = ? AND email_folded = ? AND deleted_at IS NULL";

/* Whoever is named in a task that is done may be gone. */
static const char GUEST_NAMED[] =
    "SELECT id, email AS name FROM guests WHERE org_id = ? AND email_folded = ?";

static const char GUEST_BY_ID[] =
    "SELECT id, email AS name FROM guests WHERE org_id = ? AND id = ?";

/* One of these eight, else the starter. */
static const char KEEPER[] =
    "SELECT user_id FROM members"
    " WHERE org_id = ?1 AND user_id IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    "   AND status = 'active' AND is_bot = 0"
    " ORDER BY CASE WHEN user_id = ?2 THEN 1 ELSE 0 END, user_id LIMIT 1";

static const char DEFAULT_ADMIN[] =
    "SELECT user_id FROM members"
    " WHERE org_id = ? AND role = 'admin' AND status = 'active' AND is_default_admin = 1";

static const char DIRECT[] =
    "SELECT user_id AS id FROM task_owners WHERE org_id = ? AND task_id = ? AND direct = 1";

/* A new row is as the task is. */
#define ADD_ROW(person, is_guest, direct)                                                    \
    "INSERT INTO task_owners (org_id, user_id, task_id, is_guest, direct, done, open, due,"  \
    "                         completed_at, archived_at)"                                    \
    " SELECT t.org_id, " person ", t.id, " is_guest ", " direct ", 0, t.open, t.due,"        \
    "        t.completed_at, t.archived_at"

#define OR_NAME " ON CONFLICT (org_id, user_id, task_id) DO UPDATE SET direct = 1"

/* Adds those who are active members; the others are missing from the count. */
static const char ADD_MEMBERS[] =
    ADD_ROW("m.user_id", "0", "1")
    "   FROM tasks t JOIN members m ON m.org_id = t.org_id"
    "  WHERE t.org_id = ?1 AND t.id = ?2"
    "    AND m.user_id IN (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    "    AND m.status = 'active' AND m.is_bot = 0" OR_NAME;

static const char ADD_GUEST[] =
    ADD_ROW("g.id", "1", "1")
    "   FROM tasks t JOIN guests g ON g.org_id = t.org_id"
    "  WHERE t.org_id = ?1 AND t.id = ?2 AND g.id = ?3" OR_NAME;

static const char NO_LONGER_NAMED[] =
    "UPDATE task_owners SET direct = 0"
    " WHERE org_id = ?1 AND task_id = ?2 AND user_id IN (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

static const char ADD_GROUP[] =
    "INSERT INTO task_groups (org_id, group_id, task_id) VALUES (?, ?, ?)";

static const char REMOVE_GROUP[] =
    "DELETE FROM task_groups WHERE org_id = ? AND group_id = ? AND task_id = ?";

/* ---- SQL: a task's people follow its groups ---- */

static const char REMOVE_STRAYS[] =
    "DELETE FROM task_owners"
    " WHERE org_id = ?1 AND task_id = ?2 AND direct = 0 AND (open = 1 OR is_guest = 1)"
    "   AND NOT EXISTS (SELECT 1 FROM tasks a JOIN task_groups g"
    "                      ON g.org_id = a.org_id AND g.task_id = a.id"
    "                    JOIN group_people p"
    "                      ON p.org_id = g.org_id AND p.group_id = g.group_id"
    "                    WHERE a.org_id = ?1 AND a.id = ?2"
    "                      AND p.person_id = task_owners.user_id"
    "                      AND (p.is_guest = 0 OR a.allow_guest_owners = 1))";

static const char ADD_PEOPLE[] =
    ADD_ROW("p.person_id", "p.is_guest", "0")
    "   FROM tasks t JOIN task_groups g ON g.org_id = t.org_id AND g.task_id = t.id"
    "                JOIN group_people p ON p.org_id = g.org_id AND p.group_id = g.group_id"
    "  WHERE t.org_id = ?1 AND t.id = ?2 AND t.open = 1"
    "    AND (p.is_guest = 0 OR t.allow_guest_owners = 1)"
    " ON CONFLICT (org_id, user_id, task_id) DO NOTHING";

static const char COUNT_AGAIN[] =
    "UPDATE tasks"
    "   SET owner_count = (SELECT count(*) FROM task_owners o"
    "                       WHERE o.org_id = ?1 AND o.task_id = ?2 AND o.is_guest = 0),"
    "       completed_owners = (SELECT count(*) FROM task_owners o"
    "                            WHERE o.org_id = ?1 AND o.task_id = ?2 AND o.is_guest = 0"
    "                              AND o.done = 1)"
    " WHERE org_id = ?1 AND id = ?2 RETURNING owner_count, completed_owners";

/* ---- SQL: a group (?2) whose people (?3, see id_list.h) have joined or left ---- */

/* What people had through the group alone. */
#define LEAVING                                                                              \
    "  FROM task_owners AS k"                                                                \
    " WHERE k.org_id = ?1 AND k.user_id IN (SELECT id FROM ids) AND k.open = 1"              \
    "   AND k.direct = 0"                                                                    \
    "   AND k.task_id IN (SELECT s.task_id FROM task_groups s"                               \
    "                      WHERE s.org_id = ?1 AND s.group_id = ?2)"                         \
    "   AND NOT EXISTS (SELECT 1 FROM task_groups g JOIN group_people p"                     \
    "                      ON p.org_id = g.org_id AND p.group_id = g.group_id"               \
    "                    WHERE g.org_id = ?1 AND g.task_id = k.task_id"                      \
    "                      AND p.person_id = k.user_id)"

static const char TASKS_LOSING_PARTS[] =
    ID_LIST("?3") " SELECT DISTINCT k.task_id AS name" LEAVING " AND k.done = 1";

static const char COUNT_LEAVING[] =
    ID_LIST("?3")
    " UPDATE tasks"
    "    SET owner_count = owner_count - l.people,"
    "        completed_owners = completed_owners - l.finished"
    "   FROM (SELECT k.task_id, count(*) AS people, sum(k.done) AS finished" LEAVING
    "            AND k.is_guest = 0 GROUP BY k.task_id) AS l"
    "  WHERE tasks.org_id = ?1 AND tasks.id = l.task_id";

static const char REMOVE_LEAVING[] = ID_LIST("?3") " DELETE" LEAVING;

/* What people have now and did not before. */
#define JOINING                                                                              \
    "  FROM task_groups s JOIN tasks t ON t.org_id = s.org_id AND t.id = s.task_id"          \
    "                     JOIN group_people p"                                               \
    "                       ON p.org_id = s.org_id AND p.group_id = s.group_id"              \
    " WHERE s.org_id = ?1 AND s.group_id = ?2 AND t.open = 1"                                \
    "   AND p.person_id IN (SELECT id FROM ids)"                                             \
    "   AND (p.is_guest = 0 OR t.allow_guest_owners = 1)"                                    \
    "   AND NOT EXISTS (SELECT 1 FROM task_owners k"                                         \
    "                    WHERE k.org_id = ?1 AND k.user_id = p.person_id"                    \
    "                      AND k.task_id = s.task_id)"

static const char COUNT_JOINING[] =
    ID_LIST("?3")
    " UPDATE tasks SET owner_count = owner_count + j.people"
    "   FROM (SELECT s.task_id, count(*) AS people" JOINING
    "            AND p.is_guest = 0 GROUP BY s.task_id) AS j"
    "  WHERE tasks.org_id = ?1 AND tasks.id = j.task_id";

static const char ADD_JOINING[] =
    ID_LIST("?3") " " ADD_ROW("p.person_id", "p.is_guest", "0") JOINING;

/* ---- SQL: who has completed their part ---- */

static const char COMPLETIONS[] = "SELECT completions FROM tasks WHERE org_id = ? AND id = ?";

static const char FINISHED[] =
    "SELECT user_id AS id FROM task_owners"
    " WHERE org_id = ? AND task_id = ? AND done = 1 ORDER BY user_id";

static const char SET_COMPLETIONS[] =
    "UPDATE tasks SET completions = ? WHERE org_id = ? AND id = ?";

/* ---- lists ---- */

static bool same(const struct owner *a, const struct owner *b, enum owner_kind kind)
{
    return kind == OWNER_USER ? a->id == b->id : strcmp(a->name, b->name) == 0;
}

static size_t place_of(const struct owners *o, enum owner_kind kind, const struct owner *who)
{
    size_t i = 0;

    while (i < o->count[kind] && !same(&o->list[kind][i], who, kind))
        i++;
    return i;
}

bool owners_have(const struct owners *o, enum owner_kind kind, const struct owner *who)
{
    return place_of(o, kind, who) < o->count[kind];
}

void owners_add(struct ctx *c, struct owners *o, enum owner_kind kind, const struct owner *who)
{
    struct owner *list;

    if (owners_have(o, kind, who))
        return;
    /* Lists are short and grow by one or two after they were read. */
    list = arena_new_n(c->mem, struct owner, o->count[kind] + 1);
    if (o->count[kind] > 0)
        memcpy(list, o->list[kind], o->count[kind] * sizeof(*list));
    list[o->count[kind]++] = *who;
    o->list[kind] = list;
}

void owners_drop(struct ctx *c, struct owners *o, enum owner_kind kind, const struct owner *who)
{
    size_t gone = place_of(o, kind, who);
    struct owner *list;

    if (gone == o->count[kind])
        return;
    list = arena_new_n(c->mem, struct owner, o->count[kind]);
    memcpy(list, o->list[kind], gone * sizeof(*list));
    memcpy(list + gone, o->list[kind] + gone + 1, (o->count[kind] - gone - 1) * sizeof(*list));
    o->list[kind] = list;
    o->count[kind]--;
}

static void put_owner(struct str *out, enum owner_kind kind, const struct owner *who)
{
    if (kind == OWNER_USER)
        json_put_int(out, who->id);
    else
        json_put_text(out, who->name);
}

const char *owners_text(struct ctx *c, const struct owners *o)
{
    struct str text = str_in(c->mem, OWNERS_TEXT_MAX);

    json_begin_object(&text);
    for (int kind = 0; kind < OWNER_KINDS; kind++) {
        json_key(&text, kinds[kind].list);
        json_begin_list(&text);
        for (size_t i = 0; i < o->count[kind]; i++)
            put_owner(&text, (enum owner_kind)kind, &o->list[kind][i]);
        json_end_list(&text);
    }
    json_key(&text, "taskUrls");
    json_put_raw(&text, "[]");
    json_end_object(&text);
    assert(str_ok(&text)); /* addresses have at most 254 characters */
    return str_text(&text);
}

enum err owners_parse(struct ctx *c, const char *text, struct owners *out)
{
    struct json *in;

    *out = (struct owners){ 0 };
    TRY(json_parse(c, text, strlen(text), &in));
    for (int kind = 0; kind < OWNER_KINDS; kind++) {
        const struct json *list = json_get(in, kinds[kind].list);
        size_t n = 0;

        if (list == NULL || list->kind != J_LIST)
            continue;
        for (const struct json *v = list->first; v != NULL; v = v->next)
            n++;
        out->list[kind] = arena_new_n(c->mem, struct owner, n + 1);
        for (const struct json *v = list->first; v != NULL; v = v->next)
            out->list[kind][out->count[kind]++] =
                v->kind == J_INT ? (struct owner){ .id = v->integer } :
                                   (struct owner){ .name = v->text };
    }
    return OK;
}

/* Those of `a` who are not in `b`, of one kind. */
static struct owners without(struct ctx *c, const struct owners *a, const struct owners *b,
                             enum owner_kind kind)
{
    struct owners rest = { 0 };

    rest.list[kind] = arena_new_n(c->mem, struct owner, a->count[kind] + 1);
    for (size_t i = 0; i < a->count[kind]; i++)
        if (!owners_have(b, kind, &a->list[kind][i]))
            rest.list[kind][rest.count[kind]++] = a->list[kind][i];
    return rest;
}

static void write_those(struct str *data, const char *key, const struct owners *o,
                        const struct owners *but, enum owner_kind kind)
{
    json_key(data, key);
    json_begin_list(data);
    for (size_t i = 0; i < o->count[kind]; i++)
        if (!owners_have(but, kind, &o->list[kind][i]))
            put_owner(data, kind, &o->list[kind][i]);
    json_end_list(data);
}

void owners_write_difference(struct str *data, const struct owners *was, const struct owners *is)
{
    for (int kind = 0; kind < OWNER_KINDS; kind++) {
        if (kind != OWNER_USER && was->count[kind] == 0 && is->count[kind] == 0)
            continue;
        write_those(data, kinds[kind].added, is, was, (enum owner_kind)kind);
        write_those(data, kinds[kind].removed, was, is, (enum owner_kind)kind);
    }
}

/* ---- what a request wants ---- */

enum err owner_is_assignable(struct ctx *c, int64_t user_id, bool *out)
{
    int64_t found;
    enum err e = db_int(c, MEMBER_ASSIGNABLE, &found, TEXT(c->org), INT(user_id));

    *out = e == OK;
    return e == ERR_NOT_FOUND ? OK : e;
}

static const char *as_text(struct ctx *c, const struct json *v)
{
    struct str out = str_in(c->mem, 100);

    json_put_tree(&out, v);
    return str_ok(&out) ? str_text(&out) : "this";
}

/* The first element of a list of the input, NULL for one that is absent or wrong. */
static const struct json *first_of(struct ctx *c, const struct json *in, enum owner_kind kind)
{
    const struct json *list = json_get(in, kinds[kind].list);

    if (list == NULL || list->kind == J_NULL)
        return NULL;
    if (list->kind == J_LIST)
        return list->first;
    fault(c, kinds[kind].field, "The %s must be a list.", kinds[kind].list);
    return NULL;
}

/* Whether an input names anybody, or means to. */
static bool names_anybody(const struct json *in)
{
    for (int kind = 0; kind < OWNER_KINDS; kind++) {
        const struct json *list = json_get(in, kinds[kind].list);

        if (list != NULL && list->kind != J_NULL && (list->kind != J_LIST || list->first != NULL))
            return true;
    }
    return false;
}

/* Whether one more is read after so many of the list, right ones or not; else that is a fault. */
static bool has_room(struct ctx *c, const struct owners *o, enum owner_kind kind, size_t read)
{
    size_t people = o->count[OWNER_USER] + o->count[OWNER_GUEST];

    if (read < kinds[kind].max && (kind == OWNER_GROUP || people < kinds[kind].max))
        return true;
    fault(c, kinds[kind].field, "At most %d %s can be assigned.", (int)kinds[kind].max,
          kind == OWNER_GROUP ? "groups" : "people");
    return false;
}

static void read_users(struct ctx *c, const struct json *in, struct owners *out)
{
    size_t read = 0, wrong = 0;

    for (const struct json *v = first_of(c, in, OWNER_USER); v != NULL && wrong < WRONG_MAX;
         v = v->next) {
        struct owner who = { 0 };

        if (!has_room(c, out, OWNER_USER, read++))
            return;
        if (json_as_int(v, &who.id) && who.id > 0) {
            owners_add(c, out, OWNER_USER, &who);
            continue;
        }
        fault(c, kinds[OWNER_USER].field, "%s is no id of a member.", as_text(c, v));
        wrong++;
    }
}

/* The guest with this address as it is stored. A new one is made only for those who may. */
static enum err find_guest(struct ctx *c, struct auth *auth, const char *address,
                           const struct owners *before, struct owner *out)
{
    const char *folded = text_fold_email(c->mem, address);
    int64_t id;
    enum err e;

    *out = (struct owner){ 0 };
    e = db_one(c, GUEST_BY_ADDRESS, &owner_shape, out, TEXT(c->org), TEXT(folded));
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && owners_have(before, OWNER_GUEST, out))
        return OK;
    TRY(guest_need(c, auth, kinds[OWNER_GUEST].field, address, &id));
    if (id == 0) {
        out->id = 0;
        return OK;
    }
    return db_one(c, GUEST_BY_ID, &owner_shape, out, TEXT(c->org), INT(id));
}

static enum err read_guests(struct ctx *c, struct auth *auth, const struct json *in,
                            const struct owners *before, struct owners *out)
{
    size_t read = 0, wrong = 0;

    for (const struct json *v = first_of(c, in, OWNER_GUEST); v != NULL && wrong < WRONG_MAX;
         v = v->next) {
        struct owner who;

        if (!has_room(c, out, OWNER_GUEST, read++))
            break;
        if (v->kind != J_TEXT) {
            fault(c, kinds[OWNER_GUEST].field, "%s is no e-mail address.", as_text(c, v));
            wrong++;
            continue;
        }
        TRY(find_guest(c, auth, v->text, before, &who));
        if (who.id != 0)
            owners_add(c, out, OWNER_GUEST, &who);
        else
            wrong++;
    }
    return OK;
}

static enum err read_groups(struct ctx *c, const struct json *in, struct owners *out)
{
    size_t read = 0, wrong = 0;

    for (const struct json *v = first_of(c, in, OWNER_GROUP); v != NULL && wrong < WRONG_MAX;
         v = v->next) {
        struct owner group = { .name = v->kind == J_TEXT ? v->text : NULL };
        bool exists = false;

        if (!has_room(c, out, OWNER_GROUP, read++))
            break;
        if (group.name != NULL)
            TRY(group_exists(c, group.name, &exists));
        if (exists) {
            owners_add(c, out, OWNER_GROUP, &group);
            continue;
        }
        fault(c, kinds[OWNER_GROUP].field, "There is no group %s.", as_text(c, v));
        wrong++;
    }
    return OK;
}

/* How many people, each once, would have a task. */
struct crowd {
    int64_t members, guests;
};

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct group_person *)a)->id, y = ((const struct group_person *)b)->id;

    return (x > y) - (x < y);
}

/* All people of the groups that the task would let in, with those who are named, in any order. */
static enum err everybody_of(struct ctx *c, const struct task *t, const struct owners *o,
                             struct group_person **out, size_t *count)
{
    size_t named = o->count[OWNER_USER] + o->count[OWNER_GUEST], n = 0, total = named;
    struct group_person **people = arena_new_n(c->mem, struct group_person *, OWNER_GROUPS_MAX);
    size_t *counts = arena_new_n(c->mem, size_t, OWNER_GROUPS_MAX);
    struct group_person *all;

    for (size_t i = 0; i < o->count[OWNER_GROUP]; i++) {
        TRY(group_people(c, o->list[OWNER_GROUP][i].name, &people[i], &counts[i]));
        total += counts[i];
    }
    all = arena_new_n(c->mem, struct group_person, total + 1);
    for (int kind = OWNER_USER; kind <= OWNER_GUEST; kind++)
        for (size_t i = 0; i < o->count[kind]; i++)
            all[n++] = (struct group_person){ .id = o->list[kind][i].id,
                                              .is_guest = kind == OWNER_GUEST };
    for (size_t g = 0; g < o->count[OWNER_GROUP]; g++)
        for (size_t i = 0; i < counts[g]; i++)
            if (!people[g][i].is_guest || t->allow_guest_owners)
                all[n++] = people[g][i];
    *out = all;
    *count = n;
    return OK;
}

static enum err count_crowd(struct ctx *c, const struct task *t, const struct owners *o,
                            struct crowd *out)
{
    struct group_person *all;
    size_t n;

    *out = (struct crowd){ (int64_t)o->count[OWNER_USER], (int64_t)o->count[OWNER_GUEST] };
    if (o->count[OWNER_GROUP] == 0)
        return OK;
    *out = (struct crowd){ 0 };
    TRY(everybody_of(c, t, o, &all, &n));
    qsort(all, n, sizeof(*all), by_id);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || all[i].id != all[i - 1].id)
            *(all[i].is_guest ? &out->guests : &out->members) += 1;
    return OK;
}

/* The i-th member of a list as an argument; nobody is null. */
static struct db_arg member_arg(const struct owners *o, size_t i)
{
    return INT_OR_NULL(o != NULL && i < o->count[OWNER_USER] ? o->list[OWNER_USER][i].id : 0);
}

#define MEMBER_ARGS(o, i)                                                                        \
    member_arg(o, i), member_arg(o, (i) + 1), member_arg(o, (i) + 2), member_arg(o, (i) + 3),    \
        member_arg(o, (i) + 4), member_arg(o, (i) + 5), member_arg(o, (i) + 6),                  \
        member_arg(o, (i) + 7)
static_assert(OWNERS_AT_ONCE == 8, "the statements and MEMBER_ARGS name eight");

enum err owners_keep_member(struct ctx *c, const struct task *t, const struct owners *before,
                            struct owners *o)
{
    struct owner keeper = { 0 };
    struct crowd crowd;
    enum err e;

    if (o->count[OWNER_USER] > 0)
        return OK;
    TRY(count_crowd(c, t, o, &crowd));
    if (crowd.members > 0 || (crowd.guests == 0 && o->count[OWNER_GROUP] > 0))
        return OK;
    e = db_int(c, KEEPER, &keeper.id, TEXT(c->org), INT(t->starter_id), MEMBER_ARGS(before, 0));
    if (e == ERR_NOT_FOUND)
        e = db_int(c, DEFAULT_ADMIN, &keeper.id, TEXT(c->org));
    TRY(e);
    owners_add(c, o, OWNER_USER, &keeper);
    return OK;
}

/* A task that takes no guests keeps those it has, as long as nothing else is said. */
static void check_guests(struct ctx *c, const struct task *was, const struct task *is,
                         const struct owners *before, const struct owners *o)
{
    struct owners added = without(c, o, before, OWNER_GUEST);

    if (is->allow_guest_owners || o->count[OWNER_GUEST] == 0)
        return;
    if (added.count[OWNER_GUEST] > 0 || (was != NULL && was->allow_guest_owners))
        fault(c, kinds[OWNER_GUEST].field,
              "The task takes no guests, since allow_guest_owners is false.");
}

static enum err check_limit(struct ctx *c, const struct task *t, const struct owners *o)
{
    struct crowd crowd;

    if (t->max_assignable == 0)
        return OK;
    TRY(count_crowd(c, t, o, &crowd));
    if (crowd.members + crowd.guests > t->max_assignable)
        fault(c, "owners", "At most %d people can be assigned to this task, and these are %d.",
              (int)t->max_assignable, (int)(crowd.members + crowd.guests));
    return OK;
}

/* Names those who cannot be assigned. */
static enum err refuse_strangers(struct ctx *c, const struct owners *o)
{
    for (size_t i = 0; i < o->count[OWNER_USER]; i++) {
        int64_t id = o->list[OWNER_USER][i].id;
        bool assignable;

        TRY(owner_is_assignable(c, id, &assignable));
        if (!assignable)
            fault(c, kinds[OWNER_USER].field,
                  "%lld is no active member of this organization.", (long long)id);
    }
    return fields_ok(c);
}

static bool same_people(const struct task *was, const struct task *is)
{
    return was != NULL && strcmp(was->owners, is->owners) == 0 &&
           was->max_assignable == is->max_assignable &&
           was->allow_guest_owners == is->allow_guest_owners;
}

enum err owners_read(struct ctx *c, struct auth *auth, const struct task *was, struct task *is,
                     struct owners *out)
{
    struct owners before = { 0 }, added;
    struct json *in;

    if (was != NULL)
        TRY(owners_parse(c, was->owners, &before));
    *out = before;
    if (same_people(was, is))
        return fields_ok(c);
    *out = (struct owners){ 0 };
    TRY(json_parse(c, is->owners, strlen(is->owners), &in));
    if (in->kind != J_OBJECT) {
        fault(c, "owners", "The owners must be an object with the lists users, guests and groups.");
        return fields_ok(c);
    }
    read_users(c, in, out);
    TRY(read_guests(c, auth, in, &before, out));
    TRY(read_groups(c, in, out));
    if (names_anybody(in))
        TRY(owners_keep_member(c, is, &before, out));
    else
        fault(c, "owners", "At least one person must be assigned.");
    check_guests(c, was, is, &before, out);
    TRY(check_limit(c, is, out));
    is->owners = owners_text(c, out);
    is->owner_count = (int64_t)out->count[OWNER_USER];
    added = without(c, out, &before, OWNER_USER);
    /* Where all is well, adding them tells whether they are members. */
    return fields_ok(c) == OK ? OK : refuse_strangers(c, &added);
}

/* ---- the index ---- */

static enum err add_members(struct ctx *c, const struct task *t, const struct owners *added)
{
    int64_t found = 0;

    for (size_t i = 0; i < added->count[OWNER_USER]; i += OWNERS_AT_ONCE) {
        int64_t n;

        TRY(db_change_n(c, ADD_MEMBERS, &n, TEXT(c->org), TEXT(t->id), MEMBER_ARGS(added, i)));
        found += n;
    }
    if (found == (int64_t)added->count[OWNER_USER])
        return OK;
    TRY(refuse_strangers(c, added));
    return fail(c, ERR_INTERNAL, NULL, NULL); /* why else were they not added? */
}

static enum err remove_people(struct ctx *c, const struct task *t, const struct owners *gone)
{
    for (size_t i = 0; i < gone->count[OWNER_USER]; i += OWNERS_AT_ONCE)
        TRY(db_change(c, NO_LONGER_NAMED, TEXT(c->org), TEXT(t->id), MEMBER_ARGS(gone, i)));
    return OK;
}

/* Ids of guests who were read from a stored task. */
static enum err find_guest_ids(struct ctx *c, const struct owners *o, struct owners *people)
{
    for (size_t i = 0; i < o->count[OWNER_GUEST]; i++) {
        struct owner who = o->list[OWNER_GUEST][i];
        enum err e = OK;

        if (who.id == 0)
            e = db_one(c, GUEST_NAMED, &owner_shape, &who, TEXT(c->org),
                       TEXT(text_fold_email(c->mem, who.name)));
        if (e == OK)
            owners_add(c, people, OWNER_USER, &who);
        else if (e != ERR_NOT_FOUND)
            return e;
    }
    return OK;
}

/* Brings the direct rows to what is. Members and guests alike are people by their id here. */
static enum err change_people(struct ctx *c, const struct task *t, const struct owners *is)
{
    struct owners present = { 0 }, people = { 0 }, guests = { 0 }, members, added, gone;

    TRY(db_all(c, DIRECT, &owner_shape, &present.list[OWNER_USER], &present.count[OWNER_USER],
               TEXT(c->org), TEXT(t->id)));
    TRY(find_guest_ids(c, is, &guests));
    for (size_t i = 0; i < guests.count[OWNER_USER]; i++)
        owners_add(c, &people, OWNER_USER, &guests.list[OWNER_USER][i]);
    for (size_t i = 0; i < is->count[OWNER_USER]; i++)
        owners_add(c, &people, OWNER_USER, &is->list[OWNER_USER][i]);
    gone = without(c, &present, &people, OWNER_USER);
    members = without(c, is, &present, OWNER_USER);
    added = without(c, &guests, &present, OWNER_USER);
    TRY(remove_people(c, t, &gone));
    for (size_t i = 0; i < added.count[OWNER_USER]; i++)
        TRY(db_change(c, ADD_GUEST, TEXT(c->org), TEXT(t->id),
                      INT(added.list[OWNER_USER][i].id)));
    return add_members(c, t, &members);
}

static enum err change_groups(struct ctx *c, const struct task *t, const struct owners *was,
                              const struct owners *is)
{
    struct owners added = without(c, is, was, OWNER_GROUP);
    struct owners gone = without(c, was, is, OWNER_GROUP);

    for (size_t i = 0; i < gone.count[OWNER_GROUP]; i++)
        TRY(db_change(c, REMOVE_GROUP, TEXT(c->org), TEXT(gone.list[OWNER_GROUP][i].name),
                      TEXT(t->id)));
    for (size_t i = 0; i < added.count[OWNER_GROUP]; i++)
        TRY(db_change(c, ADD_GROUP, TEXT(c->org), TEXT(added.list[OWNER_GROUP][i].name),
                      TEXT(t->id)));
    return OK;
}

/* Of a task that somebody has left, forgets the completions of those who do not have it now. */
static enum err forget_parts(struct ctx *c, const char *task_id)
{
    struct id_set finished = { 0 };
    struct owner *rows;
    struct parts parts;
    const char *text;
    size_t kept = 0;

    TRY(db_all(c, FINISHED, &owner_shape, &rows, &finished.count, TEXT(c->org), TEXT(task_id)));
    finished.list = arena_new_n(c->mem, int64_t, finished.count + 1);
    for (size_t i = 0; i < finished.count; i++)
        finished.list[i] = rows[i].id;
    TRY(db_text(c, COMPLETIONS, &text, TEXT(c->org), TEXT(task_id)));
    TRY(parts_read(c, text, &parts));
    for (size_t i = 0; i < parts.count; i++) {
        if (!id_set_has(&finished, parts.list[i].user_id))
            continue;
        parts.list[kept] = parts.list[i];
        parts.when[kept++] = parts.when[i];
    }
    if (kept == parts.count)
        return OK;
    parts.count = kept;
    TRY(parts_write(c, &parts, &text));
    return db_change_one(c, SET_COMPLETIONS, TEXT(text), TEXT(c->org), TEXT(task_id));
}

enum err owners_follow(struct ctx *c, struct task *t, const struct owners *o)
{
    TRY(db_change(c, REMOVE_STRAYS, TEXT(c->org), TEXT(t->id)));
    if (o->count[OWNER_GROUP] > 0)
        TRY(db_change(c, ADD_PEOPLE, TEXT(c->org), TEXT(t->id)));
    if (strcmp(t->completions, PARTS_NONE) != 0) {
        TRY(forget_parts(c, t->id));
        TRY(db_text(c, COMPLETIONS, &t->completions, TEXT(c->org), TEXT(t->id)));
    }
    return db_one(c, COUNT_AGAIN, &counts_shape, t, TEXT(c->org), TEXT(t->id));
}

/* Tasks that somebody leaves who has completed their part. */
struct losing {
    struct owner *tasks; /* their names are the tasks' ids */
    size_t count, done;
};

static enum err forget_some(struct ctx *c, void *arg)
{
    struct losing *l = arg;

    for (int n = 0; n < TASKS_AT_ONCE && l->done < l->count; n++)
        TRY(forget_parts(c, l->tasks[l->done++].name));
    return OK;
}

static enum err leave(struct ctx *c, const char *group_id, const char *people)
{
    struct losing l = { 0 };

    TRY(db_all(c, TASKS_LOSING_PARTS, &owner_shape, &l.tasks, &l.count, TEXT(c->org),
               TEXT(group_id), TEXT(people)));
    TRY(db_change(c, COUNT_LEAVING, TEXT(c->org), TEXT(group_id), TEXT(people)));
    TRY(db_change(c, REMOVE_LEAVING, TEXT(c->org), TEXT(group_id), TEXT(people)));
    while (l.done < l.count)
        TRY(ctx_aside(c, forget_some, &l));
    return OK;
}

static enum err join(struct ctx *c, const char *group_id, const char *people)
{
    TRY(db_change(c, COUNT_JOINING, TEXT(c->org), TEXT(group_id), TEXT(people)));
    return db_change(c, ADD_JOINING, TEXT(c->org), TEXT(group_id), TEXT(people));
}

static enum err in_lots(struct ctx *c, const char *group_id, const struct id_set *people,
                        enum err (*fn)(struct ctx *c, const char *group_id, const char *people))
{
    for (size_t i = 0; i < people->count; i += ID_LIST_MOST) {
        size_t n = people->count - i < ID_LIST_MOST ? people->count - i : ID_LIST_MOST;

        TRY(fn(c, group_id, id_list(c->mem, people->list + i, n)));
    }
    return OK;
}

enum err owners_follow_group(struct ctx *c, const char *group_id, const struct id_set *joined,
                             const struct id_set *left)
{
    TRY(in_lots(c, group_id, left, leave));
    return in_lots(c, group_id, joined, join);
}

enum err owners_enter(struct ctx *c, struct task *t, const struct owners *was,
                      const struct owners *is)
{
    static const struct owners nobody = { 0 };
    bool named_only = is->count[OWNER_GUEST] + is->count[OWNER_GROUP] == 0;

    /* Most new tasks name members and nobody else: nothing has to be looked up. */
    if (was == NULL && named_only)
        return add_members(c, t, is);
    TRY(change_people(c, t, is));
    TRY(change_groups(c, t, was == NULL ? &nobody : was, is));
    return owners_follow(c, t, is);
}
