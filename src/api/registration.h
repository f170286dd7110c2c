/* Clients that register themselves (RFC 7591), as AI connectors do. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

extern const struct shape client_registration_shape;

handler registration_create; /* POST /mcp/oauth/register */
