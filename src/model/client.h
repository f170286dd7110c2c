/* OAuth clients: the applications that may ask for tokens (RFC 6749 section 2). One belongs to the
 * organization whose administrators made it, and acts for its members alone; or to none, and then
 * anybody may let it act: the built-in one, those of the operator, those that registered
 * themselves. A public client has no secret: it runs where it could not keep one. */
#pragma once

#include <stdbool.h>

#include "base/ctx.h"
#include "base/shape.h"

#define GRANT_CLIENT_CREDENTIALS "client_credentials"
#define GRANT_PASSWORD "password"
#define GRANT_REFRESH_TOKEN "refresh_token"
#define GRANT_AUTHORIZATION_CODE "authorization_code"
#define GRANT_IMPLICIT "implicit"
#define GRANT_DEVICE_CODE "urn:ietf:params:oauth:grant-type:device_code"

/* What a client may be granted by, in words; NULL-terminated. */
extern const char *const grant_words[];

/* Who made it. */
enum origin { BUILT_IN, BY_OPERATOR, BY_ADMINISTRATOR, BY_REGISTRATION };
extern const char *const origin_words[];

struct client {
    int64_t id; /* digits on the wire */
    const char *name;
    const char *organization_id; /* NULL: of none */
    int origin;
    bool public;
    const char *grants;        /* stored text; a JSON list in rows made for answers */
    const char *redirect_uris; /* JSON list */
    const char *scopes;        /* the most it may get; stored text or JSON list, as grants */
    bool require_client_header;
    int64_t created_at;
    int64_t last_used_at;
    int64_t secret_created_at;
    int64_t old_secret_until;      /* the secret before is good until then; 0: is not */
    const char *secret_digest;     /* hidden */
    const char *old_secret_digest; /* hidden */
    const char *client_secret;     /* hidden; only where it is made */
};

/* What may always be shown; client_secret_shape adds the secret, for the only time. */
extern const struct shape client_shape;
extern const struct shape client_secret_shape;

/* What a request for one may say. Start from CLIENT_INPUT, or from client_input_of for a change. */
struct client_input {
    const char *name;
    const char *grants;        /* JSON list; NULL: client credentials alone, or for a public client
                                  or one of no organization what follows a consent */
    const char *redirect_uris; /* JSON list or NULL */
    const char *scopes;        /* JSON list; NULL: all */
    bool public;
    bool require_client_header;
};
#define CLIENT_INPUT ((struct client_input){ .require_client_header = true })
extern const struct shape client_input_shape;
extern const struct shape client_change_shape; /* a client stays public or confidential */

struct secret_input {
    int64_t overlap_seconds;
};
extern const struct shape secret_input_shape;

/* ---- clients of c->org, as its administrators see them; made for answers ---- */

MUST_CHECK enum err client_list(struct ctx *c, int64_t limit, int64_t offset, struct client **out,
                                size_t *count, int64_t *total);
MUST_CHECK enum err client_get(struct ctx *c, const char *id, struct client *out);

/* One of c->org, or one of no organization that somebody lets act in c->org. */
MUST_CHECK enum err client_get_consented(struct ctx *c, const char *id, struct client *out);

/* Without a caller it is the operator who makes it, also one of no organization (c->org NULL). */
MUST_CHECK enum err client_create(struct ctx *c, const struct client_input *in,
                                  struct client *out);

/* The present state (of client_get) as an input. */
struct client_input client_input_of(const struct client *client);
MUST_CHECK enum err client_update(struct ctx *c, const char *id, const struct client_input *in,
                                  struct client *out);

/* A new secret. The old one stays good for that many seconds (at most 30 days), tokens live on. A
 * secret that was already on its way out is dead. */
MUST_CHECK enum err client_new_secret(struct ctx *c, const char *id, int64_t overlap_seconds,
                                      struct client *out);

/* Ends the overlap. That there is none is no error. */
MUST_CHECK enum err client_end_old_secret(struct ctx *c, const char *id);

/* Its tokens die with it. */
MUST_CHECK enum err client_delete(struct ctx *c, const char *id);

/* Deletes what an account has made in its organizations: when its address turns out to be somebody
 * else's. */
MUST_CHECK enum err clients_delete_made_by(struct ctx *c, int64_t user_id);

/* ---- clients that come by themselves ---- */

/* Notes, as a fault of that field, when a client's name holds what a person would not see. */
void client_check_name(struct ctx *c, const char *field, const char *name);

/* One that registers itself (RFC 7591), of no organization. Its grants are those that need a
 * person's consent; faults of them are called grant_types. */
MUST_CHECK enum err client_register(struct ctx *c, const struct client_input *in,
                                    struct client *out);

/* Forgets those that registered themselves 30 days ago and never got a token. */
MUST_CHECK enum err clients_forget_unused(struct ctx *c);

/* Any client by its id as sent. ERR_NOT_FOUND, without a recorded failure, for an unknown one. */
MUST_CHECK enum err client_find(struct ctx *c, const char *id, struct client *out);

/* The client that shows this secret. A confidential one needs its secret, or the old one while
 * that is good; a public one must show none (NULL or empty). ERR_UNAUTHENTICATED with
 * invalid_client for an unknown id, another secret or none; which of them is not told. */
MUST_CHECK enum err client_authenticate(struct ctx *c, const char *id, const char *secret,
                                        struct client *out);

/* ERR_MALFORMED with unauthorized_client when the client does not have that grant. */
MUST_CHECK enum err client_check_grant(struct ctx *c, const struct client *client,
                                       const char *grant);

/* Whether people may be sent to this URI (redirect.h). */
bool client_redirect_allowed(struct ctx *c, const struct client *client, const char *uri);

/* The one URI of a client that has just one, for requests that leave it out; else NULL. */
const char *client_redirect_only(struct ctx *c, const struct client *client);

/* Notes that it got a token now. */
MUST_CHECK enum err client_used(struct ctx *c, int64_t id);
