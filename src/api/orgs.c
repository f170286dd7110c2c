/* See orgs.h. */
#include "api/orgs.h"

#include "api/answer.h"
#include "auth/caller.h"
#include "model/org.h"

/* Nothing is sold here, so there is nothing in it; scripts ask for it all the same. */
static const struct field org_includes[] = {
    { .name = "billing_info", .type = FIELD_FIXED, .fixed = "{\"data\":{}}" },
    { 0 },
};

enum err orgs_create(struct ctx *c, struct request *req, struct response *res)
{
    struct org_input in = { 0 };
    struct org org;

    TRY(body_read(c, req, &org_input_shape, READ_FULL, &in));
    TRY(org_create(c, &in, c->caller->user_id, &c->org));
    TRY(org_get(c, &org));
    return answer(c, req, res, 201, &org_shape, &org);
}

enum err orgs_read(struct ctx *c, struct request *req, struct response *res)
{
    struct org org;

    TRY(org_get(c, &org));
    return answer(c, req, res, 200, answer_shape(req, &org_shape, org_includes), &org);
}

static enum err update(struct ctx *c, struct request *req, struct response *res,
                       enum shape_read_mode mode)
{
    struct org org;

    TRY(org_get(c, &org));
    TRY(body_read(c, req, &org_shape, mode, &org));
    TRY(org_update(c, &org));
    return answer(c, req, res, 200, &org_shape, &org);
}

enum err orgs_update(struct ctx *c, struct request *req, struct response *res)
{
    return update(c, req, res, READ_FULL);
}

enum err orgs_patch(struct ctx *c, struct request *req, struct response *res)
{
    return update(c, req, res, READ_PARTIAL);
}
