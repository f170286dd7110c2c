/* Changing groups. See group.h; how they are read is in group_list.c. */
#include "model/group.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/event.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "db/db.h"
#include "model/guest.h"
#include "model/id_set.h"
#include "model/task.h"
#include "model/task_guests.h"

enum {
    EVENT_DATA_MAX = 64 * 1024,
    FAULTS_MAX = 10, /* told of one list */
};

/* ---- shape ---- */

static const struct field input_fields[] = {
    FIELD(group_input, name, TEXT, REQUIRED, .max = 200, .note = "Unique in the organization."),
    FIELD(group_input, description, TEXT, OPTIONAL, .max = 2000),
    FIELD(group_input, logo, TEXT, NULLABLE, .max = 2000),
    FIELD(group_input, members, JSON, OPTIONAL, .note = "Ids of members; the whole list."),
    FIELD(group_input, guests, JSON, OPTIONAL, .note = "Addresses; the whole list."),
    { 0 },
};
const struct shape group_input_shape =
    SHAPE(group_input, input_fields, .answer = &group_shape);

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

static const char PERSON_ADD[] =
    "INSERT INTO group_people (org_id, group_id, person_id, is_guest) VALUES (?, ?, ?, ?)";

static const char PERSON_REMOVE[] =
    "DELETE FROM group_people WHERE org_id = ? AND group_id = ? AND person_id = ?";

static const char PEOPLE_DELETE[] = "DELETE FROM group_people WHERE org_id = ? AND group_id = ?";

static const char GROUPS_OF_ORG[] = "SELECT count(*) FROM groups WHERE org_id = ?";

static const char GROUPS_OF_PERSON[] =
    "SELECT group_id AS id FROM group_people WHERE org_id = ? AND person_id = ? ORDER BY group_id";

static const char STANDING[] =
    "SELECT status, is_bot FROM members"
    " WHERE org_id = ? AND user_id = ? AND deleted_at IS NULL";

static const char PEOPLE_LIMIT[] =
    "SELECT maximum_group_assignment_limit FROM organizations WHERE id = ?";

/* ---- private: who joins and who leaves ---- */

static struct id_set ids_of(struct ctx *c, const struct group_person *people, size_t count,
                            bool guests)
{
    struct id_set set = { .list = arena_new_n(c->mem, int64_t, count + 1) };

    for (size_t i = 0; i < count; i++)
        if (people[i].is_guest == guests)
            set.list[set.count++] = people[i].id;
    return set;
}

/* What becomes of a group's people. */
struct change {
    struct id_set members, guests; /* as they were; as they are wanted after reading the input */
    struct id_set joined, joined_guests, left, left_guests;
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
static void replace(struct ctx *c, struct id_set *present, const struct id_set *wanted,
                    struct id_set *joined, struct id_set *left)
{
    *joined = id_set_without(c->mem, wanted, present);
    *left = id_set_without(c->mem, present, wanted);
    *present = *wanted;
}

static bool nothing_changes(const struct change *p)
{
    return p->joined.count == 0 && p->joined_guests.count == 0 && p->left.count == 0 &&
           p->left_guests.count == 0;
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
    struct id_set wanted = { 0 };
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
    id_set_order(&wanted);
    replace(c, &p->members, &wanted, &p->joined, &p->left);
    for (size_t i = 0; i < p->joined.count && faults < FAULTS_MAX; i++)
        TRY(check_member(c, p->joined.list[i], &faults));
    return OK;
}

static enum err read_guests(struct ctx *c, struct auth *auth, const char *text, struct change *p)
{
    struct id_set wanted = { 0 };
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
    id_set_order(&wanted);
    replace(c, &p->guests, &wanted, &p->joined_guests, &p->left_guests);
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

/* The group's open tasks follow its people in the same step: not too many of both. */
static enum err check_work(struct ctx *c, const char *id, size_t members, size_t guests)
{
    int64_t most;

    if (members + guests <= 1)
        return OK;
    TRY(task_group_room(c, id, &most));
    if (members + guests > (size_t)most)
        fault(c, members > 0 ? "members" : "guests",
              "The group has so many open tasks that at most %lld can join or leave it at once: "
              "change fewer people at a time.", (long long)(most > 1 ? most : 1));
    return OK;
}

/* Everybody's browser loads it. */
static void check_logo(struct ctx *c, const char *logo)
{
    if (logo != NULL && !url_is_web(logo))
        fault(c, "logo", "The logo must be an address that begins with https:// or http://.");
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
    check_logo(c, in->logo);
    TRY(read_members(c, in->members, p));
    TRY(read_guests(c, auth, in->guests, p));
    TRY(check_size(c, p));
    TRY(check_work(c, id, p->joined.count + p->left.count,
                   p->joined_guests.count + p->left_guests.count));
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

static enum err add_people(struct ctx *c, const char *id, const struct id_set *who, bool guests)
{
    for (size_t i = 0; i < who->count; i++)
        TRY(db_change(c, PERSON_ADD, TEXT(c->org), TEXT(id), INT(who->list[i]), INT(guests)));
    return OK;
}

static enum err remove_people(struct ctx *c, const char *id, const struct id_set *who)
{
    for (size_t i = 0; i < who->count; i++)
        TRY(db_change(c, PERSON_REMOVE, TEXT(c->org), TEXT(id), INT(who->list[i])));
    return OK;
}

static enum err write_people(struct ctx *c, const char *id, const struct change *p)
{
    struct id_set joined, left;

    if (nothing_changes(p))
        return OK;
    TRY(add_people(c, id, &p->joined, false));
    TRY(add_people(c, id, &p->joined_guests, true));
    TRY(remove_people(c, id, &p->left));
    TRY(remove_people(c, id, &p->left_guests));
    joined = id_set_with(c->mem, &p->joined, &p->joined_guests);
    left = id_set_with(c->mem, &p->left, &p->left_guests);
    return task_group_changed(c, id, &joined, &left);
}

static void put_ids(struct str *out, const char *key, const struct id_set *a,
                    const struct id_set *b)
{
    json_key(out, key);
    json_begin_list(out);
    for (size_t i = 0; i < a->count; i++)
        json_put_int(out, a->list[i]);
    for (size_t i = 0; i < b->count; i++)
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
        put_ids(&data, "left", &p->left, &p->left_guests);
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

/* ---- operations ---- */

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

    TRY(db_int(c, GROUPS_OF_ORG, &n, TEXT(c->org)));
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
    TRY(task_guests_tell_joined(c, auth, id, &p.joined_guests));
    return group_get(c, id, out);
}

enum err group_delete(struct ctx *c, const char *id)
{
    struct group group;
    struct change p;

    TRY(lock(c, id));
    TRY(group_get(c, id, &group));
    TRY(present_people(c, id, &p));
    TRY(check_work(c, id, p.members.count, p.guests.count));
    TRY(fields_ok(c));
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

static struct id_set only(struct ctx *c, int64_t id)
{
    struct id_set one = { .list = arena_new(c->mem, int64_t), .count = 1 };

    one.list[0] = id;
    return one;
}

enum err group_add_member(struct ctx *c, const char *id, int64_t user_id, struct group *out)
{
    struct change p;
    const char *why;

    TRY(begin_change(c, id, out, &p));
    if (id_set_has(&p.members, user_id))
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
    if (id_set_has(&p.guests, guest_id))
        return OK;
    p.joined_guests = only(c, guest_id);
    p.guests.count++;
    TRY(check_size(c, &p));
    TRY(fields_ok(c));
    TRY(change_people(c, id, &p, out));
    return task_guests_tell_joined(c, auth, id, &p.joined_guests);
}

enum err group_remove_member(struct ctx *c, const char *id, int64_t user_id, struct group *out)
{
    struct change p;

    TRY(begin_change(c, id, out, &p));
    if (id_set_has(&p.members, user_id))
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
            p.left_guests = only(c, people[i].id);
    return change_people(c, id, &p, out);
}

enum err group_leave_all(struct ctx *c, int64_t person_id)
{
    struct group *groups;
    size_t count;

    TRY(db_all(c, GROUPS_OF_PERSON, &group_shape, &groups, &count, TEXT(c->org),
               INT(person_id)));
    for (size_t i = 0; i < count; i++) {
        const struct change p = { .left = only(c, person_id) };

        TRY(lock(c, groups[i].id));
        TRY(group_get(c, groups[i].id, &groups[i]));
        TRY(change_people(c, groups[i].id, &p, &groups[i]));
    }
    return OK;
}
