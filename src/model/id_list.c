/* See id_list.h. */
#include "model/id_list.h"

#include <assert.h>

#include "base/str.h"

const char *id_list(struct arena *mem, const int64_t *ids, size_t count)
{
    struct str out = str_in(mem, (size_t)ID_LIST_MOST * ID_LIST_WIDTH);

    assert(count <= ID_LIST_MOST);
    for (size_t i = 0; i < count; i++)
        str_printf(&out, "%0*lld", ID_LIST_WIDTH, (long long)ids[i]);
    return str_text(&out);
}
