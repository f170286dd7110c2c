/* What reading one account and reading lists of members share. The account is `users u`, its place
 * in the organization `members m`. */
#pragma once

#include "model/user.h"

/* An organization calls people by the name that whoever invited them gave them, until they join. */
#define FIRST_NAME "COALESCE(m.first_name, u.first_name)"
#define LAST_NAME "COALESCE(m.last_name, u.last_name)"

#define ACCOUNT_COLUMNS                                                                       \
    " u.id, u.email, u.username, " FIRST_NAME " AS first_name, " LAST_NAME " AS last_name,"   \
    " u.profile_pic, u.locale, u.phone, u.job_title, u.job_description, u.team,"              \
    " u.timezone, u.date_format, u.country_id, u.support_user, u.created_at, u.updated_at,"   \
    " u.last_login_at, u.last_known_ip, u.last_known_country, u.password_hash,"               \
    " u.email_verified_at"

#define MEMBER_COLUMNS                                                                        \
    " m.role, m.status, m.is_default_admin, m.is_bot, m.last_accessed_at, m.activated_at,"    \
    " m.approved_at, m.invited_by, m.disabled_at, m.disabled_by, m.reactivated_at,"           \
    " m.reactivated_by, m.preferences AS stored_preferences"

/* Fills what is derived from a row of these columns. */
void user_finish(struct ctx *c, struct user *u);
