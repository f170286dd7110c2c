/* Members: how they go and come back, and become guests or are made of them. See member.h. */
#include "model/member_row.h"

#include "auth/second_factor.h"
#include "auth/session.h"
#include "auth/token.h"
#include "db/db.h"
#include "model/consent.h"
#include "model/group.h"
#include "model/guest_link.h"
#include "model/invitation.h"
#include "model/link.h"
#include "model/task.h"

/* ---- shape ---- */

/* An organization that somebody is in. */
struct place {
    const char *org_id;
};

static const struct field place_fields[] = { FIELD(place, org_id, TEXT, HIDDEN), { 0 } };
static const struct shape place_shape = SHAPE(place, place_fields);

/* ---- SQL ---- */

static const char NOT_JOINED[] =
    "SELECT org_id FROM members"
    " WHERE user_id = ? AND activated_at IS NULL AND deleted_at IS NULL ORDER BY org_id";

static const char SET_DISABLED[] =
    "UPDATE members SET status = 'disabled', disabled_at = ?, disabled_by = ?"
    " WHERE org_id = ? AND user_id = ?";

/* Who had never joined is waiting again. */
static const char SET_ENABLED[] =
    "UPDATE members"
    "   SET status = CASE WHEN activated_at IS NULL THEN 'invited' ELSE 'active' END,"
    "       disabled_at = NULL, disabled_by = NULL, reactivated_at = ?, reactivated_by = ?"
    " WHERE org_id = ? AND user_id = ?";

static const char SET_STATUS[] = "UPDATE members SET status = ? WHERE org_id = ? AND user_id = ?";

static const char ACTIVE_ELSEWHERE[] =
    "SELECT count(*) FROM members WHERE user_id = ? AND org_id <> ? AND status = 'active'";

static const char ANYTHING_ELSEWHERE[] =
    "SELECT count(*) FROM members WHERE user_id = ? AND org_id <> ? AND deleted_at IS NULL";

/* The address is free again. What the account is compared by is no address, so that nobody can have
 * it already. */
static const char ACCOUNT_END[] =
    "UPDATE users"
    "   SET last_name = last_name || ' (Deleted)', email = email || '.deleted.' || id,"
    "       email_folded = '(deleted ' || id || ')', username = NULL, password_hash = NULL,"
    "       email_verified_at = NULL, updated_at = ?"
    " WHERE id = ?";

/* Who never joined has a name of their own here. */
static const char NAME_END[] =
    "UPDATE members SET last_name = last_name || ' (Deleted)'"
    " WHERE org_id = ? AND user_id = ? AND last_name IS NOT NULL";

/* ---- invitations ---- */

static enum err withdraw(struct ctx *c, const struct user *who)
{
    TRY(link_withdraw(c, LINK_INVITE, who->id, c->org));
    TRY(guest_forget_member(c, who->id));
    TRY(member_drop(c, who->id));
    return member_record(c, "invite-withdrawn", who->id, member_name_data(c, who));
}

enum err member_withdraw(struct ctx *c, int64_t user_id, struct user *out)
{
    TRY(user_get(c, user_id, out));
    TRY(member_need_invited(c, out));
    return withdraw(c, out);
}

static enum err withdraw_in(struct ctx *c, const struct place *places, size_t count,
                            int64_t user_id)
{
    for (size_t i = 0; i < count; i++) {
        struct user who;

        c->org = places[i].org_id;
        TRY(user_get(c, user_id, &who));
        TRY(withdraw(c, &who));
    }
    return OK;
}

/* Nobody's doing, in the logs: they would name the person. */
enum err member_withdraw_everywhere(struct ctx *c, int64_t user_id)
{
    const struct caller *caller = c->caller;
    const char *org = c->org;
    struct place *places;
    size_t count;
    enum err e;

    TRY(db_all(c, NOT_JOINED, &place_shape, &places, &count, INT(user_id)));
    c->caller = NULL;
    e = withdraw_in(c, places, count, user_id);
    c->caller = caller;
    c->org = org;
    return e;
}

/* ---- going ---- */

/* ERR_INVALID on field `to` unless the tasks stay, or go to another active member. */
static enum err check_heir(struct ctx *c, int64_t from, const struct hand_over *tasks)
{
    struct user to;
    enum err e;

    if (!tasks->wanted)
        return OK;
    e = user_get(c, tasks->to, &to);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || to.status != MEMBER_ACTIVE || to.is_bot || to.id == from)
        return fail(c, ERR_INVALID, "to", "The new assignee must be another active member, by id.");
    return OK;
}

/* The member who is to go, and whoever is to have the tasks. */
static enum err begin(struct ctx *c, int64_t user_id, const struct hand_over *tasks,
                      struct user *out)
{
    TRY(member_lock(c));
    TRY(user_get(c, user_id, out));
    return check_heir(c, user_id, tasks);
}

static enum err hand_over(struct ctx *c, int64_t from, struct hand_over *tasks)
{
    tasks->moved = 0;
    if (tasks->wanted)
        TRY(task_hand_over(c, TASKS_TO_DO, from, tasks->to, &tasks->moved));
    return task_count_open(c, from, &tasks->left);
}

/* What opened this organization, or would have, opens it no more, not even if the member comes
 * back. Told in the log before the membership ends, since after that it is not told here. */
static enum err end_credentials(struct ctx *c, int64_t user_id)
{
    int64_t elsewhere;

    TRY(consents_end_of_member(c, user_id));
    TRY(tokens_revoke_of_member(c, c->org, user_id));
    TRY(link_withdraw(c, LINK_INVITE, user_id, c->org));
    TRY(db_int(c, ACTIVE_ELSEWHERE, &elsewhere, INT(user_id), TEXT(c->org)));
    if (elsewhere > 0)
        return OK;
    TRY(tokens_revoke_all(c, user_id));
    return session_end_others(c, user_id, NULL);
}

/* An active or invited member is a disabled one; checked by the caller. */
static enum err end_access(struct ctx *c, const struct user *who)
{
    int64_t next;

    if (who->is_default_admin) {
        TRY(member_other_admin(c, who->id, &next));
        TRY(member_set_default(c, next));
    }
    TRY(end_credentials(c, who->id));
    TRY(group_leave_all(c, who->id));
    TRY(guest_forget_member(c, who->id));
    TRY(member_count(c, who->id, -1));
    return db_change_one(c, SET_DISABLED, INT(c->now), INT_OR_NULL(member_caller(c)), TEXT(c->org),
                         INT(who->id));
}

static enum err disable(struct ctx *c, struct auth *auth, struct hand_over *tasks,
                        struct user *who)
{
    int64_t other;

    TRY(member_other_admin(c, who->id, &other));
    if (member_is_admin(who) && other == 0)
        return member_refuse_default_admin(c);
    TRY(hand_over(c, who->id, tasks));
    if (who->status == MEMBER_DISABLED)
        return OK;
    TRY(end_access(c, who));
    TRY(member_record(c, "disabled", who->id, NULL));
    TRY(member_tell(c, auth, who, "member_disabled", NULL));
    return user_get(c, who->id, who);
}

enum err member_disable(struct ctx *c, struct auth *auth, int64_t user_id,
                        struct hand_over *tasks, struct user *out)
{
    TRY(begin(c, user_id, tasks, out));
    if (out->is_bot)
        return fail(c, ERR_MALFORMED, NULL, "Bot users cannot be disabled.");
    return disable(c, auth, tasks, out);
}

static enum err refuse_to_remove_bot(struct ctx *c)
{
    return fail(c, ERR_MALFORMED, NULL, "You can't remove a bot user from this organization!");
}

enum err member_remove(struct ctx *c, struct auth *auth, int64_t user_id,
                       struct hand_over *tasks, struct user *out)
{
    TRY(begin(c, user_id, tasks, out));
    return out->is_bot ? refuse_to_remove_bot(c) : disable(c, auth, tasks, out);
}

enum err member_enable(struct ctx *c, struct auth *auth, int64_t user_id, struct user *out)
{
    const char *url;

    TRY(member_lock(c));
    TRY(user_get(c, user_id, out));
    if (out->status != MEMBER_DISABLED)
        return OK;
    TRY(db_change_one(c, SET_ENABLED, INT(c->now), INT_OR_NULL(member_caller(c)), TEXT(c->org),
                      INT(user_id)));
    TRY(member_count(c, user_id, 1));
    TRY(member_record(c, "enabled", user_id, NULL));
    TRY(user_get(c, user_id, out));
    if (out->status == MEMBER_INVITED)
        return invitation_send(c, auth, user_id, NULL, &url);
    return member_tell(c, auth, out, "member_enabled", "/login");
}

/* Nobody is to sign in to the account of somebody who has left everything, or to meet its address
 * where a new account could be. */
static enum err end_account(struct ctx *c, int64_t user_id)
{
    bool had_second_factor;

    TRY(tokens_revoke_all(c, user_id));
    TRY(session_end_others(c, user_id, NULL));
    TRY(second_factor_remove(c, user_id, &had_second_factor));
    TRY(link_withdraw(c, LINK_VERIFY, user_id, NULL));
    TRY(link_withdraw(c, LINK_EMAIL, user_id, NULL));
    TRY(link_withdraw(c, LINK_RESET, user_id, NULL));
    TRY(db_change(c, NAME_END, TEXT(c->org), INT(user_id)));
    return db_change_one(c, ACCOUNT_END, INT(c->now), INT(user_id));
}

enum err member_delete(struct ctx *c, int64_t user_id, struct hand_over *tasks, struct user *out)
{
    int64_t elsewhere;

    TRY(begin(c, user_id, tasks, out));
    if (out->is_bot)
        return refuse_to_remove_bot(c);
    if (out->status != MEMBER_DISABLED)
        return fail(c, ERR_MALFORMED, NULL, "Please disable the user before deletion.");
    TRY(hand_over(c, user_id, tasks));
    TRY(member_record(c, "deleted", user_id, member_name_data(c, out)));
    TRY(db_int(c, ANYTHING_ELSEWHERE, &elsewhere, INT(user_id), TEXT(c->org)));
    if (elsewhere == 0)
        TRY(end_account(c, user_id));
    TRY(user_get(c, user_id, out));
    return member_drop(c, user_id);
}

/* ---- members and guests ---- */

/* The guest that a member becomes. */
static enum err add_guest(struct ctx *c, struct auth *auth, const struct user *who,
                          struct guest *out)
{
    const struct guest in = {
        .email = who->email, .first_name = who->first_name, .last_name = who->last_name,
        .timezone = who->timezone,
    };

    return guest_add_converted(c, auth, &in, out);
}

enum err member_to_guest(struct ctx *c, struct auth *auth, int64_t user_id, struct guest *out)
{
    int64_t moved;
    struct user who;

    TRY(member_lock(c));
    TRY(user_get(c, user_id, &who));
    if (who.is_bot)
        return fail(c, ERR_MALFORMED, NULL, "Bot users cannot become guests.");
    TRY(member_check_other_admin(c, &who));
    TRY(member_record(c, "converted", user_id, member_name_data(c, &who)));
    if (who.status != MEMBER_DISABLED)
        TRY(end_access(c, &who));
    TRY(member_drop(c, user_id));
    TRY(add_guest(c, auth, &who, out));
    TRY(task_hand_over(c, TASKS_OPEN, user_id, out->id, &moved));
    TRY(member_tell(c, auth, &who, "member_to_guest", NULL));
    if (moved > 0)
        TRY(guest_link_mail(c, auth, out->id));
    return guest_describe(c, auth, out, 1);
}

/* Tasks go to active members only, so that is what the invited one is for as long as it takes. */
static enum err hand_over_to_invited(struct ctx *c, int64_t guest_id, int64_t user_id)
{
    int64_t moved;

    TRY(db_change_one(c, SET_STATUS, TEXT("active"), TEXT(c->org), INT(user_id)));
    TRY(task_hand_over(c, TASKS_ALL, guest_id, user_id, &moved));
    return db_change_one(c, SET_STATUS, TEXT("invited"), TEXT(c->org), INT(user_id));
}

enum err member_from_guest(struct ctx *c, struct auth *auth, const char *email, enum role role,
                           struct user *out)
{
    struct guest guest;
    struct user_input person = { 0 };

    TRY(guest_get(c, email, &guest));
    person.email = guest.email;
    person.first_name = guest.first_name;
    person.last_name = guest.last_name;
    person.timezone = guest.timezone;
    member_name(c->mem, person.email, &person.first_name, &person.last_name);
    TRY(member_invite_account(c, auth, &person, role, NULL, out));
    TRY(group_leave_all(c, guest.id));
    TRY(hand_over_to_invited(c, guest.id, out->id));
    return guest_remove(c, "converted", &guest);
}
