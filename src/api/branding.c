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
    struct branding was, wanted;

    TRY(branding_get(c, &was));
    wanted = was;
    TRY(body_read(c, req, &branding_shape, READ_PARTIAL, &wanted));
    TRY(branding_update(c, &was, &wanted));
    return answer(c, req, res, 200, &branding_shape, &wanted);
}
