/* See profile.h. */
#include "model/profile.h"

#include <string.h>

#include "auth/permission.h"
#include "auth/token.h"
#include "db/db.h"
#include "model/preferences.h"

/* ---- SQL ---- */

static const char ELSEWHERE[] =
    "SELECT count(*) FROM members"
    " WHERE user_id = ? AND org_id <> ? AND status = 'active' AND deleted_at IS NULL";

/* ---- private ---- */

/* An application acts for its organization, even with a token of somebody's that it minted. */
static bool is_themselves(const struct caller *who, const struct user *u)
{
    return u->id == who->user_id &&
           (who->token_kind == NULL || strcmp(who->token_kind, TOKEN_MINTED) != 0);
}

static enum err may_change(struct ctx *c, const struct user *u)
{
    int64_t elsewhere;

    if (u->is_bot)
        return fail(c, ERR_MALFORMED, NULL, "The bot has no profile that could be changed.");
    if (is_themselves(c->caller, u))
        return OK;
    if (!user_has_joined(u))
        return fail(c, ERR_DENIED, NULL, "%s has not joined yet. Their profile is their own until "
                                         "they do.", u->full_name);
    TRY(db_int(c, ELSEWHERE, &elsewhere, INT(u->id), TEXT(c->org)));
    if (elsewhere > 0)
        return fail(c, ERR_DENIED, NULL, "%s is also a member of another organization. Only they "
                                         "themselves can change their profile.", u->full_name);
    return OK;
}

/* ---- operations ---- */

bool profile_may_open(const struct ctx *c, const struct user *u)
{
    return u->id == c->caller->user_id ||
           (c->org != NULL && permitted(c->caller, KEEP_PROFILES) == YES);
}

enum err profile_open(struct ctx *c, int64_t user_id, struct user *out)
{
    TRY(user_get(c, user_id, out));
    out->step_preferences = -1;
    return may_change(c, out);
}

enum err profile_update(struct ctx *c, struct user *wanted)
{
    int step_preferences = wanted->step_preferences;
    struct preferences preferences;

    TRY(user_update(c, wanted));
    if (step_preferences < 0)
        return OK;
    TRY(preferences_get(c, wanted->id, &preferences));
    preferences.step_preferences = step_preferences;
    TRY(preferences_set(c, wanted->id, &preferences));
    return user_get(c, wanted->id, wanted);
}
