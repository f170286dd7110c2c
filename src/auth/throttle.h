/* The brake on guessing passwords and codes. Failed sign-ins are counted by account and by network
 * address; after a few, each further one makes the next wait longer. An address that nobody has an
 * account with is counted like any other, so that the brake does not tell them apart.
 *
 * An attempt is counted before the guess is tried, and taken back when it was right: so guesses at
 * the same moment, here or on another node, cannot all slip through. */
#pragma once

#include "base/ctx.h"

/* `device` is NULL, or what only one browser of the account has: the cookie of one that has signed
 * in before (known_device.h), or a session. Its attempts are counted for itself and not for the
 * account, so that a stranger's guesses do not keep the owner out. */

/* ERR_LIMITED, with the seconds to wait, while the account (by e-mail address) or the network
 * address of the caller is locked. */
MUST_CHECK enum err throttle_check(struct ctx *c, const char *email, const char *device);

/* The same, and counts the attempt as failed. To be committed before the guess is tried. */
MUST_CHECK enum err throttle_take(struct ctx *c, const char *email, const char *device);

/* It was right after all: the account's count begins anew, the address gets this one back. */
MUST_CHECK enum err throttle_passed(struct ctx *c, const char *email, const char *device);

/* The account's owner has shown otherwise who they are: its count begins anew. */
MUST_CHECK enum err throttle_forget(struct ctx *c, const char *email);

/* It was right as far as it went, but proves nothing yet: both get this one back. */
MUST_CHECK enum err throttle_give_back(struct ctx *c, const char *email, const char *device);

/* Guesses at the codes that devices show (RFC 8628 section 5.1), by the account that types them:
 * after ten wrong ones it waits a quarter of an hour. A right one is no reason to forget the wrong
 * ones, since a guesser may have a device too. */
MUST_CHECK enum err throttle_code_check(struct ctx *c, int64_t user_id);

/* Counts a wrong one. To be committed. */
MUST_CHECK enum err throttle_code_failed(struct ctx *c, int64_t user_id);
