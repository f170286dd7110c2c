/* What programs read to find their way: the public keys, and the metadata of the authorization
 * server and of the protected resource. */
#pragma once

#include "http/router.h"

handler discovery_keys; /* GET /.well-known/jwks.json (RFC 7517) */
