/* What a User-Agent header says to people. */
#pragma once

#include "base/arena.h"

/* "Firefox on Linux", as far as the text tells; "An unknown program" when it is no browser that is
 * known here, or NULL. Only for display: anybody can send any text. */
const char *user_agent_device(struct arena *mem, const char *user_agent);
