/* Members of an organization. */
#pragma once

#include "http/router.h"

handler members_list; /* GET O/users */
handler members_all;  /* GET O/users-list: everybody, few fields, no pages */
handler members_read; /* GET O/users/{id} */
