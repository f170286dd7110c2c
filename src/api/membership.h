/* Handlers: how members come, change and go. {id} is a number, or the member's address. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

extern const struct shape role_shape;       /* {role} */
extern const struct shape conversion_shape; /* {role}, which may be absent */

handler membership_invite;          /* POST O/users/invite, and O/users */
handler membership_resend;          /* POST O/users/{id}/resend-invite */
handler membership_withdraw;        /* DELETE O/users/{id}/invite */
handler membership_set_role;        /* PUT O/users/{id}/role */
handler membership_default_admin;   /* PUT O/users/{id}/default-admin */
handler membership_enable;          /* PUT O/users/{id}/enable */
handler membership_to_guest;        /* PUT O/users/{id}/to/guest */
handler membership_from_guest;      /* POST O/guests/{email}/to/member */

/* These take ?with_reassignment=true&to=ID, whom the open tasks go to, and say in "meta" how many
 * went and how many stay. */
handler membership_remove;  /* DELETE O/users/{id} */
handler membership_disable; /* DELETE O/users/{id}/disable */
handler membership_delete;  /* DELETE O/users/{id}/delete */
