/* The outbox: mail is put into the store by the transaction that causes it, and sent by a worker
 * later (worker/post.c). What each kind of mail says is in letter.c. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"

enum { MAIL_VALUES_MAX = 8 };

/* A mail to be made. Everything is borrowed for the call. */
struct mail {
    const char *kind;      /* a row of the table in letter.c */
    const char *org_id;    /* whose administrators may see it, and read it while no SMTP server is
                              configured; NULL: the only organization of user_id, if there is just
                              one, else the operator alone */
    int64_t user_id;       /* 0: to nobody with an account */
    const char *to;        /* address */
    const char *name;      /* of the reader, for the greeting; NULL: none */
    const char *path;      /* of the button's link, on this server: "/password/reset#token=…";
                              NULL: none. Secrets stand after the #, which browsers keep */
    int64_t expires_at;    /* of no use after this; 0: a week from now */
    struct {
        const char *name;  /* as in the text: {organization} */
        const char *value;
    } values[MAIL_VALUES_MAX];
};

/* Puts it into the outbox. Aborts for a kind that letter.c does not have: a bug. */
MUST_CHECK enum err mail_queue(struct ctx *c, struct auth *auth, const struct mail *mail);
