/* See preferences.h. */
#include "api/preferences.h"

#include "api/answer.h"
#include "auth/caller.h"
#include "model/preferences.h"

enum err preferences_read(struct ctx *c, struct request *req, struct response *res)
{
    struct preferences mine;

    TRY(preferences_get(c, c->caller->user_id, &mine));
    return answer(c, req, res, 200, &preferences_shape, &mine);
}

static enum err update(struct ctx *c, struct request *req, struct response *res,
                       struct preferences *mine)
{
    TRY(body_read(c, req, &preferences_shape, READ_PARTIAL, mine));
    TRY(preferences_set(c, c->caller->user_id, mine));
    return answer(c, req, res, 200, &preferences_shape, mine);
}

enum err preferences_update(struct ctx *c, struct request *req, struct response *res)
{
    struct preferences mine = preferences_standard;

    return update(c, req, res, &mine);
}

enum err preferences_patch(struct ctx *c, struct request *req, struct response *res)
{
    struct preferences mine;

    TRY(preferences_get(c, c->caller->user_id, &mine));
    return update(c, req, res, &mine);
}
