/* See store.h. */
#include "store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "model/people_index.h"

enum { NEWEST = -1 };

static enum err index_some(struct ctx *c, void *more)
{
    return people_index_pending(c, more);
}

/* Members from before there was a search, or whom a migration added. */
static enum err index_members(struct ctx *c, struct db *db)
{
    bool more = true;

    while (more)
        TRY(db_do(c, db, DB_WRITE, index_some, &more));
    return OK;
}

enum err store_open(struct ctx *c, const struct settings *s, struct db **out)
{
    const struct db_options options = {
        .dir = s->data, .url = s->db, .workers = (int)s->db_workers
    };

    if (mkdir(s->data, 0700) != 0 && errno != EEXIST)
        return fail(c, ERR_UNAVAILABLE, NULL, "cannot make the data directory %s: %s", s->data,
                    strerror(errno));
    TRY(db_open(c, &options, out));
    TRY(db_migrate(c, *out, NEWEST));
    return index_members(c, *out);
}

enum err store_open_auth(struct ctx *c, const struct settings *s, struct db *db,
                         struct auth **out)
{
    const struct auth_options options = {
        .dir = s->data,
        .public_url = s->public_url,
        .password_min_length = (int)s->password_min_length,
        .guest_invite_limit = s->guest_invite_limit,
    };

    return auth_open(c, db, &options, out);
}
