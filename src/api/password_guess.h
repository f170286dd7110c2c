/* Checking a password that came with a request. Comparing is slow on purpose and happens in the
 * route's slow part; counting the outcome needs the transaction that follows. */
#pragma once

#include <stdbool.h>

#include "base/ctx.h"
#include "http/request.h"

struct password_guess {
    const char *email; /* whose password it should be */
    int64_t user_id;   /* 0: no account has that address */
    bool right;
};

/* For the slow part: looks the account up (email NULL: the caller's own) and compares. An unknown
 * address costs what a known one does. ERR_LIMITED while guessing is braked. */
MUST_CHECK enum err password_guess_judge(struct ctx *c, struct request *req, const char *email,
                                         const char *password, struct password_guess **out);

/* For the handler: counts a wrong password, forgets wrong ones after a right one. To be committed
 * in either case. */
MUST_CHECK enum err password_guess_count(struct ctx *c, const struct password_guess *guess);
