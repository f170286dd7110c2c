/* What OAuth clients ask and say of tokens. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

extern const struct shape token_question_shape;

handler introspection_read;   /* POST /oauth/introspect (RFC 7662) */
handler introspection_revoke; /* POST /oauth/revoke (RFC 7009) */
