/* The brake on guessing passwords. Failed sign-ins are counted by account and by network address;
 * after a few, each further one makes the next wait longer. An address that nobody has an account
 * with is counted like any other, so that the brake does not tell them apart. */
#pragma once

#include "base/ctx.h"

/* ERR_LIMITED, with the seconds to wait, while the account (by e-mail address) or the network
 * address of the caller is locked. */
MUST_CHECK enum err throttle_check(struct ctx *c, const char *email);

/* Counts a failure. To be committed. */
MUST_CHECK enum err throttle_failed(struct ctx *c, const char *email);

/* The right password was given: the account's count begins anew. */
MUST_CHECK enum err throttle_passed(struct ctx *c, const char *email);
