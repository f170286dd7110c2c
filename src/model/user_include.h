/* What an answer about people may include beside the people (`with` in a query), for one or for a
 * page of them: a statement or a few for all, not one for each. Everything lives in the caller's
 * arena. Outside an organization there is nothing of these to tell. */
#pragma once

#include "model/user.h"

/* stats: what these members of c->org have done. */
MUST_CHECK enum err user_include_stats(struct ctx *c, struct user *users, size_t count);

/* groups: those of c->org that they are in. */
MUST_CHECK enum err user_include_groups(struct ctx *c, struct user *users, size_t count);

/* organizations: c->org; to the caller about themselves all of theirs. */
MUST_CHECK enum err user_include_organizations(struct ctx *c, struct user *users, size_t count);

/* preferences and auth_methods, to who may open the profile; else null. */
MUST_CHECK enum err user_include_preferences(struct ctx *c, struct user *users, size_t count);
MUST_CHECK enum err user_include_auth_methods(struct ctx *c, struct user *users, size_t count);
