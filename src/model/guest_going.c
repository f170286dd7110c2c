/* See guest.h: how guests come and go. A guest stands in five places, which are changed together:
 * the guest's row, the number of the address (guest_addresses), the digest of the link's code, the
 * grams that search reads, and the organization's count of guests. The count is written first, so
 * that of two who add guests at once the later one counts what the earlier one added. */
#include <string.h>

#include "auth/guest_code.h"
#include "auth/permission.h"
#include "base/clock.h"
#include "base/text.h"
#include "db/db.h"
#include "model/group.h"
#include "model/guest_link.h"
#include "model/guest_row.h"
#include "model/people_index.h"
#include "model/task.h"

enum { FIRST_PERSON_ID = 1001 };

/* ---- SQL ---- */

/* Deleted ones too. */
static const char GUEST_EVER[] =
    "SELECT" GUEST_COLUMNS " FROM guests p WHERE p.org_id = ?1 AND p.email_folded = ?2";

static const char COUNT_GUEST[] = "UPDATE org_counters SET guests = guests + ? WHERE org_id = ?";

/* When the guest was added who is the limit-th of the newest ones. */
static const char ADDED_BEFORE_LIMIT[] =
    "SELECT added_at FROM guests WHERE org_id = ? AND added_at > ?"
    " ORDER BY added_at DESC LIMIT 1 OFFSET ?";

static const char ADDRESS_ID[] = "SELECT guest_id FROM guest_addresses WHERE email_folded = ?";

static const char NEXT_PERSON_ID[] =
    "INSERT INTO counters (name, value) VALUES ('user', ?)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value";

static const char ADDRESS_INSERT[] =
    "INSERT INTO guest_addresses (email_folded, guest_id) VALUES (?, ?)";

static const char GUEST_INSERT[] =
    "INSERT INTO guests (org_id, id, email, email_folded, name_key, last_name_key, created_by,"
    "                    created_at, added_at, updated_at)"
    " VALUES (?1, ?2, ?3, ?4, '', '', ?5, ?6, ?7, ?6)";

/* The link of before stays dead. */
static const char GUEST_REVIVE[] =
    "UPDATE guests"
    "   SET email = ?, added_at = ?, code_version = code_version + 1, deleted_at = NULL,"
    "       disabled_at = NULL, disabled_by = NULL"
    " WHERE org_id = ? AND email_folded = ?";

static const char GUEST_DISABLE[] =
    "UPDATE guests SET disabled_at = ?1, disabled_by = ?2, updated_at = ?1"
    " WHERE org_id = ?3 AND id = ?4";

static const char GUEST_ENABLE[] =
    "UPDATE guests"
    "   SET disabled_at = NULL, disabled_by = NULL, reactivated_at = ?1, reactivated_by = ?2,"
    "       updated_at = ?1"
    " WHERE org_id = ?3 AND id = ?4";

static const char GUEST_DELETE[] =
    "UPDATE guests SET deleted_at = ?1, updated_at = ?1 WHERE org_id = ?2 AND id = ?3";

static const char FORGET_MEMBER[] = "DELETE FROM guest_members WHERE org_id = ? AND user_id = ?";

/* ---- private ---- */

static enum err check_limit(struct ctx *c, struct auth *auth)
{
    int64_t most = auth_settings(auth)->guest_invite_limit, first;
    enum err e;

    if (most == 0)
        return OK;
    e = db_int(c, ADDED_BEFORE_LIMIT, &first, TEXT(c->org), INT(c->now - HOUR), INT(most - 1));
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    c->failure.retry_after = (int)((first + HOUR - c->now + SECOND - 1) / SECOND);
    return fail(c, ERR_LIMITED, NULL,
                "You've reached the hourly limit for Guest Invite (%lld per hour per "
                "organization). Please try again later.", (long long)most);
}

/* The number of an address, which it has for good and in every organization: tasks that are done
 * and the log know the guest by it. */
static enum err number_of(struct ctx *c, const char *folded, int64_t *id)
{
    enum err e = db_int(c, ADDRESS_ID, id, TEXT(folded));

    if (e != ERR_NOT_FOUND)
        return e;
    TRY(db_int(c, NEXT_PERSON_ID, id, INT(FIRST_PERSON_ID)));
    return db_change(c, ADDRESS_INSERT, TEXT(folded), INT(*id));
}

/* What is not said stays as it was before the guest was deleted. */
static void keep_unsaid(struct guest *w, const struct guest *was)
{
    for (const struct field *f = guest_change_shape.fields; f->name != NULL; f++) {
        char *to = (char *)w + f->offset;
        const char *from = (const char *)was + f->offset;

        if (f->type == FIELD_TIME && *(int64_t *)to == 0)
            *(int64_t *)to = *(const int64_t *)from;
        else if (f->type != FIELD_TIME && *(const char **)to == NULL)
            *(const char **)to = *(const char *const *)from;
    }
}

/* How a guest comes. Members who become guests are no strangers, so the hourly limit is not for
 * them. */
enum way { ADDED, CONVERTED };

/* Makes a guest whose address c->org never had (`was` empty), or brings a deleted one back. */
static enum err add(struct ctx *c, struct auth *auth, enum way way, struct guest *w,
                    const struct guest *was)
{
    int64_t by = c->caller == NULL ? 0 : c->caller->user_id;
    int64_t counted_at = way == ADDED ? c->now : 0;

    TRY(db_change_one(c, COUNT_GUEST, INT(1), TEXT(c->org)));
    if (way == ADDED)
        TRY(check_limit(c, auth));
    TRY(number_of(c, w->email_folded, &w->id));
    keep_unsaid(w, was);
    if (was->id == 0)
        TRY(db_change(c, GUEST_INSERT, TEXT(c->org), INT(w->id), TEXT(w->email),
                      TEXT(w->email_folded), INT_OR_NULL(by), INT(c->now), INT(counted_at)));
    else
        TRY(db_change_one(c, GUEST_REVIVE, TEXT(w->email), INT(counted_at),
                          TEXT(c->org), TEXT(w->email_folded)));
    TRY(guest_write(c, w, NULL));
    TRY(guest_code_enter(c, auth, w->id, was->code_version + 1));
    return guest_record(c, "created", w->id, NULL);
}

/* The guest with a checked address: as it is, or added. */
static enum err enter(struct ctx *c, struct auth *auth, enum way way, struct guest *w,
                      struct guest *out)
{
    struct guest was = { 0 };
    enum err e;

    w->email_folded = text_fold_email(c->mem, w->email);
    e = db_one(c, GUEST_EVER, &guest_shape, &was, TEXT(c->org), TEXT(w->email_folded));
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || was.deleted_at != 0)
        TRY(add(c, auth, way, w, &was));
    return guest_find(c, w->email, 0, out);
}

/* ---- operations: adding ---- */

static enum err check_and_enter(struct ctx *c, struct auth *auth, enum way way,
                                const struct guest *in, struct guest *out)
{
    struct guest wanted = *in;
    bool ok;

    TRY(guest_check(c, &wanted));
    if (wanted.email != NULL)
        TRY(guest_check_address(c, "email", wanted.email, &ok));
    TRY(fields_ok(c));
    return enter(c, auth, way, &wanted, out);
}

enum err guest_add(struct ctx *c, struct auth *auth, const struct guest *in, struct guest *out)
{
    return check_and_enter(c, auth, ADDED, in, out);
}

enum err guest_add_converted(struct ctx *c, struct auth *auth, const struct guest *in,
                             struct guest *out)
{
    return check_and_enter(c, auth, CONVERTED, in, out);
}

enum err guest_need(struct ctx *c, struct auth *auth, const char *field, const char *email,
                    int64_t *id)
{
    struct guest guest;
    enum err e;
    bool ok;

    *id = 0;
    email = text_trim(c->mem, email);
    e = guest_find(c, email, 0, &guest);
    if (e == ERR_NOT_FOUND) {
        TRY(permit(c, ADD_GUESTS));
        TRY(guest_check_address(c, field, email, &ok));
        if (!ok)
            return OK;
        e = enter(c, auth, ADDED,
                  &(struct guest){ .email = email, .associated_members = "[]" }, &guest);
    }
    TRY(e);
    if (guest.disabled_at != 0)
        fault(c, field, "The guest %s is disabled.", email);
    else
        *id = guest.id;
    return OK;
}

/* ---- operations: coming and going ---- */

enum err guest_disable(struct ctx *c, const char *email, struct guest *out)
{
    int64_t open;

    TRY(guest_get(c, email, out));
    if (out->disabled_at != 0)
        return OK;
    TRY(task_count_open_anyhow(c, out->id, &open));
    if (open > 0)
        return fail_code(c, ERR_DENIED, "CANNOT_DISABLE_GUEST_WITH",
                         "Cannot disable guest with incomplete tasks");
    TRY(db_change_one(c, GUEST_DISABLE, INT(c->now), INT(c->caller->user_id), TEXT(c->org),
                      INT(out->id)));
    TRY(guest_record(c, "disabled", out->id, NULL));
    return guest_get(c, email, out);
}

enum err guest_enable(struct ctx *c, const char *email, struct guest *out)
{
    TRY(guest_get(c, email, out));
    if (out->disabled_at == 0)
        return OK;
    TRY(db_change_one(c, GUEST_ENABLE, INT(c->now), INT(c->caller->user_id), TEXT(c->org),
                      INT(out->id)));
    TRY(guest_record(c, "enabled", out->id, NULL));
    return guest_get(c, email, out);
}

enum err guest_delete(struct ctx *c, const char *email, struct guest *out)
{
    enum err e = guest_get(c, email, out);

    if (e == ERR_NOT_FOUND && text_is_email(email))
        return fail(c, ERR_INVALID, "email", "There is no guest with this address.");
    TRY(e);
    TRY(task_detach(c, out->id, out->email));
    TRY(group_leave_all(c, out->id));
    return guest_remove(c, "deleted", out);
}

enum err guest_remove(struct ctx *c, const char *verb, struct guest *guest)
{
    TRY(db_change_one(c, COUNT_GUEST, INT(-1), TEXT(c->org)));
    TRY(db_change_one(c, GUEST_DELETE, INT(c->now), TEXT(c->org), INT(guest->id)));
    TRY(guest_write_members(c, guest->id, "[]"));
    TRY(guest_code_remove(c, guest->id));
    TRY(guest_link_withdraw(c, guest->id));
    TRY(people_index_set(c, true, guest->id, guest->search_text, NULL));
    guest->deleted_at = guest->updated_at = c->now;
    return guest_record(c, verb, guest->id, NULL);
}

enum err guest_forget_member(struct ctx *c, int64_t user_id)
{
    return db_change(c, FORGET_MEMBER, TEXT(c->org), INT(user_id));
}
