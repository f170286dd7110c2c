/* Handlers: what guests do with their link, and what members do about it. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

extern const struct shape guest_code_shape;

handler guest_sign_in, guest_sign_out; /* a browser exchanges the code for a session */
handler guest_read, guest_patch;       /* the guest themselves */
handler guest_resend;                  /* links for who has lost them; the body is address_shape */
handler guest_tasks;                   /* for members, and for the guest themselves */
handler guest_reset_link;
