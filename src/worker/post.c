/* See post.h. Rounds: is anything due; claim some; send one after the other, outside of any
 * transaction; note how each ended. */
#include "worker/post.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/sleeper.h"
#include "base/str.h"
#include "base/text.h"
#include "model/letter.h"
#include "model/mail.h"
#include "worker/smtp.h"

enum { PAUSE_MS = 250, PAUSE_AFTER_FAILURE_MS = 10000, BODY_MAX = 256 * 1024 };

/* Longer than a batch is worked on; what is left of it then is given back. */
#define LEASE (10 * MINUTE)
#define LEASE_MARGIN (2 * MINUTE)

struct post {
    struct db *db;
    struct auth *auth;
    struct post_options options;
    const char *from_name, *from; /* NULL, NULL: the standard sender */
    struct arena *mem;            /* of these two */
    struct sleeper sleeper;
    pthread_t thread;
};

/* What was claimed, and what becomes of one of them. */
struct batch {
    struct queued_mail *mails;
    size_t count;
};

struct result {
    struct post *post;
    const struct queued_mail *mail;
    enum smtp_outcome outcome;
    const char *why;
    int64_t again;
};

/* ---- the sender ---- */

/* The host of our address, without port: "pawl.example.com", "192.0.2.7", "[::1]". */
static const char *own_host(struct arena *mem, const struct auth *auth)
{
    const char *host = strstr(auth_issuer(auth), "://") + 3;
    size_t n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");

    return arena_dup_n(mem, host, n);
}

/* An address in figures stands in brackets (RFC 5321 section 4.1.3). */
static const char *standard_sender(struct arena *mem, const char *host)
{
    bool figures = isdigit((unsigned char)host[strlen(host) - 1]);

    return arena_printf(mem, figures ? "pawl@[%s]" : "pawl@%s", host);
}

static enum err read_sender(struct ctx *c, struct post *p)
{
    const char *text = p->options.mail_from, *open;

    if (text == NULL)
        return OK;
    open = strchr(text, '<');
    if (open == NULL) {
        p->from = text_trim(p->mem, text);
    } else {
        p->from_name = text_trim(p->mem, arena_dup_n(p->mem, text, (size_t)(open - text)));
        p->from = arena_dup_n(p->mem, open + 1, strcspn(open + 1, ">"));
    }
    if (!text_is_email(p->from))
        return fail(c, ERR_INVALID, NULL, "mail_from must be an address, or a name and <an "
                                          "address>, not '%s'", text);
    return OK;
}

/* ---- one mail ---- */

/* Lines of mail end in CR LF. */
static const char *with_line_ends(struct arena *mem, const char *text)
{
    struct str out = str_in(mem, BODY_MAX);

    for (; *text != '\0'; text++) {
        if (*text == '\n')
            str_add_char(&out, '\r');
        str_add_char(&out, *text);
    }
    return str_text(&out);
}

static enum smtp_outcome send_mail(struct ctx *c, struct post *p, const struct queued_mail *mail,
                                   const struct mail_content *content, const char **why)
{
    const struct smtp_options server = {
        .url = p->options.smtp_url,
        .user = p->options.smtp_user,
        .password = p->options.smtp_password,
        .tls = p->options.smtp_tls,
    };
    struct message m = {
        .id = mail->id,
        .host = own_host(c->mem, p->auth),
        .from_name = p->from == NULL ? "Pawl" : p->from_name,
        .from = p->from,
        .to_name = content->name,
        .to = mail->recipient,
        .subject = mail->subject,
        .written_at = mail->created_at,
        .text = with_line_ends(c->mem, content->text),
        .html = with_line_ends(c->mem, content->html),
    };

    if (m.from == NULL)
        m.from = standard_sender(c->mem, m.host);
    return smtp_send(c->mem, &server, &m, &p->sleeper, why);
}

static enum err note(struct ctx *c, void *arg)
{
    struct result *r = arg;

    r->again = 0;
    switch (r->outcome) {
    case SMTP_SENT: return mail_sent(c, r->mail);
    case SMTP_REFUSED: return mail_failed(c, r->mail, r->why);
    case SMTP_STOPPED: return mail_released(c, r->mail);
    default: return mail_delayed(c, r->mail, r->why, &r->again);
    }
}

/* Of the recipient only the domain, and nothing of what the mail says. */
static void log_result(const struct result *r)
{
    const struct queued_mail *m = r->mail;
    const char *domain = strchr(m->recipient, '@');

    if (r->outcome == SMTP_SENT)
        log_info("mail %s (%s) to %s was sent", m->id, m->kind, domain);
    else if (r->outcome == SMTP_STOPPED)
        return;
    else if (r->again == 0)
        log_warn("mail %s (%s) to %s is given up: %s", m->id, m->kind, domain, r->why);
    else
        log_warn("mail %s (%s) to %s was not sent and will be tried again: %s", m->id, m->kind,
                 domain, r->why);
}

static enum err finish(struct ctx *c, struct result *r)
{
    c->now = clock_now();
    TRY(db_do(c, r->post->db, DB_WRITE, note, r));
    log_result(r);
    return OK;
}

/* ---- a batch ---- */

static enum err any_due(struct ctx *c, void *any)
{
    return mail_any_due(c, any);
}

static enum err claim(struct ctx *c, void *arg)
{
    struct batch *b = arg;

    return mail_claim(c, LEASE, &b->mails, &b->count);
}

static enum err park(struct ctx *c, void *arg)
{
    struct batch *b = arg;

    return mail_park(c, &b->mails, &b->count);
}

static enum err unpark(struct ctx *c, void *unused)
{
    (void)unused;
    return mail_unpark(c);
}

/* When the server is down for one mail it is for the rest of the batch; when there is no time left,
 * the rest is given back. */
static enum err send_batch(struct ctx *c, struct post *p, const struct batch *b)
{
    int64_t end = clock_monotonic() + LEASE - LEASE_MARGIN;
    struct result r = { .post = p, .outcome = SMTP_SENT };

    for (size_t i = 0; i < b->count; i++) {
        struct mail_content content;

        r.mail = &b->mails[i];
        if (sleeper_ended(&p->sleeper) || clock_monotonic() > end) {
            r.outcome = SMTP_STOPPED;
        } else if (r.outcome != SMTP_DOWN) {
            if (mail_open(c, p->auth, r.mail, &content) == OK) {
                r.outcome = send_mail(c, p, r.mail, &content, &r.why);
            } else {
                ctx_forgive(c);
                r.outcome = SMTP_REFUSED;
                r.why = "What it says cannot be unsealed.";
            }
        }
        TRY(finish(c, &r));
    }
    return OK;
}

static enum err show_batch(struct ctx *c, struct post *p, const struct batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct mail_content content;

        TRY(mail_open(c, p->auth, &b->mails[i], &content));
        log_debug("mail %s (%s) to %s waits, since there is no mail server: %s", b->mails[i].id,
                  b->mails[i].kind, b->mails[i].recipient,
                  letter_without_secrets(c->mem, content.text));
    }
    return OK;
}

/* ---- the thread ---- */

/* *more: there may be more to do at once. */
static enum err work(struct ctx *c, struct post *p, bool *more)
{
    bool sends = p->options.smtp_url != NULL, due;
    struct batch b = { 0 };

    TRY(db_do(c, p->db, DB_READ, any_due, &due));
    if (!due)
        return OK;
    TRY(db_do(c, p->db, DB_WRITE, sends ? claim : park, &b));
    *more = b.count == MAIL_BATCH;
    return sends ? send_batch(c, p, &b) : show_batch(c, p, &b);
}

/* How long to pause then. */
static int64_t work_round(struct post *p)
{
    struct ctx c = { .mem = arena_new_arena(), .now = clock_now() };
    bool more = false;
    enum err e = work(&c, p, &more);

    if (e != OK)
        log_warn("mail is held up: %s",
                 c.failure.message != NULL ? c.failure.message : err_message(e));
    arena_free(c.mem);
    return e != OK ? PAUSE_AFTER_FAILURE_MS : more ? 0 : PAUSE_MS;
}

static void *loop(void *arg)
{
    struct post *p = arg;

    for (int64_t pause = 0; !sleeper_sleep(&p->sleeper, pause);)
        pause = work_round(p);
    return NULL;
}

enum err post_start(struct ctx *c, struct db *db, struct auth *auth,
                    const struct post_options *options, struct post **out)
{
    struct post *p = calloc(1, sizeof(*p));
    enum err e;

    if (p == NULL)
        abort();
    *p = (struct post){
        .db = db, .auth = auth, .options = *options, .mem = arena_new_arena()
    };
    e = read_sender(c, p);
    if (e == OK && options->smtp_url != NULL)
        e = db_do(c, db, DB_WRITE, unpark, NULL);
    if (e != OK) {
        arena_free(p->mem);
        free(p);
        return e;
    }
    sleeper_init(&p->sleeper);
    if (pthread_create(&p->thread, NULL, loop, p) != 0)
        abort();
    *out = p;
    return OK;
}

void post_stop(struct post *p)
{
    if (p == NULL)
        return;
    sleeper_end(&p->sleeper);
    pthread_join(p->thread, NULL);
    sleeper_release(&p->sleeper);
    arena_free(p->mem);
    free(p);
}
