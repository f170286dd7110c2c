/* See proxies.h. Addresses of both families are compared as IPv6; an IPv4 one is mapped. */
#include "http/proxies.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PROXIES_MAX = 64, ADDRESS_BITS = 128, MAPPED_BITS = 96, HOPS_MAX = 32 };

struct network {
    unsigned char bytes[16];
    int bits;
};

struct proxies {
    size_t count;
    struct network networks[PROXIES_MAX];
};

/* An address of n characters. *mapped tells an IPv4 one. */
static bool parse_address(const char *text, size_t n, unsigned char bytes[16], bool *mapped)
{
    static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };
    char copy[INET6_ADDRSTRLEN];

    if (n == 0 || n >= sizeof(copy))
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    *mapped = inet_pton(AF_INET, copy, bytes + 12) == 1;
    if (*mapped) {
        memcpy(bytes, prefix, sizeof(prefix));
        return true;
    }
    return inet_pton(AF_INET6, copy, bytes) == 1;
}

static bool parse_network(const char *text, size_t n, struct network *out)
{
    const char *slash = memchr(text, '/', n);
    size_t address_len = slash == NULL ? n : (size_t)(slash - text);
    bool mapped;
    char *end;
    long bits;

    if (!parse_address(text, address_len, out->bytes, &mapped))
        return false;
    out->bits = ADDRESS_BITS;
    if (slash == NULL)
        return true;
    if (slash[1] < '0' || slash[1] > '9')
        return false;
    bits = strtol(slash + 1, &end, 10);
    if (end != text + n || bits > ADDRESS_BITS - (mapped ? MAPPED_BITS : 0))
        return false;
    out->bits = (int)bits + (mapped ? MAPPED_BITS : 0);
    return true;
}

enum err proxies_new(struct ctx *c, const char *list, struct proxies **out)
{
    struct proxies *p = calloc(1, sizeof(*p));

    if (p == NULL)
        abort();
    for (const char *at = list == NULL ? "" : list; *at != '\0';) {
        size_t n;

        at += strspn(at, ", \t");
        n = strcspn(at, ", \t");
        if (n > 0 && (p->count == PROXIES_MAX ||
                      !parse_network(at, n, &p->networks[p->count++]))) {
            free(p);
            return fail(c, ERR_INVALID, NULL, "trusted proxies: \"%.*s\" is no address or network",
                        (int)n, at);
        }
        at += n;
    }
    *out = p;
    return OK;
}

void proxies_free(struct proxies *p)
{
    free(p);
}

static bool within(const struct network *net, const unsigned char bytes[16])
{
    int whole = net->bits / 8;
    int rest = net->bits % 8;

    return memcmp(net->bytes, bytes, (size_t)whole) == 0 &&
           (rest == 0 || ((net->bytes[whole] ^ bytes[whole]) >> (8 - rest)) == 0);
}

bool proxies_trust(const struct proxies *p, const char *address)
{
    unsigned char bytes[16];
    bool mapped;

    if (p->count == 0 || !parse_address(address, strlen(address), bytes, &mapped))
        return false;
    for (size_t i = 0; i < p->count; i++) {
        if (within(&p->networks[i], bytes))
            return true;
    }
    return false;
}

/* The address in one element of the list: without brackets and port. NULL: none. */
static const char *hop_address(struct arena *mem, const char *text, size_t n)
{
    unsigned char bytes[16];
    const char *colon;
    bool mapped;

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
    return parse_address(text, n, bytes, &mapped) ? arena_dup_n(mem, text, n) : NULL;
}

const char *proxies_caller(const struct proxies *p, const struct request *req, const char *peer)
{
    const char *hops[HOPS_MAX];
    size_t lens[HOPS_MAX];
    size_t count = 0;
    const char *caller = peer;

    /* The newest hops stand last, so a list that is too long loses its oldest. */
    for (const struct pair *h = req->headers; h != NULL; h = h->next) {
        if (strcasecmp(h->name, "X-Forwarded-For") != 0)
            continue;
        for (const char *at = h->value; *at != '\0';) {
            at += strspn(at, ", \t");
            lens[count % HOPS_MAX] = strcspn(at, ", \t");
            hops[count % HOPS_MAX] = at;
            at += lens[count % HOPS_MAX];
            count += lens[count % HOPS_MAX] > 0;
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
