/* Opening the store and what belongs to it, the same way for the server and for `pawl admin`. */
#pragma once

#include "auth/auth.h"
#include "db/db.h"
#include "settings.h"

/* Makes the data directory if need be, opens the store, brings it to this program's schema and its
 * members into the search. */
MUST_CHECK enum err store_open(struct ctx *c, const struct settings *s, struct db **out);

/* The keys and the rest of authentication. */
MUST_CHECK enum err store_open_auth(struct ctx *c, const struct settings *s, struct db *db,
                                    struct auth **out);
