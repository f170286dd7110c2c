/* O/tags, and which tag is on what: O/checklists/tags, for records of every kind. */
#pragma once

#include "http/router.h"

handler tags_list, tags_create, tags_read, tags_update, tags_delete;
handler tags_attach, tags_detach;
