/* The header fields of a mail (RFC 5322), in plain ASCII whatever was in the texts (RFC 2047). The
 * body and its encoding are libcurl's work; see smtp.c. */
#pragma once

#include <stdint.h>

#include "base/arena.h"

/* A mail as it travels. */
struct message {
    const char *id;        /* the left part of its Message-ID */
    const char *host;      /* and the right one: this server's */
    const char *from_name; /* NULL: none */
    const char *from;
    const char *to_name;   /* NULL: none */
    const char *to;
    const char *subject;
    int64_t written_at;
    const char *text; /* lines end in \r\n, here and below */
    const char *html;
};

/* The header fields but those of MIME, without final line ends, NULL-terminated. A long one is
 * folded. */
const char *const *message_headers(struct arena *mem, const struct message *m);

/* "Mon, 02 Jan 2006 15:04:05 +0000". */
const char *message_date(struct arena *mem, int64_t ms);

/* Text for a header field: as it is, or in encoded words, several when it is long. Whatever it
 * holds, it begins no line of its own. */
const char *message_words(struct arena *mem, const char *text);

/* "name <address>", or the address alone. */
const char *message_mailbox(struct arena *mem, const char *name, const char *address);
