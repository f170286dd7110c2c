/* See proved.h. */
#include "auth/proved.h"

#include "auth/caller.h"
#include "db/db.h"

/* ---- SQL ---- */

static const char IS_PROVED[] =
    "SELECT count(*) FROM users WHERE id = ? AND email_verified_at IS NOT NULL";

/* ---- operations ---- */

enum err caller_check_proved(struct ctx *c)
{
    int64_t proved;

    TRY(db_int(c, IS_PROVED, &proved, INT(c->caller->user_id)));
    if (proved == 0)
        return fail_code(c, ERR_DENIED, "EMAIL_NOT_VERIFIED",
                         "Confirm your e-mail address first, with the link that was mailed to it.");
    return OK;
}
