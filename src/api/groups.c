/* See groups.h. */
#include "api/groups.h"

#include "api/answer.h"
#include "api/app.h"
#include "model/group.h"

enum { PER_PAGE = 10, PER_PAGE_MOST = 100 };

/* What `with` may add to a group, beside the guests, who take the place of their addresses. */
static const struct field group_includes[] = {
    FIELD(group, users, JSON, READONLY),
    { .name = "assets", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { 0 },
};

static enum err load_includes(struct ctx *c, const struct request *req, struct group *groups,
                              size_t count)
{
    if (answer_includes(req, "users"))
        TRY(group_load_users(c, groups, count));
    return answer_includes(req, "guests") ? group_load_guests(c, groups, count) : OK;
}

static enum err answer_group(struct ctx *c, struct request *req, struct response *res, int status,
                             struct group *group)
{
    TRY(load_includes(c, req, group, 1));
    return answer(c, req, res, status, answer_shape(req, &group_shape, group_includes), group);
}

enum err groups_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, PER_PAGE, PER_PAGE_MOST);
    struct group_filter filter = GROUP_FILTER;
    struct group *groups;
    size_t count;

    TRY(query_read(c, req, &group_filter_shape, &filter));
    TRY(group_list(c, &filter, page.per_page, page_offset(&page), &groups, &count, &page.total));
    TRY(load_includes(c, req, groups, count));
    page.count = (int64_t)count;
    return answer_list(c, req, res, answer_shape(req, &group_shape, group_includes), groups,
                       &page, NULL);
}

enum err groups_create(struct ctx *c, struct request *req, struct response *res)
{
    struct group_input in = { 0 };
    struct group group;

    TRY(body_read(c, req, &group_input_shape, READ_FULL, &in));
    TRY(group_create(c, app_of(req)->auth, &in, &group));
    return answer_group(c, req, res, 201, &group);
}

enum err groups_read(struct ctx *c, struct request *req, struct response *res)
{
    struct group group;

    TRY(group_get(c, request_param(req, "id"), &group));
    return answer_group(c, req, res, 200, &group);
}

static enum err update(struct ctx *c, struct request *req, struct response *res, int status)
{
    const char *id = request_param(req, "id");
    struct group_input in;
    struct group group;

    TRY(group_get(c, id, &group));
    in = group_input_of(&group);
    TRY(body_read(c, req, &group_input_shape, READ_PARTIAL, &in));
    TRY(group_update(c, app_of(req)->auth, id, &in, &group));
    return answer_group(c, req, res, status, &group);
}

enum err groups_update(struct ctx *c, struct request *req, struct response *res)
{
    return update(c, req, res, 201);
}

enum err groups_patch(struct ctx *c, struct request *req, struct response *res)
{
    return update(c, req, res, 200);
}

enum err groups_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(group_delete(c, request_param(req, "id")));
    return answer_nothing(res);
}

enum err groups_add_member(struct ctx *c, struct request *req, struct response *res)
{
    struct group group;

    TRY(group_add_member(c, request_param(req, "id"), request_param_number(req, "user"),
                         &group));
    return answer_group(c, req, res, 200, &group);
}

enum err groups_remove_member(struct ctx *c, struct request *req, struct response *res)
{
    struct group group;

    TRY(group_remove_member(c, request_param(req, "id"), request_param_number(req, "user"),
                            &group));
    return answer_group(c, req, res, 200, &group);
}

enum err groups_add_guest(struct ctx *c, struct request *req, struct response *res)
{
    struct group group;

    TRY(group_add_guest(c, app_of(req)->auth, request_param(req, "id"),
                        request_param(req, "email"), &group));
    return answer_group(c, req, res, 200, &group);
}

enum err groups_remove_guest(struct ctx *c, struct request *req, struct response *res)
{
    struct group group;

    TRY(group_remove_guest(c, request_param(req, "id"), request_param(req, "email"), &group));
    return answer_group(c, req, res, 200, &group);
}
