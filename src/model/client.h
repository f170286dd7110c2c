/* OAuth clients: applications that an organization has registered (RFC 6749 section 2). */
#pragma once

#include <stdbool.h>

#include "base/ctx.h"
#include "base/shape.h"

/* What a client may be granted by, in words; NULL-terminated. */
extern const char *const grant_words[];

struct client {
    int64_t id; /* digits on the wire */
    const char *name;
    const char *organization_id;
    const char *grants;        /* stored text; a JSON list in answers */
    const char *redirect_uris; /* JSON list */
    bool require_client_header;
    int64_t created_at;
    int64_t last_used_at;
    const char *secret_digest; /* hidden */
    const char *client_secret; /* hidden; only where it is made */
};

/* What may always be shown; client_secret_shape adds the secret, for the only time. */
extern const struct shape client_shape;
extern const struct shape client_secret_shape;

/* What a request for one may say. Start from CLIENT_INPUT. */
struct client_input {
    const char *name;
    const char *grants;        /* JSON list; NULL: client credentials alone */
    const char *redirect_uris; /* JSON list or NULL */
    bool require_client_header;
};
#define CLIENT_INPUT ((struct client_input){ .require_client_header = true })
extern const struct shape client_input_shape;

/* ---- clients of c->org, as its administrators see them ---- */

MUST_CHECK enum err client_list(struct ctx *c, int64_t limit, int64_t offset, struct client **out,
                                size_t *count, int64_t *total);
MUST_CHECK enum err client_create(struct ctx *c, const struct client_input *in,
                                  struct client *out);

/* A new secret; the old one is dead, tokens live on. */
MUST_CHECK enum err client_new_secret(struct ctx *c, const char *id, struct client *out);

/* Its tokens die with it. */
MUST_CHECK enum err client_delete(struct ctx *c, const char *id);

/* ---- a client that shows its secret ---- */

/* ERR_UNAUTHENTICATED with invalid_client for an id that is not a number, an unknown one, another
 * secret or none (NULL); which of them is not told. */
MUST_CHECK enum err client_authenticate(struct ctx *c, const char *id, const char *secret,
                                        struct client *out);

/* ERR_MALFORMED with unauthorized_client when the client does not have that grant. */
MUST_CHECK enum err client_check_grant(struct ctx *c, const struct client *client,
                                       const char *grant);

/* Notes that it got a token now. */
MUST_CHECK enum err client_used(struct ctx *c, int64_t id);
