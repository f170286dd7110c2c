/* See session.h. */
#include "api/session.h"

#include <string.h>

#include "api/account.h"
#include "api/answer.h"
#include "api/app.h"
#include "auth/attempt.h"
#include "auth/known_device.h"
#include "auth/password.h"
#include "auth/personal.h"
#include "auth/secret.h"
#include "auth/session.h"
#include "auth/uses.h"
#include "auth/setup.h"
#include "model/link.h"
#include "model/org.h"
#include "model/user.h"

/* ---- shapes ---- */

static const struct field setup_fields[] = {
    FIELD(registration_input, code, TEXT, OPTIONAL, .max = 100,
          .note = "From the link that was printed."),
    FIELD(registration_input, organization_name, TEXT, REQUIRED, .max = 50),
    FIELD(registration_input, first_name, TEXT, REQUIRED, .max = 32),
    FIELD(registration_input, last_name, TEXT, REQUIRED, .max = 32),
    FIELD(registration_input, email, TEXT, REQUIRED, .max = 254),
    FIELD(registration_input, password, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX),
    FIELD(registration_input, timezone, TEXT, NULLABLE, .max = 64,
          .note = "An IANA name; UTC if absent."),
    { 0 },
};
const struct shape setup_shape = SHAPE(registration_input, setup_fields);

struct sign_in {
    const char *email;
    const char *password;
    bool remember;
    const char *code;
    struct attempt attempt; /* made of them */
};

static const struct field sign_in_fields[] = {
    FIELD(sign_in, email, TEXT, REQUIRED, .max = 254),
    FIELD(sign_in, password, TEXT, REQUIRED, .max = PASSWORD_INPUT_MAX),
    FIELD(sign_in, remember, BOOL, OPTIONAL, .note = "Stay signed in when the browser is closed."),
    FIELD(sign_in, code, TEXT, NULLABLE, .max = 100,
          .note = "Of the second factor: six digits, or a recovery code."),
    { 0 },
};
const struct shape sign_in_shape = SHAPE(sign_in, sign_in_fields);

/* ---- private ---- */

const char *input_exact(const struct request *req, const char *name, const char *trimmed)
{
    const char *sent = json_get_text(req->input, name);

    return sent == NULL ? trimmed : sent;
}

static void set_cookie(struct request *req, struct response *res, const char *secret,
                       bool remember)
{
    bool secure = app_of(req)->secure_cookies;

    response_header(req, res, "Set-Cookie", session_cookie(req->mem, secure, secret, remember));
    response_header(req, res, "Cache-Control", "no-store");
}

static void write_user(struct str *out, const struct user *user)
{
    json_key(out, "user");
    shape_write(out, &user_shape, user);
}

enum err session_open(struct ctx *c, struct request *req, struct response *res, int64_t user_id,
                      bool remember, struct str **out)
{
    struct app *app = app_of(req);
    struct new_session session;
    struct user user;

    if (c->caller->credential == BY_SESSION)
        TRY(session_end(c, c->caller->session_digest));
    TRY(session_start(c, user_id, remember, &session));
    TRY(user_signed_in(c, user_id, c->caller->address));
    TRY(user_get(c, user_id, &user));
    set_cookie(req, res, session.secret, remember);
    response_header(req, res, "Set-Cookie",
                    known_device_cookie(c, app->auth, app->secure_cookies, user_id));
    *out = answer_begin(req, res);
    json_begin_object(*out);
    json_key(*out, "data");
    json_begin_object(*out);
    write_user(*out, &user);
    json_key_text(*out, "csrf_token", session.csrf_token);
    json_key_time(*out, "expires_at", session.expires_at);
    return OK;
}

enum err session_answered(struct ctx *c, struct request *req, struct response *res, int status)
{
    json_end_object(&res->body);
    answer_meta_warnings(req, &res->body);
    json_end_object(&res->body);
    return answer_end(c, res, status);
}

enum err answer_wrong(struct ctx *c, struct request *req, struct response *res, enum err e)
{
    if (e == ERR_UNAUTHENTICATED || e == ERR_INVALID || e == ERR_DENIED)
        return answer_failure(c, req, res);
    return e;
}

/* Where a browser says that a request comes from; NULL when it does not say. */
static const char *site_of(const struct request *req)
{
    const char *site = request_header(req, "Sec-Fetch-Site");
    const char *origin = request_header(req, "Origin");

    if (site != NULL || origin == NULL)
        return site;
    return strcmp(origin, req->base_url) == 0 ? "same-origin" : "cross-site";
}

static bool is_own(const char *site)
{
    return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
}

bool session_is_foreign(const struct request *req)
{
    const char *site = site_of(req);

    return site != NULL && !is_own(site);
}

/* ---- set-up ---- */

enum err setup_status(struct ctx *c, struct request *req, struct response *res)
{
    struct str *out = answer_begin(req, res);
    bool any;

    TRY(user_any(c, &any));
    json_begin_object(out);
    json_key(out, "data");
    json_begin_object(out);
    json_key_bool(out, "required", !any);
    return session_answered(c, req, res, 200);
}

static enum err refuse_second_setup(struct ctx *c, void *unused)
{
    bool any;

    (void)unused;
    TRY(user_any(c, &any));
    return any ? setup_is_done(c) : OK;
}

static enum err check_setup_code(struct ctx *c, const struct request *req)
{
    const char *code = json_get_text(req->input, "code");
    const char *digest = code == NULL ? NULL : secret_digest(c->mem, code);

    if (!secret_equal(app_of(req)->setup_code_digest, digest))
        return fail_code(c, ERR_DENIED, "SETUP_CODE_INVALID",
                         "This set-up link is not valid. Use the link printed when the server "
                         "started.");
    return OK;
}

enum err setup_complete_slow(struct ctx *c, struct request *req, struct response *res)
{
    (void)res;
    TRY(db_do(c, app_of(req)->db, DB_READ, refuse_second_setup, NULL));
    TRY(check_setup_code(c, req));
    return registration_read(c, req, &setup_shape);
}

enum err setup_complete(struct ctx *c, struct request *req, struct response *res)
{
    const struct registration_input *in = req->slow_result;
    const struct org_input org_input = { .name = in->organization_name, .timezone = in->timezone };
    const struct user_input user_input = registration_person(in);
    struct str *out;
    struct org org;
    int64_t user_id;

    TRY(refuse_second_setup(c, NULL));
    TRY(setup_claim(c));
    TRY(user_create(c, &user_input, true, &user_id));
    TRY(org_create(c, &org_input, user_id, &c->org));
    TRY(org_get(c, &org));
    TRY(session_open(c, req, res, user_id, false, &out));
    json_key(out, "organization");
    shape_write(out, &org_shape, &org);
    return session_answered(c, req, res, 201);
}

/* ---- browser session ---- */

enum err session_check_origin(struct ctx *c, const struct request *req)
{
    if (!session_is_foreign(req))
        return OK;
    return fail_code(c, ERR_DENIED, "FOREIGN_ORIGIN", "Sign in on Pawl's own page.");
}

enum err session_create_slow(struct ctx *c, struct request *req, struct response *res)
{
    struct sign_in *in = arena_new(c->mem, struct sign_in);
    struct app *app = app_of(req);
    const char *known = request_cookie(req, known_device_cookie_name(app->secure_cookies));

    (void)res;
    TRY(session_check_origin(c, req));
    TRY(shape_read(c, &sign_in_shape, req->input, READ_FULL, in));
    TRY(attempt_by_browser(c, app->db, app->auth, in->email, known, &in->attempt));
    req->slow_result = in;
    return attempt_verify(c, app->db, &in->attempt, input_exact(req, "password", in->password));
}

static enum err settle(struct ctx *c, const struct request *req, const struct sign_in *in)
{
    TRY(attempt_settle_code(c, app_of(req)->auth, &in->attempt, in->code));
    return session_allowed(c, in->attempt.user_id);
}

enum err session_create(struct ctx *c, struct request *req, struct response *res)
{
    const struct sign_in *in = req->slow_result;
    enum err e = settle(c, req, in);
    struct str *out;

    if (e != OK)
        return answer_wrong(c, req, res, e);
    TRY(session_open(c, req, res, in->attempt.user_id, in->remember, &out));
    return session_answered(c, req, res, 200);
}

/* The last use may not be written yet; who is about to sign out is told of it all the same, without
 * a transaction that writes. */
static enum err write_personal_token(struct ctx *c, struct auth *auth, struct str *out)
{
    struct personal_token token;
    struct token_use use;
    enum err e = personal_token_find(c, c->caller->user_id, &token);
    bool kept;

    json_key(out, "personal_token");
    if (e == ERR_NOT_FOUND) {
        json_put_null(out);
        return ctx_forgive(c);
    }
    TRY(e);
    TRY(personal_token_is_kept(c, c->caller->user_id, &kept));
    if (!auth_token_used(auth, c->mem, token.id, &use))
        use = (struct token_use){ token.last_used_at, token.last_used_ip,
                                  token.last_used_client };
    json_begin_object(out);
    json_key_time(out, "created_at", token.created_at);
    json_key_time(out, "expires_at", token.expires_at);
    json_key_time(out, "last_used_at", use.at);
    json_key_text(out, "last_used_ip", use.address);
    json_key_text(out, "last_used_client", use.client);
    json_key_bool(out, "kept", kept); /* when signing out */
    json_end_object(out);
    return OK;
}

static enum err write_session(struct ctx *c, struct auth *auth, struct str *out)
{
    const char *pending_email;
    struct user user;
    int64_t expires_at;

    TRY(user_get(c, c->caller->user_id, &user));
    TRY(session_expiry(c, &expires_at));
    TRY(link_waiting_email(c, LINK_EMAIL, user.id, &pending_email));
    json_begin_object(out);
    write_user(out, &user);
    json_key_text(out, "csrf_token", c->caller->csrf_token);
    json_key_time(out, "expires_at", expires_at);
    json_key_time(out, "email_verified_at", user.email_verified_at);
    json_key_text(out, "pending_email", pending_email); /* the address that is to be proved */
    TRY(write_personal_token(c, auth, out));
    json_end_object(out);
    return OK;
}

enum err session_read(struct ctx *c, struct request *req, struct response *res)
{
    struct str *out = answer_begin(req, res);
    bool any;

    TRY(user_any(c, &any));
    response_header(req, res, "Cache-Control", "no-store");
    json_begin_object(out);
    json_key(out, "data");
    if (c->caller->credential == BY_SESSION)
        TRY(write_session(c, app_of(req)->auth, out));
    else
        json_put_null(out);
    json_key(out, "meta");
    json_begin_object(out);
    json_key_bool(out, "setup_required", !any);
    json_key_bool(out, "sign_up", app_of(req)->sign_up);
    json_end_object(out);
    json_end_object(out);
    return answer_end(c, res, 200);
}

/* Signing out of the browser ends the session and the personal token, which lives as long as its
 * owner stays signed in (unless an organization keeps it). Without a session there is nothing to
 * end. */
static enum err sign_out(struct ctx *c, struct request *req, struct response *res)
{
    set_cookie(req, res, NULL, false);
    if (c->caller->credential != BY_SESSION)
        return OK;
    TRY(session_end(c, c->caller->session_digest));
    return personal_token_sign_out(c, c->caller->user_id);
}

enum err session_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(sign_out(c, req, res));
    return answer_nothing(res);
}

enum err logout_form(struct ctx *c, struct request *req, struct response *res)
{
    const char *site = site_of(req);

    if (site == NULL || !is_own(site))
        return fail_code(c, ERR_DENIED, "FOREIGN_ORIGIN", "Another site may not sign you out.");
    TRY(sign_out(c, req, res));
    response_header(req, res, "Location", "/login");
    res->status = 303;
    return OK;
}

/* ---- API sign-in ---- */

/* The personal token, or null for those who may have none. */
static enum err write_token(struct ctx *c, struct request *req, struct str *out, int64_t user_id)
{
    struct personal_token token;
    bool allowed;

    TRY(user_may_have_tokens(c, user_id, &allowed));
    json_key(out, "token");
    if (!allowed) {
        json_put_null(out);
        return OK;
    }
    TRY(personal_token_show(c, app_of(req)->auth, user_id, &token));
    json_begin_object(out);
    json_key_text(out, "access_token", token.access_token);
    json_key_text(out, "token_type", "Bearer");
    json_key_int(out, "expires_in", token.expires_in);
    json_end_object(out);
    return OK;
}

enum err auth_login(struct ctx *c, struct request *req, struct response *res)
{
    const struct sign_in *in = req->slow_result;
    int64_t user_id = in->attempt.user_id;
    enum err e = settle(c, req, in);
    struct user user;
    struct str *out;

    if (e != OK)
        return answer_wrong(c, req, res, e);
    TRY(user_signed_in(c, user_id, c->caller->address));
    TRY(user_get(c, user_id, &user));
    response_header(req, res, "Cache-Control", "no-store");
    out = answer_begin(req, res);
    json_begin_object(out);
    json_key(out, "data");
    json_begin_object(out);
    shape_write_members(out, &user_shape, &user);
    TRY(write_token(c, req, out, user_id));
    return session_answered(c, req, res, 200);
}

enum err auth_logout(struct ctx *c, struct request *req, struct response *res)
{
    if (c->caller->credential == BY_SESSION)
        TRY(sign_out(c, req, res));
    else
        TRY(personal_token_sign_out(c, c->caller->user_id));
    return answer_nothing(res);
}
