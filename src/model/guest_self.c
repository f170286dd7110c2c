/* See guest_self.h. */
#include "model/guest_self.h"

#include <string.h>

#include "auth/caller.h"
#include "auth/event.h"
#include "auth/identify.h"
#include "base/zone.h"
#include "db/db.h"
#include "flow/calendar.h"
#include "model/org.h"

/* ---- shape ---- */

static const struct field self_fields[] = {
    FIELD(guest, id, INT, READONLY),
    FIELD(guest, email, TEXT, READONLY),
    FIELD(guest, first_name, TEXT, READONLY_NULL),
    FIELD(guest, last_name, TEXT, READONLY_NULL),
    FIELD(guest, timezone, TEXT, NULLABLE, .max = 64,
          .note = "IANA name, such as Europe/Athens; the organization's if null."),
    FIELD(guest, locale, TEXT, NULLABLE, .max = 35,
          .note = "A language tag, such as pt-BR (RFC 5646)."),
    FIELD(guest, cadence_days, JSON, OPTIONAL,
          .note = "Days of the digest; the organization's if null."),
    { 0 },
};
const struct shape guest_self_shape = SHAPE(guest, self_fields);

static const struct field org_fields[] = {
    FIELD(org, id, TEXT, READONLY),
    FIELD(org, name, TEXT, READONLY),
    FIELD(org, org_logo, TEXT, READONLY_NULL),
    FIELD(org, guest_onboarding_snippet, TEXT, READONLY_NULL),
    FIELD(org, guest_cadence_days, JSON, READONLY),
    FIELD(org, timezone, TEXT, READONLY),
    { 0 },
};
const struct shape guest_org_shape = SHAPE(org, org_fields);

/* ---- SQL ---- */

static const char SELF_UPDATE[] =
    "UPDATE guests SET timezone = ?, locale = ?, cadence_days = ?, updated_at = ?"
    " WHERE org_id = ? AND id = ? AND deleted_at IS NULL";

/* ---- private ---- */

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* A language of letters and then subtags with digits too: "de", "pt-BR", "zh-Hant-TW". */
static bool is_language_tag(const char *s)
{
    size_t n = strspn(s, LETTERS);

    if (n < 2 || n > 3)
        return false;
    for (s += n; *s == '-'; s += n) {
        s++;
        n = strspn(s, LETTERS "0123456789");
        if (n < 2 || n > 8)
            return false;
    }
    return *s == '\0';
}

static enum err check(struct ctx *c, struct guest *w)
{
    struct json *days;

    if (w->timezone != NULL)
        zone_check(c, "timezone", w->timezone);
    if (w->locale != NULL && !is_language_tag(w->locale))
        fault(c, "locale", "The language must be a tag such as en, de or pt-BR.");
    if (w->cadence_days != NULL) {
        TRY(json_parse(c, w->cadence_days, strlen(w->cadence_days), &days));
        if (days->kind == J_NULL)
            w->cadence_days = NULL;
        else if (!calendar_is_day_list(days))
            fault(c, "cadence_days", "The cadence days must be a list of names of days.");
    }
    return fields_ok(c);
}

/* ---- operations ---- */

enum err guest_enter(struct ctx *c, struct auth *auth, const char *code, struct guest *out,
                     struct new_guest_session *session)
{
    const struct caller *outer = c->caller;
    const struct credentials given = {
        .guest_code = code,
        .address = outer->address,
        .client = outer->client,
        .user_agent = outer->user_agent,
    };
    struct caller who;
    enum err e = identify(c, auth, &given, &who);

    if (e == ERR_UNAUTHENTICATED) {
        ctx_forgive(c);
        return fail_code(c, e, "GUEST_LINK_DEAD",
                         "This link has been replaced by a newer one, or has ended.");
    }
    TRY(e);
    c->caller = &who;
    e = guest_get_by_id(c, who.guest_id, out);
    c->caller = outer;
    TRY(e);
    return guest_session_start(c, out->id, session);
}

enum err guest_self_update(struct ctx *c, struct guest *w)
{
    TRY(check(c, w));
    TRY(db_change_one(c, SELF_UPDATE, TEXT(w->timezone), TEXT(w->locale), TEXT(w->cadence_days),
                      INT(c->now), TEXT(c->org), INT(w->id)));
    return event_record(c, "updated", "guest", arena_printf(c->mem, "%lld", (long long)w->id),
                        NULL);
}
