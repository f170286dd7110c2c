/* See application.h. */
#include "model/application.h"

#include "auth/caller.h"
#include "auth/token.h"
#include "model/member.h"

enum { MINTED_SECONDS = 7776000 };

/* ---- shape ---- */

static const struct field provision_input_fields[] = {
    FIELD(provision_input, first_name, TEXT, REQUIRED, .max = 32),
    FIELD(provision_input, last_name, TEXT, REQUIRED, .max = 32),
    FIELD(provision_input, email, TEXT, REQUIRED, .max = 254),
    FIELD(provision_input, role, WORD, OPTIONAL, .words = role_words,
          .note = "standard if absent."),
    FIELD(provision_input, timezone, TEXT, OPTIONAL, .max = 64,
          .note = "IANA name; UTC if absent."),
    { 0 },
};
const struct shape application_user_shape = SHAPE(provision_input, provision_input_fields);

/* ---- operations ---- */

enum err application_provision(struct ctx *c, const struct provision_input *in, struct user *out)
{
    const struct user_input account = {
        .first_name = in->first_name,
        .last_name = in->last_name,
        .email = in->email,
        .timezone = in->timezone,
    };
    int64_t id;

    TRY(member_check_no_guest(c, in->email));
    TRY(user_create(c, &account, false, &id));
    TRY(member_add(c, id, (enum role)in->role, false));
    return user_get(c, id, out);
}

enum err application_token(struct ctx *c, struct auth *auth, const char *email, struct grant *out)
{
    struct token t = {
        .kind = TOKEN_MINTED,
        .org_id = c->org,
        .client_id = c->caller->client_id,
        .scopes = c->caller->scopes,
    };
    struct user user;
    enum err e;

    TRY(user_get_by_email(c, email, &user));
    t.user_id = user.id;
    e = user_get(c, user.id, &user);
    if (e == ERR_NOT_FOUND)
        return fail(c, ERR_INVALID, "email", "The email belongs to nobody in this organization.");
    TRY(e);
    if (user.status != MEMBER_ACTIVE)
        return fail(c, ERR_DENIED, NULL, "This member is not active.");
    *out = (struct grant){ .expires_in = MINTED_SECONDS };
    return token_issue(c, auth, &t, MINTED_SECONDS, &out->access_token);
}
