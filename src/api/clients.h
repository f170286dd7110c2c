/* The OAuth clients of an organization, as its administrators see them. */
#pragma once

#include "http/router.h"

handler clients_list;       /* GET O/oauth/clients */
handler clients_create;     /* POST O/oauth/clients */
handler clients_new_secret; /* POST O/oauth/clients/{id}/secret */
handler clients_delete;     /* DELETE O/oauth/clients/{id} */
