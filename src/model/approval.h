/* Approvals: a person is asked whether an application may act for them, says in which organization
 * and to what extent, and what they allow is remembered as a consent. The same for authorization
 * requests of browsers and for devices. Of c->caller's account. */
#pragma once

#include <stdbool.h>

#include "base/ctx.h"
#include "base/shape.h"
#include "model/client.h"
#include "model/consent.h"

/* An organization in which the person may let applications act. */
struct approval_place {
    const char *id;
    const char *name;
    int role;
};
extern const struct shape approval_place_shape;

/* What there is to be known before they are asked. */
struct approval {
    bool verified;                 /* the account's address is proved */
    struct approval_place *places; /* the client's own organization alone, if it has one */
    size_t place_count;
    struct consent previous;       /* client_id 0: there is none */
};

/* What they answer. */
struct approval_input {
    const char *organization_id;
    const char *scopes; /* JSON list */
    bool allow;
};
extern const struct shape approval_input_shape;

MUST_CHECK enum err approval_get(struct ctx *c, const struct client *client,
                                 struct approval *out);

/* Why they cannot allow it: a code and a sentence; NULL: they can. */
const char *approval_refusal(const struct approval *a, const char **message);

/* ERR_DENIED with that code when they cannot. */
MUST_CHECK enum err approval_possible(struct ctx *c, const struct client *client);

/* Records their consent to some of the scopes offered (stored text); gives those allowed.
 * ERR_DENIED as approval_possible; ERR_INVALID on organization_id or scopes. */
MUST_CHECK enum err approval_accept(struct ctx *c, const struct client *client,
                                    const char *offered, const struct approval_input *in,
                                    const char **scopes);
