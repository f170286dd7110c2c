/* See invitations.h. */
#include "api/invitations.h"

#include "api/account.h"
#include "api/answer.h"
#include "api/app.h"
#include "api/session.h"
#include "auth/password.h"
#include "base/zone.h"
#include "model/invitation.h"
#include "model/user.h"

/* ---- shape ---- */

struct acceptance_input {
    const char *token;
    const char *first_name;
    const char *last_name;
    const char *timezone;
    const char *password;
    const char *password_confirmation;
    struct invitation invitation; /* that the token is of */
    const char *password_hash;    /* made of the password */
};

static const struct field acceptance_fields[] = {
    FIELD(acceptance_input, token, TEXT, REQUIRED, .max = 100,
          .note = "What stands in the link after #token=."),
    FIELD(acceptance_input, first_name, TEXT, NULLABLE, .max = 32),
    FIELD(acceptance_input, last_name, TEXT, NULLABLE, .max = 32),
    FIELD(acceptance_input, timezone, TEXT, NULLABLE, .max = 64, .note = "An IANA name."),
    FIELD(acceptance_input, password, TEXT, NULLABLE, .max = PASSWORD_INPUT_MAX,
          .note = "For an account that has none; else nothing but the token is read."),
    FIELD(acceptance_input, password_confirmation, TEXT, NULLABLE, .max = PASSWORD_INPUT_MAX,
          .note = "The password again, if at all."),
    { 0 },
};
const struct shape acceptance_shape = SHAPE(acceptance_input, acceptance_fields);

/* ---- private ---- */

static void write_organization(struct str *out, const struct invitation *i)
{
    json_key(out, "organization");
    json_begin_object(out);
    json_key_text(out, "id", i->organization_id);
    json_key_text(out, "name", i->organization_name);
    json_end_object(out);
}

static void write_inviter(struct str *out, const struct invitation *i)
{
    json_key(out, "inviter");
    if (i->inviter_name == NULL) {
        json_put_null(out);
        return;
    }
    json_begin_object(out);
    json_key_text(out, "name", i->inviter_name);
    json_end_object(out);
}

/* ---- looking ---- */

enum err invitation_read(struct ctx *c, struct request *req, struct response *res)
{
    struct invitation i;
    const char *secret;
    struct str *out;
    enum err e;

    TRY(link_token_read(c, req, &secret));
    e = invitation_find_or_renew(c, app_of(req)->auth, secret, &i);
    if (e != OK)
        return answer_wrong(c, req, res, e);
    out = answer_begin(req, res);
    json_begin_object(out);
    json_key(out, "data");
    json_begin_object(out);
    write_organization(out, &i);
    write_inviter(out, &i);
    shape_write_members(out, &invitation_shape, &i);
    return session_answered(c, req, res, 200);
}

/* ---- accepting ---- */

static enum err find(struct ctx *c, void *arg)
{
    struct acceptance_input *in = arg;

    return invitation_find(c, in->token, &in->invitation);
}

enum err invitation_accept_slow(struct ctx *c, struct request *req, struct response *res)
{
    struct acceptance_input *in = arena_new(c->mem, struct acceptance_input);

    (void)res;
    TRY(session_check_origin(c, req));
    TRY(shape_read(c, &acceptance_shape, req->input, READ_FULL, in));
    TRY(db_do(c, app_of(req)->db, DB_READ, find, in));
    req->slow_result = in;
    if (!in->invitation.needs_password)
        return OK;
    in->password = new_password_read(c, req, in->invitation.email);
    if (in->timezone != NULL)
        zone_check(c, "timezone", in->timezone);
    TRY(fields_ok(c));
    return password_hash(c, in->password, &in->password_hash);
}

/* Who was signed in stays so; who has just got a password is signed in with it. */
static enum err begin_answer(struct ctx *c, struct request *req, struct response *res,
                             const struct invitation *i, struct str **out)
{
    struct user user;

    if (i->needs_password)
        return session_open(c, req, res, i->user_id, false, out);
    TRY(user_get(c, i->user_id, &user));
    *out = answer_begin(req, res);
    json_begin_object(*out);
    json_key(*out, "data");
    json_begin_object(*out);
    json_key(*out, "user");
    shape_write(*out, &user_shape, &user);
    return OK;
}

enum err invitation_accept_post(struct ctx *c, struct request *req, struct response *res)
{
    const struct acceptance_input *in = req->slow_result;
    const struct acceptance acceptance = {
        .first_name = in->first_name,
        .last_name = in->last_name,
        .timezone = in->timezone,
        .password_hash = in->password_hash,
    };
    struct invitation i;
    struct str *out;

    TRY(invitation_find(c, in->token, &i));
    TRY(invitation_accept(c, app_of(req)->auth, &i, &acceptance));
    TRY(begin_answer(c, req, res, &i, &out));
    write_organization(out, &i);
    return session_answered(c, req, res, 200);
}
