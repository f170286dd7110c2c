/* See applications.h. */
#include "api/applications.h"

#include "api/answer.h"
#include "api/app.h"
#include "api/oauth.h"
#include "model/application.h"

enum err applications_provision(struct ctx *c, struct request *req, struct response *res)
{
    struct provision_input in = PROVISION_INPUT;
    struct user user;

    TRY(shape_read(c, &application_user_shape, req->input, READ_FULL, &in));
    TRY(application_provision(c, &in, &user));
    return answer(c, req, res, 201, &user_shape, &user);
}

enum err applications_token(struct ctx *c, struct request *req, struct response *res)
{
    struct grant grant;

    TRY(application_token(c, app_of(req)->auth, request_param(req, "email"), &grant));
    return answer_grant(c, req, res, &grant);
}
