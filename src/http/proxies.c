/* See proxies.h. */
#include "http/proxies.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/network.h"

enum { PROXIES_MAX = 64, HOPS_MAX = 32 };

struct proxies {
    size_t count;
    struct network networks[PROXIES_MAX];
};

enum err proxies_new(struct ctx *c, const char *list, struct proxies **out)
{
    struct proxies *p = calloc(1, sizeof(*p));
    const char *rest = list == NULL ? "" : list;
    size_t n;

    if (p == NULL)
        abort();
    for (const char *at = network_next(&rest, &n); at != NULL; at = network_next(&rest, &n)) {
        if (p->count == PROXIES_MAX || !network_parse(at, n, &p->networks[p->count++])) {
            free(p);
            return fail(c, ERR_INVALID, NULL, "trusted proxies: \"%.*s\" is no address or network",
                        (int)n, at);
        }
    }
    *out = p;
    return OK;
}

void proxies_free(struct proxies *p)
{
    free(p);
}

bool proxies_trust(const struct proxies *p, const char *address)
{
    unsigned char bytes[ADDRESS_SIZE];

    if (p->count == 0 || !address_parse(address, strlen(address), bytes))
        return false;
    for (size_t i = 0; i < p->count; i++) {
        if (network_has(&p->networks[i], bytes))
            return true;
    }
    return false;
}

/* The address in one element of the list: without brackets and port. NULL: none. */
static const char *hop_address(struct arena *mem, const char *text, size_t n)
{
    unsigned char bytes[ADDRESS_SIZE];
    const char *colon;

    if (n > 0 && *text == '[') {
        const char *close = memchr(text, ']', n);

        if (close == NULL)
            return NULL;
        text++;
        n = (size_t)(close - text);
    } else if ((colon = memchr(text, ':', n)) != NULL &&
               memchr(colon + 1, ':', n - (size_t)(colon + 1 - text)) == NULL) {
        n = (size_t)(colon - text);
    }
    return address_parse(text, n, bytes) ? arena_dup_n(mem, text, n) : NULL;
}

const char *proxies_caller(const struct proxies *p, const struct request *req, const char *peer)
{
    const char *hops[HOPS_MAX];
    size_t lens[HOPS_MAX];
    size_t count = 0;
    const char *caller = peer;

    /* The newest hops stand last, so a list that is too long loses its oldest. */
    for (const struct pair *h = req->headers; h != NULL; h = h->next) {
        const char *rest = h->value;
        size_t n;

        if (strcasecmp(h->name, "X-Forwarded-For") != 0)
            continue;
        for (const char *at = network_next(&rest, &n); at != NULL; at = network_next(&rest, &n)) {
            hops[count % HOPS_MAX] = at;
            lens[count++ % HOPS_MAX] = n;
        }
    }
    for (size_t i = 0; i < count && i < HOPS_MAX; i++) {
        size_t at = (count - 1 - i) % HOPS_MAX;
        const char *hop = hop_address(req->mem, hops[at], lens[at]);

        if (hop == NULL)
            break;
        caller = hop;
        if (!proxies_trust(p, hop))
            break;
    }
    return caller;
}
