/* See guest.h. */
#include "api/guest.h"

#include <string.h>

#include "api/account.h"
#include "api/answer.h"
#include "api/app.h"
#include "api/guests.h"
#include "api/session.h"
#include "api/tasks.h"
#include "auth/caller.h"
#include "auth/guest_code.h"
#include "auth/secret.h"
#include "model/branding.h"
#include "model/guest_link.h"
#include "model/guest_self.h"
#include "model/org.h"

/* ---- shapes ---- */

struct code_input {
    const char *code;
};

static const struct field code_fields[] = {
    FIELD(code_input, code, TEXT, REQUIRED, .max = 100,
          .note = "What stands in the link after /guest/."),
    { 0 },
};
const struct shape guest_code_shape = SHAPE(code_input, code_fields);

/* ---- the guest themselves ---- */

static void set_cookie(struct request *req, struct response *res, const char *secret)
{
    response_header(req, res, "Set-Cookie",
                    guest_cookie(req->mem, app_of(req)->secure_cookies, secret));
    answer_never_cached(req, res);
}

static enum err answer_self(struct ctx *c, struct request *req, struct response *res,
                            const struct guest *guest, const char *csrf_token)
{
    struct str *out = answer_begin(req, res);
    struct branding branding;
    struct org org;

    TRY(org_get(c, &org));
    TRY(branding_get(c, &branding));
    json_begin_object(out);
    json_key(out, "data");
    json_begin_object(out);
    json_key(out, "guest");
    shape_write(out, &guest_self_shape, guest);
    json_key(out, "organization");
    json_begin_object(out);
    shape_write_members(out, &guest_org_shape, &org);
    json_key(out, "branding");
    shape_write(out, &branding_shape, &branding);
    json_end_object(out);
    json_key_text(out, "csrf_token", csrf_token); /* null for who comes with the code */
    json_end_object(out);
    answer_meta_warnings(req, out);
    json_end_object(out);
    return answer_end(c, res, 200);
}

enum err guest_sign_in(struct ctx *c, struct request *req, struct response *res)
{
    struct code_input in = { 0 };
    struct new_guest_session session;
    struct guest guest;

    TRY(session_check_origin(c, req));
    TRY(shape_read(c, &guest_code_shape, req->input, READ_FULL, &in));
    TRY(guest_enter(c, app_of(req)->auth, in.code, &guest, &session));
    set_cookie(req, res, session.secret);
    return answer_self(c, req, res, &guest, session.csrf_token);
}

enum err guest_sign_out(struct ctx *c, struct request *req, struct response *res)
{
    if (c->caller->session_digest != NULL)
        TRY(guest_session_end(c, c->caller->session_digest));
    set_cookie(req, res, NULL);
    return answer_nothing(res);
}

enum err guest_read(struct ctx *c, struct request *req, struct response *res)
{
    struct guest guest;

    TRY(guest_get_by_id(c, c->caller->guest_id, &guest));
    answer_never_cached(req, res);
    return answer_self(c, req, res, &guest, c->caller->csrf_token);
}

enum err guest_patch(struct ctx *c, struct request *req, struct response *res)
{
    struct guest guest;

    TRY(guest_get_by_id(c, c->caller->guest_id, &guest));
    TRY(body_read(c, req, &guest_self_shape, READ_PARTIAL, &guest));
    TRY(guest_self_update(c, &guest));
    return answer_self(c, req, res, &guest, c->caller->csrf_token);
}

/* ---- links ---- */

enum err guest_resend(struct ctx *c, struct request *req, struct response *res)
{
    const char *email;

    TRY(address_read(c, req, &email));
    TRY(guest_link_resend(c, app_of(req)->auth, email));
    return answer_address(c, req, res, 200, email);
}

enum err guest_reset_link(struct ctx *c, struct request *req, struct response *res)
{
    struct guest guest;

    TRY(guest_link_reset(c, app_of(req)->auth, request_param(req, "email"), &guest));
    return answer_guest(c, req, res, 200, &guest);
}

/* ---- tasks ---- */

/* The guest whom the path names, by code or address. */
static enum err find_named(struct ctx *c, const char *named, struct guest *out)
{
    int64_t id;

    if (!secret_is_guest_code(named))
        return guest_get(c, named, out);
    TRY(guest_code_find(c, named, &id));
    return guest_get_by_id(c, id, out);
}

/* The same for this caller. To a guest it makes no difference whether there is another one. */
static enum err find_guest(struct ctx *c, const char *named, int64_t *id)
{
    struct guest guest = { 0 };
    enum err e;

    if (!secret_is_guest_code(named) && strchr(named, '@') == NULL)
        return fail(c, ERR_NOT_FOUND, NULL, NULL);
    e = find_named(c, named, &guest);
    if (c->caller->guest_id != 0 && e == ERR_NOT_FOUND)
        e = ctx_forgive(c);
    TRY(e);
    if (c->caller->guest_id != 0 && guest.id != c->caller->guest_id)
        return fail(c, ERR_DENIED, NULL, "Your link shows your own tasks only.");
    *id = guest.id;
    return OK;
}

enum err guest_tasks(struct ctx *c, struct request *req, struct response *res)
{
    int64_t id;

    TRY(find_guest(c, request_param(req, "guest"), &id));
    return answer_tasks_of_guest(c, req, res, id);
}
