/* Addresses of web pages that people enter (RFC 3986; RFC 3987 for those not in ASCII). */
#pragma once

#include <stdbool.h>

/* http or https, a host, perhaps a port, and anything seen and without blanks behind it. No name
 * or password: these are only ever there to deceive a reader. */
bool url_is_web(const char *text);
