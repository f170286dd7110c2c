/* Identity: who am I, and where do I belong. */
#pragma once

#include "http/router.h"

handler me_read;          /* GET /me, and GET O/me with the place in that organization */
handler me_update;        /* PUT O/me: names and time zone are required */
handler me_patch;         /* PATCH O/me */
handler me_organizations; /* GET /me/organizations */
handler user_organizations; /* GET /current-user/{user}/organizations: the same, for oneself */
