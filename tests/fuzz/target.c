/* Fuzzes the reading of a request's target: what comes out is clean text, and reading it again
 * after encoding gives the same. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "http/request.h"

static void expect(bool holds)
{
    if (!holds)
        abort();
}

static void expect_clean(const char *s)
{
    expect(text_is_utf8(s, strlen(s)));
    for (; *s != '\0'; s++)
        expect((unsigned char)*s >= ' ' && *s != 0x7f);
}

/* The segments as a target, every byte escaped. */
static const char *encode(struct arena *mem, const struct request *req)
{
    struct str out = str_in(mem, 1024 * 1024);

    str_add(&out, req->prefix);
    for (size_t i = 0; i < req->segment_count; i++) {
        str_add(&out, "/");
        for (const char *at = req->segments[i]; *at != '\0'; at++)
            str_printf(&out, "%%%02x", (unsigned char)*at);
    }
    return out.len == 0 ? "/" : str_text(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx c = { .mem = arena_new_arena() };
    struct request req = { .mem = c.mem }, again = { .mem = c.mem };
    const char *target = arena_dup_n(c.mem, (const char *)data, size);

    if (request_parse_target(&c, &req, target) == OK) {
        expect(req.segment_count <= PATH_SEGMENTS_MAX);
        for (size_t i = 0; i < req.segment_count; i++) {
            expect(*req.segments[i] != '\0');
            expect_clean(req.segments[i]);
        }
        for (const struct pair *p = req.query; p != NULL; p = p->next) {
            expect_clean(p->name);
            expect_clean(p->value);
        }
        expect(request_parse_target(&c, &again, encode(c.mem, &req)) == OK);
        expect(*req.prefix != '\0' || strcmp(again.prefix, req.prefix) == 0 ||
               strcmp(req.segments[0], "api") == 0);
        if (strcmp(again.prefix, req.prefix) == 0) {
            expect(again.segment_count == req.segment_count);
            for (size_t i = 0; i < req.segment_count; i++)
                expect(strcmp(again.segments[i], req.segments[i]) == 0);
        }
    }
    arena_free(c.mem);
    return 0;
}
