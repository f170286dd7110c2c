/* See branding.h. */
#include "api/branding.h"

#include "api/answer.h"
#include "model/branding.h"

enum err branding_read(struct ctx *c, struct request *req, struct response *res)
{
    struct branding branding;

    TRY(branding_get(c, &branding));
    return answer(c, req, res, 200, &branding_shape, &branding);
}

enum err branding_change(struct ctx *c, struct request *req, struct response *res)
{
    struct branding branding;

    TRY(branding_get(c, &branding));
    TRY(body_read(c, req, &branding_shape, READ_PARTIAL, &branding));
    TRY(branding_update(c, &branding));
    return answer(c, req, res, 200, &branding_shape, &branding);
}
