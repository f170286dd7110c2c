/* See device.h. */
#include "api/device.h"

#include <string.h>

#include "api/answer.h"
#include "api/app.h"
#include "api/approval.h"
#include "api/client_auth.h"
#include "api/session.h"
#include "model/device.h"

/* ---- the device ---- */

static enum err begin(struct ctx *c, const struct request *req, struct device_codes *out)
{
    struct client client;

    TRY(client_auth(c, req, &client));
    return device_begin(c, &client, json_get_text(req->input, "scope"), out);
}

enum err device_authorization(struct ctx *c, struct request *req, struct response *res)
{
    struct str *out = answer_begin(req, res);
    struct device_codes codes;
    const char *page;
    enum err e = begin(c, req, &codes);

    if (e != OK)
        return client_auth_refuse(c, req, res, e);
    page = arena_printf(c->mem, "%s/device", auth_issuer(app_of(req)->auth));
    answer_never_cached(req, res);
    json_begin_object(out);
    json_key_text(out, "device_code", codes.device_code);
    json_key_text(out, "user_code", codes.user_code);
    json_key_text(out, "verification_uri", page);
    json_key_text(out, "verification_uri_complete",
                  arena_printf(c->mem, "%s?user_code=%s", page, codes.user_code));
    json_key_int(out, "expires_in", codes.expires_in);
    json_key_int(out, "interval", codes.interval);
    json_end_object(out);
    return answer_end(c, res, 200);
}

/* ---- its user ---- */

/* A wrong code has been counted, so its refusal is committed. */
static enum err refuse(struct ctx *c, struct request *req, struct response *res, enum err e)
{
    return e == ERR_NOT_FOUND ? answer_failure(c, req, res) : e;
}

/* Wrong codes are counted, and a question carries no token against forgery: without this, a page of
 * another site, or a link, could guess until its reader's own code is locked. */
static enum err check_asker(struct ctx *c, const struct request *req)
{
    const char *mode = request_header(req, "Sec-Fetch-Mode");

    if (!session_is_foreign(req) && (mode == NULL || strcmp(mode, "navigate") != 0))
        return OK;
    return fail_code(c, ERR_DENIED, "FOREIGN_ORIGIN", "Enter the code on Pawl's own page.");
}

enum err device_consent(struct ctx *c, struct request *req, struct response *res)
{
    struct device device;
    struct question q = { .client = &device.client };
    enum err e;

    TRY(check_asker(c, req));
    e = device_find(c, request_query(req, "user_code"), &device);

    if (e != OK)
        return refuse(c, req, res, e);
    q.scopes = device.scopes;
    return answer_question(c, req, res, &q);
}

enum err device_consent_answer(struct ctx *c, struct request *req, struct response *res)
{
    struct str *out = answer_begin(req, res);
    struct approval_input in = { 0 };
    struct device device;
    enum err e = device_find(c, request_query(req, "user_code"), &device);

    if (e != OK)
        return refuse(c, req, res, e);
    TRY(shape_read(c, &approval_input_shape, req->input, READ_FULL, &in));
    TRY(device_answer(c, &device, &in));
    json_begin_object(out);
    json_key(out, "data");
    json_begin_object(out);
    json_key_bool(out, "allowed", in.allow);
    json_end_object(out);
    json_end_object(out);
    return answer_end(c, res, 200);
}
