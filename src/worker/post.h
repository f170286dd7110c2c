/* The thread that sends the mail of the outbox (model/mail.h). One runs on every node; a mail is
 * claimed by a lease, so no two send the same one at once. A node that dies between sending a mail
 * and noting it has another send it again, with the same Message-ID: a mail arrives at least once.
 *
 * Without a mail server nothing is sent: mail waits in the outbox and is told in the log, at level
 * debug, without its secrets. */
#pragma once

#include "auth/auth.h"
#include "db/db.h"

struct post_options {
    const char *smtp_url; /* NULL: there is no mail server */
    const char *smtp_user;
    const char *smtp_password;
    const char *smtp_tls;
    const char *mail_from; /* "a@b.c" or "Name <a@b.c>"; NULL: pawl@ and this server's host */
};

struct post;

/* Options are borrowed for as long as it runs. ERR_INVALID for a mail_from that is no address. */
MUST_CHECK enum err post_start(struct ctx *c, struct db *db, struct auth *auth,
                               const struct post_options *options, struct post **out);

/* Ends what is being sent, and the thread. NULL is allowed. */
void post_stop(struct post *post);
