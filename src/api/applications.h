/* Calls of applications for themselves, with a token of the client_credentials grant. */
#pragma once

#include "http/router.h"

handler applications_provision; /* POST /applications/{org}/users */
handler applications_token;     /* POST /applications/{org}/users/{email}/token */
