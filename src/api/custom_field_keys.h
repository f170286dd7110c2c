/* The keys of custom fields, for everybody to read and for administrators to keep. */
#pragma once

#include "http/router.h"

handler custom_field_keys_list;
handler custom_field_keys_create;
handler custom_field_keys_read;
handler custom_field_keys_update;
handler custom_field_keys_patch;
handler custom_field_keys_delete;
