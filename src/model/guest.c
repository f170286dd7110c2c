/* See guest.h. Lists are in guest_list.c.
 *
 * A guest stands in five places, which are changed together: the guest's row, the number of the
 * address (guest_addresses), the digest of the link's code, the grams that search reads, and the
 * organization's count of guests. The count is written first, so that of two who add guests at once
 * the later one counts what the earlier one added. */
#include "model/guest_row.h"

#include <stdlib.h>
#include <string.h>

#include "auth/event.h"
#include "auth/guest_code.h"
#include "auth/permission.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/url.h"
#include "base/zone.h"
#include "db/db.h"
#include "flow/calendar.h"
#include "model/group.h"
#include "model/id_list.h"
#include "model/people_index.h"
#include "model/task.h"

enum {
    FIRST_PERSON_ID = 1001,
    MEMBERS_MOST = ID_LIST_MOST, /* whom one guest belongs to */
    LIST_TEXT_MAX = 8 * 1024,
    DETAILS_MAX = 64 * 1024,
    STATS_MAX = 1000,
};

static const char NOBODY[] = "[]";

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
    FIELD(guest, link, TEXT, READONLY_NULL, .note = "Null for who may not add guests."),
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
const struct shape guest_change_shape = SHAPE(guest, guest_change_fields);

static const struct field guest_create_fields[] = {
    FIELD(guest, email, TEXT, REQUIRED, .max = 254),
    CHANGE_FIELDS,
    { 0 },
};
const struct shape guest_create_shape = SHAPE(guest, guest_create_fields);

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

/* Deleted ones too. */
static const char GUEST_EVER[] = GUEST " AND p.email_folded = ?2";

static const char ASSOCIATIONS[] =
    ID_LIST("?2")
    " SELECT s.guest_id, s.user_id"
    "   FROM ids CROSS JOIN guest_members s"
    "  WHERE s.org_id = ?1 AND s.guest_id = ids.id ORDER BY s.guest_id, s.user_id";

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
    "  GROUP BY o.user_id";

static const char IS_MEMBER[] =
    "SELECT count(*) FROM users u JOIN members m ON m.user_id = u.id"
    " WHERE m.org_id = ? AND u.email_folded = ? AND m.deleted_at IS NULL";

static const char COUNT_GUEST[] = "UPDATE org_counters SET guests = guests + ? WHERE org_id = ?";

/* When the guest was added who is the limit-th of the newest ones. */
static const char ADDED_BEFORE_LIMIT[] =
    "SELECT added_at FROM guests WHERE org_id = ? AND added_at > ?"
    " ORDER BY added_at DESC LIMIT 1 OFFSET ?";

static const char ADDRESS_ID[] = "SELECT guest_id FROM guest_addresses WHERE email_folded = ?";

static const char NEXT_PERSON_ID[] =
    "INSERT INTO counters (name, value) VALUES ('user', ?)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value";

static const char ADDRESS_INSERT[] =
    "INSERT INTO guest_addresses (email_folded, guest_id) VALUES (?, ?)";

/* An address that is no guest's any more, in any organization. */
static const char ADDRESS_DELETE[] =
    "DELETE FROM guest_addresses"
    " WHERE guest_id = ?1"
    "   AND NOT EXISTS (SELECT 1 FROM guests p WHERE p.id = ?1 AND p.deleted_at IS NULL)";

static const char GUEST_INSERT[] =
    "INSERT INTO guests (org_id, id, email, email_folded, name_key, last_name_key, created_by,"
    "                    created_at, added_at, updated_at)"
    " VALUES (?1, ?2, ?3, ?4, '', '', ?5, ?6, ?6, ?6)";

/* The link of before stays dead. */
static const char GUEST_REVIVE[] =
    "UPDATE guests"
    "   SET id = ?, email = ?, added_at = ?, code_version = code_version + 1, deleted_at = NULL,"
    "       disabled_at = NULL, disabled_by = NULL"
    " WHERE org_id = ? AND email_folded = ?";

static const char GUEST_SET_PROFILE[] =
    "UPDATE guests"
    "   SET first_name = ?, last_name = ?, name_key = ?, last_name_key = ?, status = ?,"
    "       phone_1 = ?, phone_2 = ?, timezone = ?, image_url = ?, contact_url = ?,"
    "       company_url = ?, opportunity_url = ?, company_name = ?, opportunity_name = ?,"
    "       external_sync_source = ?, external_date_creation = ?, cadence_days = ?,"
    "       updated_at = ?"
    " WHERE org_id = ? AND id = ?";

static const char GUEST_DISABLE[] =
    "UPDATE guests SET disabled_at = ?1, disabled_by = ?2, updated_at = ?1"
    " WHERE org_id = ?3 AND id = ?4";

static const char GUEST_ENABLE[] =
    "UPDATE guests"
    "   SET disabled_at = NULL, disabled_by = NULL, reactivated_at = ?1, reactivated_by = ?2,"
    "       updated_at = ?1"
    " WHERE org_id = ?3 AND id = ?4";

static const char GUEST_DELETE[] =
    "UPDATE guests SET deleted_at = ?1, updated_at = ?1 WHERE org_id = ?2 AND id = ?3";

static const char MEMBERS_FOUND[] =
    ID_LIST("?2")
    " SELECT CAST(0 AS BIGINT) AS guest_id, m.user_id"
    "   FROM ids CROSS JOIN members m"
    "  WHERE m.org_id = ?1 AND m.user_id = ids.id AND m.status = 'active' AND m.is_bot = 0"
    "    AND m.deleted_at IS NULL";

static const char MEMBERS_CLEAR[] = "DELETE FROM guest_members WHERE org_id = ? AND guest_id = ?";

static const char MEMBER_ADD[] =
    "INSERT INTO guest_members (org_id, guest_id, user_id) VALUES (?, ?, ?)";

static const char FORGET_MEMBER[] = "DELETE FROM guest_members WHERE org_id = ? AND user_id = ?";

/* ---- private: reading ---- */

int64_t guest_viewer(const struct ctx *c)
{
    return c->caller == NULL || permitted(c->caller, SEE_GUESTS) == YES ? 0 : c->caller->user_id;
}

static const char *number(struct ctx *c, int64_t n)
{
    return arena_printf(c->mem, "%lld", (long long)n);
}

static enum err find(struct ctx *c, const char *email, int64_t viewer, struct guest *out)
{
    *out = (struct guest){ 0 };
    return db_one(c, GUEST_BY_EMAIL, &guest_shape, out, TEXT(c->org),
                  TEXT(text_fold_email(c->mem, email)), INT_OR_NULL(viewer));
}

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

    TRY(db_all(c, STATS, &stats_shape, &rows, &n, TEXT(c->org), TEXT(ids_of(c, guests, count))));
    for (size_t i = 0; i < count; i++) {
        const struct guest_stats *stats = &none;

        for (size_t k = 0; k < n; k++)
            if (rows[k].id == guests[i].id)
                stats = &rows[k];
        guests[i].stats = json_stats(c, stats);
    }
    return OK;
}

/* ---- private: checking what is wanted ---- */

static void check_urls(struct ctx *c, const struct guest *w)
{
    const struct {
        const char *field, *said, *text;
    } urls[] = {
        { "company_url", "company url", w->company_url },
        { "contact_url", "contact url", w->contact_url },
        { "image_url", "image url", w->image_url },
        { "opportunity_url", "opportunity url", w->opportunity_url },
    };

    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
        if (urls[i].text != NULL && !url_is_web(urls[i].text))
            fault(c, urls[i].field, "The %s must be a web address such as "
                                    "https://example.com/page.", urls[i].said);
}

/* The parsed list of a field; NULL when it says null or nothing. */
static enum err parse(struct ctx *c, const char *text, struct json **out)
{
    *out = NULL;
    if (text == NULL)
        return OK;
    TRY(json_parse(c, text, strlen(text), out));
    if ((*out)->kind == J_NULL)
        *out = NULL;
    return OK;
}

static enum err check_cadence(struct ctx *c, struct guest *w)
{
    struct json *days;

    TRY(parse(c, w->cadence_days, &days));
    if (days == NULL)
        w->cadence_days = NULL;
    else if (!calendar_is_day_list(days))
        fault(c, "cadence_days", "The cadence days must be a list of names of days, such as "
                                 "[\"Monday\",\"Friday\"], or null.");
    return OK;
}

static bool is_among(const struct association *rows, size_t count, int64_t user_id)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].user_id == user_id)
            return true;
    return false;
}

/* Reads the wanted members in their order, none twice. */
static bool read_members(struct ctx *c, const struct json *list, struct association *out,
                         size_t *count)
{
    static const char field[] = "associated_members";

    *count = 0;
    if (list != NULL && list->kind != J_LIST) {
        fault(c, field, "The associated members must be a list of ids.");
        return false;
    }
    for (const struct json *v = list == NULL ? NULL : list->first; v != NULL; v = v->next) {
        int64_t id;

        if (!json_as_int(v, &id) || id <= 0) {
            fault(c, field, "The associated members must be ids of members, whole numbers.");
            return false;
        }
        if (is_among(out, *count, id))
            continue;
        if (*count == MEMBERS_MOST) {
            fault(c, field, "A guest can belong to at most %d members.", MEMBERS_MOST);
            return false;
        }
        out[(*count)++].user_id = id;
    }
    return true;
}

static int by_user_id(const void *a, const void *b)
{
    int64_t x = ((const struct association *)a)->user_id;
    int64_t y = ((const struct association *)b)->user_id;

    return (x > y) - (x < y);
}

/* Checks the members and brings the list into the one form that it is compared in. */
static enum err check_members(struct ctx *c, struct guest *w)
{
    struct association wanted[MEMBERS_MOST] = { 0 }, *found;
    int64_t ids[MEMBERS_MOST];
    size_t count, n;
    struct json *list;

    TRY(parse(c, w->associated_members, &list));
    if (!read_members(c, list, wanted, &count))
        return OK;
    qsort(wanted, count, sizeof(wanted[0]), by_user_id);
    for (size_t i = 0; i < count; i++)
        ids[i] = wanted[i].user_id;
    TRY(db_all(c, MEMBERS_FOUND, &association_shape, &found, &n, TEXT(c->org),
               TEXT(id_list(c->mem, ids, count))));
    for (size_t i = 0; i < count; i++)
        if (!is_among(found, n, ids[i]))
            fault(c, "associated_members", "%lld is no active member of this organization.",
                  (long long)ids[i]);
    w->associated_members = list_members(c, 0, wanted, count);
    return OK;
}

/* Notes all that is wrong with what is wanted of a guest, and unifies what can be said in more than
 * one way. */
static enum err check(struct ctx *c, struct guest *w)
{
    check_urls(c, w);
    if (w->timezone != NULL)
        zone_check(c, "timezone", w->timezone);
    if (w->external_sync_source != NULL && strcmp(w->external_sync_source, "salesforce") != 0)
        fault(c, "external_sync_source", "The external sync source can only be salesforce.");
    TRY(check_cadence(c, w));
    return check_members(c, w);
}

/* Whether the address can be a guest's: it is one, and no member of c->org has it. Notes a fault if
 * it cannot. */
static enum err check_address(struct ctx *c, const char *field, const char *email, bool *ok)
{
    int64_t members = 0;

    *ok = text_is_email(email);
    if (!*ok) {
        fault(c, field, "The address of a guest must be a valid e-mail address of at most 254 "
                        "characters.");
        return OK;
    }
    TRY(db_int(c, IS_MEMBER, &members, TEXT(c->org), TEXT(text_fold_email(c->mem, email))));
    *ok = members == 0;
    if (!*ok)
        fault(c, field, "%s is a member of this organization, so it cannot be a guest's.", email);
    return OK;
}

/* ---- private: writing ---- */

static enum err record(struct ctx *c, const char *verb, int64_t id, const char *data)
{
    return event_record(c, verb, "guest", number(c, id), data);
}

static enum err write_members(struct ctx *c, const struct guest *w)
{
    struct json *list;

    TRY(json_parse(c, w->associated_members, strlen(w->associated_members), &list));
    TRY(db_change(c, MEMBERS_CLEAR, TEXT(c->org), INT(w->id)));
    for (const struct json *v = list->first; v != NULL; v = v->next)
        TRY(db_change(c, MEMBER_ADD, TEXT(c->org), INT(w->id), INT(v->integer)));
    return OK;
}

/* Writes all that may be changed of a guest whom search knows as `was`. */
static enum err write_profile(struct ctx *c, const struct guest *w, const char *was)
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
    return write_members(c, w);
}

static enum err check_limit(struct ctx *c, struct auth *auth)
{
    int64_t most = auth_settings(auth)->guest_invite_limit, first;
    enum err e;

    if (most == 0)
        return OK;
    e = db_int(c, ADDED_BEFORE_LIMIT, &first, TEXT(c->org), INT(c->now - HOUR), INT(most - 1));
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    c->failure.retry_after = (int)((first + HOUR - c->now + SECOND - 1) / SECOND);
    return fail(c, ERR_LIMITED, NULL,
                "You've reached the hourly limit for Guest Invite (%lld per hour per "
                "organization). Please try again later.", (long long)most);
}

/* The number of an address: the one it has in other organizations, or a deleted guest's `was`, or
 * a new one. */
static enum err number_of(struct ctx *c, const char *folded, int64_t was, int64_t *id)
{
    enum err e = db_int(c, ADDRESS_ID, id, TEXT(folded));

    if (e != ERR_NOT_FOUND)
        return e;
    *id = was;
    if (was == 0)
        TRY(db_int(c, NEXT_PERSON_ID, id, INT(FIRST_PERSON_ID)));
    return db_change(c, ADDRESS_INSERT, TEXT(folded), INT(*id));
}

/* What is not said stays as it was before the guest was deleted. */
static void keep_unsaid(struct guest *w, const struct guest *was)
{
    for (const struct field *f = guest_change_fields; f->name != NULL; f++) {
        char *to = (char *)w + f->offset;
        const char *from = (const char *)was + f->offset;

        if (f->type == FIELD_TIME && *(int64_t *)to == 0)
            *(int64_t *)to = *(const int64_t *)from;
        else if (f->type != FIELD_TIME && *(const char **)to == NULL)
            *(const char **)to = *(const char *const *)from;
    }
}

/* Makes a guest whose address c->org never had (`was` empty), or brings a deleted one back. */
static enum err add(struct ctx *c, struct auth *auth, struct guest *w, const struct guest *was)
{
    int64_t by = c->caller == NULL ? 0 : c->caller->user_id;

    TRY(db_change_one(c, COUNT_GUEST, INT(1), TEXT(c->org)));
    TRY(check_limit(c, auth));
    TRY(number_of(c, w->email_folded, was->id, &w->id));
    keep_unsaid(w, was);
    if (was->id == 0)
        TRY(db_change(c, GUEST_INSERT, TEXT(c->org), INT(w->id), TEXT(w->email),
                      TEXT(w->email_folded), INT_OR_NULL(by), INT(c->now)));
    else
        TRY(db_change_one(c, GUEST_REVIVE, INT(w->id), TEXT(w->email), INT(c->now), TEXT(c->org),
                          TEXT(w->email_folded)));
    TRY(write_profile(c, w, NULL));
    TRY(guest_code_enter(c, auth, w->id, was->code_version + 1));
    return record(c, "created", w->id, NULL);
}

/* The guest with a checked address: as it is, or added. */
static enum err enter(struct ctx *c, struct auth *auth, struct guest *w, struct guest *out)
{
    struct guest was = { 0 };
    enum err e;

    w->email_folded = text_fold_email(c->mem, w->email);
    e = db_one(c, GUEST_EVER, &guest_shape, &was, TEXT(c->org), TEXT(w->email_folded));
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || was.deleted_at != 0)
        TRY(add(c, auth, w, &was));
    return find(c, w->email, 0, out);
}

static bool same(const struct field *f, const struct guest *a, const struct guest *b)
{
    const char *p = (const char *)a + f->offset, *q = (const char *)b + f->offset;
    const char *s, *t;

    if (f->type == FIELD_TIME)
        return *(const int64_t *)p == *(const int64_t *)q;
    s = *(const char *const *)p;
    t = *(const char *const *)q;
    return s == NULL || t == NULL ? s == t : strcmp(s, t) == 0;
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
        if (same(f, was, is))
            continue;
        json_put_text(&out, f->name);
        any = true;
    }
    json_end_list(&out);
    json_end_object(&out);
    return any ? str_text(&out) : NULL;
}

/* ---- operations: reading ---- */

enum err guest_get(struct ctx *c, const char *email, struct guest *out)
{
    return find(c, email, guest_viewer(c), out);
}

enum err guest_get_by_id(struct ctx *c, int64_t id, struct guest *out)
{
    *out = (struct guest){ 0 };
    return db_one(c, GUEST_BY_ID, &guest_shape, out, TEXT(c->org), INT(id),
                  INT_OR_NULL(guest_viewer(c)));
}

enum err guest_describe(struct ctx *c, struct auth *auth, struct guest *guests, size_t count)
{
    bool links = c->caller != NULL && permitted(c->caller, ADD_GUESTS) == YES;

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

/* ---- operations: adding and changing ---- */

enum err guest_add(struct ctx *c, struct auth *auth, const struct guest *in, struct guest *out)
{
    struct guest wanted = *in;
    bool ok;

    TRY(check(c, &wanted));
    if (wanted.email != NULL)
        TRY(check_address(c, "email", wanted.email, &ok));
    TRY(fields_ok(c));
    return enter(c, auth, &wanted, out);
}

enum err guest_need(struct ctx *c, struct auth *auth, const char *field, const char *email,
                    int64_t *id)
{
    struct guest guest;
    enum err e;
    bool ok;

    *id = 0;
    email = text_trim(c->mem, email);
    e = find(c, email, 0, &guest);
    if (e == ERR_NOT_FOUND) {
        TRY(permit(c, ADD_GUESTS));
        TRY(check_address(c, field, email, &ok));
        if (!ok)
            return OK;
        e = enter(c, auth, &(struct guest){ .email = email, .associated_members = NOBODY }, &guest);
    }
    TRY(e);
    if (guest.disabled_at != 0)
        fault(c, field, "The guest %s is disabled.", email);
    else
        *id = guest.id;
    return OK;
}

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
    TRY(check(c, &w));
    TRY(fields_ok(c));
    changed = changes(c, &was, &w);
    if (changed != NULL) {
        TRY(write_profile(c, &w, was.search_text));
        TRY(record(c, "updated", w.id, changed));
    }
    return guest_get(c, w.email, out);
}

/* ---- operations: coming and going ---- */

enum err guest_disable(struct ctx *c, const char *email, struct guest *out)
{
    int64_t open;

    TRY(guest_get(c, email, out));
    if (out->disabled_at != 0)
        return OK;
    TRY(task_count_open(c, out->id, &open));
    if (open > 0)
        return fail_code(c, ERR_DENIED, "CANNOT_DISABLE_GUEST_WITH",
                         "Cannot disable guest with incomplete tasks");
    TRY(db_change_one(c, GUEST_DISABLE, INT(c->now), INT(c->caller->user_id), TEXT(c->org),
                      INT(out->id)));
    TRY(record(c, "disabled", out->id, NULL));
    return guest_get(c, email, out);
}

enum err guest_enable(struct ctx *c, const char *email, struct guest *out)
{
    TRY(guest_get(c, email, out));
    if (out->disabled_at == 0)
        return OK;
    TRY(db_change_one(c, GUEST_ENABLE, INT(c->now), INT(c->caller->user_id), TEXT(c->org),
                      INT(out->id)));
    TRY(record(c, "enabled", out->id, NULL));
    return guest_get(c, email, out);
}

enum err guest_delete(struct ctx *c, const char *email, struct guest *out)
{
    enum err e = guest_get(c, email, out);

    if (e == ERR_NOT_FOUND && text_is_email(email))
        return fail(c, ERR_INVALID, "email", "There is no guest with this address.");
    TRY(e);
    TRY(task_detach(c, out->id, out->email));
    TRY(group_leave_all(c, out->id));
    return guest_remove(c, out);
}

enum err guest_remove(struct ctx *c, struct guest *guest)
{
    TRY(db_change_one(c, COUNT_GUEST, INT(-1), TEXT(c->org)));
    TRY(db_change_one(c, GUEST_DELETE, INT(c->now), TEXT(c->org), INT(guest->id)));
    TRY(db_change(c, MEMBERS_CLEAR, TEXT(c->org), INT(guest->id)));
    TRY(db_change(c, ADDRESS_DELETE, INT(guest->id)));
    TRY(guest_code_remove(c, guest->id));
    TRY(people_index_set(c, true, guest->id, guest->search_text, NULL));
    guest->deleted_at = guest->updated_at = c->now;
    return record(c, "deleted", guest->id, NULL);
}

enum err guest_forget_member(struct ctx *c, int64_t user_id)
{
    return db_change(c, FORGET_MEMBER, TEXT(c->org), INT(user_id));
}
