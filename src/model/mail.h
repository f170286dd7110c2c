/* The outbox: mail is put into the store by the transaction that causes it, and sent by a worker
 * later (worker/post.c). What each kind of mail says is in letter.c.
 *
 * A mail waits until it was sent, was refused for good or is of no use any more. What it says is
 * kept sealed, and no longer than it is needed. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"
#include "model/user.h"

enum { MAIL_VALUES_MAX = 10 };

/* A mail to be made. Everything is borrowed for the call. */
struct mail {
    const char *kind;      /* a row of the table in letter.c */
    const char *org_id;    /* whose administrators may see it, and may read it (mail_read) while no
                              SMTP server is configured; NULL: the only organization of user_id,
                              if there is just one, else the operator alone */
    int64_t user_id;       /* of an account, or of a guest; 0: to neither */
    const char *to;        /* address */
    const char *name;      /* of the reader, for the greeting; NULL: none */
    const char *path;      /* of the button's link, on this server: "/password/reset#token=…";
                              NULL: none. Secrets stand after the #, which browsers keep */
    int64_t expires_at;    /* of no use after this; 0: a week from now */
    const char *note;      /* what a person wrote, of any length and several lines; NULL: nothing */
    struct {
        const char *name;  /* as in the text: {organization} */
        const char *value;
    } values[MAIL_VALUES_MAX];
};

/* Puts it into the outbox. Aborts for a kind that letter.c does not have: a bug. */
MUST_CHECK enum err mail_queue(struct ctx *c, struct auth *auth, const struct mail *mail);

/* To be asked before a caller has mail sent to somebody else in the name of c->org. ERR_DENIED,
 * EMAIL_NOT_VERIFIED, unless they have proved their own address. */
MUST_CHECK enum err mail_check_sender(struct ctx *c);

/* The work of mail_queue, and no mail: where how long an answer takes must not tell whether there
 * is anybody to write to. */
MUST_CHECK enum err mail_rehearse(struct ctx *c, struct auth *auth, const struct mail *mail);

/* Mails of this kind to a person of c->org are not sent if they still wait: what they say is not so
 * any more. */
MUST_CHECK enum err mail_withdraw(struct ctx *c, const char *kind, int64_t user_id);

/* A mail in the outbox, as the API tells it. */
struct queued_mail {
    const char *id, *org_id, *kind, *recipient, *subject;
    const char *sealed; /* hidden; NULL once it is done */
    int state;          /* enum mail_state */
    int64_t attempts, created_at, next_at, sent_at, expires_at;
    const char *last_error;
    const char *text; /* NULL unless it waits and the caller may read it */
};

enum mail_state { MAIL_WAITING, MAIL_SENT, MAIL_FAILED, MAIL_EXPIRED };
extern const struct shape queued_mail_shape;      /* without the text */
extern const struct shape queued_mail_text_shape; /* with it */

/* Puts a mail to `user`, an administrator of c->org who wants to see whether mail arrives, into the
 * outbox, and gives what was put there. ERR_DENIED, EMAIL_NOT_VERIFIED, when the address is not
 * proved; ERR_LIMITED after five within an hour. */
MUST_CHECK enum err mail_queue_test(struct ctx *c, struct auth *auth, const struct user *user,
                                    struct queued_mail *out);

/* What a sealed mail says. */
struct mail_content {
    const char *name; /* of the reader; NULL: none */
    const char *text;
    const char *html;
};
MUST_CHECK enum err mail_open(struct ctx *c, struct auth *auth, const struct queued_mail *mail,
                              struct mail_content *out);

/* ---- the administrators of c->org ---- */

/* Newest first. */
MUST_CHECK enum err mail_list(struct ctx *c, int64_t limit, int64_t offset,
                              struct queued_mail **out, size_t *count, int64_t *total);
MUST_CHECK enum err mail_get(struct ctx *c, const char *id, struct queued_mail *out);

/* Fills in the text of a mail that waits, and notes in the event log that it was read. The text
 * stays NULL unless c->org is all that the person it is to is a member of at this moment, in
 * whatever way, and their address is proved; or it invites an account that was made for that and
 * never used. A link opens the whole account: its holder must not get into other organizations
 * with it, or prove an address that is somebody else's. */
MUST_CHECK enum err mail_read(struct ctx *c, struct auth *auth, struct queued_mail *mail);

/* Has a mail that waits or has failed tried at once, and ten times more. ERR_CONFLICT for one that
 * was sent, is being sent, or has expired. */
MUST_CHECK enum err mail_retry(struct ctx *c, struct queued_mail *mail);

/* ---- the worker and the operator ---- */

enum { MAIL_TRIES = 10, MAIL_BATCH = 20 };

/* Whether any mail is due. Cheap: one look into an index. */
MUST_CHECK enum err mail_any_due(struct ctx *c, bool *out);

/* Takes up to MAIL_BATCH due mails and counts an attempt for each. They are the caller's until
 * `lease` milliseconds from now; then, should it have died, they are due again. */
MUST_CHECK enum err mail_claim(struct ctx *c, int64_t lease, struct queued_mail **out,
                               size_t *count);

/* Takes due mails that cannot be sent, since there is no mail server, out of the way: they wait
 * until they expire. mail_unpark makes them due again, once there is one. */
MUST_CHECK enum err mail_park(struct ctx *c, struct queued_mail **out, size_t *count);
MUST_CHECK enum err mail_unpark(struct ctx *c);

/* How an attempt ended. These do nothing when the mail is no longer the caller's. */
MUST_CHECK enum err mail_sent(struct ctx *c, const struct queued_mail *mail);
MUST_CHECK enum err mail_failed(struct ctx *c, const struct queued_mail *mail, const char *why);

/* Not yet: it is tried again after a wait that grows, or fails for good after MAIL_TRIES or when it
 * is about to expire. *again: the next attempt, 0: none. */
MUST_CHECK enum err mail_delayed(struct ctx *c, const struct queued_mail *mail, const char *why,
                                 int64_t *again);

/* It was not tried at all: due at once, the attempt is not counted. */
MUST_CHECK enum err mail_released(struct ctx *c, const struct queued_mail *mail);

/* Expired mails are marked as such, what they said is forgotten, and so are mails that are 30 days
 * old. */
MUST_CHECK enum err mail_forget(struct ctx *c);

/* What waits, in every organization, oldest first, with its text: up to MAIL_PAGE that follow the
 * mail with the id `after` ("": from the beginning). */
enum { MAIL_PAGE = 1000 };
MUST_CHECK enum err mail_all_waiting(struct ctx *c, struct auth *auth, const char *after,
                                     struct queued_mail **out, size_t *count);
