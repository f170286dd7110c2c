/* Devices without a browser of their own (RFC 8628): they show a short code, which their user types
 * into a page on another device, and ask the token endpoint until the user has answered. */
#pragma once

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"
#include "model/approval.h"
#include "model/client.h"
#include "model/grant.h"

struct device_request {
    const char *client_id;
    const char *client_secret;
    const char *scope;
};
extern const struct shape device_request_shape;

/* What a device is told. */
struct device_codes {
    const char *device_code;
    const char *user_code; /* XXXX-XXXX */
    int64_t expires_in;    /* seconds */
    int64_t interval;      /* seconds between two questions */
};

MUST_CHECK enum err device_begin(struct ctx *c, const struct client *client, const char *scope,
                                 struct device_codes *out);

/* A device that waits for its user. */
struct device {
    const char *digest; /* of its code */
    const char *scopes; /* asked for */
    struct client client;
};

/* The waiting device with this user code, as typed: dashes, blanks and case do not matter.
 * ERR_NOT_FOUND, DEVICE_CODE_UNKNOWN, for any other; these are counted for c->caller's account, so
 * that nobody finds one by guessing, and must be committed. ERR_LIMITED after too many. */
MUST_CHECK enum err device_find(struct ctx *c, const char *user_code, struct device *out);

/* c->caller's answer; *in as for approval_accept. */
MUST_CHECK enum err device_answer(struct ctx *c, const struct device *device,
                                  const struct approval_input *in);

/* device_code: the tokens, once the user has allowed it; until then ERR_MALFORMED with the codes of
 * RFC 8628 section 3.5. To be committed either way. */
MUST_CHECK enum err grant_device(struct ctx *c, struct auth *auth, const struct client *client,
                                 const struct grant_request *in, struct grant *out);
