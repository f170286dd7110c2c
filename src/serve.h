/* `pawl serve`: opens the store, starts what runs, waits for a signal, stops. */
#pragma once

#include "settings.h"

int serve(struct ctx *c, const struct settings *settings, const char **words);
