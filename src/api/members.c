/* See members.h. */
#include "api/members.h"

#include <string.h>

#include "api/answer.h"
#include "auth/permission.h"
#include "model/member_list.h"
#include "model/profile.h"
#include "model/user_include.h"

/* Clients classify assignees by reading everybody once, so one page holds them all. */
enum { MEMBERS_PER_PAGE = 9999 };

/* What `with` may add to a person. */
static const struct field user_includes[] = {
    FIELD(user, stats, JSON, READONLY),
    FIELD(user, groups, JSON, READONLY),
    FIELD(user, organizations, JSON, READONLY),
    FIELD(user, preferences, JSON, READONLY),
    FIELD(user, auth_methods, JSON, READONLY),
    { .name = "assets", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { .name = "member_watchers", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { .name = "guest_watchers", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { 0 },
};

static enum err load_includes(struct ctx *c, const struct request *req, struct user *users,
                              size_t count)
{
    static const struct {
        const char *name;
        enum err (*load)(struct ctx *c, struct user *users, size_t count);
    } loads[] = {
        { "stats", user_include_stats },
        { "groups", user_include_groups },
        { "organizations", user_include_organizations },
        { "preferences", user_include_preferences },
        { "auth_methods", user_include_auth_methods },
    };

    for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
        if (answer_includes(req, loads[i].name))
            TRY(loads[i].load(c, users, count));
    return OK;
}

enum err answer_user(struct ctx *c, struct request *req, struct response *res, struct user *user)
{
    TRY(load_includes(c, req, user, 1));
    return answer(c, req, res, 200, answer_shape(req, &user_shape, user_includes), user);
}

enum err members_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, MEMBERS_PER_PAGE, MEMBERS_PER_PAGE);
    struct member_filter filter = { 0 };
    struct user *users;
    size_t count;

    TRY(query_read(c, req, &member_filter_shape, &filter));
    TRY(member_list(c, &filter, page.per_page, page_offset(&page), &users, &count, &page.total));
    TRY(load_includes(c, req, users, count));
    page.count = (int64_t)count;
    return answer_list(c, req, res, answer_shape(req, &user_shape, user_includes), users, &page,
                       NULL);
}

enum err members_all(struct ctx *c, struct request *req, struct response *res)
{
    struct str *out = answer_begin(req, res);
    struct user *users;
    int64_t total;
    size_t count;

    TRY(member_list(c, &(struct member_filter){ 0 }, INT64_C(1000000), 0, &users, &count, &total));
    json_begin_object(out);
    json_key(out, "data");
    json_begin_list(out);
    for (size_t i = 0; i < count; i++)
        shape_write(out, &user_brief_shape, &users[i]);
    json_end_list(out);
    json_end_object(out);
    return answer_end(c, res, 200);
}

enum err members_read(struct ctx *c, struct request *req, struct response *res)
{
    int64_t id = request_param_number(req, "id");
    struct user user;

    TRY(permit_own(c, KEEP_PROFILES, id == c->caller->user_id));
    TRY(user_get(c, id, &user));
    return answer_user(c, req, res, &user);
}

enum err answer_change_of_user(struct ctx *c, struct request *req, struct response *res,
                               int64_t id, enum shape_read_mode mode)
{
    struct user user;

    TRY(permit_own(c, KEEP_PROFILES, id == c->caller->user_id));
    TRY(profile_open(c, id, &user));
    TRY(body_read(c, req, &profile_shape, mode, &user));
    TRY(profile_update(c, &user));
    return answer_user(c, req, res, &user);
}

enum err members_update(struct ctx *c, struct request *req, struct response *res)
{
    return answer_change_of_user(c, req, res, request_param_number(req, "id"), READ_FULL);
}

enum err members_patch(struct ctx *c, struct request *req, struct response *res)
{
    return answer_change_of_user(c, req, res, request_param_number(req, "id"), READ_PARTIAL);
}
