/* Every endpoint of the product. Each answers under / and under /api.
 *
 * "who may" is a kind of caller, or an action that the caller must be permitted (permission.h); the
 * scope is what a limited token must cover.
 * A handler's file is named after its first word. */
#include "routes.h"

#include "api/account.h"
#include "api/activity.h"
#include "api/applications.h"
#include "api/authorize.h"
#include "api/branding.h"
#include "api/clients.h"
#include "api/countries.h"
#include "api/custom_field_keys.h"
#include "api/custom_fields.h"
#include "api/device.h"
#include "api/discovery.h"
#include "api/folders.h"
#include "api/groups.h"
#include "api/guest.h"
#include "api/guests.h"
#include "api/health.h"
#include "api/introspection.h"
#include "api/invitations.h"
#include "api/job_titles.h"
#include "api/mails.h"
#include "api/me.h"
#include "api/members.h"
#include "api/membership.h"
#include "api/oauth.h"
#include "api/orgs.h"
#include "api/pages.h"
#include "api/password_input.h"
#include "api/preferences.h"
#include "api/registration.h"
#include "api/second_factor.h"
#include "api/session.h"
#include "api/sessions.h"
#include "api/tags.h"
#include "api/tasks.h"
#include "api/tokens.h"
#include "auth/named.h"
#include "auth/permission.h"
#include "base/json.h"
#include "model/application.h"
#include "model/approval.h"
#include "model/branding.h"
#include "model/client.h"
#include "model/custom_field.h"
#include "model/device.h"
#include "model/folder.h"
#include "model/grant.h"
#include "model/group.h"
#include "model/guest.h"
#include "model/guest_self.h"
#include "model/job_title.h"
#include "model/member.h"
#include "model/org.h"
#include "model/preferences.h"
#include "model/tag.h"
#include "model/task.h"
#include "model/user.h"

#define O "/organizations/{org}"
#define OPEN ROUTE_NO_CLIENT_HEADER
#define BEGINS (ROUTE_NO_CLIENT_HEADER | ROUTE_NO_CSRF)
#define PAGE (ROUTE_NO_CLIENT_HEADER | ROUTE_NO_STORE)

/* clang-format off */
const struct route routes[] = {
    /*        path                                  who may                   scope                 body                 handler */

    /* what operators and machines ask */
    { GET,    "/health",                            PUBLIC,                   NULL,                 NULL,                health_read,        OPEN | ROUTE_WRITES, .limit = LIMIT_NONE },
    { GET,    "/metrics",                           PUBLIC,                   NULL,                 NULL,                metrics_read,       PAGE },
    { GET,    "/.well-known/jwks.json",             PUBLIC,                   NULL,                 NULL,                discovery_keys,     PAGE },
    { GET,    "/.well-known/oauth-authorization-server", PUBLIC,                   NULL,                 NULL,                discovery_server,   PAGE },
    { GET,    "/.well-known/openid-configuration",  PUBLIC,                   NULL,                 NULL,                discovery_server,   PAGE },
    { GET,    "/.well-known/oauth-protected-resource", PUBLIC,                   NULL,                 NULL,                discovery_resource, PAGE },

    /* setting up, and signing in by browser */
    { GET,    "/setup",                             PUBLIC,                   NULL,                 NULL,                pages_setup, OPEN },
    { POST,   "/setup",                             PUBLIC,                   NULL,                 &setup_shape,        setup_complete,     BEGINS, setup_complete_slow },
    { GET,    "/session",                           PUBLIC,                   NULL,                 NULL,                session_read,       OPEN },
    { POST,   "/session",                           PUBLIC,                   NULL,                 &sign_in_shape,      session_create,     BEGINS, session_create_slow },
    { DELETE, "/session",                           PUBLIC,                   NULL,                 NULL,                session_delete,     OPEN },
    { POST,   "/logout",                            PUBLIC,                   NULL,                 NULL,                logout_form,        BEGINS },
    { POST,   "/auth/login",                        PUBLIC,                   NULL,                 &sign_in_shape,      auth_login,         BEGINS, session_create_slow },
    { POST,   "/auth/logout",                       USER,                     "account.write",      NULL,                auth_logout,        OPEN | ROUTE_CREDENTIALS },

    { GET,    "/me/second-factor",                  SESSION,                  NULL,                 NULL,                second_factor_read, OPEN },
    { POST,   "/me/second-factor",                  SESSION,                  NULL,                 &password_input_shape, second_factor_create, OPEN, password_input_slow },
    { POST,   "/me/second-factor/confirm",          SESSION,                  NULL,                 &second_factor_code_shape, second_factor_confirm_post, OPEN },
    { POST,   "/me/second-factor/recovery-codes",   SESSION,                  NULL,                 &password_input_shape, second_factor_recovery_codes, OPEN, password_input_slow },
    { DELETE, "/me/second-factor",                  SESSION,                  NULL,                 &password_input_shape, second_factor_delete, OPEN, password_input_slow },
    { GET,    "/sessions",                          SESSION,                  NULL,                 NULL,                sessions_list,      OPEN },
    { DELETE, "/sessions/{id}",                     SESSION,                  NULL,                 NULL,                sessions_end,       OPEN },
    { POST,   "/sessions/revoke-all",               SESSION,                  NULL,                 NULL,                sessions_revoke_all, OPEN },

    /* tokens */
    { GET,    "/session/personal-token",            SESSION,                  NULL,                 NULL,                personal_token_read,         OPEN | ROUTE_WRITES },
    { POST,   "/session/personal-token/reveal",     SESSION,                  NULL,                 &password_input_shape, personal_token_reveal_post, OPEN, password_input_slow },
    { POST,   "/session/personal-token/replace",    SESSION,                  NULL,                 &password_input_shape, personal_token_replace_post, OPEN, password_input_slow },
    { GET,    "/oauth/personal-access-tokens",      USER,                     "admin",              NULL,                named_tokens_list,           OPEN | ROUTE_WRITES },
    { POST,   "/oauth/personal-access-tokens",      USER,                     "admin",              &named_token_input_shape, named_tokens_create,     OPEN },
    { PUT,    "/oauth/personal-access-tokens/{id}", USER,                     "admin",              &named_token_name_shape, named_tokens_rename,     OPEN },
    { PATCH,  "/oauth/personal-access-tokens/{id}", USER,                     "admin",              &named_token_name_shape, named_tokens_rename,     OPEN },
    { POST,   "/oauth/personal-access-tokens/{id}/rotate", USER,                     "admin",              &named_token_rotation_shape, named_tokens_rotate,  OPEN },
    { DELETE, "/oauth/personal-access-tokens/{id}", USER,                     "admin",              NULL,                named_tokens_revoke,         OPEN },
    { GET,    "/oauth/tokens",                      USER,                     "admin",              NULL,                connected_tokens_list,       OPEN | ROUTE_WRITES },
    { DELETE, "/oauth/tokens",                      USER,                     "admin",              NULL,                all_tokens_revoke,           OPEN },
    { DELETE, "/oauth/tokens/{id}",                 USER,                     "admin",              NULL,                connected_tokens_revoke,     OPEN },
    { GET,    O "/tokens",                          MAY(MANAGE_ORGANIZATION), "admin",              NULL,                org_tokens_list,             ROUTE_WRITES },
    { DELETE, O "/tokens/{id}",                     MAY(MANAGE_ORGANIZATION), "admin",              NULL,                org_tokens_revoke },

    /* OAuth, and what applications do for themselves */
    { POST,   "/oauth/token",                       PUBLIC,                   NULL,                 &grant_input_shape,  oauth_token,        BEGINS | ROUTE_OAUTH_ERRORS, oauth_token_slow, .limit = LIMIT_TOKENS },
    { POST,   "/oauth/introspect",                  PUBLIC,                   NULL,                 &token_question_shape, introspection_read, BEGINS | ROUTE_OAUTH_ERRORS },
    { POST,   "/oauth/revoke",                      PUBLIC,                   NULL,                 &token_question_shape, introspection_revoke, BEGINS | ROUTE_OAUTH_ERRORS },
    { POST,   "/mcp/oauth/register",                PUBLIC,                   NULL,                 &client_registration_shape, registration_create, BEGINS | ROUTE_OAUTH_ERRORS, .limit = LIMIT_REGISTRATION },
    { GET,    O "/oauth/clients",                   MAY(MANAGE_ORGANIZATION), "admin",              NULL,                clients_list },
    { POST,   O "/oauth/clients",                   MAY(MANAGE_ORGANIZATION), "admin",              &client_input_shape, clients_create },
    { GET,    O "/oauth/clients/{id}",              MAY(MANAGE_ORGANIZATION), "admin",              NULL,                clients_read },
    { PUT,    O "/oauth/clients/{id}",              MAY(MANAGE_ORGANIZATION), "admin",              &client_change_shape, clients_update },
    { PATCH,  O "/oauth/clients/{id}",              MAY(MANAGE_ORGANIZATION), "admin",              &client_change_shape, clients_patch },
    { POST,   O "/oauth/clients/{id}/secret",       MAY(MANAGE_ORGANIZATION), "admin",              &secret_input_shape, clients_new_secret },
    { DELETE, O "/oauth/clients/{id}/old-secret",   MAY(MANAGE_ORGANIZATION), "admin",              NULL,                clients_end_old_secret },
    { DELETE, O "/oauth/clients/{id}",              MAY(MANAGE_ORGANIZATION), "admin",              NULL,                clients_delete },
    { GET,    O "/oauth/clients/{id}/users",        MAY(MANAGE_ORGANIZATION), "admin",              NULL,                clients_users,      ROUTE_WRITES },
    { DELETE, O "/oauth/clients/{id}/users/{user}", MAY(MANAGE_ORGANIZATION), "admin",              NULL,                clients_end_consent },
    { POST,   "/applications/{org}/users",          APPLICATION,              "users.write",        &application_user_shape, applications_provision },
    { POST,   "/applications/{org}/users/{email}/token", APPLICATION,              "users.write",   NULL,                applications_token },

    /* OAuth: applications that ask people */
    { GET,    "/oauth/authorize",                   PUBLIC,                   NULL,                 NULL,                authorize_begin,    OPEN },
    { GET,    "/mcp/oauth/authorize",               PUBLIC,                   NULL,                 NULL,                authorize_begin,    OPEN },
    { GET,    "/oauth/consent",                     SESSION,                  NULL,                 NULL,                authorize_consent,  OPEN },
    { GET,    "/mcp/oauth/consent",                 SESSION,                  NULL,                 NULL,                authorize_consent,  OPEN },
    { POST,   "/oauth/consent",                     SESSION,                  NULL,                 &approval_input_shape, authorize_answer, OPEN },
    { POST,   "/mcp/oauth/consent",                 SESSION,                  NULL,                 &approval_input_shape, authorize_answer, OPEN },
    { POST,   "/mcp/oauth/token",                   PUBLIC,                   NULL,                 &grant_input_shape,  oauth_token,        BEGINS | ROUTE_OAUTH_ERRORS, .limit = LIMIT_TOKENS },
    { POST,   "/mcp/oauth/token-exchange",          PUBLIC,                   NULL,                 NULL,                oauth_exchange,     BEGINS | ROUTE_OAUTH_ERRORS, .limit = LIMIT_TOKENS },
    { POST,   "/oauth/device_authorization",        PUBLIC,                   NULL,                 &device_request_shape, device_authorization, BEGINS | ROUTE_OAUTH_ERRORS, .limit = LIMIT_TOKENS },
    { GET,    "/oauth/device",                      SESSION,                  NULL,                 NULL,                device_consent,     OPEN | ROUTE_WRITES },
    { POST,   "/oauth/device",                      SESSION,                  NULL,                 &approval_input_shape, device_consent_answer, OPEN },

    /* who am I, and where do I belong */
    { GET,    "/me",                                USER,                     "account.read",       NULL,                me_read,            ROUTE_BOUND },
    { GET,    "/me/organizations",                  USER,                     "account.read",       NULL,                me_organizations,   ROUTE_BOUND },
    { GET,    "/current-user/{user}/organizations", USER,                     "account.read",       NULL,                user_organizations, ROUTE_BOUND },
    { GET,    O "/me",                              MAY(KEEP_OWN_PROFILE),    "account.read",       NULL,                me_read },
    { PUT,    O "/me",                              MAY(KEEP_OWN_PROFILE),    "account.write",      &profile_shape,      me_update, .limit = LIMIT_PROFILE },
    { PATCH,  O "/me",                              MAY(KEEP_OWN_PROFILE),    "account.write",      &profile_shape,      me_patch, .limit = LIMIT_PROFILE },
    { GET,    O "/me/preferences",                  MAY(KEEP_OWN_PROFILE),    "account.read",       NULL,                preferences_read },
    { PUT,    O "/me/preferences",                  MAY(KEEP_OWN_PROFILE),    "account.write",      &preferences_shape,  preferences_update },
    { PATCH,  O "/me/preferences",                  MAY(KEEP_OWN_PROFILE),    "account.write",      &preferences_shape,  preferences_patch },
    { GET,    "/countries",                         USER,                     "account.read",       NULL,                countries_list,     ROUTE_BOUND },
    { PUT,    O "/me/update-password",              MAY(KEEP_OWN_PROFILE),    "account.write",      &password_change_shape, password_update, ROUTE_CREDENTIALS, password_update_slow, .limit = LIMIT_PASSWORD },
    { PATCH,  O "/me/update-password",              MAY(KEEP_OWN_PROFILE),    "account.write",      &password_change_shape, password_update, ROUTE_CREDENTIALS, password_update_slow, .limit = LIMIT_PASSWORD },

    /* accounts: what people do themselves, with links that are mailed to them */
    { POST,   "/auth/register",                     PUBLIC,                   NULL,                 &registration_shape, account_register_post, BEGINS, account_register_slow, .limit = LIMIT_REGISTRATION },
    { POST,   "/auth/verify",                       PUBLIC,                   NULL,                 &link_token_shape,   account_verify_post, BEGINS, .limit = LIMIT_TOKENS },
    { POST,   "/auth/verify/resend",                USER,                     "account.write",      NULL,                account_verify_resend, OPEN },
    { POST,   "/auth/password/email",               PUBLIC,                   NULL,                 &address_shape,      password_reset_ask, BEGINS, .limit = LIMIT_TOKENS },
    { POST,   "/auth/password/reset",               PUBLIC,                   NULL,                 &password_reset_shape, password_reset_post, BEGINS, password_reset_slow, .limit = LIMIT_TOKENS },
    { POST,   "/auth/email/confirm",                PUBLIC,                   NULL,                 &link_token_shape,   email_confirm,      BEGINS, .limit = LIMIT_TOKENS },
    { POST,   "/auth/invitation",                   PUBLIC,                   NULL,                 &link_token_shape,   invitation_read,    BEGINS, .limit = LIMIT_TOKENS },
    { POST,   "/auth/invitation/accept",            PUBLIC,                   NULL,                 &acceptance_shape,   invitation_accept_post, BEGINS, invitation_accept_slow, .limit = LIMIT_TOKENS },
    { PUT,    O "/me/update-email",                 MAY(KEEP_OWN_PROFILE),    "account.write",      &email_change_shape, email_update, ROUTE_CREDENTIALS, email_update_slow, .limit = LIMIT_EMAIL },
    { PATCH,  O "/me/update-email",                 MAY(KEEP_OWN_PROFILE),    "account.write",      &email_change_shape, email_update, ROUTE_CREDENTIALS, email_update_slow, .limit = LIMIT_EMAIL },
    { PUT,    O "/users/{id}/update-email",         MAY(KEEP_OWN_PROFILE),    "account.write",      &email_change_shape, email_update, ROUTE_CREDENTIALS, email_update_of_user_slow, .limit = LIMIT_EMAIL },
    { PATCH,  O "/users/{id}/update-email",         MAY(KEEP_OWN_PROFILE),    "account.write",      &email_change_shape, email_update, ROUTE_CREDENTIALS, email_update_of_user_slow, .limit = LIMIT_EMAIL },
    { PUT,    O "/users/{id}/update-password",      MAY(KEEP_OWN_PROFILE),    "account.write",      &password_change_shape, password_update, ROUTE_CREDENTIALS, password_update_of_user_slow, .limit = LIMIT_PASSWORD },
    { PATCH,  O "/users/{id}/update-password",      MAY(KEEP_OWN_PROFILE),    "account.write",      &password_change_shape, password_update, ROUTE_CREDENTIALS, password_update_of_user_slow, .limit = LIMIT_PASSWORD },

    /* organizations */
    { POST,   "/organizations",                     USER,                     "organization.write", &org_input_shape,    orgs_create },
    { GET,    O,                                    MAY(SEE_ORGANIZATION),    "organization.read",  NULL,                orgs_read },
    { PUT,    O,                                    MAY(MANAGE_ORGANIZATION), "organization.write", &org_shape,          orgs_update },
    { PATCH,  O,                                    MAY(MANAGE_ORGANIZATION), "organization.write", &org_shape,          orgs_patch },
    { GET,    O "/custom-branding",                 MAY(SEE_ORGANIZATION),    "organization.read",  NULL,                branding_read },
    { PUT,    O "/custom-branding",                 MAY(MANAGE_ORGANIZATION), "organization.write", &branding_shape,     branding_change },
    { PATCH,  O "/custom-branding",                 MAY(MANAGE_ORGANIZATION), "organization.write", &branding_shape,     branding_change },

    /* what happened */
    { GET,    O "/activity-feeds",                  MAY(SEE_ACTIVITY),        "users.read",         NULL,                activity_feed,      ROUTE_WRITES },

    /* members */
    { GET,    O "/users",                           MAY(SEE_MEMBERS),         "users.read",         NULL,                members_list },
    { GET,    O "/users-list",                      MAY(SEE_MEMBERS),         "users.read",         NULL,                members_all },
    { GET,    O "/users/{id}",                      MAY(KEEP_PROFILES),       "users.read",         NULL,                members_read },
    { PUT,    O "/users/{id}",                      MAY(KEEP_PROFILES),       "users.write",        &profile_shape,      members_update, .limit = LIMIT_PROFILE },
    { PATCH,  O "/users/{id}",                      MAY(KEEP_PROFILES),       "users.write",        &profile_shape,      members_patch, .limit = LIMIT_PROFILE },
    { POST,   O "/users",                           MAY(INVITE_MEMBERS),      "users.write",        &invite_shape,       membership_invite, .limit = LIMIT_INVITES },
    { POST,   O "/users/invite",                    MAY(INVITE_MEMBERS),      "users.write",        &invite_shape,       membership_invite, .limit = LIMIT_INVITES },
    { POST,   O "/users/{id}/resend-invite",        MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_resend, .limit = LIMIT_INVITES },
    { DELETE, O "/users/{id}/invite",               MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_withdraw },
    { PUT,    O "/users/{id}/role",                 MAY(MANAGE_MEMBERS),      "users.write",        &role_shape,         membership_set_role },
    { PATCH,  O "/users/{id}/role",                 MAY(MANAGE_MEMBERS),      "users.write",        &role_shape,         membership_set_role },
    { PUT,    O "/users/{id}/default-admin",        MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_default_admin },
    { PATCH,  O "/users/{id}/default-admin",        MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_default_admin },
    { DELETE, O "/users/{id}",                      MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_remove },
    { DELETE, O "/users/{id}/disable",              MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_disable },
    { PUT,    O "/users/{id}/enable",               MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_enable },
    { PATCH,  O "/users/{id}/enable",               MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_enable },
    { DELETE, O "/users/{id}/delete",               MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_delete },
    { PUT,    O "/users/{id}/to/guest",             MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_to_guest },
    { PATCH,  O "/users/{id}/to/guest",             MAY(MANAGE_MEMBERS),      "users.write",        NULL,                membership_to_guest },

    /* groups */
    { GET,    O "/groups",                          MAY(SEE_GROUPS),          "users.read",         NULL,                groups_list },
    { POST,   O "/groups",                          MAY(MANAGE_GROUPS),       "users.write",        &group_input_shape,  groups_create },
    { GET,    O "/groups/{id}",                     MAY(SEE_GROUPS),          "users.read",         NULL,                groups_read },
    { PUT,    O "/groups/{id}",                     MAY(MANAGE_GROUPS),       "users.write",        &group_input_shape,  groups_update },
    { PATCH,  O "/groups/{id}",                     MAY(MANAGE_GROUPS),       "users.write",        &group_input_shape,  groups_patch },
    { DELETE, O "/groups/{id}",                     MAY(MANAGE_GROUPS),       "users.write",        NULL,                groups_delete },
    { PUT,    O "/groups/{id}/members/{user}",      MAY(MANAGE_GROUPS),       "users.write",        NULL,                groups_add_member },
    { PATCH,  O "/groups/{id}/members/{user}",      MAY(MANAGE_GROUPS),       "users.write",        NULL,                groups_add_member },
    { DELETE, O "/groups/{id}/members/{user}",      MAY(MANAGE_GROUPS),       "users.write",        NULL,                groups_remove_member },
    { PUT,    O "/groups/{id}/guests/{email}",      MAY(MANAGE_GROUPS),       "users.write",        NULL,                groups_add_guest },
    { PATCH,  O "/groups/{id}/guests/{email}",      MAY(MANAGE_GROUPS),       "users.write",        NULL,                groups_add_guest },
    { DELETE, O "/groups/{id}/guests/{email}",      MAY(MANAGE_GROUPS),       "users.write",        NULL,                groups_remove_guest },

    /* job titles, which clients call roles */
    { GET,    O "/roles",                           MAY(SEE_MEMBERS),         "users.read",         NULL,                job_titles_list },
    { POST,   O "/roles",                           MAY(MANAGE_ORGANIZATION), "organization.write", &job_title_input_shape, job_titles_create },
    { GET,    O "/roles/{id}",                      MAY(SEE_MEMBERS),         "users.read",         NULL,                job_titles_read },
    { PUT,    O "/roles/{id}",                      MAY(MANAGE_ORGANIZATION), "organization.write", &job_title_input_shape, job_titles_update },
    { PATCH,  O "/roles/{id}",                      MAY(MANAGE_ORGANIZATION), "organization.write", &job_title_input_shape, job_titles_patch },
    { DELETE, O "/roles/{id}",                      MAY(MANAGE_ORGANIZATION), "organization.write", NULL,                job_titles_delete },

    /* guests */
    { GET,    O "/guests",                          MAY(SEE_GUESTS),          "users.read",         NULL,                guests_list },
    { GET,    O "/guests-list",                     MAY(SEE_GUESTS),          "users.read",         NULL,                guests_all },
    { POST,   O "/guests",                          MAY(ADD_GUESTS),          "users.write",        &guest_create_shape, guests_create },
    { GET,    O "/guests/{email}",                  MAY(SEE_GUESTS),          "users.read",         NULL,                guests_read },
    { PUT,    O "/guests/{email}",                  MAY(ADD_GUESTS),          "users.write",        &guest_change_shape, guests_update },
    { PATCH,  O "/guests/{email}",                  MAY(ADD_GUESTS),          "users.write",        &guest_change_shape, guests_patch },
    { DELETE, O "/guests/{email}",                  MAY(MANAGE_GUESTS),       "users.write",        NULL,                guests_delete },
    { DELETE, O "/guests/{email}/disable",          MAY(MANAGE_GUESTS),       "users.write",        NULL,                guests_disable },
    { PUT,    O "/guests/{email}/enable",           MAY(MANAGE_GUESTS),       "users.write",        NULL,                guests_enable },
    { PATCH,  O "/guests/{email}/enable",           MAY(MANAGE_GUESTS),       "users.write",        NULL,                guests_enable },
    { PUT,    O "/guests/{email}/reset-link",       MAY(MANAGE_GUESTS),       "users.write",        NULL,                guest_reset_link },
    { PATCH,  O "/guests/{email}/reset-link",       MAY(MANAGE_GUESTS),       "users.write",        NULL,                guest_reset_link },
    { POST,   O "/guests/{email}/to/member",        MAY(MANAGE_GUESTS),       "users.write",        &conversion_shape,   membership_from_guest, .limit = LIMIT_INVITES },
    { GET,    O "/guests/{guest}/tasks",            MAY(SEE_TASKS_OF_GUESTS), "tasks.read",         NULL,                guest_tasks },

    /* what guests do with their link */
    { POST,   "/auth/guest",                        PUBLIC,                   NULL,                 &guest_code_shape,   guest_sign_in,      BEGINS, .limit = LIMIT_TOKENS },
    { DELETE, "/auth/guest",                        GUEST,                    NULL,                 NULL,                guest_sign_out,     OPEN },
    { GET,    "/guest",                             GUEST,                    NULL,                 NULL,                guest_read,         OPEN },
    { PATCH,  "/guest",                             GUEST,                    NULL,                 &guest_self_shape,   guest_patch,        OPEN },
    { POST,   "/guest/resend",                      PUBLIC,                   NULL,                 &address_shape,      guest_resend,       BEGINS, .limit = LIMIT_TOKENS },

    /* tags, and which is on what */
    { GET,    O "/tags",                            MAY(SEE_TAGS),            "templates.read",     NULL,                tags_list },
    { POST,   O "/tags",                            MAY(MANAGE_TAGS),         "templates.write",    &tag_input_shape,    tags_create },
    { GET,    O "/tags/{id}",                       MAY(SEE_TAGS),            "templates.read",     NULL,                tags_read },
    { PUT,    O "/tags/{id}",                       MAY(MANAGE_TAGS),         "templates.write",    &tag_input_shape,    tags_update },
    { PATCH,  O "/tags/{id}",                       MAY(MANAGE_TAGS),         "templates.write",    &tag_input_shape,    tags_update },
    { DELETE, O "/tags/{id}",                       MAY(MANAGE_TAGS),         "templates.write",    NULL,                tags_delete },
    { POST,   O "/checklists/tags",                 MAY(USE_TAGS),            "templates.write",    &tagging_input_shape, tags_attach },
    { DELETE, O "/checklists/tags/{association}",   MAY(USE_TAGS),            "templates.write",    NULL,                tags_detach },

    /* folders, and what is in which */
    { GET,    O "/folders",                         MAY(SEE_FOLDERS),         "templates.read",     NULL,                folders_list },
    { POST,   O "/folders",                         MAY(MANAGE_FOLDERS),      "templates.write",    &folder_input_shape, folders_create },
    { POST,   O "/folders/add-object",              MAY(MANAGE_FOLDERS),      "templates.write",    &folder_place_input_shape, folders_add },
    { GET,    O "/folders/{id}",                    MAY(SEE_FOLDERS),         "templates.read",     NULL,                folders_read },
    { PUT,    O "/folders/{id}",                    MAY(MANAGE_FOLDERS),      "templates.write",    &folder_input_shape, folders_update },
    { PATCH,  O "/folders/{id}",                    MAY(MANAGE_FOLDERS),      "templates.write",    &folder_input_shape, folders_update },
    { DELETE, O "/folders/{id}",                    MAY(MANAGE_FOLDERS),      "templates.write",    NULL,                folders_delete },
    { DELETE, O "/folders-objects/{relation}",      MAY(MANAGE_FOLDERS),      "templates.write",    NULL,                folders_remove },

    /* mail on its way out */
    { GET,    O "/mails",                           MAY(MANAGE_ORGANIZATION), "admin",              NULL,                mails_list },
    { POST,   O "/mails/test",                      MAY(MANAGE_ORGANIZATION), "admin",              NULL,                mails_test },
    { GET,    O "/mails/{id}",                      MAY(MANAGE_ORGANIZATION), "admin",              NULL,                mails_read,         ROUTE_WRITES },
    { POST,   O "/mails/{id}/retry",                MAY(MANAGE_ORGANIZATION), "admin",              NULL,                mails_retry },

    /* tasks */
    { GET,    O "/tasks",                           MAY(SEE_TASKS),           "tasks.read",         NULL,                tasks_list },
    { POST,   O "/tasks",                           MAY(CREATE_TASKS),        "tasks.write",        &task_create_shape,  tasks_create },
    { GET,    O "/tasks/{id}",                      MAY(SEE_TASKS),           "tasks.read",         NULL,                tasks_read },
    { PUT,    O "/tasks/{id}",                      MAY(WORK_ON_TASKS),       "tasks.write",        &task_change_shape,  tasks_update },
    { PATCH,  O "/tasks/{id}",                      MAY(WORK_ON_TASKS),       "tasks.write",        &task_change_shape,  tasks_patch },
    { DELETE, O "/tasks/{id}",                      MAY(WORK_ON_TASKS),       "tasks.write",        NULL,                tasks_archive },
    { PUT,    O "/tasks/{id}/restore",              MAY(WORK_ON_TASKS),       "tasks.write",        NULL,                tasks_restore },
    { PATCH,  O "/tasks/{id}/restore",              MAY(WORK_ON_TASKS),       "tasks.write",        NULL,                tasks_restore },
    { DELETE, O "/tasks/{id}/delete",               MAY(DELETE_FOR_GOOD),     "tasks.write",        NULL,                tasks_delete },
    { POST,   O "/tasks/{id}/clone",                MAY(CREATE_TASKS),        "tasks.write",        NULL,                tasks_clone },
    { POST,   O "/completed-tasks",                 MAY(WORK_ON_TASKS),       "tasks.write",        &task_completion_shape, tasks_complete },
    { DELETE, O "/completed-tasks/{id}",            MAY(REOPEN_TASKS),        "tasks.write",        NULL,                tasks_reopen },
    { GET,    O "/me/tasks",                        MAY(SEE_TASKS),           "tasks.read",         NULL,                tasks_mine },
    { GET,    O "/users/{id}/tasks",                MAY(SEE_TASKS),           "tasks.read",         NULL,                tasks_of_user },

    /* custom fields: their keys, and what records say under them */
    { GET,    O "/custom-field-keys",               MAY(SEE_ORGANIZATION),    "organization.read",  NULL,                custom_field_keys_list },
    { POST,   O "/custom-field-keys",               MAY(MANAGE_ORGANIZATION), "organization.write", &custom_field_key_create_shape, custom_field_keys_create },
    { GET,    O "/custom-field-keys/{id}",          MAY(SEE_ORGANIZATION),    "organization.read",  NULL,                custom_field_keys_read },
    { PUT,    O "/custom-field-keys/{id}",          MAY(MANAGE_ORGANIZATION), "organization.write", &custom_field_key_shape, custom_field_keys_update },
    { PATCH,  O "/custom-field-keys/{id}",          MAY(MANAGE_ORGANIZATION), "organization.write", &custom_field_key_shape, custom_field_keys_patch },
    { DELETE, O "/custom-field-keys/{id}",          MAY(MANAGE_ORGANIZATION), "organization.write", NULL,                custom_field_keys_delete },
    { GET,    O "/tasks/{id}/custom-fields",          MAY(SEE_TASKS),           "tasks.read",         NULL,                custom_fields_read },
    { PUT,    O "/tasks/{id}/custom-fields",          MAY(WORK_ON_TASKS),       "tasks.write",        &custom_fields_shape, custom_fields_replace },
    { PATCH,  O "/tasks/{id}/custom-fields",          MAY(WORK_ON_TASKS),       "tasks.write",        &custom_fields_shape, custom_fields_patch },
    { PATCH,  O "/tasks/{id}/custom-fields/{key}",    MAY(WORK_ON_TASKS),       "tasks.write",        &custom_field_value_shape, custom_fields_set_one },
    { DELETE, O "/tasks/{id}/custom-fields/{key}",    MAY(WORK_ON_TASKS),       "tasks.write",        NULL,                custom_fields_clear_one },
    { GET,    O "/users/{id}/custom-fields",          MAY(KEEP_PROFILES),       "users.read",         NULL,                custom_fields_read },
    { PUT,    O "/users/{id}/custom-fields",          MAY(KEEP_PROFILES),       "users.write",        &custom_fields_shape, custom_fields_replace },
    { PATCH,  O "/users/{id}/custom-fields",          MAY(KEEP_PROFILES),       "users.write",        &custom_fields_shape, custom_fields_patch },
    { PATCH,  O "/users/{id}/custom-fields/{key}",    MAY(KEEP_PROFILES),       "users.write",        &custom_field_value_shape, custom_fields_set_one },
    { DELETE, O "/users/{id}/custom-fields/{key}",    MAY(KEEP_PROFILES),       "users.write",        NULL,                custom_fields_clear_one },
    { GET,    O "/guests/{email}/custom-fields",      MAY(SEE_GUESTS),          "users.read",         NULL,                custom_fields_read },
    { PUT,    O "/guests/{email}/custom-fields",      MAY(ADD_GUESTS),          "users.write",        &custom_fields_shape, custom_fields_replace },
    { PATCH,  O "/guests/{email}/custom-fields",      MAY(ADD_GUESTS),          "users.write",        &custom_fields_shape, custom_fields_patch },
    { PATCH,  O "/guests/{email}/custom-fields/{key}", MAY(ADD_GUESTS),          "users.write",        &custom_field_value_shape, custom_fields_set_one },
    { DELETE, O "/guests/{email}/custom-fields/{key}", MAY(ADD_GUESTS),          "users.write",        NULL,                custom_fields_clear_one },
    { GET,    O "/folders/{id}/custom-fields",        MAY(SEE_FOLDERS),         "templates.read",     NULL,                custom_fields_read },
    { PUT,    O "/folders/{id}/custom-fields",        MAY(MANAGE_FOLDERS),      "templates.write",    &custom_fields_shape, custom_fields_replace },
    { PATCH,  O "/folders/{id}/custom-fields",        MAY(MANAGE_FOLDERS),      "templates.write",    &custom_fields_shape, custom_fields_patch },
    { PATCH,  O "/folders/{id}/custom-fields/{key}",  MAY(MANAGE_FOLDERS),      "templates.write",    &custom_field_value_shape, custom_fields_set_one },
    { DELETE, O "/folders/{id}/custom-fields/{key}",  MAY(MANAGE_FOLDERS),      "templates.write",    NULL,                custom_fields_clear_one },
    { GET,    O "/tags/{id}/custom-fields",           MAY(SEE_TAGS),            "templates.read",     NULL,                custom_fields_read },
    { PUT,    O "/tags/{id}/custom-fields",           MAY(MANAGE_TAGS),         "templates.write",    &custom_fields_shape, custom_fields_replace },
    { PATCH,  O "/tags/{id}/custom-fields",           MAY(MANAGE_TAGS),         "templates.write",    &custom_fields_shape, custom_fields_patch },
    { PATCH,  O "/tags/{id}/custom-fields/{key}",     MAY(MANAGE_TAGS),         "templates.write",    &custom_field_value_shape, custom_fields_set_one },
    { DELETE, O "/tags/{id}/custom-fields/{key}",     MAY(MANAGE_TAGS),         "templates.write",    NULL,                custom_fields_clear_one },

    /* the web app: one document for all pages, and its built files */
    { GET,    "/",                                  PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/login",                             PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/logout",                            PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/organizations/create",              PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/device",                            PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/register",                          PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/verify",                            PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/password/reset",                    PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/email",                             PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/invitation",                        PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/guest/{code}",                      PUBLIC,                   NULL,                 NULL,                pages_guest,         PAGE },
    { GET,    "/guest-all-task/{org}/{code}",       PUBLIC,                   NULL,                 NULL,                pages_guest,         PAGE },
    { GET,    "/assets/*",                          PUBLIC,                   NULL,                 NULL,                pages_asset,         PAGE },
    { GET,    "/favicon.svg",                       PUBLIC,                   NULL,                 NULL,                pages_asset,         PAGE },
    { GET,    "/{org:id}",                          PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
    { GET,    "/{org:id}/*",                        PUBLIC,                   NULL,                 NULL,                pages_read,          PAGE },
};
/* clang-format on */

const size_t route_count = sizeof(routes) / sizeof(routes[0]);

static const char *const who_words[] = {
    [PUBLIC] = "public", [USER] = "user", [SESSION] = "session",
    [GUEST] = "guest", [APPLICATION] = "application",
};

static const char *who_word(int who)
{
    return who < WHO_KINDS ? who_words[who] : permissions[who - WHO_KINDS].name;
}

void routes_write(struct str *out)
{
    json_begin_list(out);
    for (size_t i = 0; i < route_count; i++) {
        const struct route *r = &routes[i];

        json_begin_object(out);
        json_key_text(out, "method", method_name(r->method));
        json_key_text(out, "path", r->path);
        json_key_text(out, "who", who_word(r->who));
        json_key_text(out, "scope", r->scope);
        json_key_bool(out, "client_header", !(r->flags & ROUTE_NO_CLIENT_HEADER));
        json_end_object(out);
    }
    json_end_list(out);
}
