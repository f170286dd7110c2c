/* See account.h. */
#include "api/account.h"

#include <string.h>

#include "api/answer.h"
#include "api/app.h"
#include "api/session.h"
#include "auth/attempt.h"
#include "auth/caller.h"
#include "auth/password.h"
#include "auth/secret.h"
#include "base/text.h"
#include "model/account.h"

/* ---- shapes ---- */

static const struct field registration_fields[] = {
    FIELD(registration_input, first_name, TEXT, REQUIRED, .max = 32),
    FIELD(registration_input, last_name, TEXT, REQUIRED, .max = 32),
    FIELD(registration_input, email, TEXT, REQUIRED, .max = 254),
    FIELD(registration_input, password, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX),
    FIELD(registration_input, timezone, TEXT, NULLABLE, .max = 64,
          .note = "An IANA name; UTC if absent."),
    FIELD(registration_input, organization_name, TEXT, NULLABLE, .max = 50,
          .note = "Of the organization that is made; named after the person if absent."),
    { 0 },
};
const struct shape registration_shape = SHAPE(registration_input, registration_fields);

struct address {
    const char *email;
};

static const struct field address_fields[] = {
    FIELD(address, email, TEXT, REQUIRED, .max = 254),
    { 0 },
};
const struct shape address_shape = SHAPE(address, address_fields);

struct link_token {
    const char *token;
};

#define TOKEN_FIELD(record) FIELD(record, token, TEXT, REQUIRED, .max = 100, \
                                  .note = "What stands in the link after #token=.")

static const struct field link_token_fields[] = { TOKEN_FIELD(link_token), { 0 } };
const struct shape link_token_shape = SHAPE(link_token, link_token_fields);

struct password_reset {
    const char *token;
    const char *email;
    const char *password;
    const char *password_confirmation;
    bool end_named_tokens;
    const char *password_hash; /* made of the password */
};

static const struct field password_reset_fields[] = {
    TOKEN_FIELD(password_reset),
    FIELD(password_reset, email, TEXT, NULLABLE, .max = 254,
          .note = "If given, the link must have been sent there."),
    FIELD(password_reset, password, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX),
    FIELD(password_reset, password_confirmation, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX,
          .note = "The new password again."),
    FIELD(password_reset, end_named_tokens, BOOL, OPTIONAL,
          .note = "Whether named tokens end too."),
    { 0 },
};
const struct shape password_reset_shape = SHAPE(password_reset, password_reset_fields);

struct password_change {
    const char *current_password;
    const char *password;
    const char *password_confirmation;
    struct attempt attempt; /* made of them */
    const char *password_hash;
};

static const struct field password_change_fields[] = {
    FIELD(password_change, current_password, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX),
    FIELD(password_change, password, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX),
    FIELD(password_change, password_confirmation, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX,
          .note = "The new password again."),
    { 0 },
};
const struct shape password_change_shape = SHAPE(password_change, password_change_fields);

struct email_change {
    const char *email;
    const char *password;
    struct attempt attempt; /* made of them */
};

static const struct field email_change_fields[] = {
    FIELD(email_change, email, TEXT, REQUIRED, .max = 254, .note = "The new address."),
    FIELD(email_change, password, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX,
          .note = "The present password."),
    { 0 },
};
const struct shape email_change_shape = SHAPE(email_change, email_change_fields);

/* ---- shared ---- */

const char *new_password_read(struct ctx *c, const struct request *req, const char *email)
{
    const char *password = json_get_text(req->input, "password");
    const char *again = json_get_text(req->input, "password_confirmation");

    if (password == NULL) {
        fault(c, "password", "The password is required.");
        return NULL;
    }
    password_check(c, "password", password, email,
                   auth_settings(app_of(req)->auth)->password_min_length);
    if (again != NULL && !secret_equal(password, again))
        fault(c, "password_confirmation", "The password confirmation does not match.");
    return password;
}

enum err link_token_read(struct ctx *c, const struct request *req, const char **out)
{
    struct link_token in = { 0 };

    TRY(shape_read(c, &link_token_shape, req->input, READ_FULL, &in));
    *out = in.token;
    return OK;
}

enum err address_read(struct ctx *c, const struct request *req, const char **out)
{
    struct address in = { 0 };

    TRY(shape_read(c, &address_shape, req->input, READ_FULL, &in));
    if (!text_is_email(in.email))
        return fail(c, ERR_INVALID, "email", "The email must be a valid e-mail address.");
    *out = in.email;
    return OK;
}

enum err answer_address(struct ctx *c, struct request *req, struct response *res, int status,
                        const char *email)
{
    const struct address data = { .email = email };

    return answer(c, req, res, status, &address_shape, &data);
}

/* ---- signing up ---- */

struct user_input registration_person(const struct registration_input *in)
{
    return (struct user_input){
        .first_name = in->first_name,
        .last_name = in->last_name,
        .email = in->email,
        .timezone = in->timezone,
        .password_hash = in->password_hash,
    };
}

/* The password is hashed before anybody knows whether the address is new, so that it always is. */
enum err registration_read(struct ctx *c, struct request *req, const struct shape *shape)
{
    struct registration_input *in = arena_new(c->mem, struct registration_input);
    struct user_input person;

    TRY(shape_read(c, shape, req->input, READ_FULL, in));
    person = registration_person(in);
    user_check(c, &person);
    in->password = new_password_read(c, req, in->email);
    TRY(fields_ok(c));
    req->slow_result = in;
    return password_hash(c, in->password, &in->password_hash);
}

/* Strangers come after whoever has the set-up link. */
static enum err check_set_up(struct ctx *c, void *unused)
{
    bool any;

    (void)unused;
    TRY(user_any(c, &any));
    return any ? OK : fail_code(c, ERR_DENIED, "SIGN_UP_CLOSED",
                                "This server has not been set up yet.");
}

enum err account_register_slow(struct ctx *c, struct request *req, struct response *res)
{
    (void)res;
    if (!app_of(req)->sign_up)
        return fail_code(c, ERR_DENIED, "SIGN_UP_CLOSED",
                         "New accounts are made by invitation only.");
    TRY(db_do(c, app_of(req)->db, DB_READ, check_set_up, NULL));
    return registration_read(c, req, &registration_shape);
}

enum err account_register_post(struct ctx *c, struct request *req, struct response *res)
{
    const struct registration_input *in = req->slow_result;
    const struct registration registration = {
        .person = registration_person(in), .organization_name = in->organization_name,
    };

    TRY(account_register(c, app_of(req)->auth, &registration));
    return answer_address(c, req, res, 201, in->email);
}

enum err account_verify_post(struct ctx *c, struct request *req, struct response *res)
{
    const char *secret;
    struct user user;

    TRY(link_token_read(c, req, &secret));
    TRY(account_verify(c, secret, &user));
    return answer_address(c, req, res, 200, user.email);
}

enum err account_verify_resend(struct ctx *c, struct request *req, struct response *res)
{
    struct user user;

    TRY(user_get(c, c->caller->user_id, &user));
    TRY(account_ask_verification(c, app_of(req)->auth, &user));
    return answer_address(c, req, res, 200, user.email);
}

/* ---- a forgotten password ---- */

enum err password_reset_ask(struct ctx *c, struct request *req, struct response *res)
{
    const char *email;

    TRY(address_read(c, req, &email));
    TRY(account_ask_reset(c, app_of(req)->auth, email));
    return answer_address(c, req, res, 200, email);
}

struct reset_owner {
    const char *token;
    struct user user;
};

static enum err find_reset_owner(struct ctx *c, void *arg)
{
    struct reset_owner *owner = arg;

    return account_reset_find(c, owner->token, &owner->user);
}

static bool is_address_of(struct ctx *c, const char *email, const struct user *user)
{
    return strcmp(text_fold_email(c->mem, email), text_fold_email(c->mem, user->email)) == 0;
}

/* A link that is no good costs no hash. */
enum err password_reset_slow(struct ctx *c, struct request *req, struct response *res)
{
    struct password_reset *in = arena_new(c->mem, struct password_reset);
    struct reset_owner owner;

    (void)res;
    TRY(shape_read(c, &password_reset_shape, req->input, READ_FULL, in));
    owner.token = in->token;
    TRY(db_do(c, app_of(req)->db, DB_READ, find_reset_owner, &owner));
    if (in->email != NULL && !is_address_of(c, in->email, &owner.user))
        fault(c, "email", "The link was sent to another address.");
    in->password = new_password_read(c, req, owner.user.email);
    TRY(fields_ok(c));
    req->slow_result = in;
    return password_hash(c, in->password, &in->password_hash);
}

enum err password_reset_post(struct ctx *c, struct request *req, struct response *res)
{
    const struct password_reset *in = req->slow_result;
    struct user user;

    TRY(account_reset(c, app_of(req)->auth, in->token, in->password_hash, in->end_named_tokens,
                      &user));
    return answer_address(c, req, res, 200, user.email);
}

/* ---- another password, another address ---- */

enum err password_update_slow(struct ctx *c, struct request *req, struct response *res)
{
    struct password_change *in = arena_new(c->mem, struct password_change);
    struct app *app = app_of(req);

    (void)res;
    TRY(shape_read(c, &password_change_shape, req->input, READ_FULL, in));
    TRY(attempt_by_user(c, app->db, c->caller->user_id, &in->attempt));
    in->password = new_password_read(c, req, in->attempt.email);
    TRY(fields_ok(c));
    TRY(attempt_verify(c, app->db, &in->attempt,
                       input_exact(req, "current_password", in->current_password)));
    req->slow_result = in;
    return in->attempt.right ? password_hash(c, in->password, &in->password_hash) : OK;
}

enum err password_update(struct ctx *c, struct request *req, struct response *res)
{
    const struct password_change *in = req->slow_result;
    enum err e = attempt_settle(c, &in->attempt, "current_password");
    struct user user;

    if (e != OK)
        return answer_wrong(c, req, res, e);
    TRY(account_change_password(c, app_of(req)->auth, in->password_hash, &user));
    return answer(c, req, res, 200, &user_shape, &user);
}

enum err email_update_slow(struct ctx *c, struct request *req, struct response *res)
{
    struct email_change *in = arena_new(c->mem, struct email_change);
    struct app *app = app_of(req);

    (void)res;
    TRY(shape_read(c, &email_change_shape, req->input, READ_FULL, in));
    TRY(attempt_by_user(c, app->db, c->caller->user_id, &in->attempt));
    account_check_email(c, in->attempt.email, in->email);
    TRY(fields_ok(c));
    req->slow_result = in;
    return attempt_verify(c, app->db, &in->attempt, input_exact(req, "password", in->password));
}

enum err email_update(struct ctx *c, struct request *req, struct response *res)
{
    const struct email_change *in = req->slow_result;
    enum err e = attempt_settle(c, &in->attempt, "password");
    struct str *out;
    struct user user;

    if (e != OK)
        return answer_wrong(c, req, res, e);
    TRY(account_ask_email(c, app_of(req)->auth, in->email, &user));
    out = answer_begin(req, res);
    json_begin_object(out);
    json_key(out, "data");
    shape_write(out, &user_shape, &user);
    json_key(out, "meta");
    json_begin_object(out);
    json_key_text(out, "pending_email", in->email);
    json_end_object(out);
    json_end_object(out);
    return answer_end(c, res, 200);
}

enum err email_confirm(struct ctx *c, struct request *req, struct response *res)
{
    const char *secret;
    struct user user;

    TRY(link_token_read(c, req, &secret));
    TRY(account_confirm_email(c, app_of(req)->auth, secret, &user));
    return answer_address(c, req, res, 200, user.email);
}

/* ---- the same by number ---- */

static enum err check_themselves(struct ctx *c, const struct request *req)
{
    if (request_param_number(req, "id") != c->caller->user_id)
        return fail(c, ERR_DENIED, NULL, "People change their password and address themselves.");
    return OK;
}

enum err password_update_of_user_slow(struct ctx *c, struct request *req, struct response *res)
{
    TRY(check_themselves(c, req));
    return password_update_slow(c, req, res);
}

enum err email_update_of_user_slow(struct ctx *c, struct request *req, struct response *res)
{
    TRY(check_themselves(c, req));
    return email_update_slow(c, req, res);
}
