/* See mail.h.
 *
 *     waiting ──> sent
 *        │ └────> failed ──> waiting   (an administrator tries again)
 *        └──────> expired
 *
 * next_at is when a waiting mail is due. Claiming it moves next_at to the end of a lease, so that
 * of several nodes only one sends it; and should that one die, another takes over. The number of
 * the attempt tells a node that comes back late that the mail is no longer its own. */
#include "model/mail.h"

#include <stdlib.h>
#include <string.h>

#include "auth/caller.h"
#include "auth/event.h"
#include "auth/proved.h"
#include "auth/seal.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"
#include "model/letter.h"

enum {
    CONTENT_MAX = 256 * 1024,
    ERROR_MAX = 500, /* bytes of what a mail server said */
    TESTS_IN_AN_HOUR = 5,
};

#define USELESS_AFTER (7 * DAY)
#define FORGOTTEN_AFTER (30 * DAY)

/* ---- shape ---- */

static const char *const mail_state_words[] = {
    [MAIL_WAITING] = "waiting", [MAIL_SENT] = "sent",
    [MAIL_FAILED] = "failed",   [MAIL_EXPIRED] = "expired",
    NULL,
};

#define QUEUED_MAIL_FIELDS                                                             \
    FIELD(queued_mail, id, TEXT, READONLY),                                            \
        FIELD(queued_mail, kind, TEXT, READONLY),                                      \
        FIELD(queued_mail, recipient, TEXT, READONLY),                                 \
        FIELD(queued_mail, subject, TEXT, READONLY),                                   \
        FIELD(queued_mail, state, WORD, READONLY, .words = mail_state_words),          \
        FIELD(queued_mail, attempts, INT, READONLY),                                   \
        FIELD(queued_mail, created_at, TIME, READONLY),                                \
        FIELD(queued_mail, next_at, TIME, READONLY, .note = "The next attempt."),      \
        FIELD(queued_mail, sent_at, TIME, READONLY),                                   \
        FIELD(queued_mail, expires_at, TIME, READONLY),                                \
        FIELD(queued_mail, last_error, TEXT, READONLY_NULL),                           \
        FIELD(queued_mail, org_id, TEXT, HIDDEN), FIELD(queued_mail, sealed, TEXT, HIDDEN)

static const struct field queued_mail_fields[] = { QUEUED_MAIL_FIELDS, { 0 } };
const struct shape queued_mail_shape = SHAPE(queued_mail, queued_mail_fields);

static const struct field queued_mail_text_fields[] = {
    QUEUED_MAIL_FIELDS,
    FIELD(queued_mail, text, TEXT, READONLY_NULL,
          .note = "While it waits and no mail server is configured."),
    { 0 },
};
const struct shape queued_mail_text_shape = SHAPE(queued_mail, queued_mail_text_fields);

/* ---- SQL ---- */

/* The only organization that this account has ever been taken into. */
static const char ONLY_ORGANIZATION[] =
    "SELECT CASE WHEN count(*) = 1 THEN min(org_id) END FROM members WHERE user_id = ?";

static const char MAIL_INSERT[] =
    "INSERT INTO mails (id, org_id, user_id, kind, recipient, subject, sealed, state, next_at,"
    "                   created_at, expires_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', ?8, ?8, ?9)";

static const char MAIL_WITHDRAW[] =
    "UPDATE mails SET state = 'expired', sealed = NULL"
    " WHERE user_id = ? AND kind = ? AND org_id = ? AND state = 'waiting'";

static const char MAIL_DELETE[] = "DELETE FROM mails WHERE id = ?";

#define COLUMNS                                                                         \
    " id, org_id, kind, recipient, subject, sealed, state, attempts, created_at, sent_at,"   \
    " CASE WHEN state = 'waiting' THEN next_at END AS next_at, expires_at, last_error "

static const char MAIL_LIST[] =
    "SELECT" COLUMNS "FROM mails WHERE org_id = ? ORDER BY id DESC LIMIT ? OFFSET ?";

static const char MAIL_COUNT[] = "SELECT count(*) FROM mails WHERE org_id = ?";

static const char MAIL_GET[] = "SELECT" COLUMNS "FROM mails WHERE org_id = ? AND id = ?";

/* See mail_read. */
static const char MAIL_MAY_BE_READ[] =
    "SELECT count(*) FROM mails l JOIN users u ON u.id = l.user_id"
    " WHERE l.org_id = ?1 AND l.id = ?2"
    "   AND NOT EXISTS (SELECT 1 FROM members m WHERE m.user_id = u.id AND m.org_id <> ?1)"
    "   AND (u.email_verified_at IS NOT NULL"
    "        OR (l.kind = 'invitation' AND u.password_hash IS NULL AND u.last_login_at IS NULL))";

/* When the first of so many test mails within an hour was made; 0: there were fewer. */
static const char TESTS_SINCE[] =
    "SELECT CASE WHEN count(*) >= ?3 THEN min(created_at) ELSE 0 END FROM mails"
    " WHERE user_id = ?1 AND kind = 'test' AND created_at > ?2";

static const char MAIL_RETRY[] =
    "UPDATE mails SET state = 'waiting', attempts = 0, next_at = ?1"
    " WHERE org_id = ?2 AND id = ?3 AND sealed IS NOT NULL AND expires_at > ?1"
    "   AND (state = 'failed' OR attempts = 0 OR next_at <= ?1 OR last_error IS NOT NULL)"
    " RETURNING" COLUMNS;

static const char MAIL_ANY_DUE[] =
    "SELECT count(*) FROM"
    " (SELECT 1 FROM mails WHERE state = 'waiting' AND next_at <= ? LIMIT 1) AS due";

static const char MAIL_EXPIRE_DUE[] =
    "UPDATE mails SET state = 'expired', sealed = NULL"
    " WHERE state = 'waiting' AND next_at <= ?1 AND expires_at <= ?1";

#define DUE                                                                 \
    " WHERE state = 'waiting' AND next_at <= ?1"                            \
    "   AND id IN (SELECT id FROM mails WHERE state = 'waiting' AND next_at <= ?1" \
    "               ORDER BY next_at, id LIMIT ?2)"                         \
    " RETURNING" COLUMNS

/* Without an error: it is being sent. */
static const char MAIL_CLAIM[] =
    "UPDATE mails SET next_at = ?3, attempts = attempts + 1, last_error = NULL" DUE;

static const char MAIL_PARK[] = "UPDATE mails SET next_at = expires_at" DUE;

/* No attempt is ever put off until then (mail_delayed). */
static const char MAIL_UNPARK[] =
    "UPDATE mails SET next_at = ?1"
    " WHERE state = 'waiting' AND next_at > ?1 AND next_at = expires_at";

/* Still the same attempt, so still ours. */
#define OURS " WHERE id = ? AND state = 'waiting' AND attempts = ?"

static const char MAIL_SENT_NOW[] =
    "UPDATE mails SET state = 'sent', sealed = NULL, sent_at = ?" OURS;

static const char MAIL_FAIL[] = "UPDATE mails SET state = 'failed', last_error = ?" OURS;

static const char MAIL_DELAY[] = "UPDATE mails SET next_at = ?, last_error = ?" OURS;

static const char MAIL_RELEASE[] =
    "UPDATE mails SET next_at = ?, attempts = attempts - 1" OURS;

static const char MAIL_EXPIRE_ALL[] =
    "UPDATE mails SET state = CASE WHEN state = 'waiting' THEN 'expired' ELSE state END,"
    "                 sealed = NULL"
    " WHERE sealed IS NOT NULL AND expires_at <= ?";

static const char MAIL_FORGET[] = "DELETE FROM mails WHERE created_at <= ?";

static const char MAIL_ALL_WAITING[] =
    "SELECT" COLUMNS "FROM mails WHERE state = 'waiting' AND id > ? ORDER BY id LIMIT ?";

/* ---- private ---- */

static const char *content_text(struct ctx *c, const struct mail *mail,
                                const struct letter *letter)
{
    struct str out = str_in(c->mem, CONTENT_MAX);

    json_begin_object(&out);
    json_key_text(&out, "name", mail->name);
    json_key_text(&out, "text", letter->text);
    json_key_text(&out, "html", letter->html);
    json_end_object(&out);
    return str_text(&out);
}

/* At most ERROR_MAX bytes, without half a character at the end, and without the tokens that the
 * mail server may quote. */
static const char *short_error(struct ctx *c, const char *why)
{
    size_t n;

    why = secret_masked(c->mem, why);
    n = strlen(why);
    if (n > ERROR_MAX)
        n = ERROR_MAX;
    while (n > 0 && !text_is_utf8(why, n))
        n--;
    return arena_dup_n(c->mem, why, n);
}

/* Minutes between an attempt and the next; in all about a day. A mail adds up to a fifth of its
 * own, so that those which failed together do not come back together. */
static int64_t wait_after(const struct queued_mail *mail)
{
    static const int minutes[MAIL_TRIES - 1] = { 1, 2, 5, 15, 60, 120, 240, 480, 720 };
    const char *tail = mail->id + ID_LENGTH - 3; /* its random end: 0 to 4095 */
    int64_t wait = minutes[mail->attempts - 1] * MINUTE;

    return wait + wait / 5 * strtol(tail, NULL, 16) / 4096;
}

/* Failures for good are told in the log of the organization. */
static enum err record_failure(struct ctx *c, const struct queued_mail *mail)
{
    struct str data = str_in(c->mem, 4096);

    if (mail->org_id == NULL)
        return OK;
    json_begin_object(&data);
    json_key_text(&data, "kind", mail->kind);
    json_key_text(&data, "recipient", mail->recipient);
    json_end_object(&data);
    return event_record_account(c, 0, mail->org_id, "failed", "mail", mail->id, str_text(&data));
}

/* ---- operations: queueing ---- */

static enum err queue(struct ctx *c, struct auth *auth, const struct mail *mail, const char *id)
{
    struct mail whole = *mail;
    struct letter letter;

    if (!text_is_email(mail->to))
        return fail(c, ERR_INVALID, "email", "Mail cannot be sent to that address.");
    if (whole.expires_at == 0)
        whole.expires_at = c->now + USELESS_AFTER;
    if (whole.org_id == NULL)
        TRY(db_text(c, ONLY_ORGANIZATION, &whole.org_id, INT(whole.user_id)));
    letter_write(c->mem, &whole, auth_issuer(auth), &letter);
    return db_change(c, MAIL_INSERT, TEXT(id), TEXT(whole.org_id), INT_OR_NULL(whole.user_id),
                     TEXT(whole.kind), TEXT(whole.to), TEXT(secret_masked(c->mem, letter.subject)),
                     TEXT(seal(c, auth, content_text(c, &whole, &letter))), INT(c->now),
                     INT(whole.expires_at));
}

/* Strangers may sign up and found an organization; they are not to write to the world in its name
 * before they have shown who they are. What an application does, its organization vouches for; and
 * without an account it is the operator, or somebody who asks for mail of their own. */
enum err mail_check_sender(struct ctx *c)
{
    const struct caller *who = c->caller;

    return who == NULL || who->user_id == 0 || who->client_id != 0 ? OK : caller_check_proved(c);
}

enum err mail_queue(struct ctx *c, struct auth *auth, const struct mail *mail)
{
    return queue(c, auth, mail, id_new(c->mem, c->now));
}

enum err mail_withdraw(struct ctx *c, const char *kind, int64_t user_id)
{
    return db_change(c, MAIL_WITHDRAW, INT(user_id), TEXT(kind), TEXT(c->org));
}

enum err mail_rehearse(struct ctx *c, struct auth *auth, const struct mail *mail)
{
    const char *id = id_new(c->mem, c->now);

    TRY(queue(c, auth, mail, id));
    return db_change(c, MAIL_DELETE, TEXT(id));
}

static enum err check_test(struct ctx *c, const struct user *user)
{
    int64_t first, seconds;

    TRY(caller_check_proved(c));
    TRY(db_int(c, TESTS_SINCE, &first, INT(user->id), INT(c->now - HOUR), INT(TESTS_IN_AN_HOUR)));
    if (first == 0)
        return OK;
    seconds = (first + HOUR - c->now + SECOND - 1) / SECOND;
    c->failure.retry_after = (int)seconds;
    return fail(c, ERR_LIMITED, NULL, "There are %d test mails an hour. Try again in %d seconds.",
                TESTS_IN_AN_HOUR, (int)seconds);
}

enum err mail_queue_test(struct ctx *c, struct auth *auth, const struct user *user,
                         struct queued_mail *out)
{
    const char *id = id_new(c->mem, c->now);
    const struct mail mail = {
        .kind = "test", .org_id = c->org, .user_id = user->id, .to = user->email,
        .name = user->first_name, .path = "/",
    };

    TRY(check_test(c, user));
    TRY(queue(c, auth, &mail, id));
    return mail_get(c, id, out);
}

enum err mail_open(struct ctx *c, struct auth *auth, const struct queued_mail *mail,
                   struct mail_content *out)
{
    const char *content;
    struct json *json;

    TRY(unseal(c, auth, mail->sealed, &content));
    TRY(json_parse(c, content, strlen(content), &json));
    *out = (struct mail_content){
        .name = json_get_text(json, "name"),
        .text = json_get_text(json, "text"),
        .html = json_get_text(json, "html"),
    };
    return OK;
}

/* ---- operations: administrators ---- */

enum err mail_list(struct ctx *c, int64_t limit, int64_t offset, struct queued_mail **out,
                   size_t *count, int64_t *total)
{
    TRY(db_int(c, MAIL_COUNT, total, TEXT(c->org)));
    return db_all(c, MAIL_LIST, &queued_mail_shape, out, count, TEXT(c->org), INT(limit),
                  INT(offset));
}

enum err mail_get(struct ctx *c, const char *id, struct queued_mail *out)
{
    *out = (struct queued_mail){ 0 };
    return db_one(c, MAIL_GET, &queued_mail_shape, out, TEXT(c->org), TEXT(id));
}

enum err mail_read(struct ctx *c, struct auth *auth, struct queued_mail *mail)
{
    struct mail_content content;
    int64_t may;

    if (mail->state != MAIL_WAITING || mail->expires_at <= c->now)
        return OK;
    TRY(db_int(c, MAIL_MAY_BE_READ, &may, TEXT(c->org), TEXT(mail->id)));
    if (may == 0)
        return OK;
    TRY(mail_open(c, auth, mail, &content));
    mail->text = content.text;
    return event_record(c, "read", "mail", mail->id, NULL);
}

enum err mail_retry(struct ctx *c, struct queued_mail *mail)
{
    enum err e = db_one(c, MAIL_RETRY, &queued_mail_shape, mail, INT(c->now), TEXT(c->org),
                        TEXT(mail->id));

    if (e != ERR_NOT_FOUND)
        return e;
    if (mail->state == MAIL_SENT)
        return fail(c, ERR_CONFLICT, NULL, "This mail was sent already.");
    if (mail->sealed == NULL || mail->expires_at <= c->now)
        return fail(c, ERR_CONFLICT, NULL, "This mail has expired.");
    return fail(c, ERR_CONFLICT, NULL, "This mail is being sent at this moment.");
}

/* ---- operations: the worker ---- */

enum err mail_any_due(struct ctx *c, bool *out)
{
    int64_t any;

    TRY(db_int(c, MAIL_ANY_DUE, &any, INT(c->now)));
    *out = any > 0;
    return OK;
}

enum err mail_claim(struct ctx *c, int64_t lease, struct queued_mail **out, size_t *count)
{
    TRY(db_change(c, MAIL_EXPIRE_DUE, INT(c->now)));
    return db_all(c, MAIL_CLAIM, &queued_mail_shape, out, count, INT(c->now), INT(MAIL_BATCH),
                  INT(c->now + lease));
}

enum err mail_park(struct ctx *c, struct queued_mail **out, size_t *count)
{
    TRY(db_change(c, MAIL_EXPIRE_DUE, INT(c->now)));
    return db_all(c, MAIL_PARK, &queued_mail_shape, out, count, INT(c->now), INT(MAIL_BATCH));
}

enum err mail_unpark(struct ctx *c)
{
    return db_change(c, MAIL_UNPARK, INT(c->now));
}

enum err mail_sent(struct ctx *c, const struct queued_mail *mail)
{
    return db_change(c, MAIL_SENT_NOW, INT(c->now), TEXT(mail->id), INT(mail->attempts));
}

enum err mail_failed(struct ctx *c, const struct queued_mail *mail, const char *why)
{
    int64_t changed;

    TRY(db_change_n(c, MAIL_FAIL, &changed, TEXT(short_error(c, why)), TEXT(mail->id),
                    INT(mail->attempts)));
    return changed > 0 ? record_failure(c, mail) : OK;
}

enum err mail_delayed(struct ctx *c, const struct queued_mail *mail, const char *why,
                      int64_t *again)
{
    *again = mail->attempts >= MAIL_TRIES ? 0 : c->now + wait_after(mail);
    if (*again == 0 || *again >= mail->expires_at) {
        *again = 0;
        return mail_failed(c, mail, why);
    }
    return db_change(c, MAIL_DELAY, INT(*again), TEXT(short_error(c, why)), TEXT(mail->id),
                     INT(mail->attempts));
}

enum err mail_released(struct ctx *c, const struct queued_mail *mail)
{
    return db_change(c, MAIL_RELEASE, INT(c->now), TEXT(mail->id), INT(mail->attempts));
}

enum err mail_forget(struct ctx *c)
{
    TRY(db_change(c, MAIL_EXPIRE_ALL, INT(c->now)));
    return db_change(c, MAIL_FORGET, INT(c->now - FORGOTTEN_AFTER));
}

/* ---- operations: the operator ---- */

enum err mail_all_waiting(struct ctx *c, struct auth *auth, const char *after,
                          struct queued_mail **out, size_t *count)
{
    TRY(db_all(c, MAIL_ALL_WAITING, &queued_mail_shape, out, count, TEXT(after),
               INT(MAIL_PAGE)));
    for (size_t i = 0; i < *count; i++) {
        struct mail_content content;

        TRY(mail_open(c, auth, &(*out)[i], &content));
        (*out)[i].text = content.text;
    }
    return OK;
}
