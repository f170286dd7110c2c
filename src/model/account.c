/* See account.h. */
#include "model/account.h"

#include <string.h>

#include "auth/event.h"
#include "auth/second_factor.h"
#include "auth/session.h"
#include "auth/throttle.h"
#include "auth/token.h"
#include "base/text.h"
#include "model/client.h"
#include "model/link.h"
#include "model/mail.h"
#include "model/member.h"
#include "model/org.h"

/* ---- private ---- */

/* Makes a link and mails it, unless it would be one too many. *send says whether there is anybody
 * to write to: else the same is done, but for the mail. Afterwards it says whether one was sent. */
static enum err send_link(struct ctx *c, struct auth *auth, enum link_purpose purpose,
                          int64_t user_id, struct mail *mail, bool *send)
{
    struct link link;
    const char *secret;
    bool flood;

    TRY(link_is_flood(c, user_id, &flood));
    if (flood) {
        *send = false;
        return OK;
    }
    TRY(link_create(c, purpose, user_id, NULL, mail->to, &link, &secret));
    mail->path = arena_printf(c->mem, "%s#token=%s", mail->path, secret);
    mail->expires_at = link.expires_at;
    return *send ? mail_queue(c, auth, mail) : mail_rehearse(c, auth, mail);
}

/* The account that a link belongs to, while it still has the address that the link went to. */
static enum err find_by_link(struct ctx *c, enum link_purpose purpose, const char *secret,
                             struct link *link, struct user *out)
{
    TRY(link_find(c, purpose, secret, link));
    TRY(user_get(c, link->user_id, out));
    if (purpose != LINK_EMAIL && strcmp(link->email, out->email) != 0)
        return link_refuse_withdrawn(c);
    return OK;
}

static enum err tell(struct ctx *c, struct auth *auth, const struct user *user, const char *kind,
                     const char *path)
{
    const struct mail mail = {
        .kind = kind, .user_id = user->id, .to = user->email, .name = user->first_name,
        .path = path,
    };

    return mail_queue(c, auth, &mail);
}

enum err account_notify(struct ctx *c, struct auth *auth, const struct user *user,
                        const char *kind, const char *path)
{
    return user->email_verified_at == 0 ? OK : tell(c, auth, user, kind, path);
}

/* ---- operations: signing up ---- */

/* Nobody's administrators see this mail: with the link in it, somebody who signed up with an
 * address of somebody else could prove what is not true. For the same reason it greets nobody. */
enum err account_ask_verification(struct ctx *c, struct auth *auth, const struct user *user)
{
    struct mail mail = { .kind = "verify", .to = user->email, .path = "/verify" };
    bool send = true;

    if (user->email_verified_at != 0)
        return OK;
    return send_link(c, auth, LINK_VERIFY, user->id, &mail, &send);
}

static enum err found_account(struct ctx *c, struct auth *auth, const struct registration *in)
{
    const struct caller *outer = c->caller;
    struct caller self;
    struct org_input org = { .name = in->organization_name, .timezone = in->person.timezone };
    const char *org_id;
    struct user user;
    int64_t user_id;
    enum err e;

    if (org.name == NULL || org.name[0] == '\0')
        org.name = arena_printf(c->mem, "%s's organization", in->person.first_name);
    TRY(user_create(c, &in->person, false, &user_id));
    self = caller_for(outer, user_id);
    c->caller = &self;
    e = org_create(c, &org, user_id, &org_id);
    c->caller = outer;
    TRY(e);
    TRY(user_get(c, user_id, &user));
    return account_ask_verification(c, auth, &user);
}

/* Leaves the same trace as a new account's link does. */
static enum err tell_registered(struct ctx *c, struct auth *auth, const struct user *user)
{
    int64_t nobody = link_nobody(c, user->email);
    struct link link;
    const char *secret;
    bool flood;

    TRY(link_is_flood(c, nobody, &flood));
    if (flood)
        return OK;
    TRY(link_create(c, LINK_VERIFY, nobody, NULL, user->email, &link, &secret));
    return tell(c, auth, user, "already_registered", "/login");
}

enum err account_register(struct ctx *c, struct auth *auth, const struct registration *in)
{
    struct user known;
    enum err e = user_get_by_email(c, in->person.email, &known);

    if (e == OK)
        return tell_registered(c, auth, &known);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_forgive(c);
    return found_account(c, auth, in);
}

enum err account_verify(struct ctx *c, const char *secret, struct user *out)
{
    struct link link;

    TRY(find_by_link(c, LINK_VERIFY, secret, &link, out));
    TRY(link_use(c, &link));
    return user_verify(c, out->id);
}

/* ---- operations: a new password ---- */

/* As with a verification: while the address is not proved, the link would prove it, and the name
 * may be a stranger's. */
enum err account_ask_reset(struct ctx *c, struct auth *auth, const char *email)
{
    struct mail mail = {
        .kind = "reset", .to = email, .path = "/password/reset",
        .values = { { "address", c->caller->address } },
    };
    struct user user;
    enum err e = user_get_by_email(c, email, &user);
    bool send = e == OK;

    if (e == OK) {
        mail.to = user.email;
        if (user.email_verified_at != 0) {
            mail.user_id = user.id;
            mail.name = user.first_name;
        }
    } else if (e == ERR_NOT_FOUND) {
        ctx_forgive(c);
        user.id = link_nobody(c, email);
    } else {
        return e;
    }
    TRY(send_link(c, auth, LINK_RESET, user.id, &mail, &send));
    return send ? event_record_login(c, user.id, "password_reset_initiated") : OK;
}

enum err account_reset_find(struct ctx *c, const char *secret, struct user *out)
{
    struct link link;

    return find_by_link(c, LINK_RESET, secret, &link, out);
}

/* Whoever made an account with an address that is not theirs leaves nothing behind when the
 * address's owner takes it over: not even what a reset spares. */
static enum err disown(struct ctx *c, const struct user *user)
{
    bool had;

    if (user->email_verified_at != 0)
        return OK;
    TRY(second_factor_remove(c, user->id, &had));
    TRY(clients_delete_made_by(c, user->id));
    return tokens_revoke_all(c, user->id);
}

enum err account_reset(struct ctx *c, struct auth *auth, const char *secret,
                       const char *password_hash, bool end_named, struct user *out)
{
    struct link link;
    bool guarded;

    TRY(find_by_link(c, LINK_RESET, secret, &link, out));
    TRY(link_use(c, &link));
    TRY(auth_password_reset(c, out->id, password_hash, end_named));
    TRY(disown(c, out));
    TRY(second_factor_in_force(c, out->id, &guarded));
    if (!guarded) /* else whoever reads the mail could guess codes without end */
        TRY(throttle_forget(c, out->email));
    TRY(event_record_login(c, out->id, "password_reset_completed"));
    TRY(user_verify(c, out->id));
    TRY(user_get(c, out->id, out));
    return account_notify(c, auth, out, "password_changed", "/password/reset");
}

enum err account_change_password(struct ctx *c, struct auth *auth, const char *password_hash,
                                 struct user *out)
{
    int64_t user_id = c->caller->user_id;

    TRY(auth_set_password(c, user_id, password_hash));
    TRY(session_end_others(c, user_id, c->caller->session_digest));
    TRY(event_record_login(c, user_id, "password_changed"));
    TRY(user_get(c, user_id, out));
    return account_notify(c, auth, out, "password_changed", "/password/reset");
}

/* ---- operations: another address ---- */

void account_check_email(struct ctx *c, const char *present, const char *wanted)
{
    if (!text_is_email(wanted))
        fault(c, "email", "The email must be a valid e-mail address.");
    else if (strcmp(wanted, present) == 0)
        fault(c, "email", "This is your address already.");
}

/* That somebody else has the address is not told, nor are they troubled with a link: it is made
 * like any other, and nobody gets it. */
enum err account_ask_email(struct ctx *c, struct auth *auth, const char *email, struct user *out)
{
    struct mail mail = { .kind = "email_confirm", .to = email, .path = "/email" };
    bool taken, send;

    TRY(user_get(c, c->caller->user_id, out));
    TRY(user_email_taken(c, email, out->id, &taken));
    send = !taken;
    return send_link(c, auth, LINK_EMAIL, out->id, &mail, &send);
}

static enum err move(struct ctx *c, int64_t user_id, const char *email)
{
    const struct caller *outer = c->caller;
    const struct caller self = caller_for(outer, user_id);
    enum err e;

    c->caller = &self;
    e = user_set_email(c, user_id, email);
    c->caller = outer;
    return e;
}

enum err account_confirm_email(struct ctx *c, struct auth *auth, const char *secret,
                               struct user *out)
{
    struct link link;
    struct mail mail = { .kind = "email_changed" };
    bool proved;

    TRY(find_by_link(c, LINK_EMAIL, secret, &link, out));
    proved = out->email_verified_at != 0;
    mail.user_id = out->id;
    mail.to = out->email;
    mail.name = out->first_name;
    mail.values[0].name = "email";
    mail.values[0].value = link.email;
    TRY(link_use(c, &link));
    TRY(move(c, out->id, link.email));
    TRY(member_withdraw_everywhere(c, out->id));
    TRY(link_withdraw(c, LINK_RESET, out->id, NULL));
    TRY(link_withdraw(c, LINK_VERIFY, out->id, NULL));
    TRY(user_verify(c, out->id));
    if (proved)
        TRY(mail_queue(c, auth, &mail));
    return user_get(c, out->id, out);
}
