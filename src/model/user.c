/* Accounts and members. See user.h. */
#include "model/user_row.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/zone.h"
#include "db/db.h"
#include "auth/event.h"
#include "model/country.h"
#include "model/people_index.h"

/* ---- shape ---- */

/* A request may say what is not READONLY here. */
#define USER_FIELDS                                                                           \
    FIELD(user, id, INT, READONLY),                                                           \
        FIELD(user, email, TEXT, READONLY),                                                   \
        FIELD(user, username, TEXT, READONLY_NULL),                                           \
        FIELD(user, first_name, TEXT, REQUIRED, .max = 32),                                   \
        FIELD(user, last_name, TEXT, REQUIRED, .max = 32),                                    \
        FIELD(user, full_name, TEXT, READONLY),                                               \
        FIELD(user, profile_pic, TEXT, READONLY_NULL),                                        \
        FIELD(user, locale, TEXT, OPTIONAL, .max = 16),                                       \
        FIELD(user, phone, TEXT, NULLABLE, .max = 20),                                        \
        FIELD(user, job_title, TEXT, NULLABLE, .max = 200),                                   \
        FIELD(user, job_description, TEXT, NULLABLE, .max = 2000),                            \
        FIELD(user, team, TEXT, NULLABLE, .max = 200),                                        \
        FIELD(user, timezone, TEXT, REQUIRED, .max = 64),                                     \
        FIELD(user, UTC_offset, TEXT, READONLY),                                              \
        FIELD(user, date_format, TEXT, OPTIONAL, .max = 10, .note = "mm/dd/yyyy or dd/mm/yyyy."),\
        FIELD(user, country_id, INT, NULLABLE, .max = 999),                                   \
        FIELD(user, country, JSON, READONLY),                                                 \
        FIELD(user, role, WORD, READONLY, .words = role_words),                               \
        FIELD(user, type, WORD, READONLY, .words = role_words, .note = "The role, once active."),\
        FIELD(user, status, WORD, READONLY, .words = member_status_words),                    \
        FIELD(user, is_active, BOOL, READONLY),                                               \
        FIELD(user, active, BOOL, READONLY),                                                  \
        FIELD(user, complete, BOOL, READONLY),                                                \
        FIELD(user, is_suspended, BOOL, READONLY),                                            \
        FIELD(user, support_user, BOOL, READONLY),                                            \
        FIELD(user, is_default_admin, BOOL, READONLY),                                        \
        FIELD(user, is_bot, BOOL, HIDDEN),                                                    \
        FIELD(user, created_at, TIME, READONLY),                                              \
        FIELD(user, updated_at, TIME, READONLY),                                              \
        FIELD(user, last_updated, TIME, READONLY),                                            \
        FIELD(user, last_login_at, TIME, READONLY),                                           \
        FIELD(user, last_accessed_at, TIME, READONLY),                                        \
        FIELD(user, activated_at, TIME, READONLY),                                            \
        FIELD(user, approved_at, TIME, READONLY),                                             \
        FIELD(user, invited_by, INT, READONLY_NULL),                                          \
        FIELD(user, disabled_at, TIME, READONLY),                                             \
        FIELD(user, disabled_by, INT, READONLY_NULL),                                         \
        FIELD(user, reactivated_at, TIME, READONLY),                                          \
        FIELD(user, reactivated_by, INT, READONLY_NULL),                                      \
        FIELD(user, last_known_ip, TEXT, READONLY_NULL),                                      \
        FIELD(user, last_known_country, TEXT, READONLY_NULL),                                 \
        FIELD(user, password_hash, TEXT, HIDDEN),                                             \
        FIELD(user, email_verified_at, TIME, HIDDEN),                                         \
        FIELD(user, stored_preferences, JSON, HIDDEN)

static const struct field user_fields[] = { USER_FIELDS, { 0 } };
const struct shape user_shape = SHAPE(user, user_fields);

static const struct field brief_fields[] = {
    FIELD(user, id, INT, READONLY),
    FIELD(user, email, TEXT, READONLY),
    FIELD(user, username, TEXT, READONLY_NULL),
    FIELD(user, first_name, TEXT, READONLY),
    FIELD(user, last_name, TEXT, READONLY),
    FIELD(user, full_name, TEXT, READONLY),
    FIELD(user, profile_pic, TEXT, READONLY_NULL),
    FIELD(user, role, WORD, READONLY, .words = role_words),
    FIELD(user, status, WORD, READONLY, .words = member_status_words),
    FIELD(user, support_user, BOOL, READONLY, .note = "The bot, whom nothing is assigned to."),
    { 0 },
};
const struct shape user_brief_shape = SHAPE(user, brief_fields);

static const struct field profile_fields[] = {
    USER_FIELDS,
    FIELD(user, step_preferences, TRI, OPTIONAL, .note = "One of the preferences."),
    { 0 },
};
const struct shape profile_shape = SHAPE(user, profile_fields);

/* ---- SQL ---- */

/* Outside an organization an account shows the membership that was used last. */
#define ACCOUNT                                                                               \
    "SELECT" ACCOUNT_COLUMNS "," MEMBER_COLUMNS                                               \
    "  FROM users u LEFT JOIN members m"                                                      \
    "    ON m.user_id = u.id AND m.org_id = ("                                                \
    "       SELECT x.org_id FROM members x WHERE x.user_id = u.id AND x.status = 'active'"    \
    "        ORDER BY COALESCE(x.last_accessed_at, x.joined_at) DESC, x.org_id LIMIT 1)"

static const char USER_BY_ID[] = ACCOUNT " WHERE u.id = ?";
static const char USER_BY_EMAIL[] = ACCOUNT " WHERE u.email_folded = ?";
static const char MEMBER_BY_ID[] =
    "SELECT" ACCOUNT_COLUMNS "," MEMBER_COLUMNS
    "  FROM members m JOIN users u ON u.id = m.user_id"
    " WHERE m.org_id = ? AND m.user_id = ? AND m.deleted_at IS NULL";

/* Every store has the bot, which is nobody. */
static const char USER_ANY[] =
    "SELECT count(*) FROM (SELECT id FROM users WHERE id <> 1 LIMIT 1) AS one";

static const char MAY_HAVE_TOKENS[] =
    "SELECT count(*) FROM members"
    " WHERE user_id = ? AND status = 'active' AND role IN ('standard', 'admin')";

static const char NEXT_NUMBER[] =
    "INSERT INTO counters (name, value) VALUES (?, ?)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value";

static const char USER_INSERT[] =
    "INSERT INTO users (id, email, email_folded, username, first_name, last_name, password_hash,"
    "                   timezone, email_verified_at, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?10, ?10)";

static const char ORGS_COUNT_VERIFIED[] =
    "UPDATE organizations SET users_count = users_count + 1"
    " WHERE id IN (SELECT m.org_id FROM members m"
    "               WHERE m.user_id = ? AND m.status = 'active' AND m.is_bot = 0)";

static const char SET_VERIFIED[] =
    "UPDATE users SET email_verified_at = ?1, updated_at = ?1"
    " WHERE id = ?2 AND email_verified_at IS NULL";

/* A user name that is the address stays the address. */
static const char SET_EMAIL[] =
    "UPDATE users"
    "   SET email = ?1, email_folded = ?2, updated_at = ?3,"
    "       username = CASE WHEN username = email THEN ?1 ELSE username END"
    " WHERE id = ?4";

/* Another account's, or that of a guest where this one is a member. */
static const char EMAIL_OF_OTHER[] =
    "SELECT (SELECT count(*) FROM users WHERE email_folded = ?1 AND id <> ?2)"
    "     + (SELECT count(*) FROM guests p"
    "          JOIN members m ON m.org_id = p.org_id AND m.user_id = ?2"
    "         WHERE p.email_folded = ?1 AND p.deleted_at IS NULL AND m.deleted_at IS NULL"
    "           AND m.activated_at IS NOT NULL)";

static const char USER_UPDATE[] =
    "UPDATE users"
    "   SET first_name = ?, last_name = ?, locale = ?, phone = ?, job_title = ?,"
    "       job_description = ?, team = ?, timezone = ?, date_format = ?, country_id = ?,"
    "       updated_at = ?"
    " WHERE id = ?";

static const char SIGNED_IN[] =
    "UPDATE users SET last_login_at = ?, last_known_ip = ? WHERE id = ?";

/* ---- private ---- */

enum { FIRST_USER_ID = 1001, BRIEF_MAX = 4000 };

#define LETTERS_AND_DIGITS \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char *fold_email(struct ctx *c, const char *email)
{
    return text_fold_email(c->mem, email);
}

/* Whoever invited an address sees what they said themselves until its owner joins: nothing of the
 * account, nor whether there was one before. */
static void hide_account(struct user *u)
{
    u->username = u->profile_pic = u->phone = u->password_hash = NULL;
    u->job_title = u->job_description = u->team = NULL;
    u->last_known_ip = u->last_known_country = NULL;
    u->locale = "en";
    u->timezone = "UTC";
    u->date_format = "mm/dd/yyyy";
    u->country_id = u->last_login_at = 0;
    u->created_at = u->updated_at = u->approved_at;
}

bool user_has_joined(const struct user *u)
{
    return u->activated_at != 0;
}

void user_finish(struct ctx *c, struct user *u)
{
    bool active = u->role >= 0 && u->status == MEMBER_ACTIVE;

    if (u->role >= 0 && !user_has_joined(u))
        hide_account(u);
    u->full_name = user_full_name(c->mem, u->first_name, u->last_name);
    u->UTC_offset = zone_offset(c->mem, u->timezone, c->now);
    u->is_active = u->active = active;
    u->type = active ? u->role : -1;
    u->complete = u->password_hash != NULL;
    u->is_suspended = u->role >= 0 && u->status == MEMBER_DISABLED;
    u->last_updated = u->updated_at;
    u->country = country_json(c->mem, u->country_id);
}

static enum err load(struct ctx *c, enum err found, struct user *out)
{
    TRY(found);
    user_finish(c, out);
    return OK;
}

static enum err record_member(struct ctx *c, const char *verb, int64_t user_id)
{
    return event_record(c, verb, "member", arena_printf(c->mem, "%lld", (long long)user_id),
                        NULL);
}

/* ---- operations: accounts ---- */

const char *user_full_name(struct arena *mem, const char *first_name, const char *last_name)
{
    return text_trim(mem, arena_printf(mem, "%s %s", first_name == NULL ? "" : first_name,
                                       last_name == NULL ? "" : last_name));
}

const char *user_brief(struct arena *mem, int64_t id, const char *email, const char *first_name,
                       const char *last_name)
{
    struct str out = str_in(mem, BRIEF_MAX);

    json_begin_object(&out);
    json_key_int(&out, "id", id);
    json_key_text(&out, "email", email);
    json_key_text(&out, "full_name", user_full_name(mem, first_name, last_name));
    json_end_object(&out);
    return str_text(&out);
}

bool user_name_has_address(const char *name)
{
    return strstr(name, "://") != NULL || strcasestr(name, "www.") != NULL;
}

static void check_name(struct ctx *c, const char *field, const char *name)
{
    const char *said = field_words(c, field);

    if (name == NULL || name[0] == '\0')
        fault(c, field, "The %s is required.", said);
    else if (text_length(name) > 32)
        fault(c, field, "The %s may not be longer than 32 characters.", said);
    else if (user_name_has_address(name))
        fault(c, field, "The %s may not hold a web address.", said);
    else if (text_fold(c->mem, name)[0] == '\0')
        fault(c, field, "The %s must hold something that can be seen.", said);
}

void user_check(struct ctx *c, const struct user_input *in)
{
    check_name(c, "first_name", in->first_name);
    check_name(c, "last_name", in->last_name);
    if (in->email == NULL || in->email[0] == '\0')
        fault(c, "email", "The email is required.");
    else if (!text_is_email(in->email))
        fault(c, "email", "The email must be a valid e-mail address.");
    if (in->timezone != NULL && in->timezone[0] != '\0')
        zone_check(c, "timezone", in->timezone);
}

enum err user_create(struct ctx *c, const struct user_input *in, bool verified, int64_t *id)
{
    const char *folded = in->email == NULL ? "" : fold_email(c, in->email);
    bool taken;
    int64_t new_id;

    user_check(c, in);
    TRY(fields_ok(c));
    TRY(user_email_taken(c, in->email, 0, &taken));
    if (taken)
        return fail(c, ERR_INVALID, "email", "The email has already been taken.");
    TRY(db_int(c, NEXT_NUMBER, &new_id, TEXT("user"), INT(FIRST_USER_ID)));
    TRY(db_change(c, USER_INSERT, INT(new_id), TEXT(in->email), TEXT(folded), TEXT(in->email),
                  TEXT(in->first_name), TEXT(in->last_name), TEXT(in->password_hash),
                  TEXT(in->timezone == NULL || in->timezone[0] == '\0' ? "UTC" : in->timezone),
                  INT_OR_NULL(verified ? c->now : 0), INT(c->now)));
    *id = new_id;
    return OK;
}

enum err user_get(struct ctx *c, int64_t id, struct user *out)
{
    *out = (struct user){ .role = ROLE_NONE };
    if (c->org != NULL)
        return load(c, db_one(c, MEMBER_BY_ID, &user_shape, out, TEXT(c->org), INT(id)), out);
    return load(c, db_one(c, USER_BY_ID, &user_shape, out, INT(id)), out);
}

/* What the bot and ended accounts are compared by is no address. */
enum err user_get_by_email(struct ctx *c, const char *email, struct user *out)
{
    *out = (struct user){ .role = ROLE_NONE };
    if (!text_is_email(email))
        return ERR_NOT_FOUND;
    return load(c, db_one(c, USER_BY_EMAIL, &user_shape, out, TEXT(fold_email(c, email))), out);
}

enum err user_email_taken(struct ctx *c, const char *email, int64_t but, bool *out)
{
    int64_t n;

    TRY(db_int(c, EMAIL_OF_OTHER, &n, TEXT(fold_email(c, email)), INT(but)));
    *out = n > 0;
    return OK;
}

enum err user_verify(struct ctx *c, int64_t user_id)
{
    int64_t n;

    TRY(db_change_n(c, SET_VERIFIED, &n, INT(c->now), INT(user_id)));
    if (n == 0)
        return OK;
    TRY(db_change(c, ORGS_COUNT_VERIFIED, INT(user_id)));
    return event_record_login(c, user_id, "email_verified");
}

enum err user_set_email(struct ctx *c, int64_t user_id, const char *email)
{
    bool taken;

    TRY(user_email_taken(c, email, user_id, &taken));
    if (taken)
        return fail(c, ERR_INVALID, "email", "The email has already been taken.");
    TRY(db_change_one(c, SET_EMAIL, TEXT(email), TEXT(fold_email(c, email)), INT(c->now),
                      INT(user_id)));
    TRY(people_index_account(c, user_id));
    return event_record_login(c, user_id, "email_address_changed");
}

/* Like "en", "en-GB" or "zh_Hans": parts of two to eight letters or digits. RFC 5646 says more. */
static bool is_locale(const char *s)
{
    for (;; s++) {
        size_t n = strspn(s, LETTERS_AND_DIGITS);

        if (n < 2 || n > 8)
            return false;
        s += n;
        if (*s == '\0')
            return true;
        if (*s != '-' && *s != '_')
            return false;
    }
}

enum err user_update(struct ctx *c, struct user *w)
{
    struct user was;

    check_name(c, "first_name", w->first_name);
    check_name(c, "last_name", w->last_name);
    zone_check(c, "timezone", w->timezone);
    if (!is_locale(w->locale))
        fault(c, "locale", "The locale must be like en or en-GB.");
    if (strcmp(w->date_format, "mm/dd/yyyy") != 0 && strcmp(w->date_format, "dd/mm/yyyy") != 0)
        fault(c, "date_format", "The date format must be mm/dd/yyyy or dd/mm/yyyy.");
    if (w->country_id != 0 && country_get(w->country_id) == NULL)
        fault(c, "country_id", "The country must be the id of one of GET /countries.");
    TRY(fields_ok(c));
    TRY(user_get(c, w->id, &was));
    if (shape_same(&user_shape, &was, w))
        return OK;
    TRY(db_change_one(c, USER_UPDATE, TEXT(w->first_name), TEXT(w->last_name), TEXT(w->locale),
                      TEXT(w->phone), TEXT(w->job_title), TEXT(w->job_description),
                      TEXT(w->team), TEXT(w->timezone), TEXT(w->date_format),
                      INT_OR_NULL(w->country_id), INT(c->now), INT(w->id)));
    TRY(people_index_account(c, w->id));
    TRY(record_member(c, "updated", w->id));
    return user_get(c, w->id, w);
}

enum err user_may_have_tokens(struct ctx *c, int64_t user_id, bool *out)
{
    int64_t n;

    TRY(db_int(c, MAY_HAVE_TOKENS, &n, INT(user_id)));
    *out = n > 0;
    return OK;
}

enum err user_signed_in(struct ctx *c, int64_t user_id, const char *address)
{
    return db_change_one(c, SIGNED_IN, INT(c->now), TEXT(address), INT(user_id));
}

enum err user_any(struct ctx *c, bool *out)
{
    int64_t n;

    TRY(db_int(c, USER_ANY, &n));
    *out = n > 0;
    return OK;
}
