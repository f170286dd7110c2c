/* What programs read to find their way: the public keys, and the metadata of the authorization
 * server and of the protected resource. */
#pragma once

#include "http/router.h"

handler discovery_keys;     /* GET /.well-known/jwks.json (RFC 7517) */
handler discovery_server;   /* GET /.well-known/oauth-authorization-server (RFC 8414), and the same
                               as openid-configuration, where some clients look */
handler discovery_resource; /* GET /.well-known/oauth-protected-resource (RFC 9728) */
