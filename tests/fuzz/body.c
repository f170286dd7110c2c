/* Fuzzes the reading of bodies. The input's first byte chooses the type. Whatever is read can be
 * written as JSON, and that JSON is read to the same. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "http/request.h"

enum { OUT_MAX = 16 * 1024 * 1024 };

static const char *const types[] = {
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=xx",
};

static const char *written(struct arena *mem, const struct json *tree)
{
    struct str out = str_in(mem, OUT_MAX);

    json_put_tree(&out, tree);
    if (!str_ok(&out))
        abort();
    return str_text(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx c = { .mem = arena_new_arena() };
    struct pair type = { .name = "Content-Type" };
    struct request req = { .mem = c.mem, .headers = &type };

    if (size > 1) {
        type.value = types[*data % (sizeof(types) / sizeof(types[0]))];
        req.body = (const char *)data + 1;
        req.body_size = size - 1;
    }
    if (request_parse_body(&c, &req) == OK && req.input != NULL) {
        const char *first = written(c.mem, req.input);
        struct json *again;

        if (json_parse(&c, first, strlen(first), &again) != OK ||
            strcmp(written(c.mem, again), first) != 0)
            abort();
    }
    arena_free(c.mem);
    return 0;
}
