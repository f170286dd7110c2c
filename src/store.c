/* See store.h. */
#include "store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { NEWEST = -1 };

enum err store_open(struct ctx *c, const struct settings *s, struct db **out)
{
    const struct db_options options = {
        .dir = s->data, .url = s->db, .workers = (int)s->db_workers
    };

    if (mkdir(s->data, 0700) != 0 && errno != EEXIST)
        return fail(c, ERR_UNAVAILABLE, NULL, "cannot make the data directory %s: %s", s->data,
                    strerror(errno));
    TRY(db_open(c, &options, out));
    return db_migrate(c, *out, NEWEST);
}

enum err store_open_auth(struct ctx *c, const struct settings *s, struct db *db,
                         struct auth **out)
{
    const struct auth_options options = {
        .dir = s->data,
        .public_url = s->public_url,
        .password_min_length = (int)s->password_min_length,
    };

    return auth_open(c, db, &options, out);
}
