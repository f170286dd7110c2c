/* See link.h. */
#include "model/link.h"

#include "auth/secret.h"
#include "base/shape.h"
#include "base/text.h"
#include "db/db.h"

enum { SECRET_LENGTH = 43, MAILED_IN_AN_HOUR = 5, NOBODY_DIGITS = 15 /* of 4 bits */ };

/* ---- shape ---- */

static const struct {
    const char *word; /* in the store */
    int64_t life;
} purposes[] = {
    [LINK_VERIFY] = { "verify", 7 * DAY },
    [LINK_EMAIL] = { "email", 24 * HOUR },
    [LINK_RESET] = { "reset", 60 * MINUTE },
    [LINK_INVITE] = { "invite", 14 * DAY },
};

static const struct field link_fields[] = {
    FIELD(link, digest, TEXT, HIDDEN),
    FIELD(link, user_id, INT, HIDDEN),
    FIELD(link, org_id, TEXT, HIDDEN),
    FIELD(link, email, TEXT, HIDDEN),
    FIELD(link, created_at, TIME, HIDDEN),
    FIELD(link, expires_at, TIME, HIDDEN),
    FIELD(link, used_at, TIME, HIDDEN),
    FIELD(link, withdrawn_at, TIME, HIDDEN),
    { 0 },
};
static const struct shape link_shape = SHAPE(link, link_fields);

static const char expired[] = "LINK_EXPIRED";

/* ---- SQL ---- */

static const char LINK_INSERT[] =
    "INSERT INTO links (digest, purpose, user_id, org_id, email, created_at, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)";

static const char LINK_FIND[] =
    "SELECT digest, user_id, org_id, email, created_at, expires_at, used_at, withdrawn_at"
    "  FROM links WHERE digest = ? AND purpose = ?";

static const char LINK_SET_USED[] =
    "UPDATE links SET used_at = ?"
    " WHERE digest = ? AND used_at IS NULL AND withdrawn_at IS NULL";

static const char LINK_WITHDRAW[] =
    "UPDATE links SET withdrawn_at = ?"
    " WHERE user_id = ? AND purpose = ? AND COALESCE(org_id, '') = COALESCE(?, '')"
    "   AND used_at IS NULL AND withdrawn_at IS NULL";

static const char WAITING_EMAIL[] =
    "SELECT max(email) FROM links"
    " WHERE user_id = ? AND purpose = ? AND used_at IS NULL AND withdrawn_at IS NULL"
    "   AND expires_at > ?";

static const char MAILED_SINCE[] =
    "SELECT count(*) FROM links"
    " WHERE user_id = ? AND purpose IN ('verify', 'email', 'reset') AND created_at > ?";

/* ---- private ---- */

static enum err insert(struct ctx *c, enum link_purpose purpose, const struct link *link)
{
    return db_change(c, LINK_INSERT, TEXT(link->digest), TEXT(purposes[purpose].word),
                     INT(link->user_id), TEXT(link->org_id), TEXT(link->email),
                     INT(link->created_at), INT(link->expires_at));
}

static enum err refuse(struct ctx *c, const char *code, const char *why)
{
    fault(c, "token", "%s", why);
    c->failure.code = code;
    return ERR_INVALID;
}

static enum err refuse_used(struct ctx *c)
{
    return refuse(c, "LINK_USED", "This link has been used already.");
}

/* ---- operations ---- */

int64_t link_nobody(struct ctx *c, const char *email)
{
    const char *digest = secret_digest(c->mem, text_fold_email(c->mem, email));
    int64_t n = 0;

    for (int i = 0; i < NOBODY_DIGITS; i++)
        n = n * 16 + (digest[i] <= '9' ? digest[i] - '0' : digest[i] - 'a' + 10);
    return -1 - n;
}

enum err link_create(struct ctx *c, enum link_purpose purpose, int64_t user_id,
                     const char *org_id, const char *email, struct link *out,
                     const char **secret)
{
    *secret = secret_new(c->mem, SECRET_LENGTH);
    *out = (struct link){
        .digest = secret_digest(c->mem, *secret),
        .user_id = user_id,
        .org_id = org_id,
        .email = email,
        .created_at = c->now,
        .expires_at = c->now + purposes[purpose].life,
    };
    TRY(link_withdraw(c, purpose, user_id, org_id));
    return insert(c, purpose, out);
}

enum err link_find(struct ctx *c, enum link_purpose purpose, const char *secret,
                   struct link *out)
{
    enum err e = db_one(c, LINK_FIND, &link_shape, out, TEXT(secret_digest(c->mem, secret)),
                        TEXT(purposes[purpose].word));

    if (e == ERR_NOT_FOUND) {
        ctx_forgive(c);
        return refuse(c, "LINK_UNKNOWN", "This link is not valid.");
    }
    TRY(e);
    if (out->used_at != 0)
        return refuse_used(c);
    if (out->withdrawn_at != 0)
        return link_refuse_withdrawn(c);
    if (out->expires_at <= c->now)
        return link_refuse_expired(c, "This link has expired.");
    return OK;
}

enum err link_use(struct ctx *c, const struct link *link)
{
    int64_t n;

    TRY(db_change_n(c, LINK_SET_USED, &n, INT(c->now), TEXT(link->digest)));
    return n == 1 ? OK : refuse_used(c);
}

enum err link_refuse_withdrawn(struct ctx *c)
{
    return refuse(c, "LINK_WITHDRAWN", "This link is no longer valid.");
}

enum err link_refuse_expired(struct ctx *c, const char *why)
{
    return refuse(c, expired, why);
}

bool link_has_expired(const struct ctx *c)
{
    return c->failure.code == expired;
}

enum err link_withdraw(struct ctx *c, enum link_purpose purpose, int64_t user_id,
                       const char *org_id)
{
    return db_change(c, LINK_WITHDRAW, INT(c->now), INT(user_id), TEXT(purposes[purpose].word),
                     TEXT(org_id));
}

enum err link_waiting_email(struct ctx *c, enum link_purpose purpose, int64_t user_id,
                            const char **email)
{
    return db_text(c, WAITING_EMAIL, email, INT(user_id), TEXT(purposes[purpose].word),
                   INT(c->now));
}

enum err link_is_flood(struct ctx *c, int64_t user_id, bool *out)
{
    int64_t n;

    TRY(db_int(c, MAILED_SINCE, &n, INT(user_id), INT(c->now - HOUR)));
    *out = n >= MAILED_IN_AN_HOUR;
    return OK;
}
