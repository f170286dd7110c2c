/* What operators and machines ask: is it well, what does it count. */
#pragma once

#include "http/router.h"

handler health_read;  /* GET /health */
handler metrics_read; /* GET /metrics */
