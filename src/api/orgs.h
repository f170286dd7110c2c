/* Organizations. */
#pragma once

#include "http/router.h"

handler orgs_create; /* POST /organizations */
handler orgs_read;   /* GET O */
handler orgs_update; /* PUT O: name is required */
handler orgs_patch;  /* PATCH O */
