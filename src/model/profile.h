/* Profiles: what people may change of an account, their own or, as administrators, that of
 * somebody who is in no other organization. */
#pragma once

#include "model/user.h"

/* Whether the caller may see all of a member of c->org: themselves, and whom they may change. */
bool profile_may_open(const struct ctx *c, const struct user *member);

/* Begins a change: the member of c->org as they are. ERR_MALFORMED for the bot; ERR_DENIED for
 * somebody else who is also in another organization, or has not joined yet. */
MUST_CHECK enum err profile_open(struct ctx *c, int64_t user_id, struct user *out);

/* Ends it: the profile becomes what is wanted. ERR_INVALID with each wrong field, those that were
 * noted while reading included. */
MUST_CHECK enum err profile_update(struct ctx *c, struct user *wanted);
