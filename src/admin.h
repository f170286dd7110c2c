/* `pawl admin`: the operator's commands, on the store directly, without a token. Each prints one
 * JSON line. */
#pragma once

#include "settings.h"

int admin(struct ctx *c, const struct settings *settings, const char **words);
