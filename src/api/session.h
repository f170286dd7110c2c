/* Handlers: the first account of a store, signing in and out with a browser and by the API, and
 * changing one's password. Those named …_slow hash passwords, off the request threads. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

extern const struct shape setup_shape;
extern const struct shape sign_in_shape;
extern const struct shape password_change_shape;

handler setup_status, setup_complete, setup_complete_slow;
handler session_create, session_create_slow, session_read, session_delete, logout_form;
handler auth_login, auth_logout; /* auth_login's slow part is session_create_slow */
handler password_update, password_update_slow;
