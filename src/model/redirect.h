/* Redirect URIs: where an OAuth client may have people sent back to (RFC 6749 section 3.1.2). */
#pragma once

#include <stdbool.h>

/* Whether a client may register it: https, or http on the loopback. Apps on people's own devices,
 * which are public clients, may also have a scheme of their own with a dot in it (RFC 8252 section
 * 7.1): com.example.app:/back. Never a fragment, user information or what is no URI at all. */
bool redirect_valid(const char *uri, bool public_client);

/* Whether the URI of a request is the registered one: letter by letter, but on the loopback the
 * port may be another, since an app learns its own only when it runs (RFC 8252 section 7.3). */
bool redirect_same(const char *registered, const char *uri);
