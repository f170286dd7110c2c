/* Organizations: the tenants. Everything returned lives in the caller's arena. */
#pragma once

#include "auth/caller.h"
#include "base/ctx.h"
#include "base/shape.h"

/* The organization object of the API, and, in a person's own list, that person's place in it. */
struct org {
    const char *id, *name, *slug, *description, *industry, *purpose, *process_today;
    const char *address1, *address2, *address3, *city, *state, *zipcode, *country;
    const char *timezone, *org_logo, *welcome_title, *welcome_description;
    const char *home_bg, *global_css, *homepage_snippet, *onboarding_snippet;
    const char *guest_onboarding_snippet, *light_role_error_snippet, *error_404_template;
    const char *onboarding_template_id;
    const char *settings, *team_size, *signup_survey, *working_days, *default_deadline; /* JSON */
    const char *cadence_days, *guest_cadence_days, *auto_archive_processes_after;      /* JSON */
    const char *working_hours; /* JSON; NULL: all day */
    const char *google_analytics_id, *mixpanel_token;
    int deadline_setting;          /* index into deadline_setting_words; -1: not said */
    int webhook_date_field_format; /* index into webhook_date_formats */
    int sso_default_role;
    int64_t maximum_group_assignment_limit, auto_complete_task_months, live_support_enabled;
    bool analytics_enabled, auto_join_signups, allow_user_invite, allow_manage_groups, wyiwyg;
    bool auto_archive, auto_complete_tasks, enable_custom_404_error, enable_onboarding_template;
    bool restrict_blueprint_permissions, keep_personal_token;
    int64_t token_max_days; /* of named tokens; 0: no rule */
    int64_t users_count;
    int64_t created_on, last_updated, created_at;

    /* What the hosted service's plans and add-ons would say; nothing is sold here, so these keep
     * the values of an installation without limits. */
    const char *payment_state, *plan_code, *preferred_trial_plan, *saml_login_url;
    bool in_trial, limit_trial_features, real_time_billing, saml_enabled, enable_custom_smtp;
    bool disable_min_members_billing, enable_light_users_billing, azure_cognitive_service;
    bool use_generative_ai;

    /* Only in a person's own list. */
    int user_role, user_status;
    int64_t joined_on, disabled_on, last_accessed;
};

extern const struct shape org_shape;        /* the organization; also what PUT takes */
extern const struct shape org_member_shape; /* with the person's place in it */

struct org_input {
    const char *name;
    const char *timezone; /* NULL: UTC */
};
extern const struct shape org_input_shape;

/* A new organization whose default administrator is the given account. */
MUST_CHECK enum err org_create(struct ctx *c, const struct org_input *in, int64_t owner_id,
                               const char **id);

/* The organization c->org. */
MUST_CHECK enum err org_get(struct ctx *c, struct org *out);

/* Stores what may be changed of c->org; start from org_get. */
MUST_CHECK enum err org_update(struct ctx *c, struct org *wanted);

/* The organizations that an account is in, oldest membership first; or only this one of them. */
MUST_CHECK enum err org_list_of_user(struct ctx *c, int64_t user_id, const char *only,
                                     int64_t limit, int64_t offset, struct org **out,
                                     size_t *count, int64_t *total);
