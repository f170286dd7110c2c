/* See invitation.h. */
#include "model/invitation.h"

#include <string.h>

#include "auth/event.h"
#include "auth/session.h"
#include "db/db.h"
#include "model/mail.h"
#include "model/member.h"

/* ---- shape ---- */

static const struct field invitation_fields[] = {
    FIELD(invitation, role, WORD, READONLY, .words = role_words),
    FIELD(invitation, email, TEXT, READONLY),
    FIELD(invitation, first_name, TEXT, READONLY),
    FIELD(invitation, last_name, TEXT, READONLY),
    FIELD(invitation, needs_password, BOOL, READONLY),
    FIELD(invitation, organization_id, TEXT, HIDDEN),
    FIELD(invitation, organization_name, TEXT, HIDDEN),
    FIELD(invitation, inviter_name, TEXT, HIDDEN),
    FIELD(invitation, status, WORD, HIDDEN, .words = member_status_words),
    FIELD(invitation, user_id, INT, HIDDEN),
    { 0 },
};
const struct shape invitation_shape = SHAPE(invitation, invitation_fields);

/* ---- SQL ---- */

static const char INVITATION[] =
    "SELECT u.email, u.first_name, u.last_name, m.role, m.status, m.user_id,"
    "       CASE WHEN u.password_hash IS NULL THEN 1 ELSE 0 END AS needs_password,"
    "       o.id AS organization_id, o.name AS organization_name,"
    "       i.first_name || ' ' || i.last_name AS inviter_name"
    "  FROM members m JOIN users u ON u.id = m.user_id JOIN organizations o ON o.id = m.org_id"
    "  LEFT JOIN users i ON i.id = m.invited_by"
    " WHERE m.org_id = ? AND m.user_id = ?";

static const char SET_ROLE[] =
    "UPDATE members SET role = ?1"
    " WHERE org_id = ?2 AND user_id = ?3 AND status = 'invited' AND role <> ?1";

/* ---- private ---- */

static enum err mail_link(struct ctx *c, struct auth *auth, const struct invitation *i,
                          const char *message, const char *path, int64_t expires_at)
{
    const struct mail mail = {
        .kind = "invitation",
        .org_id = i->organization_id,
        .user_id = i->user_id,
        .to = i->email,
        .name = i->first_name,
        .path = path,
        .expires_at = expires_at,
        .note = message,
        .values = { { "organization", i->organization_name }, { "inviter", i->inviter_name },
                    { "role", role_words[i->role] } },
    };

    return mail_queue(c, auth, &mail);
}

static enum err send(struct ctx *c, struct auth *auth, const struct invitation *i,
                     const char *message, const char **path)
{
    struct link link;
    const char *secret;

    TRY(link_create(c, LINK_INVITE, i->user_id, i->organization_id, i->email, &link, &secret));
    *path = arena_printf(c->mem, "/invitation#token=%s", secret);
    return mail_link(c, auth, i, message, *path, link.expires_at);
}

/* Whoever was disabled, has joined, or has moved to another address meanwhile has no use for it. */
static enum err find_by_link(struct ctx *c, struct invitation *i)
{
    const struct link link = i->link;

    TRY(db_one(c, INVITATION, &invitation_shape, i, TEXT(link.org_id), INT(link.user_id)));
    if (i->status != MEMBER_INVITED || strcmp(i->email, link.email) != 0)
        return link_refuse_withdrawn(c);
    return OK;
}

/* ---- operations ---- */

enum err invitation_send(struct ctx *c, struct auth *auth, int64_t user_id, const char *message,
                         const char **url)
{
    struct invitation i = { 0 };
    const char *path;

    TRY(mail_check_sender(c));
    TRY(db_one(c, INVITATION, &invitation_shape, &i, TEXT(c->org), INT(user_id)));
    if (i.status != MEMBER_INVITED)
        return fail(c, ERR_MALFORMED, NULL, "%s is not waiting for an invitation.", i.email);
    TRY(send(c, auth, &i, message, &path));
    *url = arena_printf(c->mem, "%s%s", auth_issuer(auth), path);
    return OK;
}

enum err invitation_set_role(struct ctx *c, int64_t user_id, enum role role)
{
    int64_t n;

    TRY(db_change_n(c, SET_ROLE, &n, TEXT(role_words[role]), TEXT(c->org), INT(user_id)));
    return n == 0 ? OK
                  : event_record(c, "updated", "member",
                                 arena_printf(c->mem, "%lld", (long long)user_id), NULL);
}

enum err invitation_find(struct ctx *c, const char *secret, struct invitation *out)
{
    *out = (struct invitation){ 0 };
    TRY(link_find(c, LINK_INVITE, secret, &out->link));
    return find_by_link(c, out);
}

enum err invitation_find_or_renew(struct ctx *c, struct auth *auth, const char *secret,
                                  struct invitation *out)
{
    enum err e = invitation_find(c, secret, out);
    const char *path;

    if (!link_has_expired(c))
        return e;
    ctx_forgive(c);
    TRY(find_by_link(c, out));
    TRY(send(c, auth, out, NULL, &path));
    return link_refuse_expired(c, "This link has expired. A new one is on its way to you.");
}

/* A person who had no password begins as the page says; one who has is asked for nothing. `user` is
 * the account as it is outside the organization, which does not see it yet. */
static enum err begin(struct ctx *c, struct user user, const struct acceptance *in)
{
    const struct caller *outer = c->caller;
    const struct caller self = caller_for(outer, user.id);
    enum err e;

    if (in->first_name != NULL)
        user.first_name = in->first_name;
    if (in->last_name != NULL)
        user.last_name = in->last_name;
    if (in->timezone != NULL)
        user.timezone = in->timezone;
    c->caller = &self;
    e = user_update(c, &user);
    c->caller = outer;
    TRY(e);
    return auth_set_password(c, user.id, in->password_hash);
}

/* A link to a password ends, as administrators of the only organization so far may have read it
 * (mail_read). */
enum err invitation_accept(struct ctx *c, struct auth *auth, const struct invitation *i,
                           const struct acceptance *in)
{
    bool themselves = c->caller->credential == BY_SESSION && c->caller->user_id == i->user_id;
    struct user user;

    if (!i->needs_password && !themselves)
        return fail_code(c, ERR_DENIED, "SIGN_IN_FIRST", "Sign in as %s to accept.", i->email);
    TRY(user_get(c, i->user_id, &user));
    c->org = i->organization_id;
    TRY(link_use(c, &i->link));
    if (i->needs_password)
        TRY(begin(c, user, in));
    TRY(user_verify(c, i->user_id));
    TRY(link_withdraw(c, LINK_RESET, i->user_id, NULL));
    return member_join(c, auth, i->user_id);
}
