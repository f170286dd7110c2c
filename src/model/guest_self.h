/* What guests see of themselves and decide themselves. */
#pragma once

#include "auth/auth.h"
#include "auth/guest_code.h"
#include "base/ctx.h"
#include "base/shape.h"
#include "model/guest.h"

/* Over struct guest; also what a guest may change: time zone, language, days of the digest. */
extern const struct shape guest_self_shape;

/* Over struct org: what guests see of the organization, beside its branding. */
extern const struct shape guest_org_shape;

/* Somebody comes with the code of a link, whoever else they are: a session for them. c->org becomes
 * the organization's. ERR_UNAUTHENTICATED, GUEST_LINK_DEAD, for a code that opens nothing; else
 * refuses as identify does. */
MUST_CHECK enum err guest_enter(struct ctx *c, struct auth *auth, const char *code,
                                struct guest *out, struct new_guest_session *session);

/* Stores what the guest, who is the caller, wants; start from guest_get_by_id. ERR_INVALID with
 * each wrong field. */
MUST_CHECK enum err guest_self_update(struct ctx *c, struct guest *wanted);
