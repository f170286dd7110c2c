/* See include.h. */
#include "base/include.h"

#include "base/json.h"

enum err answer_too_large(struct ctx *c)
{
    return fail(c, ERR_INVALID, "per_page", "The answer would be larger than %d MiB. Ask for "
                                            "smaller pages.", ANSWER_MAX >> 20);
}

struct str include_begin(const struct ctx *c)
{
    struct str out = str_in(c->mem, ANSWER_MAX - c->included);

    json_begin_object(&out);
    json_key(&out, "data");
    return out;
}

enum err include_end(struct ctx *c, struct str *out, const char **text)
{
    json_end_object(out);
    str_add_char(out, '\0');
    if (!str_ok(out))
        return answer_too_large(c);
    c->included += out->len;
    *text = out->data;
    return OK;
}

enum err include_list(struct ctx *c, const struct shape *shape, const void *records, size_t count,
                      const char **out)
{
    struct str text = include_begin(c);

    json_begin_list(&text);
    for (size_t i = 0; i < count && str_ok(&text); i++)
        shape_write(&text, shape, (const char *)records + i * shape->size);
    json_end_list(&text);
    return include_end(c, &text, out);
}

enum err include_one(struct ctx *c, const struct shape *shape, const void *record,
                     const char **out)
{
    struct str text = include_begin(c);

    shape_write(&text, shape, record);
    return include_end(c, &text, out);
}
