/* Members: coming and changing. See member.h; how they go is in member_going.c. */
#include "model/member_row.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "auth/event.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"
#include "model/invitation.h"
#include "model/mail.h"
#include "model/people_index.h"

enum { NAME_MAX_CHARACTERS = 32, EVENT_DATA_MAX = 1000 };

/* ---- shape ---- */

const char *const role_input_words[] = { "light", "standard", "admin", "member", NULL };

enum role role_of_input(int word)
{
    return word > ROLE_ADMIN ? ROLE_STANDARD : (enum role)word;
}

static const struct field invite_fields[] = {
    FIELD(invite_input, email, TEXT, REQUIRED, .max = 254),
    FIELD(invite_input, first_name, TEXT, NULLABLE, .max = 32,
          .note = "Made of the address if absent, like the last name."),
    FIELD(invite_input, last_name, TEXT, NULLABLE, .max = 32),
    FIELD(invite_input, role, WORD, OPTIONAL, .words = role_input_words,
          .note = "light if absent."),
    FIELD(invite_input, message, TEXT, NULLABLE, .max = 5000,
          .note = "Stands in the mail with the invitation."),
    { 0 },
};
const struct shape invite_shape = SHAPE(invite_input, invite_fields);

/* ---- SQL ---- */

/* Nobody else who writes to the organization's log goes on before this transaction has ended, or
 * they begin again after it. */
static const char LOCK[] = "UPDATE org_counters SET events = events WHERE org_id = ?";

/* Somebody who was deleted comes back as somebody new; that they joined before they were invited
 * tells that they had been here. */
static const char MEMBER_INSERT[] =
    "INSERT INTO members (org_id, user_id, role, status, is_default_admin, is_bot, joined_at,"
    "                     approved_at, activated_at, invited_by, first_name, last_name)"
    " VALUES (?, ?, ?, ?, ?, ?, ?7, ?7, ?8, ?9, ?10, ?11)"
    " ON CONFLICT (org_id, user_id) DO UPDATE"
    "   SET role = excluded.role, status = excluded.status, approved_at = excluded.approved_at,"
    "       activated_at = excluded.activated_at, invited_by = excluded.invited_by,"
    "       first_name = excluded.first_name, last_name = excluded.last_name,"
    "       disabled_at = NULL, disabled_by = NULL, reactivated_at = NULL, reactivated_by = NULL,"
    "       deleted_at = NULL"
    " WHERE members.deleted_at IS NOT NULL";

static const char COUNT_ROWS[] = "UPDATE org_counters SET members = members + ? WHERE org_id = ?";

/* Counted are active people who have proved their address, bots not. */
static const char COUNT_USER[] =
    "UPDATE organizations SET users_count = users_count + ?3"
    " WHERE id = ?1"
    "   AND EXISTS (SELECT 1 FROM members m JOIN users u ON u.id = m.user_id"
    "                WHERE m.org_id = ?1 AND m.user_id = ?2 AND m.status = 'active'"
    "                  AND m.is_bot = 0 AND u.email_verified_at IS NOT NULL)";

static const char SET_JOINED[] =
    "UPDATE members"
    "   SET status = 'active', activated_at = ?, first_name = NULL, last_name = NULL"
    " WHERE org_id = ? AND user_id = ? AND status = 'invited'";

static const char SET_ROLE[] = "UPDATE members SET role = ? WHERE org_id = ? AND user_id = ?";

static const char SET_DEFAULT_ADMIN[] =
    "UPDATE members SET is_default_admin = CASE WHEN user_id = ?2 THEN 1 ELSE 0 END"
    " WHERE org_id = ?1 AND (user_id = ?2 OR is_default_admin = 1)";

static const char SET_DELETED[] =
    "UPDATE members SET status = 'disabled', deleted_at = ? WHERE org_id = ? AND user_id = ?";

/* Who never was more than invited, and has no task (as who was a guest before may have). */
static const char INVITED_DELETE[] =
    "DELETE FROM members"
    " WHERE org_id = ?1 AND user_id = ?2 AND activated_at IS NULL AND joined_at = approved_at"
    "   AND NOT EXISTS (SELECT 1 FROM task_owners o WHERE o.org_id = ?1 AND o.user_id = ?2)";

/* Made for an invitation, and never used since. */
static const char UNUSED_ACCOUNT_DELETE[] =
    "DELETE FROM users"
    " WHERE id = ? AND password_hash IS NULL AND last_login_at IS NULL"
    "   AND NOT EXISTS (SELECT 1 FROM members m WHERE m.user_id = users.id)";

static const char NEXT_ADMIN[] =
    "SELECT user_id FROM members"
    " WHERE org_id = ? AND user_id <> ? AND role = 'admin' AND status = 'active' AND is_bot = 0"
    " ORDER BY joined_at, user_id LIMIT 1";

static const char IS_GUEST[] =
    "SELECT count(*) FROM guests WHERE org_id = ? AND email_folded = ? AND deleted_at IS NULL";

static const char MEMBER_BY_EMAIL[] =
    "SELECT m.user_id FROM users u JOIN members m ON m.user_id = u.id"
    " WHERE u.email_folded = ? AND m.org_id = ? AND m.deleted_at IS NULL";

static const char ORG_NAME[] = "SELECT name FROM organizations WHERE id = ?";

static const char FULL_NAME[] = "SELECT first_name || ' ' || last_name FROM users WHERE id = ?";

/* ---- private ---- */

int64_t member_caller(const struct ctx *c)
{
    return c->caller == NULL ? 0 : c->caller->user_id;
}

enum err member_record(struct ctx *c, const char *verb, int64_t user_id, const char *data)
{
    return event_record(c, verb, "member", arena_printf(c->mem, "%lld", (long long)user_id),
                        data);
}

enum err member_count(struct ctx *c, int64_t user_id, int by)
{
    return db_change(c, COUNT_USER, TEXT(c->org), INT(user_id), INT(by));
}

/* The row and what depends on it; the event is the caller's. Who is invited is called as `said`
 * says; NULL: an active member. */
static enum err insert(struct ctx *c, int64_t user_id, enum role role, bool default_admin,
                       const struct user_input *said)
{
    enum member_status status = said == NULL ? MEMBER_ACTIVE : MEMBER_INVITED;
    int64_t by = member_caller(c);

    TRY(db_change_one(c, MEMBER_INSERT, TEXT(c->org), INT(user_id), TEXT(role_words[role]),
                      TEXT(member_status_words[status]), INT(default_admin),
                      INT(user_id == BOT_USER_ID), INT(c->now),
                      INT_OR_NULL(status == MEMBER_ACTIVE ? c->now : 0),
                      INT_OR_NULL(by == user_id ? 0 : by),
                      TEXT(said == NULL ? NULL : said->first_name),
                      TEXT(said == NULL ? NULL : said->last_name)));
    TRY(db_change(c, COUNT_ROWS, INT(1), TEXT(c->org)));
    TRY(member_count(c, user_id, 1));
    return people_index_member(c, user_id);
}

/* ---- mail ---- */

enum err member_tell(struct ctx *c, struct auth *auth, const struct user *who, const char *kind,
                     const char *path)
{
    struct mail mail = {
        .kind = kind, .org_id = c->org, .user_id = who->id, .to = who->email,
        .name = who->first_name, .path = path,
    };
    char when[TIME_TEXT_SIZE];
    const char *organization, *by = NULL;

    if (who->email_verified_at == 0 || !user_has_joined(who) || who->id == member_caller(c))
        return OK;
    TRY(db_text(c, ORG_NAME, &organization, TEXT(c->org)));
    if (member_caller(c) != 0)
        TRY(db_text(c, FULL_NAME, &by, INT(member_caller(c))));
    time_format(c->now, when);
    mail.values[0].name = "organization";
    mail.values[0].value = organization;
    mail.values[1].name = "by";
    mail.values[1].value = by;
    mail.values[2].name = "when";
    mail.values[2].value = arena_printf(c->mem, "%.10s %.5s UTC", when, when + 11);
    return mail_queue(c, auth, &mail);
}

/* To somebody who has just proved their address. */
static enum err welcome(struct ctx *c, struct auth *auth, int64_t user_id)
{
    struct mail mail = { .kind = "welcome", .org_id = c->org };
    struct user who;

    TRY(user_get(c, user_id, &who));
    mail.user_id = who.id;
    mail.to = who.email;
    mail.name = who.first_name;
    mail.path = arena_printf(c->mem, "/%s/dashboard", c->org);
    TRY(db_text(c, ORG_NAME, &mail.values[0].value, TEXT(c->org)));
    mail.values[0].name = "organization";
    mail.values[1].name = "role";
    mail.values[1].value = role_words[who.role];
    return mail_queue(c, auth, &mail);
}

/* ---- coming ---- */

const char *member_name_data(struct ctx *c, const struct user *who)
{
    struct str data = str_in(c->mem, EVENT_DATA_MAX);

    json_begin_object(&data);
    json_key_text(&data, "title", who->full_name);
    json_end_object(&data);
    return str_text(&data);
}

enum err member_add(struct ctx *c, int64_t user_id, enum role role, bool default_admin)
{
    TRY(insert(c, user_id, role, default_admin, NULL));
    return member_record(c, "created", user_id, NULL);
}

enum err member_add_invited(struct ctx *c, int64_t user_id, enum role role,
                            const struct user_input *said)
{
    struct user who;

    TRY(insert(c, user_id, role, false, said));
    TRY(user_get(c, user_id, &who));
    return member_record(c, "invited", user_id, member_name_data(c, &who));
}

enum err member_add_bot(struct ctx *c)
{
    return insert(c, BOT_USER_ID, ROLE_LIGHT, false, NULL);
}

enum err member_join(struct ctx *c, struct auth *auth, int64_t user_id)
{
    const struct caller *outer = c->caller;
    const struct caller self = caller_for(outer, user_id);
    enum err e;

    TRY(db_change_one(c, SET_JOINED, INT(c->now), TEXT(c->org), INT(user_id)));
    TRY(people_index_member(c, user_id));
    TRY(member_count(c, user_id, 1));
    c->caller = &self;
    e = member_record(c, "invite-accepted", user_id, NULL);
    c->caller = outer;
    TRY(e);
    return welcome(c, auth, user_id);
}

/* The part of an address as a name: what is before a separator, cut and capitalized. */
static const char *as_name(struct arena *mem, const char *part, size_t n)
{
    size_t characters = 0, end = 0;
    char *name;

    while (end < n) {
        if (((unsigned char)part[end] & 0xc0) != 0x80 && ++characters > NAME_MAX_CHARACTERS)
            break;
        end++;
    }
    name = arena_dup_n(mem, part, end);
    name[0] = (char)toupper((unsigned char)name[0]);
    return name;
}

/* Where the part before the @ is one word, the domain is the other. */
void member_name(struct arena *mem, const char *email, const char **first, const char **last)
{
    static const char separators[] = "._-", ends[] = "._-+@";
    const char *begin = email + strspn(email, separators);
    size_t n = strcspn(begin, ends);
    const char *rest = begin + n + strspn(begin + n, separators), *at = strchr(rest, '@');

    if (*first == NULL || (*first)[0] == '\0')
        *first = n == 0 ? "-" : as_name(mem, begin, n);
    if (strcspn(rest, ends) == 0 && at != NULL)
        rest = at + 1;
    if (*last == NULL || (*last)[0] == '\0')
        *last = strcspn(rest, ends) == 0 ? "-" : as_name(mem, rest, strcspn(rest, ends));
}

enum err member_check_no_guest(struct ctx *c, const char *email)
{
    int64_t guests;

    TRY(db_int(c, IS_GUEST, &guests, TEXT(c->org), TEXT(text_fold_email(c->mem, email))));
    if (guests > 0)
        return fail(c, ERR_INVALID, "email",
                    "%s is a guest here. Convert the guest to a member instead.", email);
    return OK;
}

/* ERR_INVALID on field email for who cannot be invited, being something here already. */
static enum err check_place(struct ctx *c, const char *email)
{
    int64_t id;
    struct user member;
    enum err e;

    TRY(member_check_no_guest(c, email));
    e = db_int(c, MEMBER_BY_EMAIL, &id, TEXT(text_fold_email(c->mem, email)), TEXT(c->org));
    if (e == ERR_NOT_FOUND)
        return ctx_forgive(c);
    TRY(e);
    TRY(user_get(c, id, &member));
    if (member.status == MEMBER_DISABLED)
        return fail(c, ERR_INVALID, "email",
                    "%s is a disabled member here. Enable the member instead.", email);
    if (member.status == MEMBER_INVITED)
        return fail(c, ERR_INVALID, "email",
                    "%s is invited already. Send the invitation again instead.", email);
    return fail(c, ERR_INVALID, "email", "%s is a member already.", email);
}

/* The account with this address, whosever it is; or a new one. */
static enum err find_or_create(struct ctx *c, const struct user_input *in, int64_t *id)
{
    struct user known;
    enum err e = user_get_by_email(c, in->email, &known);

    if (e != ERR_NOT_FOUND) {
        *id = known.id;
        return e;
    }
    ctx_forgive(c);
    return user_create(c, in, false, id);
}

enum err member_invite_account(struct ctx *c, struct auth *auth, const struct user_input *in,
                               enum role role, const char *message, struct user *out)
{
    const char *url;
    int64_t id;

    TRY(find_or_create(c, in, &id));
    TRY(member_add_invited(c, id, role, in));
    TRY(invitation_send(c, auth, id, message, &url));
    return user_get(c, id, out);
}

enum err member_invite(struct ctx *c, struct auth *auth, const struct invite_input *in,
                       struct user *out)
{
    struct user_input person = {
        .email = in->email, .first_name = in->first_name, .last_name = in->last_name,
    };
    enum role role = role_of_input(in->role);

    member_name(c->mem, in->email == NULL ? "" : in->email, &person.first_name,
                &person.last_name);
    user_check(c, &person);
    TRY(fields_ok(c));
    if (role == ROLE_ADMIN && c->caller->role != ROLE_ADMIN)
        return fail_code(c, ERR_DENIED, "FORBIDDEN_ROLE",
                         "Only administrators can invite administrators.");
    TRY(mail_check_sender(c));
    TRY(check_place(c, person.email));
    return member_invite_account(c, auth, &person, role, in->message, out);
}

enum err member_need_invited(struct ctx *c, const struct user *who)
{
    if (who->status == MEMBER_INVITED)
        return OK;
    return fail(c, ERR_MALFORMED, NULL, "%s is not waiting for an invitation.", who->email);
}

enum err member_resend(struct ctx *c, struct auth *auth, int64_t user_id, struct user *out)
{
    const char *url;

    TRY(user_get(c, user_id, out));
    TRY(member_need_invited(c, out));
    TRY(invitation_send(c, auth, user_id, NULL, &url));
    return member_record(c, "invite-resent", user_id, member_name_data(c, out));
}

enum err member_drop(struct ctx *c, int64_t user_id)
{
    int64_t removed;

    TRY(db_change(c, COUNT_ROWS, INT(-1), TEXT(c->org)));
    TRY(people_index_forget(c, user_id));
    TRY(db_change_n(c, INVITED_DELETE, &removed, TEXT(c->org), INT(user_id)));
    if (removed > 0)
        return db_change(c, UNUSED_ACCOUNT_DELETE, INT(user_id));
    TRY(db_change_one(c, SET_DELETED, INT(c->now), TEXT(c->org), INT(user_id)));
    return people_index_member(c, user_id);
}

/* ---- changing ---- */

enum err member_lock(struct ctx *c)
{
    return db_change_one(c, LOCK, TEXT(c->org));
}

bool member_is_admin(const struct user *who)
{
    return who->status == MEMBER_ACTIVE && who->role == ROLE_ADMIN;
}

enum err member_other_admin(struct ctx *c, int64_t user_id, int64_t *out)
{
    enum err e = db_int(c, NEXT_ADMIN, out, TEXT(c->org), INT(user_id));

    if (e != ERR_NOT_FOUND)
        return e;
    *out = 0;
    return ctx_forgive(c);
}

enum err member_refuse_default_admin(struct ctx *c)
{
    return fail(c, ERR_MALFORMED, NULL,
                "Cannot modify the default administrator. Please assign another member as default "
                "administrator first.");
}

enum err member_check_other_admin(struct ctx *c, const struct user *who)
{
    int64_t other;

    if (!member_is_admin(who))
        return OK;
    TRY(member_other_admin(c, who->id, &other));
    if (other == 0)
        return fail(c, ERR_MALFORMED, NULL,
                    "%s is the only administrator. Please make somebody else one first.",
                    who->full_name);
    return OK;
}

enum err member_set_role(struct ctx *c, int64_t user_id, enum role role, struct user *out)
{
    TRY(member_lock(c));
    TRY(user_get(c, user_id, out));
    if (out->is_bot)
        return fail(c, ERR_MALFORMED, NULL, "Bot users cannot be changed.");
    if ((int)role == out->role)
        return OK;
    TRY(member_check_other_admin(c, out));
    if (out->is_default_admin)
        return member_refuse_default_admin(c);
    TRY(db_change_one(c, SET_ROLE, TEXT(role_words[role]), TEXT(c->org), INT(user_id)));
    TRY(member_record(c, "role_changed", user_id,
               arena_printf(c->mem, "{\"from\":\"%s\",\"to\":\"%s\"}", role_words[out->role],
                            role_words[role])));
    return user_get(c, user_id, out);
}

enum err member_set_default(struct ctx *c, int64_t user_id)
{
    TRY(db_change(c, SET_DEFAULT_ADMIN, TEXT(c->org), INT(user_id)));
    return member_record(c, "default_admin", user_id, NULL);
}

enum err member_make_default_admin(struct ctx *c, int64_t user_id, struct user *out)
{
    TRY(member_lock(c));
    TRY(user_get(c, user_id, out));
    if (!member_is_admin(out))
        return fail(c, ERR_INVALID, "role",
                    "The default administrator must be an active administrator.");
    if (out->is_default_admin)
        return OK;
    TRY(member_set_default(c, user_id));
    return user_get(c, user_id, out);
}

/* ---- for handlers ---- */

enum err member_find(struct ctx *c, const char *named, int64_t *user_id)
{
    if (named[0] != '\0' && named[strspn(named, "0123456789")] == '\0' && strlen(named) < 19) {
        *user_id = strtoll(named, NULL, 10);
        return OK;
    }
    return db_int(c, MEMBER_BY_EMAIL, user_id, TEXT(text_fold_email(c->mem, named)),
                  TEXT(c->org));
}
