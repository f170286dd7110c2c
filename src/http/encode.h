/* Percent encoding, for addresses that are put together here. */
#pragma once

#include "base/str.h"

/* Appends text as a name or value of a query (or of a fragment that is written like one). */
void encode_query(struct str *out, const char *text);
