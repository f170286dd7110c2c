/* The event log of an organization: one row for each change, in order, in the change's own
 * transaction. Everything that reacts to a change later reads this log. */
#pragma once

#include <stdint.h>

#include "base/ctx.h"
#include "base/str.h"

/* Appends an event of c->org by c->caller at c->now. data is JSON text or NULL for {}.
 * Events are kept for good, so a token that somebody wrote into what they tell is masked. */
MUST_CHECK enum err event_record(struct ctx *c, const char *verb, const char *subject_type,
                                 const char *subject_id, const char *data);

/* Takes the numbers of so many events at once, from *first on, each of which is then recorded. A
 * row that is written thousands of times in one transaction becomes slow (PostgreSQL goes through
 * all its versions), so that large jobs do not count one by one. */
MUST_CHECK enum err event_reserve(struct ctx *c, size_t count, int64_t *first);
MUST_CHECK enum err event_record_as(struct ctx *c, int64_t number, const char *verb,
                                    const char *subject_type, const char *subject_id,
                                    const char *data);

/* Appends an event about an account or a credential of it, which are outside any organization: to
 * the log of org_id, or, when that is NULL, to that of every organization in which the account is
 * an active member, since it concerns them all. The actor is c->caller, whoever that is. */
MUST_CHECK enum err event_record_account(struct ctx *c, int64_t user_id, const char *org_id,
                                         const char *verb, const char *subject_type,
                                         const char *subject_id, const char *data);

/* Members for an event's data: where c->caller is and with which program. */
void event_write_origin(const struct ctx *c, struct str *data);

/* Appends an event about signing in to an account or about what that takes: to the log of every
 * organization of it, with the address and the client that it came from. */
MUST_CHECK enum err event_record_login(struct ctx *c, int64_t user_id, const char *verb);
