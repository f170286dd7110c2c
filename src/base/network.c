/* See network.h. */
#include "base/network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_BITS = 128, MAPPED_BITS = 96 };

/* *plain tells an IPv4 address that is not written as a mapped one. */
static bool parse(const char *text, size_t n, unsigned char out[ADDRESS_SIZE], bool *plain)
{
    static const unsigned char mapped[MAPPED_BITS / 8] = { [10] = 0xff, [11] = 0xff };
    char copy[INET6_ADDRSTRLEN];

    if (n == 0 || n >= sizeof(copy))
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    *plain = inet_pton(AF_INET, copy, out + sizeof(mapped)) == 1;
    if (*plain) {
        memcpy(out, mapped, sizeof(mapped));
        return true;
    }
    return inet_pton(AF_INET6, copy, out) == 1;
}

bool address_parse(const char *text, size_t n, unsigned char out[ADDRESS_SIZE])
{
    bool plain;

    return parse(text, n, out, &plain);
}

bool network_parse(const char *text, size_t n, struct network *out)
{
    const char *slash = memchr(text, '/', n);
    size_t address_len = slash == NULL ? n : (size_t)(slash - text);
    bool plain;
    char *end;
    long bits;

    if (!parse(text, address_len, out->bytes, &plain))
        return false;
    out->bits = ADDRESS_BITS;
    if (slash == NULL)
        return true;
    if (slash[1] < '0' || slash[1] > '9')
        return false;
    bits = strtol(slash + 1, &end, 10);
    if (end != text + n || bits > ADDRESS_BITS - (plain ? MAPPED_BITS : 0))
        return false;
    out->bits = (int)bits + (plain ? MAPPED_BITS : 0);
    return true;
}

bool network_has(const struct network *network, const unsigned char address[ADDRESS_SIZE])
{
    int whole = network->bits / 8;
    int rest = network->bits % 8;

    return memcmp(network->bytes, address, (size_t)whole) == 0 &&
           (rest == 0 || ((network->bytes[whole] ^ address[whole]) >> (8 - rest)) == 0);
}

const char *network_next(const char **rest, size_t *length)
{
    const char *at = *rest + strspn(*rest, ", \t");

    *length = strcspn(at, ", \t");
    *rest = at + *length;
    return *length == 0 ? NULL : at;
}

bool networks_have(const char *list, const char *address)
{
    unsigned char bytes[ADDRESS_SIZE];
    size_t n;

    if (address == NULL || !address_parse(address, strlen(address), bytes))
        return false;
    for (const char *at = network_next(&list, &n); at != NULL; at = network_next(&list, &n)) {
        struct network network;

        if (network_parse(at, n, &network) && network_has(&network, bytes))
            return true;
    }
    return false;
}
