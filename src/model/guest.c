/* See guest.h. This file knows what a guest is made of, reads guests and changes them. What may be
 * said of one is checked in guest_check.c; guests come and go in guest_going.c; lists of them are
 * in guest_list.c. */
#include "model/guest_row.h"

#include <string.h>

#include "auth/event.h"
#include "auth/guest_code.h"
#include "auth/permission.h"
#include "auth/scope.h"
#include "base/text.h"
#include "db/db.h"
#include "model/id_list.h"
#include "model/people_index.h"

enum { LIST_TEXT_MAX = 8 * 1024, DETAILS_MAX = 64 * 1024, STATS_MAX = 1000 };

/* ---- shape ---- */

static const struct field guest_fields[] = {
    FIELD(guest, id, INT, READONLY),
    FIELD(guest, email, TEXT, READONLY),
    FIELD(guest, first_name, TEXT, READONLY_NULL),
    FIELD(guest, last_name, TEXT, READONLY_NULL),
    FIELD(guest, last_accessed_at, TIME, READONLY),
    FIELD(guest, last_known_ip, TEXT, READONLY_NULL),
    FIELD(guest, last_known_country, TEXT, READONLY_NULL),
    FIELD(guest, created_at, TIME, READONLY),
    FIELD(guest, deleted_at, TIME, READONLY),
    FIELD(guest, disabled_at, TIME, READONLY),
    FIELD(guest, link, TEXT, READONLY_NULL, .note = "Null for who may not change guests."),
    FIELD(guest, details, JSON, READONLY),
    FIELD(guest, status, TEXT, HIDDEN),
    FIELD(guest, phone_1, TEXT, HIDDEN),
    FIELD(guest, phone_2, TEXT, HIDDEN),
    FIELD(guest, timezone, TEXT, HIDDEN),
    FIELD(guest, image_url, TEXT, HIDDEN),
    FIELD(guest, contact_url, TEXT, HIDDEN),
    FIELD(guest, company_url, TEXT, HIDDEN),
    FIELD(guest, opportunity_url, TEXT, HIDDEN),
    FIELD(guest, company_name, TEXT, HIDDEN),
    FIELD(guest, opportunity_name, TEXT, HIDDEN),
    FIELD(guest, external_sync_source, TEXT, HIDDEN),
    FIELD(guest, external_date_creation, TIME, HIDDEN),
    FIELD(guest, cadence_days, JSON, HIDDEN),
    FIELD(guest, locale, TEXT, HIDDEN),
    FIELD(guest, disabled_by, INT, HIDDEN),
    FIELD(guest, reactivated_at, TIME, HIDDEN),
    FIELD(guest, reactivated_by, INT, HIDDEN),
    FIELD(guest, updated_at, TIME, HIDDEN),
    FIELD(guest, code_version, INT, HIDDEN),
    FIELD(guest, email_folded, TEXT, HIDDEN),
    FIELD(guest, search_text, TEXT, HIDDEN),
    { 0 },
};
const struct shape guest_shape = SHAPE(guest, guest_fields);

static const struct field guest_brief_fields[] = {
    FIELD(guest, id, INT, READONLY),
    FIELD(guest, email, TEXT, READONLY),
    FIELD(guest, first_name, TEXT, READONLY_NULL),
    FIELD(guest, last_name, TEXT, READONLY_NULL),
    FIELD(guest, disabled_at, TIME, READONLY),
    { 0 },
};
const struct shape guest_brief_shape = SHAPE(guest, guest_brief_fields);

/* The last three are for older clients, which look for them here. */
static const struct field details_fields[] = {
    FIELD(guest, status, TEXT, READONLY_NULL),
    FIELD(guest, phone_1, TEXT, READONLY_NULL),
    FIELD(guest, phone_2, TEXT, READONLY_NULL),
    FIELD(guest, timezone, TEXT, READONLY_NULL),
    FIELD(guest, image_url, TEXT, READONLY_NULL),
    FIELD(guest, contact_url, TEXT, READONLY_NULL),
    FIELD(guest, company_url, TEXT, READONLY_NULL),
    FIELD(guest, opportunity_url, TEXT, READONLY_NULL),
    FIELD(guest, company_name, TEXT, READONLY_NULL),
    FIELD(guest, opportunity_name, TEXT, READONLY_NULL),
    FIELD(guest, external_sync_source, TEXT, READONLY_NULL),
    FIELD(guest, external_date_creation, TIME, READONLY),
    FIELD(guest, cadence_days, JSON, READONLY),
    FIELD(guest, associated_members, JSON, READONLY),
    { .name = "last_city", .type = FIELD_FIXED, .fixed = "null" },
    { .name = "last_country", .type = FIELD_TEXT, .flags = FIELD_READONLY | FIELD_NULLABLE,
      .offset = offsetof(struct guest, last_known_country) },
    FIELD(guest, last_accessed_at, TIME, READONLY),
    FIELD(guest, disabled_at, TIME, READONLY),
    FIELD(guest, disabled_by, INT, READONLY_NULL),
    FIELD(guest, reactivated_at, TIME, READONLY),
    FIELD(guest, reactivated_by, INT, READONLY_NULL),
    FIELD(guest, first_name, TEXT, READONLY_NULL),
    FIELD(guest, last_name, TEXT, READONLY_NULL),
    { .name = "disabled_on", .type = FIELD_TIME, .flags = FIELD_READONLY,
      .offset = offsetof(struct guest, disabled_at) },
    { 0 },
};
static const struct shape details_shape = SHAPE(guest, details_fields);

#define CHANGE_FIELDS                                                                        \
    FIELD(guest, first_name, TEXT, NULLABLE, .max = 200),                                    \
    FIELD(guest, last_name, TEXT, NULLABLE, .max = 200),                                     \
    FIELD(guest, company_name, TEXT, NULLABLE, .max = 200),                                  \
    FIELD(guest, opportunity_name, TEXT, NULLABLE, .max = 200),                              \
    FIELD(guest, status, TEXT, NULLABLE, .max = 200, .note = "Whatever you call it."),       \
    FIELD(guest, phone_1, TEXT, NULLABLE, .max = 20),                                        \
    FIELD(guest, phone_2, TEXT, NULLABLE, .max = 20),                                        \
    FIELD(guest, company_url, TEXT, NULLABLE, .max = 2000, .note = "http or https."),        \
    FIELD(guest, contact_url, TEXT, NULLABLE, .max = 2000),                                  \
    FIELD(guest, image_url, TEXT, NULLABLE, .max = 2000),                                    \
    FIELD(guest, opportunity_url, TEXT, NULLABLE, .max = 2000),                              \
    FIELD(guest, timezone, TEXT, NULLABLE, .max = 64, .note = "As Europe/Berlin."),          \
    FIELD(guest, external_sync_source, TEXT, NULLABLE, .max = 20, .note = "salesforce"),     \
    FIELD(guest, external_date_creation, TIME, NULLABLE),                                    \
    FIELD(guest, cadence_days, JSON, OPTIONAL,                                               \
          .note = "Days of the digest; null: as the organization has it."),                  \
    FIELD(guest, associated_members, JSON, OPTIONAL, .note = "Ids; replaces all of them.")

static const struct field guest_change_fields[] = { CHANGE_FIELDS, { 0 } };
const struct shape guest_change_shape =
    SHAPE(guest, guest_change_fields, .answer = &guest_shape);

static const struct field guest_create_fields[] = {
    FIELD(guest, email, TEXT, REQUIRED, .max = 254),
    CHANGE_FIELDS,
    { 0 },
};
const struct shape guest_create_shape =
    SHAPE(guest, guest_create_fields, .answer = &guest_shape);

/* One guest's member. */
struct association {
    int64_t guest_id, user_id;
};

static const struct field association_fields[] = {
    FIELD(association, guest_id, INT, HIDDEN),
    FIELD(association, user_id, INT, HIDDEN),
    { 0 },
};
static const struct shape association_shape = SHAPE(association, association_fields);

struct guest_stats {
    int64_t id; /* hidden */
    int64_t assigned_tasks, tasks_completed, last_task_completed_at;
    int64_t one_off_tasks_completed, last_one_off_task_completed_at;
};

static const struct field stats_fields[] = {
    FIELD(guest_stats, id, INT, HIDDEN),
    FIELD(guest_stats, assigned_tasks, INT, READONLY),
    FIELD(guest_stats, tasks_completed, INT, READONLY),
    FIELD(guest_stats, last_task_completed_at, TIME, READONLY),
    FIELD(guest_stats, one_off_tasks_completed, INT, READONLY),
    FIELD(guest_stats, last_one_off_task_completed_at, TIME, READONLY),
    { 0 },
};
static const struct shape stats_shape = SHAPE(guest_stats, stats_fields);

/* ---- SQL ---- */

#define GUEST "SELECT" GUEST_COLUMNS " FROM guests p WHERE p.org_id = ?1"
#define SEEN_BY(who) " AND (CAST(" who " AS BIGINT) IS NULL OR p.id IN (" GUESTS_OF(who) "))"

static const char GUEST_BY_EMAIL[] =
    GUEST " AND p.email_folded = ?2 AND p.deleted_at IS NULL" SEEN_BY("?3");
static const char GUEST_BY_ID[] = GUEST " AND p.id = ?2 AND p.deleted_at IS NULL" SEEN_BY("?3");

static const char ASSOCIATIONS[] =
    ID_LIST("?2")
    " SELECT s.guest_id, s.user_id"
    "   FROM ids CROSS JOIN guest_members s"
    "  WHERE s.org_id = ?1 AND s.guest_id = ids.id ORDER BY s.guest_id, s.user_id";

/* Of the tasks that the viewer (3; null: sees all) may see; 4: those of others too. */
static const char STATS[] =
    ID_LIST("?2")
    " SELECT o.user_id AS id, count(*) AS assigned_tasks, count(o.completed_at) AS tasks_completed,"
    "        max(o.completed_at) AS last_task_completed_at,"
    "        count(CASE WHEN t.is_oneoff_task = 1 THEN o.completed_at END)"
    "          AS one_off_tasks_completed,"
    "        max(CASE WHEN t.is_oneoff_task = 1 THEN o.completed_at END)"
    "          AS last_one_off_task_completed_at"
    "   FROM ids CROSS JOIN task_owners o CROSS JOIN tasks t"
    "  WHERE o.org_id = ?1 AND o.user_id = ids.id AND o.archived_at IS NULL"
    "    AND t.org_id = ?1 AND t.id = o.task_id"
    "    AND (CAST(?3 AS BIGINT) IS NULL OR (?4 = 1 AND t.top_secret = 0)"
    "         OR EXISTS (SELECT 1 FROM task_owners v WHERE v.org_id = ?1 AND v.user_id = ?3"
    "                       AND v.task_id = t.id))"
    "  GROUP BY o.user_id";

static const char GUEST_SET_PROFILE[] =
    "UPDATE guests"
    "   SET first_name = ?, last_name = ?, name_key = ?, last_name_key = ?, status = ?,"
    "       phone_1 = ?, phone_2 = ?, timezone = ?, image_url = ?, contact_url = ?,"
    "       company_url = ?, opportunity_url = ?, company_name = ?, opportunity_name = ?,"
    "       external_sync_source = ?, external_date_creation = ?, cadence_days = ?,"
    "       updated_at = ?"
    " WHERE org_id = ? AND id = ?";

static const char MEMBERS_CLEAR[] = "DELETE FROM guest_members WHERE org_id = ? AND guest_id = ?";

static const char MEMBER_ADD[] =
    "INSERT INTO guest_members (org_id, guest_id, user_id) VALUES (?, ?, ?)";

/* ---- private ---- */

/* The list, ascending, of those rows that are this guest's. */
static const char *list_members(struct ctx *c, int64_t guest_id, const struct association *rows,
                                size_t count)
{
    struct str out = str_in(c->mem, LIST_TEXT_MAX);

    json_begin_list(&out);
    for (size_t i = 0; i < count; i++)
        if (rows[i].guest_id == guest_id)
            json_put_int(&out, rows[i].user_id);
    json_end_list(&out);
    return str_text(&out);
}

static const char *ids_of(struct ctx *c, const struct guest *guests, size_t count)
{
    int64_t ids[ID_LIST_MOST];

    for (size_t i = 0; i < count; i++)
        ids[i] = guests[i].id;
    return id_list(c->mem, ids, count);
}

typedef enum err load_some(struct ctx *c, struct guest *guests, size_t count);

/* As many at once as a list of ids holds. */
static enum err load_all(struct ctx *c, struct guest *guests, size_t count, load_some *load)
{
    for (size_t at = 0; at < count; at += ID_LIST_MOST)
        TRY(load(c, guests + at, count - at < ID_LIST_MOST ? count - at : ID_LIST_MOST));
    return OK;
}

static enum err load_members(struct ctx *c, struct guest *guests, size_t count)
{
    struct association *rows;
    size_t n;

    TRY(db_all(c, ASSOCIATIONS, &association_shape, &rows, &n, TEXT(c->org),
               TEXT(ids_of(c, guests, count))));
    for (size_t i = 0; i < count; i++)
        guests[i].associated_members = list_members(c, guests[i].id, rows, n);
    return OK;
}

static const char *json_stats(struct ctx *c, const struct guest_stats *stats)
{
    struct str out = str_in(c->mem, STATS_MAX);

    shape_write(&out, &stats_shape, stats);
    return str_text(&out);
}

static enum err load_stats(struct ctx *c, struct guest *guests, size_t count)
{
    static const struct guest_stats none;
    struct guest_stats *rows;
    size_t n;

    TRY(db_all(c, STATS, &stats_shape, &rows, &n, TEXT(c->org), TEXT(ids_of(c, guests, count)),
               INT_OR_NULL(c->caller->role == ROLE_ADMIN ? 0 : c->caller->user_id),
               INT(c->caller->role >= ROLE_STANDARD)));
    for (size_t i = 0; i < count; i++) {
        const struct guest_stats *stats = &none;

        for (size_t k = 0; k < n; k++)
            if (rows[k].id == guests[i].id)
                stats = &rows[k];
        guests[i].stats = json_stats(c, stats);
    }
    return OK;
}

/* The names of what a change changes, for its event; NULL: nothing. */
static const char *changes(struct ctx *c, const struct guest *was, const struct guest *is)
{
    struct str out = str_in(c->mem, LIST_TEXT_MAX);
    bool any = false;

    json_begin_object(&out);
    json_key(&out, "changed");
    json_begin_list(&out);
    for (const struct field *f = guest_change_fields; f->name != NULL; f++) {
        if (field_same(f, was, is))
            continue;
        json_put_text(&out, f->name);
        any = true;
    }
    json_end_list(&out);
    json_end_object(&out);
    return any ? str_text(&out) : NULL;
}

/* ---- shared with other files about guests ---- */

int64_t guest_viewer(const struct ctx *c)
{
    return c->caller == NULL || permitted(c->caller, SEE_GUESTS) == YES ? 0 : c->caller->user_id;
}

enum err guest_find(struct ctx *c, const char *email, int64_t viewer, struct guest *out)
{
    *out = (struct guest){ 0 };
    return db_one(c, GUEST_BY_EMAIL, &guest_shape, out, TEXT(c->org),
                  TEXT(text_fold_email(c->mem, email)), INT_OR_NULL(viewer));
}

enum err guest_record(struct ctx *c, const char *verb, int64_t id, const char *data)
{
    return event_record(c, verb, "guest", arena_printf(c->mem, "%lld", (long long)id), data);
}

enum err guest_write_members(struct ctx *c, int64_t id, const char *members)
{
    struct json *list;

    TRY(json_parse(c, members, strlen(members), &list));
    TRY(db_change(c, MEMBERS_CLEAR, TEXT(c->org), INT(id)));
    for (const struct json *v = list->first; v != NULL; v = v->next)
        TRY(db_change(c, MEMBER_ADD, TEXT(c->org), INT(id), INT(v->integer)));
    return OK;
}

enum err guest_write(struct ctx *c, const struct guest *w, const char *was)
{
    const char *name = people_name_key(c->mem, w->first_name, w->last_name);
    const char *last_name = people_last_name_key(c->mem, w->first_name, w->last_name);

    TRY(db_change_one(c, GUEST_SET_PROFILE, TEXT(w->first_name), TEXT(w->last_name), TEXT(name),
                      TEXT(last_name), TEXT(w->status), TEXT(w->phone_1), TEXT(w->phone_2),
                      TEXT(w->timezone), TEXT(w->image_url), TEXT(w->contact_url),
                      TEXT(w->company_url), TEXT(w->opportunity_url), TEXT(w->company_name),
                      TEXT(w->opportunity_name), TEXT(w->external_sync_source),
                      INT_OR_NULL(w->external_date_creation), TEXT(w->cadence_days), INT(c->now),
                      TEXT(c->org), INT(w->id)));
    TRY(people_index_set(c, true, w->id, was,
                         arena_printf(c->mem, "%s %s", name, w->email_folded)));
    return guest_write_members(c, w->id, w->associated_members);
}

/* ---- operations: reading ---- */

enum err guest_get(struct ctx *c, const char *email, struct guest *out)
{
    return guest_find(c, email, guest_viewer(c), out);
}

enum err guest_get_by_id(struct ctx *c, int64_t id, struct guest *out)
{
    *out = (struct guest){ 0 };
    return db_one(c, GUEST_BY_ID, &guest_shape, out, TEXT(c->org), INT(id),
                  INT_OR_NULL(guest_viewer(c)));
}

enum err guest_describe(struct ctx *c, struct auth *auth, struct guest *guests, size_t count)
{
    /* Who has the link can do what the guest can, so it is not for tokens that only read. */
    bool links = c->caller != NULL && permitted(c->caller, ADD_GUESTS) == YES &&
                 caller_has_scope(c->caller, "users.write");

    TRY(load_all(c, guests, count, load_members));
    for (size_t i = 0; i < count; i++) {
        struct str details = str_in(c->mem, DETAILS_MAX);

        if (links && guests[i].deleted_at == 0)
            guests[i].link = guest_link(c->mem, auth, c->org, guests[i].id,
                                        guests[i].code_version);
        shape_write(&details, &details_shape, &guests[i]);
        guests[i].details = str_text(&details);
    }
    return OK;
}

enum err guest_load_stats(struct ctx *c, struct guest *guests, size_t count)
{
    return load_all(c, guests, count, load_stats);
}

/* ---- operations: changing ---- */

enum err guest_edit(struct ctx *c, const char *email, struct guest *out)
{
    TRY(guest_get(c, email, out));
    return load_members(c, out, 1);
}

enum err guest_update(struct ctx *c, const struct guest *wanted, struct guest *out)
{
    struct guest w = *wanted, was;
    const char *changed;

    TRY(guest_edit(c, w.email, &was));
    TRY(guest_check(c, &w));
    TRY(fields_ok(c));
    changed = changes(c, &was, &w);
    if (changed != NULL) {
        TRY(guest_write(c, &w, was.search_text));
        TRY(guest_record(c, "updated", w.id, changed));
    }
    return guest_get(c, w.email, out);
}

