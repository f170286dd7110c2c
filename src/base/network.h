/* Addresses and networks (CIDR, RFC 4632 and RFC 4291). Both families are compared as IPv6; an IPv4
 * address is the same whether it is written plainly or mapped (::ffff:10.0.0.1). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { ADDRESS_SIZE = 16 };

struct network {
    unsigned char bytes[ADDRESS_SIZE];
    int bits; /* of the beginning that count: 128 is one address */
};

/* A text of n characters, which need not end there. False when it is no address. */
bool address_parse(const char *text, size_t n, unsigned char out[ADDRESS_SIZE]);

/* An address, or an address, "/" and the number of bits that count. */
bool network_parse(const char *text, size_t n, struct network *out);

bool network_has(const struct network *network, const unsigned char address[ADDRESS_SIZE]);

/* Steps through a list with commas and blanks: the next element's beginning and length, NULL at the
 * end. *rest is where to look, and moves on. */
const char *network_next(const char **rest, size_t *length);

/* True when one of the networks in such a list has the address. False for what is no address. */
bool networks_have(const char *list, const char *address);
