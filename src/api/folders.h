/* O/folders, and what is in which: O/folders/add-object, O/folders-objects. */
#pragma once

#include "http/router.h"

handler folders_list, folders_create, folders_read, folders_update, folders_delete;
handler folders_add, folders_remove;
