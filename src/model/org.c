/* Organizations. The columns and the object's fields have the same names, so that one list serves
 * the SELECT, the UPDATE and the shape. */
#include "model/org.h"

#include <string.h>

#include "base/ids.h"
#include "base/text.h"
#include "base/zone.h"
#include "db/db.h"
#include "auth/event.h"
#include "model/member.h"
#include "model/org_check.h"

/* ---- shape ---- */

#define ORG_FIELDS                                                                              \
    FIELD(org, id, TEXT, READONLY),                                                             \
    FIELD(org, name, TEXT, REQUIRED, .max = 50, .note = "The organization's name."),            \
    FIELD(org, slug, TEXT, READONLY),                                                           \
    FIELD(org, description, TEXT, NULLABLE, .max = 2000),                                       \
    FIELD(org, industry, TEXT, NULLABLE, .max = 200),                                           \
    FIELD(org, purpose, TEXT, NULLABLE, .max = 2000),                                           \
    FIELD(org, process_today, TEXT, NULLABLE, .max = 2000),                                     \
    FIELD(org, address1, TEXT, NULLABLE, .max = 200),                                           \
    FIELD(org, address2, TEXT, NULLABLE, .max = 200),                                           \
    FIELD(org, address3, TEXT, NULLABLE, .max = 200),                                           \
    FIELD(org, city, TEXT, NULLABLE, .max = 200),                                               \
    FIELD(org, state, TEXT, NULLABLE, .max = 200),                                              \
    FIELD(org, zipcode, TEXT, NULLABLE, .max = 20),                                             \
    FIELD(org, country, TEXT, NULLABLE, .max = 200),                                            \
    FIELD(org, timezone, TEXT, OPTIONAL, .max = 64,                                             \
          .note = "IANA name, such as Europe/Athens."),                                         \
    FIELD(org, org_logo, TEXT, NULLABLE, .max = 2000),                                          \
    FIELD(org, created_on, TIME, READONLY),                                                     \
    FIELD(org, last_updated, TIME, READONLY),                                                   \
    FIELD(org, created_at, TIME, READONLY),                                                     \
    FIELD(org, welcome_title, TEXT, NULLABLE, .max = 200),                                      \
    FIELD(org, welcome_description, TEXT, NULLABLE),                                            \
    FIELD(org, live_support_enabled, INT, OPTIONAL, .max = 1),                                  \
    FIELD(org, settings, JSON, OPTIONAL),                                                       \
    FIELD(org, users_count, INT, READONLY, .note = "Active members, verified ones."),          \
    FIELD(org, payment_state, TEXT, READONLY_NULL),                                             \
    FIELD(org, team_size, JSON, OPTIONAL),                                                      \
    FIELD(org, signup_survey, JSON, NULLABLE),                                                  \
    FIELD(org, in_trial, BOOL, READONLY),                                                       \
    FIELD(org, plan_code, TEXT, READONLY_NULL),                                                 \
    FIELD(org, analytics_enabled, BOOL, OPTIONAL),                                              \
    FIELD(org, limit_trial_features, BOOL, READONLY),                                           \
    FIELD(org, real_time_billing, BOOL, READONLY),                                              \
    FIELD(org, preferred_trial_plan, TEXT, READONLY_NULL),                                      \
    FIELD(org, google_analytics_id, TEXT, NULLABLE, .max = 200),                                \
    FIELD(org, mixpanel_token, TEXT, NULLABLE, .max = 200),                                     \
    FIELD(org, saml_enabled, BOOL, READONLY),                                                   \
    FIELD(org, saml_login_url, TEXT, READONLY_NULL),                                            \
    FIELD(org, sso_default_role, WORD, OPTIONAL, .words = role_words),                          \
    FIELD(org, auto_join_signups, BOOL, OPTIONAL),                                              \
    FIELD(org, allow_user_invite, BOOL, OPTIONAL),                                              \
    FIELD(org, allow_manage_groups, BOOL, OPTIONAL),                                            \
    FIELD(org, maximum_group_assignment_limit, INT, OPTIONAL, .max = 1000000),                  \
    FIELD(org, working_days, JSON, OPTIONAL),                                                   \
    FIELD(org, working_hours, JSON, NULLABLE, .note = "Null: all day."),                        \
    FIELD(org, deadline_setting, WORD, NULLABLE, .words = deadline_setting_words,               \
          .note = "Whether deadlines fall into working time."),                                 \
    FIELD(org, default_deadline, JSON, OPTIONAL),                                               \
    FIELD(org, wyiwyg, BOOL, OPTIONAL),                                                         \
    FIELD(org, cadence_days, JSON, OPTIONAL),                                                   \
    FIELD(org, guest_cadence_days, JSON, OPTIONAL),                                             \
    FIELD(org, auto_archive, BOOL, OPTIONAL),                                                   \
    FIELD(org, auto_archive_processes_after, JSON, OPTIONAL),                                   \
    FIELD(org, auto_complete_tasks, BOOL, OPTIONAL),                                            \
    FIELD(org, auto_complete_task_months, INT, OPTIONAL, .max = 24),                            \
    FIELD(org, webhook_date_field_format, WORD, OPTIONAL, .words = webhook_date_formats),       \
    FIELD(org, home_bg, TEXT, NULLABLE, .max = 2000),                                           \
    FIELD(org, global_css, TEXT, NULLABLE),                                                     \
    FIELD(org, homepage_snippet, TEXT, NULLABLE),                                               \
    FIELD(org, onboarding_snippet, TEXT, NULLABLE),                                             \
    FIELD(org, guest_onboarding_snippet, TEXT, NULLABLE),                                       \
    FIELD(org, light_role_error_snippet, TEXT, NULLABLE),                                       \
    FIELD(org, error_404_template, TEXT, NULLABLE),                                             \
    FIELD(org, enable_custom_404_error, BOOL, OPTIONAL),                                        \
    FIELD(org, enable_custom_smtp, BOOL, READONLY),                                             \
    FIELD(org, enable_onboarding_template, BOOL, OPTIONAL),                                     \
    FIELD(org, onboarding_template_id, TEXT, NULLABLE, .max = 32),                              \
    FIELD(org, restrict_blueprint_permissions, BOOL, OPTIONAL),                                 \
    FIELD(org, token_max_days, INT, OPTIONAL, .max = 3650,                                      \
          .note = "How long new named tokens may live; 0: as long as their owners like."),      \
    FIELD(org, keep_personal_token, BOOL, OPTIONAL,                                             \
          .note = "Signing out leaves the personal token of members alone."),                   \
    FIELD(org, disable_min_members_billing, BOOL, READONLY),                                    \
    FIELD(org, enable_light_users_billing, BOOL, READONLY),                                     \
    FIELD(org, azure_cognitive_service, BOOL, READONLY),                                        \
    FIELD(org, use_generative_ai, BOOL, READONLY)

static const struct field org_fields[] = { ORG_FIELDS, { 0 } };
const struct shape org_shape = SHAPE(org, org_fields);

static const struct field org_member_fields[] = {
    ORG_FIELDS,
    FIELD(org, user_role, WORD, READONLY, .words = role_words),
    FIELD(org, user_status, WORD, READONLY, .words = member_status_words),
    FIELD(org, joined_on, TIME, READONLY),
    FIELD(org, disabled_on, TIME, READONLY),
    FIELD(org, last_accessed, TIME, READONLY),
    { 0 },
};
const struct shape org_member_shape = SHAPE(org, org_member_fields);

static const struct field org_input_fields[] = {
    FIELD(org_input, name, TEXT, REQUIRED, .max = 50, .note = "The organization's name."),
    FIELD(org_input, timezone, TEXT, OPTIONAL, .max = 64, .note = "IANA name; UTC if absent."),
    { 0 },
};
const struct shape org_input_shape = SHAPE(org_input, org_input_fields);

/* ---- SQL ---- */

#define ORG_COLUMNS                                                                             \
    " o.id, o.name, o.slug, o.description, o.industry, o.purpose, o.process_today, o.address1," \
    " o.address2, o.address3, o.city, o.state, o.zipcode, o.country, o.timezone, o.org_logo,"   \
    " o.welcome_title, o.welcome_description, o.home_bg, o.global_css, o.homepage_snippet,"     \
    " o.onboarding_snippet, o.guest_onboarding_snippet, o.light_role_error_snippet,"            \
    " o.error_404_template, o.onboarding_template_id, o.settings, o.team_size,"                 \
    " o.signup_survey, o.working_days, o.working_hours, o.default_deadline, o.cadence_days,"    \
    " o.guest_cadence_days, o.auto_archive_processes_after, o.deadline_setting,"                \
    " o.webhook_date_field_format, o.google_analytics_id, o.mixpanel_token,"                    \
    " o.sso_default_role, o.maximum_group_assignment_limit, o.auto_complete_task_months,"       \
    " o.live_support_enabled, o.analytics_enabled, o.auto_join_signups, o.allow_user_invite,"   \
    " o.allow_manage_groups, o.wyiwyg, o.auto_archive, o.auto_complete_tasks,"                  \
    " o.enable_custom_404_error, o.enable_onboarding_template,"                                 \
    " o.restrict_blueprint_permissions, o.token_max_days, o.keep_personal_token,"               \
    " o.users_count, o.created_at,"                                                             \
    " o.created_at AS created_on, o.updated_at AS last_updated"

static const char ORG_GET[] = "SELECT" ORG_COLUMNS " FROM organizations o WHERE o.id = ?";

static const char ORGS_OF_USER[] =
    "SELECT" ORG_COLUMNS ","
    "       m.role AS user_role, m.status AS user_status, m.joined_at AS joined_on,"
    "       m.disabled_at AS disabled_on, m.last_accessed_at AS last_accessed"
    "  FROM members m JOIN organizations o ON o.id = m.org_id"
    " WHERE m.user_id = ?1 AND (CAST(?2 AS TEXT) IS NULL OR m.org_id = ?2)"
    "   AND m.deleted_at IS NULL"
    " ORDER BY m.joined_at, m.org_id LIMIT ?3 OFFSET ?4";

static const char ORGS_OF_USER_COUNT[] =
    "SELECT count(*) FROM members"
    " WHERE user_id = ?1 AND (CAST(?2 AS TEXT) IS NULL OR org_id = ?2) AND deleted_at IS NULL";

static const char ORG_INSERT[] =
    "INSERT INTO organizations (id, name, slug, timezone, created_at, updated_at, working_days)"
    " VALUES (?, ?, ?, ?, ?5, ?5, ?)";

static const char WORKING_DAYS[] =
    "{\"Monday\":true,\"Tuesday\":true,\"Wednesday\":true,\"Thursday\":true,\"Friday\":true,"
    "\"Saturday\":false,\"Sunday\":false}";

static const char ORG_COUNTERS_INSERT[] = "INSERT INTO org_counters (org_id) VALUES (?)";

static const char ORG_UPDATE[] =
    "UPDATE organizations"
    "   SET name = ?, description = ?, industry = ?, purpose = ?, process_today = ?,"
    "       address1 = ?, address2 = ?, address3 = ?, city = ?, state = ?, zipcode = ?,"
    "       country = ?, timezone = ?, org_logo = ?, welcome_title = ?,"
    "       welcome_description = ?, home_bg = ?, global_css = ?, homepage_snippet = ?,"
    "       onboarding_snippet = ?, guest_onboarding_snippet = ?,"
    "       light_role_error_snippet = ?, error_404_template = ?, google_analytics_id = ?,"
    "       mixpanel_token = ?, sso_default_role = ?, maximum_group_assignment_limit = ?,"
    "       auto_complete_task_months = ?, live_support_enabled = ?, analytics_enabled = ?,"
    "       auto_join_signups = ?, allow_user_invite = ?, allow_manage_groups = ?, wyiwyg = ?,"
    "       auto_archive = ?, auto_complete_tasks = ?, enable_custom_404_error = ?,"
    "       enable_onboarding_template = ?, restrict_blueprint_permissions = ?,"
    "       token_max_days = ?, keep_personal_token = ?, deadline_setting = ?,"
    "       webhook_date_field_format = ?, onboarding_template_id = ?, settings = ?,"
    "       team_size = ?, signup_survey = ?, working_hours = ?,"
    "       working_days = ?, default_deadline = ?, cadence_days = ?, guest_cadence_days = ?,"
    "       auto_archive_processes_after = ?, updated_at = ?"
    " WHERE id = ?";

/* ---- private ---- */

/* The name as it may stand in an address: "Ünion & Co" becomes "union-co". */
static const char *slug_of(struct arena *mem, const char *name)
{
    const char *folded = text_fold(mem, name);
    char *slug = arena_alloc(mem, strlen(folded) + 1);
    size_t n = 0;

    for (const char *p = folded; *p != '\0'; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');

        if (plain)
            slug[n++] = *p;
        else if (n > 0 && slug[n - 1] != '-')
            slug[n++] = '-';
    }
    if (n > 0 && slug[n - 1] == '-')
        n--;
    slug[n] = '\0';
    return n == 0 ? "organization" : slug;
}

/* ---- operations ---- */

enum err org_create(struct ctx *c, const struct org_input *in, int64_t owner_id, const char **id)
{
    const char *zone = in->timezone == NULL || in->timezone[0] == '\0' ? "UTC" : in->timezone;
    const char *outer = c->org;
    const char *new_id = id_new(c->mem, c->now);
    enum err e;

    zone_check(c, "timezone", zone);
    TRY(fields_ok(c));
    TRY(db_change(c, ORG_INSERT, TEXT(new_id), TEXT(in->name), TEXT(slug_of(c->mem, in->name)),
                  TEXT(zone), INT(c->now), TEXT(WORKING_DAYS)));
    TRY(db_change(c, ORG_COUNTERS_INSERT, TEXT(new_id)));
    c->org = new_id;
    e = member_add(c, owner_id, ROLE_ADMIN, true);
    if (e == OK)
        e = member_add_bot(c);
    if (e == OK)
        e = event_record(c, "created", "organization", new_id, NULL);
    c->org = outer;
    *id = new_id;
    return e;
}

enum err org_get(struct ctx *c, struct org *out)
{
    *out = (struct org){ 0 };
    return db_one(c, ORG_GET, &org_shape, out, TEXT(c->org));
}

enum err org_update(struct ctx *c, struct org *w)
{
    struct org was;

    TRY(org_get(c, &was));
    TRY(org_check(c, &was, w));
    TRY(fields_ok(c));
    if (shape_same(&org_shape, &was, w))
        return OK;
    TRY(db_change_one(
        c, ORG_UPDATE, TEXT(w->name), TEXT(w->description), TEXT(w->industry), TEXT(w->purpose),
        TEXT(w->process_today), TEXT(w->address1), TEXT(w->address2), TEXT(w->address3),
        TEXT(w->city), TEXT(w->state), TEXT(w->zipcode), TEXT(w->country), TEXT(w->timezone),
        TEXT(w->org_logo), TEXT(w->welcome_title), TEXT(w->welcome_description),
        TEXT(w->home_bg), TEXT(w->global_css), TEXT(w->homepage_snippet),
        TEXT(w->onboarding_snippet), TEXT(w->guest_onboarding_snippet),
        TEXT(w->light_role_error_snippet), TEXT(w->error_404_template),
        TEXT(w->google_analytics_id), TEXT(w->mixpanel_token),
        TEXT(role_words[w->sso_default_role]), INT(w->maximum_group_assignment_limit),
        INT(w->auto_complete_task_months), INT(w->live_support_enabled),
        INT(w->analytics_enabled), INT(w->auto_join_signups), INT(w->allow_user_invite),
        INT(w->allow_manage_groups), INT(w->wyiwyg), INT(w->auto_archive),
        INT(w->auto_complete_tasks), INT(w->enable_custom_404_error),
        INT(w->enable_onboarding_template), INT(w->restrict_blueprint_permissions),
        INT(w->token_max_days), INT(w->keep_personal_token),
        TEXT(w->deadline_setting < 0 ? NULL : deadline_setting_words[w->deadline_setting]),
        TEXT(webhook_date_formats[w->webhook_date_field_format]), TEXT(w->onboarding_template_id),
        TEXT(w->settings), TEXT(w->team_size), TEXT(w->signup_survey), TEXT(w->working_hours),
        TEXT(w->working_days), TEXT(w->default_deadline), TEXT(w->cadence_days),
        TEXT(w->guest_cadence_days), TEXT(w->auto_archive_processes_after), INT(c->now),
        TEXT(c->org)));
    TRY(event_record(c, "updated", "organization", c->org, NULL));
    return org_get(c, w);
}

enum err org_list_of_user(struct ctx *c, int64_t user_id, const char *only, int64_t limit,
                          int64_t offset, struct org **out, size_t *count, int64_t *total)
{
    TRY(db_int(c, ORGS_OF_USER_COUNT, total, INT(user_id), TEXT(only)));
    return db_all(c, ORGS_OF_USER, &org_member_shape, out, count, INT(user_id), TEXT(only),
                  INT(limit), INT(offset));
}
