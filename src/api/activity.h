/* The activity feed. */
#pragma once

#include "http/router.h"

handler activity_feed; /* GET O/activity-feeds */
