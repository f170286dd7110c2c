/* See discovery.h. */
#include "api/discovery.h"

#include "api/answer.h"
#include "api/app.h"
#include "auth/jwt.h"

enum err discovery_keys(struct ctx *c, struct request *req, struct response *res)
{
    jwks_write(auth_keys(app_of(req)->auth), answer_begin(req, res));
    response_header(req, res, "Cache-Control", "public, max-age=3600");
    return answer_end(c, res, 200);
}
