/* See guest_link.h. */
#include "model/guest_link.h"

#include "auth/event.h"
#include "auth/guest_code.h"
#include "base/clock.h"
#include "base/text.h"
#include "db/db.h"
#include "model/mail.h"

enum {
    ORGANIZATIONS_MAX = 20, /* links mailed at once, to somebody who is a guest in many */
    MAILED_IN_AN_HOUR = 3,  /* at most, to who asks for it again */
    RESETS_IN_AN_HOUR = 10, /* mails after which a new link is not mailed any more */
};

/* In letter.c. */
#define LINK "guest_link"
#define NEW_LINK "guest_new_link"

/* ---- shape ---- */

/* Whom a link is to. */
struct holder {
    int64_t id, code_version;
    const char *org_id, *organization, *email, *first_name;
};

static const struct field holder_fields[] = {
    FIELD(holder, id, INT, HIDDEN),
    FIELD(holder, code_version, INT, HIDDEN),
    FIELD(holder, org_id, TEXT, HIDDEN),
    FIELD(holder, organization, TEXT, HIDDEN),
    FIELD(holder, email, TEXT, HIDDEN),
    FIELD(holder, first_name, TEXT, HIDDEN),
    { 0 },
};
static const struct shape holder_shape = SHAPE(holder, holder_fields);

/* ---- SQL ---- */

#define HOLDER                                                                          \
    "SELECT g.id, g.code_version, g.org_id, o.name AS organization, g.email,"           \
    "       g.first_name"                                                               \
    "  FROM guests g JOIN organizations o ON o.id = g.org_id"                           \
    " WHERE g.deleted_at IS NULL AND g.disabled_at IS NULL"

static const char HOLDER_BY_ID[] = HOLDER " AND g.org_id = ? AND g.id = ?";

/* Across organizations: it is their owner who asks. */
static const char HOLDERS_BY_ADDRESS[] =
    HOLDER " AND g.email_folded = ? ORDER BY g.org_id LIMIT ?";

static const char MAILED_SINCE[] =
    "SELECT count(*) FROM mails"
    " WHERE user_id = ? AND kind IN ('" LINK "', '" NEW_LINK "') AND created_at > ? AND org_id = ?";

static const char NEXT_VERSION[] =
    "UPDATE guests SET code_version = code_version + 1, updated_at = ?"
    " WHERE org_id = ? AND id = ? AND deleted_at IS NULL RETURNING code_version";

/* ---- private ---- */

static struct mail mail_of(struct ctx *c, struct auth *auth, const char *kind,
                           const struct holder *h)
{
    return (struct mail){
        .kind = kind,
        .org_id = h->org_id,
        .user_id = h->id,
        .to = h->email,
        .name = h->first_name,
        .path = guest_link_path(c->mem, auth, h->org_id, h->id, h->code_version),
        .values = { { "organization", h->organization } },
    };
}

/* Whether fewer than `most` were mailed within an hour. */
static enum err may_mail(struct ctx *c, const struct holder *h, int64_t most, bool *out)
{
    int64_t n;

    TRY(db_int(c, MAILED_SINCE, &n, INT(h->id), INT(c->now - HOUR), TEXT(h->org_id)));
    *out = n < most;
    return OK;
}

static enum err mail_again(struct ctx *c, struct auth *auth, const struct holder *h)
{
    const struct mail mail = mail_of(c, auth, LINK, h);
    bool may;

    TRY(may_mail(c, h, MAILED_IN_AN_HOUR, &may));
    return may ? mail_queue(c, auth, &mail) : mail_rehearse(c, auth, &mail);
}

/* To a guest of c->org, unless `most` were mailed within an hour. */
static enum err mail_to(struct ctx *c, struct auth *auth, const char *kind, int64_t guest_id,
                        int64_t most)
{
    struct holder h = { 0 };
    struct mail mail;
    enum err e;
    bool may;

    TRY(mail_check_sender(c));
    e = db_one(c, HOLDER_BY_ID, &holder_shape, &h, TEXT(c->org), INT(guest_id));
    if (e != OK)
        return e == ERR_NOT_FOUND ? ctx_forgive(c) : e;
    TRY(may_mail(c, &h, most, &may));
    mail = mail_of(c, auth, kind, &h);
    return may ? mail_queue(c, auth, &mail) : OK;
}

/* What mail_again does, for an address that is no guest's. */
static enum err mail_nobody(struct ctx *c, struct auth *auth, const char *email)
{
    const struct holder nobody = {
        .id = -1, .org_id = "-", .organization = "-", .email = email,
    };
    const struct mail mail = mail_of(c, auth, LINK, &nobody);
    bool may;

    TRY(may_mail(c, &nobody, MAILED_IN_AN_HOUR, &may));
    return mail_rehearse(c, auth, &mail);
}

/* ---- operations ---- */

enum err guest_link_mail(struct ctx *c, struct auth *auth, int64_t guest_id)
{
    return mail_to(c, auth, LINK, guest_id, 1);
}

enum err guest_link_withdraw(struct ctx *c, int64_t guest_id)
{
    TRY(mail_withdraw(c, LINK, guest_id));
    return mail_withdraw(c, NEW_LINK, guest_id);
}

enum err guest_link_resend(struct ctx *c, struct auth *auth, const char *email)
{
    struct holder *holders;
    size_t count;

    TRY(db_all(c, HOLDERS_BY_ADDRESS, &holder_shape, &holders, &count,
               TEXT(text_fold_email(c->mem, email)), INT(ORGANIZATIONS_MAX)));
    for (size_t i = 0; i < count; i++)
        TRY(mail_again(c, auth, &holders[i]));
    return count > 0 ? OK : mail_nobody(c, auth, email);
}

enum err guest_link_reset(struct ctx *c, struct auth *auth, const char *email, struct guest *out)
{
    int64_t version;

    TRY(guest_get(c, email, out));
    TRY(db_int(c, NEXT_VERSION, &version, INT(c->now), TEXT(c->org), INT(out->id)));
    TRY(guest_code_enter(c, auth, out->id, version));
    TRY(event_record(c, "link_reset", "guest", arena_printf(c->mem, "%lld", (long long)out->id),
                     NULL));
    TRY(guest_link_withdraw(c, out->id));
    TRY(mail_to(c, auth, NEW_LINK, out->id, RESETS_IN_AN_HOUR));
    return guest_get(c, email, out);
}
