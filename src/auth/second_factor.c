/* See second_factor.h. */
#include "auth/second_factor.h"

#include "db/db.h"

/* ---- SQL ---- */

static const char IN_FORCE[] =
    "SELECT count(*) FROM second_factors WHERE user_id = ? AND confirmed_at IS NOT NULL";

/* ---- operations ---- */

enum err second_factor_in_force(struct ctx *c, int64_t user_id, bool *out)
{
    int64_t n;

    TRY(db_int(c, IN_FORCE, &n, INT(user_id)));
    *out = n > 0;
    return OK;
}
