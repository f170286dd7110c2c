/* Mailing guests their links, and replacing these. A link is the same until it is replaced
 * (auth/guest_code.h), so it can be mailed again at any time; of one guest's links only a few an
 * hour are. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "model/guest.h"

/* For whenever a guest of c->org is given a task: mails the link, unless one was mailed within an
 * hour. None for who is disabled. ERR_DENIED for callers who may not have mail sent (mail.h), as
 * with guest_link_reset. */
MUST_CHECK enum err guest_link_mail(struct ctx *c, struct auth *auth, int64_t guest_id);

/* The link of this guest of c->org is dead: mails with it that still wait are not sent. */
MUST_CHECK enum err guest_link_withdraw(struct ctx *c, int64_t guest_id);

/* Somebody says that this is their address, and that they have lost their links: mails one for each
 * organization where it is a guest's. Tells nobody whether there are any, nor takes another time
 * for it. */
MUST_CHECK enum err guest_link_resend(struct ctx *c, struct auth *auth, const char *email);

/* A new link for the guest of c->org with this address, who gets it by mail; the old one is dead
 * at once, and so are the sessions begun with it. *out: the guest, not described yet. */
MUST_CHECK enum err guest_link_reset(struct ctx *c, struct auth *auth, const char *email,
                                     struct guest *out);
