/* See preferences.h. */
#include "model/preferences.h"

#include <string.h>

#include "auth/event.h"
#include "db/db.h"
#include "flow/calendar.h"

/* ---- shape ---- */

static const char *const theme_words[] = { "system", "light", "dark", NULL };
static const char *const density_words[] = { "comfortable", "compact", NULL };

static const struct field preferences_fields[] = {
    FIELD(preferences, mail_assigned, BOOL, OPTIONAL, .note = "A task was given to me."),
    FIELD(preferences, mail_updates, BOOL, OPTIONAL, .note = "A task of mine was changed."),
    FIELD(preferences, mail_comments, BOOL, OPTIONAL, .note = "Somebody commented on my task."),
    FIELD(preferences, mail_mentions, BOOL, OPTIONAL, .note = "Somebody named me in a comment."),
    FIELD(preferences, mail_process_completed, BOOL, OPTIONAL, .note = "One I launched is done."),
    FIELD(preferences, mail_deadline_changed, BOOL, OPTIONAL, .note = "That of a task of mine."),
    FIELD(preferences, digest_days, JSON, OPTIONAL,
          .note = "Names of days; null: those of the organization."),
    FIELD(preferences, digest_hour, INT, OPTIONAL, .max = 23, .note = "In one's own zone."),
    FIELD(preferences, theme, WORD, OPTIONAL, .words = theme_words),
    FIELD(preferences, density, WORD, OPTIONAL, .words = density_words),
    FIELD(preferences, sounds, BOOL, OPTIONAL),
    FIELD(preferences, relative_dates, BOOL, OPTIONAL, .note = "Tomorrow, not a date."),
    FIELD(preferences, shortcuts, BOOL, OPTIONAL, .note = "Single letters do things."),
    FIELD(preferences, step_preferences, BOOL, OPTIONAL),
    { 0 },
};
const struct shape preferences_shape = SHAPE(preferences, preferences_fields);

const struct preferences preferences_standard = {
    .mail_assigned = true,
    .mail_updates = true,
    .mail_comments = true,
    .mail_mentions = true,
    .mail_process_completed = true,
    .mail_deadline_changed = true,
    .digest_days = "null",
    .digest_hour = 6,
    .relative_dates = true,
    .shortcuts = true,
    .step_preferences = true,
};

/* ---- SQL ---- */

static const char GET[] =
    "SELECT preferences FROM members WHERE org_id = ? AND user_id = ? AND deleted_at IS NULL";

static const char SET[] =
    "UPDATE members SET preferences = ?"
    " WHERE org_id = ? AND user_id = ? AND deleted_at IS NULL";

/* ---- private ---- */

enum { STORED_MAX = 4000 };

static enum err check_days(struct ctx *c, const char *days)
{
    struct json *v;

    TRY(json_parse(c, days, strlen(days), &v));
    if (v->kind != J_NULL && !calendar_is_day_list(v))
        fault(c, "digest_days", "The digest days must be a list of names of days, or null.");
    return OK;
}

/* ---- operations ---- */

enum err preferences_parse(struct ctx *c, const char *stored, struct preferences *out)
{
    struct json *v;

    *out = preferences_standard;
    TRY(json_parse(c, stored, strlen(stored), &v));
    return shape_read(c, &preferences_shape, v, READ_PARTIAL, out);
}

enum err preferences_get(struct ctx *c, int64_t user_id, struct preferences *out)
{
    const char *stored;

    TRY(db_text(c, GET, &stored, TEXT(c->org), INT(user_id)));
    return preferences_parse(c, stored, out);
}

enum err preferences_set(struct ctx *c, int64_t user_id, const struct preferences *wanted)
{
    struct str text = str_in(c->mem, STORED_MAX);
    struct preferences was;

    TRY(check_days(c, wanted->digest_days));
    TRY(fields_ok(c));
    TRY(preferences_get(c, user_id, &was));
    if (shape_same(&preferences_shape, &was, wanted))
        return OK;
    shape_write(&text, &preferences_shape, wanted);
    TRY(db_change_one(c, SET, TEXT(str_text(&text)), TEXT(c->org), INT(user_id)));
    return event_record(c, "updated", "member",
                        arena_printf(c->mem, "%lld", (long long)user_id), NULL);
}
