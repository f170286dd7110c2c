/* Countries, for profiles. */
#pragma once

#include "http/router.h"

handler countries_list; /* GET /countries: all of them, by name */
