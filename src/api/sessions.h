/* Handlers: the browsers in which an account is signed in. */
#pragma once

#include "http/router.h"

handler sessions_list;       /* GET /sessions */
handler sessions_end;        /* DELETE /sessions/{id} */
handler sessions_revoke_all; /* POST /sessions/revoke-all */
