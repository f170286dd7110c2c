/* Who asks: the account, the credential it came with, and its place in the organization. Made by
 * identify (identify.h) for each request, read by everybody. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

enum { BOT_USER_ID = 1 }; /* the account that does what the server itself does; nobody's */

enum role { ROLE_NONE = -1, ROLE_LIGHT, ROLE_STANDARD, ROLE_ADMIN };
enum member_status { MEMBER_ACTIVE, MEMBER_INVITED, MEMBER_DISABLED };

extern const char *const role_words[];          /* light, standard, admin */
extern const char *const member_status_words[]; /* active, invited, disabled */

/* BY_GUEST_CODE is also the session that began with it. */
enum credential { BY_NOTHING, BY_SESSION, BY_TOKEN, BY_GUEST_CODE };

/* Settings of an organization that permissions depend on (permission.h). */
enum org_setting { ALLOW_USER_INVITE, ALLOW_MANAGE_GROUPS };

struct caller {
    enum credential credential;
    int64_t user_id;      /* 0: nobody, or an application acting for itself */
    const char *token_id; /* NULL for a session */
    const char *token_kind;
    const char *scopes;    /* blank-separated; "*" is everything; sessions have "*" */
    const char *token_org; /* the organization a token is bound to, or NULL */
    const char *addresses; /* the list that a token is limited to, or NULL */
    int64_t client_id;     /* of an OAuth client, or 0 */
    bool client_header_required; /* false for clients exempted from X-Tallyfy-Client */
    const char *session_id;
    const char *session_digest; /* of a guest's session too */
    const char *csrf_token; /* what X-CSRF-Token must say; sessions only, also a guest's */
    enum role role;         /* in the organization of the path; ROLE_NONE outside */
    unsigned org_settings;  /* of that organization: a bit for each enum org_setting that is on */
    int64_t guest_id;       /* a guest of that organization, who has no role; else 0 */
    const char *guest_email;
    const char *address;    /* where the request came from */
    const char *client;     /* X-Tallyfy-Client, or NULL; this and the next are bytes that a */
    const char *user_agent; /* stranger chose: whoever stores them masks them (secret.h) */
};

/* The person who asks, member or guest (their numbers never meet); 0: nobody, or an application. */
static inline int64_t caller_person(const struct caller *who)
{
    return who->guest_id != 0 ? who->guest_id : who->user_id;
}

/* Who acts when a link, or signing up, says whose wish it is and nobody is signed in: put it in
 * c->caller for that one operation, and the outer caller back after it. */
static inline struct caller caller_for(const struct caller *outer, int64_t user_id)
{
    return (struct caller){
        .user_id = user_id,
        .role = ROLE_NONE,
        .address = outer->address,
        .client = outer->client,
        .user_agent = outer->user_agent,
    };
}
