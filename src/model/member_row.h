/* What member.c and member_going.c share. Others include member.h. */
#pragma once

#include "model/member.h"

/* Makes this transaction the only one that changes who administers c->org: others that would wait,
 * or begin again after it. */
MUST_CHECK enum err member_lock(struct ctx *c);

/* Whose wish it is; 0: the operator's. */
int64_t member_caller(const struct ctx *c);

/* An event about a member; data is JSON or NULL. */
MUST_CHECK enum err member_record(struct ctx *c, const char *verb, int64_t user_id,
                                  const char *data);

/* Event data with the name of somebody whose account may be gone when the log is read. */
const char *member_name_data(struct ctx *c, const struct user *who);

/* Counts the member among the organization's users, if it is one now: by 1 after a change, by -1
 * before one. */
MUST_CHECK enum err member_count(struct ctx *c, int64_t user_id, int by);

/* Mails what somebody else did to a membership; the kind is letter.c's and may use {organization},
 * {by} and {when}. Nobody is told what they did themselves, or of what they never joined, or
 * at an address not proved. */
MUST_CHECK enum err member_tell(struct ctx *c, struct auth *auth, const struct user *who,
                                const char *kind, const char *path);

/* Invites the account with that address, or a new one; nothing is checked. */
MUST_CHECK enum err member_invite_account(struct ctx *c, struct auth *auth,
                                          const struct user_input *in, enum role role,
                                          const char *message, struct user *out);

/* ERR_MALFORMED unless the member waits. */
MUST_CHECK enum err member_need_invited(struct ctx *c, const struct user *who);

/* The row goes when nobody ever was more than invited by it, with an account that was made for it;
 * else it is deleted like any other. */
MUST_CHECK enum err member_drop(struct ctx *c, int64_t user_id);

bool member_is_admin(const struct user *who); /* an active one */

/* The oldest active administrator but this one; 0: there is none. */
MUST_CHECK enum err member_other_admin(struct ctx *c, int64_t user_id, int64_t *out);

/* ERR_MALFORMED for the only active administrator. */
MUST_CHECK enum err member_check_other_admin(struct ctx *c, const struct user *who);
MUST_CHECK enum err member_refuse_default_admin(struct ctx *c);

MUST_CHECK enum err member_set_default(struct ctx *c, int64_t user_id);
