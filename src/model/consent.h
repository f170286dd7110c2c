/* Consents: who allowed which application what, in which organization. The tokens that came of one
 * end with it. */
#pragma once

#include "base/ctx.h"
#include "base/shape.h"

struct consent {
    int64_t client_id;
    int64_t user_id;
    const char *org_id;
    const char *scopes;   /* stored text; a JSON list in rows made for answers */
    int64_t created_at;   /* of the first one */
    int64_t updated_at;   /* of the latest one */
    int64_t last_used_at; /* of any token of it; only in lists */
    const char *email, *first_name, *last_name; /* only in lists */
    const char *user; /* user_brief; only in lists */
};
extern const struct shape consent_shape;

/* Notes that the user allows these scopes (stored text) now. Those of before are kept with them as
 * far as something that came of them lives: a client may run on several devices. */
MUST_CHECK enum err consent_record(struct ctx *c, int64_t client_id, const char *org_id,
                                   int64_t user_id, const char *scopes);

/* What a user allowed a client in one organization; org_id NULL: the latest in any. ERR_NOT_FOUND,
 * without a recorded failure, when there is none. */
MUST_CHECK enum err consent_find(struct ctx *c, int64_t client_id, const char *org_id,
                                 int64_t user_id, struct consent *out);

/* Those of the members of c->org to one client, latest first, made for answers. */
MUST_CHECK enum err consent_list(struct ctx *c, int64_t client_id, int64_t limit, int64_t offset,
                                 struct consent **out, size_t *count, int64_t *total);

/* Ends one in c->org: its codes, tokens and refresh tokens too. ERR_NOT_FOUND for none. */
MUST_CHECK enum err consent_end(struct ctx *c, int64_t client_id, int64_t user_id);

/* Ends all that one member of c->org gave there. */
MUST_CHECK enum err consents_end_of_member(struct ctx *c, int64_t user_id);

/* Forgets all consents to a client and the codes given for them; its tokens are the caller's. */
MUST_CHECK enum err consents_forget_client(struct ctx *c, int64_t client_id);
