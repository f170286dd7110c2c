/* See me.h. */
#include "api/me.h"

#include "api/answer.h"
#include "api/members.h"
#include "model/org.h"
#include "model/user.h"

enum { ORGS_PER_PAGE = 10, ORGS_PER_PAGE_MOST = 100 };

enum err me_read(struct ctx *c, struct request *req, struct response *res)
{
    struct user me;

    TRY(user_get(c, c->caller->user_id, &me));
    return answer_user(c, req, res, &me);
}

enum err me_update(struct ctx *c, struct request *req, struct response *res)
{
    return answer_change_of_user(c, req, res, c->caller->user_id, READ_FULL);
}

enum err me_patch(struct ctx *c, struct request *req, struct response *res)
{
    return answer_change_of_user(c, req, res, c->caller->user_id, READ_PARTIAL);
}

enum err me_organizations(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, ORGS_PER_PAGE, ORGS_PER_PAGE_MOST);
    struct org *orgs;
    size_t count;

    TRY(org_list_of_user(c, c->caller->user_id, c->caller->token_org, page.per_page,
                         page_offset(&page), &orgs, &count, &page.total));
    page.count = (int64_t)count;
    return answer_list(c, req, res, &org_member_shape, orgs, &page, NULL);
}

enum err user_organizations(struct ctx *c, struct request *req, struct response *res)
{
    if (request_param_number(req, "user") != c->caller->user_id)
        return fail(c, ERR_NOT_FOUND, NULL, NULL);
    return me_organizations(c, req, res);
}
