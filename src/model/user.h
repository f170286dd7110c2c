/* Accounts: people, whatever organizations they are in; and their place in one (a member).
 * Everything returned lives in the caller's arena. */
#pragma once

#include "auth/caller.h"
#include "base/ctx.h"
#include "base/shape.h"

/* An account with its membership in one organization (the fields from role on are empty without
 * one). The shape is the user object of the API. */
struct user {
    int64_t id;
    const char *email;
    const char *username;
    const char *first_name;
    const char *last_name;
    const char *full_name; /* derived */
    const char *profile_pic;
    const char *locale;
    const char *phone;
    const char *job_title;
    const char *job_description;
    const char *team;
    const char *timezone;
    const char *UTC_offset; /* derived: +HH:MM in that zone now */
    const char *date_format;
    int64_t country_id;
    const char *country; /* JSON or NULL */
    int role;            /* enum role */
    int type;            /* derived: role once active, else -1 */
    int status;          /* enum member_status */
    bool is_active, active, complete, is_suspended, support_user, is_default_admin;
    bool is_bot; /* hidden */
    int64_t created_at, updated_at, last_updated, last_login_at, last_accessed_at;
    int64_t activated_at, approved_at, invited_by;
    int64_t disabled_at, disabled_by, reactivated_at, reactivated_by;
    const char *last_known_ip;
    const char *last_known_country;
    const char *password_hash;  /* hidden */
    int64_t email_verified_at;  /* hidden */
    const char *stored_preferences; /* hidden: JSON of the membership */
    int step_preferences;           /* input only (profile.h); -1: not said */

    /* JSON, NULL unless asked for (user_include.h). */
    const char *stats, *groups, *organizations, *preferences, *auth_methods;
};

extern const struct shape user_shape;

/* Who it is, with the place in the organization: for lists of many, and inside of others. */
extern const struct shape user_brief_shape;

/* What a request may say of one: user_shape and step_preferences. */
extern const struct shape profile_shape;

/* First and last name as one; either may be NULL. */
const char *user_full_name(struct arena *mem, const char *first_name, const char *last_name);

/* Whether a name holds a web address, which no name of whoever gets mail from here may. */
bool user_name_has_address(const char *name);

/* {"id","email","full_name"}: somebody named in passing, where their profile is not asked for. */
const char *user_brief(struct arena *mem, int64_t id, const char *email, const char *first_name,
                       const char *last_name);

/* What a new account needs. */
struct user_input {
    const char *first_name;
    const char *last_name;
    const char *email;
    const char *timezone;      /* NULL: UTC */
    const char *password_hash; /* NULL: none yet */
};

/* Notes faults of names, address and zone; field names as in the input. */
void user_check(struct ctx *c, const struct user_input *in);

/* A new account, verified at once when `verified`. ERR_INVALID on field email when taken. */
MUST_CHECK enum err user_create(struct ctx *c, const struct user_input *in, bool verified,
                                int64_t *id);

/* One account; with c->org, as that organization's member (ERR_NOT_FOUND if it is not one). Of a
 * member who has not joined, that is what the invitation said, and not fit to be written back. */
MUST_CHECK enum err user_get(struct ctx *c, int64_t id, struct user *out);

/* Whether a member was ever an active one. */
bool user_has_joined(const struct user *member);

/* One account by address without regard to case, outside any organization. */
MUST_CHECK enum err user_get_by_email(struct ctx *c, const char *email, struct user *out);

/* Whether the address is not free for the account `but` (0: a new one): another account has it, or
 * a guest of an organization that the account has joined. */
MUST_CHECK enum err user_email_taken(struct ctx *c, const char *email, int64_t but, bool *out);

/* The account's owner has proved that the address is theirs: from now on it counts as a member
 * everywhere. Nothing happens when that was known. */
MUST_CHECK enum err user_verify(struct ctx *c, int64_t user_id);

/* Another address. ERR_INVALID on field email when taken. */
MUST_CHECK enum err user_set_email(struct ctx *c, int64_t user_id, const char *email);

/* Stores what people may change of their profile; start from user_get. Address, role and whatever
 * else the server decides stay. ERR_INVALID with each wrong field. */
MUST_CHECK enum err user_update(struct ctx *c, struct user *wanted);

/* True when the account is standard or administrator somewhere: it may have tokens. */
MUST_CHECK enum err user_may_have_tokens(struct ctx *c, int64_t user_id, bool *out);

/* Notes a sign-in: time and address. */
MUST_CHECK enum err user_signed_in(struct ctx *c, int64_t user_id, const char *address);

/* Whether any account exists. */
MUST_CHECK enum err user_any(struct ctx *c, bool *out);
