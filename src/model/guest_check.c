/* See guest_row.h. What is wanted of a guest is checked here before it is written. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/url.h"
#include "base/zone.h"
#include "db/db.h"
#include "flow/calendar.h"
#include "model/guest_row.h"
#include "model/id_list.h"
#include "model/member.h"

enum { MEMBERS_MOST = ID_LIST_MOST /* whom one guest belongs to */ };

/* ---- shape ---- */

/* A member, or one who is wanted as one. */
struct found {
    int64_t user_id;
};

static const struct field found_fields[] = { FIELD(found, user_id, INT, HIDDEN), { 0 } };
static const struct shape found_shape = SHAPE(found, found_fields);

/* ---- SQL ---- */

static const char MEMBERS_FOUND[] =
    ID_LIST("?2")
    " SELECT m.user_id"
    "   FROM ids CROSS JOIN members m"
    "  WHERE m.org_id = ?1 AND m.user_id = ids.id AND m.status = 'active' AND m.is_bot = 0"
    "    AND m.deleted_at IS NULL";

/* ---- private ---- */

static void check_urls(struct ctx *c, const struct guest *w)
{
    const struct {
        const char *field, *text;
    } urls[] = {
        { "company_url", w->company_url },
        { "contact_url", w->contact_url },
        { "image_url", w->image_url },
        { "opportunity_url", w->opportunity_url },
    };

    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
        if (urls[i].text != NULL && !url_is_web(urls[i].text))
            fault(c, urls[i].field, "The %s must be a web address such as "
                                    "https://example.com/page.",
                  field_words(c, urls[i].field));
}

static void check_names(struct ctx *c, const struct guest *w)
{
    if (w->first_name != NULL && user_name_has_address(w->first_name))
        fault(c, "first_name", "The first name may not hold a web address.");
    if (w->last_name != NULL && user_name_has_address(w->last_name))
        fault(c, "last_name", "The last name may not hold a web address.");
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

static bool is_found(const struct found *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].user_id == id)
            return true;
    return false;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Reads the wanted members; each once, ascending. False after a fault. */
static bool read_members(struct ctx *c, const struct json *list, int64_t *ids, size_t *count)
{
    static const char field[] = "associated_members";
    size_t n = 0;

    *count = 0;
    if (list != NULL && list->kind != J_LIST) {
        fault(c, field, "The associated members must be a list of ids.");
        return false;
    }
    for (const struct json *v = list == NULL ? NULL : list->first; v != NULL; v = v->next) {
        if (n == MEMBERS_MOST) {
            fault(c, field, "A guest can belong to at most %d members.", MEMBERS_MOST);
            return false;
        }
        if (!json_as_int(v, &ids[n]) || ids[n] <= 0) {
            fault(c, field, "The associated members must be ids of members, whole numbers.");
            return false;
        }
        n++;
    }
    qsort(ids, n, sizeof(ids[0]), ascending);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || ids[i] != ids[i - 1])
            ids[(*count)++] = ids[i];
    return true;
}

static const char *json_list(struct ctx *c, const int64_t *ids, size_t count)
{
    struct str out = str_in(c->mem, MEMBERS_MOST * (ID_LIST_WIDTH + 1) + 2);

    json_begin_list(&out);
    for (size_t i = 0; i < count; i++)
        json_put_int(&out, ids[i]);
    json_end_list(&out);
    return str_text(&out);
}

static enum err check_members(struct ctx *c, struct guest *w)
{
    int64_t ids[MEMBERS_MOST];
    struct found *found;
    struct json *list;
    size_t count, n;

    TRY(parse(c, w->associated_members, &list));
    if (!read_members(c, list, ids, &count))
        return OK;
    TRY(db_all(c, MEMBERS_FOUND, &found_shape, &found, &n, TEXT(c->org),
               TEXT(id_list(c->mem, ids, count))));
    for (size_t i = 0; i < count; i++)
        if (!is_found(found, n, ids[i]))
            fault(c, "associated_members", "%lld is no active member of this organization.",
                  (long long)ids[i]);
    w->associated_members = json_list(c, ids, count);
    return OK;
}

/* ---- operations ---- */

enum err guest_check(struct ctx *c, struct guest *w)
{
    check_names(c, w);
    check_urls(c, w);
    if (w->timezone != NULL)
        zone_check(c, "timezone", w->timezone);
    if (w->external_sync_source != NULL && strcmp(w->external_sync_source, "salesforce") != 0)
        fault(c, "external_sync_source", "The external sync source can only be salesforce.");
    TRY(check_cadence(c, w));
    return check_members(c, w);
}

enum err guest_check_address(struct ctx *c, const char *field, const char *email, bool *ok)
{
    int64_t member;
    enum err e;

    *ok = text_is_email(email);
    if (!*ok) {
        fault(c, field, "The address of a guest must be a valid e-mail address of at most 254 "
                        "characters.");
        return OK;
    }
    e = member_find(c, email, &member);
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    *ok = false;
    fault(c, field, "%s is a member of this organization, so it cannot be a guest's.", email);
    return OK;
}
