/* The OAuth clients of an organization, as its administrators see them, and who consented to
 * each. */
#pragma once

#include "http/router.h"

handler clients_list;           /* GET O/oauth/clients */
handler clients_create;         /* POST O/oauth/clients */
handler clients_read;           /* GET O/oauth/clients/{id} */
handler clients_update;         /* PUT O/oauth/clients/{id} */
handler clients_patch;          /* PATCH O/oauth/clients/{id} */
handler clients_new_secret;     /* POST O/oauth/clients/{id}/secret */
handler clients_end_old_secret; /* DELETE O/oauth/clients/{id}/old-secret */
handler clients_delete;         /* DELETE O/oauth/clients/{id} */
handler clients_users;          /* GET O/oauth/clients/{id}/users */
handler clients_end_consent;    /* DELETE O/oauth/clients/{id}/users/{user} */
