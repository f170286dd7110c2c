/* See setup.h. A unique row decides, since a store that two nodes share would let each see no
 * account yet. */
#include "auth/setup.h"

#include "db/db.h"

static const char CLAIM[] =
    "INSERT INTO counters (name, value) VALUES ('setup', ?) ON CONFLICT (name) DO NOTHING";

enum err setup_is_done(struct ctx *c)
{
    return fail_code(c, ERR_CONFLICT, "SETUP_DONE", "This server is set up already. Sign in.");
}

enum err setup_claim(struct ctx *c)
{
    int64_t claimed;

    TRY(db_change_n(c, CLAIM, &claimed, INT(c->now)));
    return claimed == 1 ? OK : setup_is_done(c);
}
