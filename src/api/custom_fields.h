/* The custom fields of records, whatever their kind: the route's path says which. */
#pragma once

#include "http/router.h"

handler custom_fields_read;
handler custom_fields_replace; /* all of them; those that are left out are cleared */
handler custom_fields_patch;   /* those that are named */
handler custom_fields_set_one;
handler custom_fields_clear_one;
