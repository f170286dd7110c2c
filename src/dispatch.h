/* From a parsed request to its answer: the order of checks, the transaction, the failures. */
#pragma once

#include "api/app.h"
#include "http/server.h"
#include "settings.h"

struct dispatch;

/* Serves app by the route table. */
struct dispatch *dispatch_new(struct app *app, const struct settings *settings);
void dispatch_free(struct dispatch *d);

/* The hooks to start the server with. */
struct server_hooks dispatch_hooks(struct dispatch *d);
