/* See org_check.h. */
#include "model/org_check.h"

#include <string.h>

#include "base/json.h"
#include "base/url.h"
#include "base/zone.h"
#include "flow/calendar.h"

enum {
    FREE_MEMBERS_MAX = 50,  /* of settings */
    FREE_BYTES_MAX = 8192,  /* of settings, and of the survey */
    PLAIN_BYTES_MAX = 2 * FREE_BYTES_MAX, /* "1" becomes false */
    TEAM_SIZES_MAX = 10,
    DEADLINE_MOST = 1000,   /* of its unit */
    ARCHIVE_MOST = 90,      /* days or weeks */
    MONTHS_LEAST = 2,
};

const char *const deadline_setting_words[] = { "working_time", "any_time", NULL };

const char *const webhook_date_formats[] = {
    "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd",
    "MM/dd/yyyy HH:mm:ss",  "MM/dd/yyyy",          "dd/MM/yyyy HH:mm:ss",
    "dd/MM/yyyy",           NULL,
};

/* ---- days and spans ---- */

static bool read_deadline(struct json *v)
{
    static const char *const units[] = { "hours", "days", "weeks", "months", NULL };

    return calendar_read_span(v, "type", units, 0, DEADLINE_MOST);
}

static bool read_archive_span(struct json *v)
{
    static const char *const units[] = { "days", "weeks", NULL };

    return calendar_read_span(v, "unit", units, 1, ARCHIVE_MOST);
}

/* ---- what clients keep here ---- */

static bool is_plain_object(struct json *v)
{
    int n = 0;

    if (v->kind != J_OBJECT)
        return false;
    for (const struct json *m = v->first; m != NULL; m = m->next)
        if (m->kind == J_LIST || m->kind == J_OBJECT || ++n > FREE_MEMBERS_MAX)
            return false;
    return true;
}

static bool is_object(struct json *v)
{
    return v->kind == J_OBJECT;
}

static bool read_team_size(struct json *v)
{
    int n = 0;

    if (v->kind != J_LIST)
        return false;
    for (struct json *m = v->first; m != NULL; m = m->next)
        if (!json_make_int(m) || m->integer < 0 || ++n > TEAM_SIZES_MAX)
            return false;
    return true;
}

/* ---- the settings that are JSON ---- */

static const struct {
    const char *name;
    size_t offset;      /* of the text in struct org */
    const char *absent; /* what null stands for; NULL: nothing at all */
    bool nullable;
    bool (*read)(struct json *v); /* whether it is right; makes it plain */
    const char *must; /* what it must be */
} rules[] = {
#define RULE(member) #member, offsetof(struct org, member)
    { RULE(working_days), NULL, false, calendar_read_week,
      "name each day from Monday to Sunday with true or false, at least one of them true" },
    { RULE(working_hours), NULL, true, calendar_is_hours,
      "be like {\"start\":\"09:00\",\"end\":\"17:30\"}, the end after the start; or null" },
    { RULE(default_deadline), NULL, false, read_deadline,
      "be like {\"type\":\"days\",\"value\":5}; hours, days, weeks or months, 1000 at most" },
    { RULE(cadence_days), "[]", true, calendar_is_day_list,
      "be a list of names of days, none twice" },
    { RULE(guest_cadence_days), "[]", true, calendar_is_day_list,
      "be a list of names of days, none twice" },
    { RULE(auto_archive_processes_after), NULL, false, read_archive_span,
      "be like {\"unit\":\"weeks\",\"value\":52}; days or weeks, from 1 to 90" },
    { RULE(settings), "{}", true, is_plain_object,
      "be an object of at most 50 texts, numbers, flags and nulls" },
    { RULE(team_size), "[]", true, read_team_size, "be a list of at most 10 whole numbers" },
    { RULE(signup_survey), NULL, true, is_object, "be an object or null" },
#undef RULE
};

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* An empty field of a form is as near to null as a form comes. */
static bool is_nothing(const struct json *v)
{
    return v->kind == J_NULL || (v->kind == J_TEXT && v->text[0] == '\0');
}

static const char *text_of(struct ctx *c, const struct json *v)
{
    struct str out = str_in(c->mem, PLAIN_BYTES_MAX);

    json_put_tree(&out, v);
    return str_text(&out);
}

static enum err check_json(struct ctx *c, const struct org *was, struct org *wanted)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        const char *old = *(const char *const *)((const char *)was + rules[i].offset);
        const char **text = (const char **)((char *)wanted + rules[i].offset);
        struct json *v;

        if (same(old, *text))
            continue;
        TRY(json_parse(c, *text, strlen(*text), &v));
        if (is_nothing(v) && rules[i].nullable)
            *text = rules[i].absent;
        else if (strlen(*text) > FREE_BYTES_MAX)
            fault(c, rules[i].name, "The %s may not be larger than %d bytes.",
                  field_words(c, rules[i].name), FREE_BYTES_MAX);
        else if (!rules[i].read(v))
            fault(c, rules[i].name, "The %s must %s.", field_words(c, rules[i].name),
                  rules[i].must);
        else
            *text = text_of(c, v);
    }
    return OK;
}

/* ---- the others ---- */

void org_check_address(struct ctx *c, const char *field, const char *was, const char *address)
{
    if (address != NULL && !same(was, address) && !url_is_web(address))
        fault(c, field, "The %s must be an address that begins with https:// or http://.",
              field_words(c, field));
}

/* Such ids end up in pages. */
static void check_id(struct ctx *c, const char *field, const char *id)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    if (id != NULL && id[strspn(id, plain)] != '\0')
        fault(c, field, "The %s must be made of letters, digits, - and _.",
              field_words(c, field));
}

/* What depends on parts that are not here. */
static void check_absent(struct ctx *c, const struct org *was, const struct org *w)
{
    if (w->onboarding_template_id != NULL)
        fault(c, "onboarding_template_id", "There is no such template.");
    else if (w->enable_onboarding_template && !was->enable_onboarding_template)
        fault(c, "enable_onboarding_template", "Choose the template in onboarding_template_id.");
    if (w->auto_join_signups && !was->auto_join_signups)
        fault(c, "auto_join_signups", "Nobody joins by the domain of an address here: invite "
                                      "them, or let members invite (allow_user_invite).");
}

enum err org_check(struct ctx *c, const struct org *was, struct org *w)
{
    zone_check(c, "timezone", w->timezone);
    if (w->auto_complete_task_months < MONTHS_LEAST)
        fault(c, "auto_complete_task_months",
              "The auto complete task months must be between 2 and 24.");
    org_check_address(c, "org_logo", was->org_logo, w->org_logo);
    org_check_address(c, "home_bg", was->home_bg, w->home_bg);
    if (!same(was->google_analytics_id, w->google_analytics_id))
        check_id(c, "google_analytics_id", w->google_analytics_id);
    if (!same(was->mixpanel_token, w->mixpanel_token))
        check_id(c, "mixpanel_token", w->mixpanel_token);
    if (!same(was->global_css, w->global_css) && w->global_css != NULL &&
        strchr(w->global_css, '<') != NULL)
        fault(c, "global_css", "The style sheet must not hold <, which would end it.");
    check_absent(c, was, w);
    return check_json(c, was, w);
}
