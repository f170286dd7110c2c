/* From the headers of a request to a caller. What can change (revocation, expiry, the account, its
 * place in the organization) is read from the store each time. */
#pragma once

#include <stdbool.h>

#include "auth/auth.h"
#include "auth/caller.h"
#include "auth/digest.h"

/* What stands in "Authorization: Bearer …", and its digest, which several places look it up by. */
struct bearer {
    const char *token;
    unsigned char digest[DIGEST_SIZE];
};

/* False when the header does not say "Bearer", exactly one space, and a token; NULL: no header. */
bool bearer_read(const char *authorization, struct bearer *out);

struct credentials {
    bool authorization;          /* there is such a header, whatever it says */
    const struct bearer *bearer; /* NULL when it is not of that form */
    const char *cookie;        /* the session cookie's value, or NULL; ignored with authorization */
    const char *guest_code;    /* where guests may come: the code in a guest's link, or NULL */
    const char *guest_cookie;  /* likewise: the value of a guest's cookie, or NULL */
    const char *address;
    const char *client;     /* X-Tallyfy-Client, or NULL */
    const char *user_agent;
};

/* The code of a refusal that says nothing of the account but that its token is in other hands. */
extern const char address_not_allowed[];

/* Fills out for the credentials given; with none, BY_NOTHING and OK. ERR_UNAUTHENTICATED for any
 * wrong, expired or revoked one, and for a user who is in no organization any more; ERR_DENIED with
 * the code ADDRESS_NOT_ALLOWED for a token that may not be used from this address.
 * With an organization (c->org): ERR_NOT_FOUND when there is none, ERR_DENIED when the caller is
 * not an active member or the token is bound elsewhere. Applications get no role.
 * Where guests may come, they are those who bring no member's credential, or only a browser session
 * that does not open this organization. Who is one gets into the organization of the code, also
 * when the path names none: then c->org is set. A code that is unknown, was replaced or is that of
 * a deleted guest is ERR_UNAUTHENTICATED; a disabled guest, or another organization, ERR_DENIED. */
MUST_CHECK enum err identify(struct ctx *c, struct auth *auth, const struct credentials *in,
                             struct caller *out);

/* True for a token that was refused before, for a reason that lasts: revoked, forged, or not in the
 * store. Asks no store: whoever goes on knocking with a dead token costs next to nothing. */
bool bearer_is_dead(struct auth *auth, const struct bearer *bearer);
