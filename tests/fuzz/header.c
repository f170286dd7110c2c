/* Fuzzes what is read out of headers: the input is lines of "name: value". */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "http/head.h"
#include "http/proxies.h"

static void read_headers(struct request *req, char *lines)
{
    struct pair **end = &req->headers;

    for (char *line = strsep(&lines, "\n"); line != NULL; line = strsep(&lines, "\n")) {
        char *value = strchr(line, ':');

        if (value == NULL)
            continue;
        *value++ = '\0';
        *end = arena_new(req->mem, struct pair);
        (*end)->name = line;
        (*end)->value = value + strspn(value, " \t");
        end = &(*end)->next;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx c = { .mem = arena_new_arena() };
    struct request req = { .mem = c.mem };
    struct proxies *proxies = NULL;
    const char *cookie, *id;
    struct head head;

    read_headers(&req, arena_dup_n(c.mem, (const char *)data, size));
    if (head_check(&c, &req, true, &head) == OK && head.body_size < BODY_UNKNOWN)
        abort();
    cookie = request_cookie(&req, "pawl_session");
    if (cookie != NULL && strchr(cookie, ';') != NULL)
        abort();
    id = request_header(&req, "X-Request-Id");
    if (id != NULL && head_is_request_id(id) && !head_is_value(id, strlen(id)))
        abort();
    if (proxies_new(&c, request_header(&req, "Trusted"), &proxies) == OK) {
        const char *caller = proxies_caller(proxies, &req, "::1");

        if (!head_is_value(caller, strlen(caller)))
            abort();
        proxies_free(proxies);
    }
    arena_free(c.mem);
    return 0;
}
