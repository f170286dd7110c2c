/* What one prefers in an organization. */
#pragma once

#include "http/router.h"

handler preferences_read;   /* GET O/me/preferences */
handler preferences_update; /* PUT O/me/preferences: what is not said is as it comes */
handler preferences_patch;  /* PATCH O/me/preferences */
