/* See password_input.h. */
#include "api/password_input.h"

#include "api/app.h"
#include "auth/attempt.h"
#include "auth/caller.h"

struct password_input {
    const char *password;
};

static const struct field password_input_fields[] = {
    FIELD(password_input, password, TEXT, REQUIRED, .note = "The caller's own, once more."),
    { 0 },
};
const struct shape password_input_shape = SHAPE(password_input, password_input_fields);

enum err password_input_slow(struct ctx *c, struct request *req, struct response *res)
{
    const char *password = json_get_text(req->input, "password"); /* as sent, not trimmed */
    struct attempt *attempt = arena_new(c->mem, struct attempt);

    (void)res;
    if (password == NULL || password[0] == '\0')
        return fail(c, ERR_INVALID, "password", "The password is required.");
    TRY(attempt_by_user(c, app_of(req)->db, c->caller->user_id, attempt));
    req->slow_result = attempt;
    return attempt_verify(c, app_of(req)->db, attempt, password);
}

enum err password_input_settle(struct ctx *c, struct request *req)
{
    return attempt_settle(c, req->slow_result, "password");
}
