/* Handlers of one's own second factor. What changes it asks for the password once more
 * (password_input.h) and is told by mail. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

/* {"code": …} */
extern const struct shape second_factor_code_shape;

handler second_factor_read;     /* GET /me/second-factor */
handler second_factor_create;   /* POST /me/second-factor */
handler second_factor_confirm_post; /* POST /me/second-factor/confirm */
handler second_factor_recovery_codes; /* POST /me/second-factor/recovery-codes */
handler second_factor_delete;   /* DELETE /me/second-factor */
