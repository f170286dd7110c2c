/* See guests.h. */
#include "api/guests.h"

#include "api/answer.h"
#include "api/app.h"
#include "model/guest_list.h"

/* Clients classify assignees by reading everybody once, so one page holds many. */
enum {
    GUESTS_PER_PAGE = 999,
    GUESTS_AT_ONCE = 20000,  /* without_pagination */
    GUESTS_BRIEFLY = 200000, /* of whom only the names are told */
};

/* What `with` may add to a guest. */
static const struct field guest_includes[] = { FIELD(guest, stats, JSON, READONLY), { 0 } };

static enum err describe(struct ctx *c, const struct request *req, struct guest *guests,
                         size_t count)
{
    TRY(guest_describe(c, app_of(req)->auth, guests, count));
    return answer_includes(req, "stats") ? guest_load_stats(c, guests, count) : OK;
}

enum err answer_guest(struct ctx *c, struct request *req, struct response *res, int status,
                      struct guest *guest)
{
    TRY(describe(c, req, guest, 1));
    return answer(c, req, res, status, answer_shape(req, &guest_shape, guest_includes), guest);
}

/* That these are all there are. */
static enum err check_all(struct ctx *c, size_t count, int64_t total)
{
    if (total > (int64_t)count)
        return fail(c, ERR_INVALID, "without_pagination", "There are %lld guests, more than one "
                    "answer holds. Ask for pages.", (long long)total);
    return OK;
}

/* Guests without meta. */
static enum err answer_all(struct ctx *c, struct request *req, struct response *res,
                           const struct shape *shape, const struct guest *guests, size_t count)
{
    struct str *out = answer_begin(req, res);

    json_begin_object(out);
    json_key(out, "data");
    json_begin_list(out);
    for (size_t i = 0; i < count; i++)
        shape_write(out, shape, &guests[i]);
    json_end_list(out);
    json_end_object(out);
    return answer_end(c, res, 200);
}

enum err guests_list(struct ctx *c, struct request *req, struct response *res)
{
    const struct shape *shape = answer_shape(req, &guest_shape, guest_includes);
    struct page page = page_read(req, GUESTS_PER_PAGE, GUESTS_PER_PAGE);
    struct guest_filter filter = { 0 };
    struct guest *guests;
    size_t count;

    TRY(query_read(c, req, &guest_filter_shape, &filter));
    if (filter.without_pagination)
        page = (struct page){ .number = 1, .per_page = GUESTS_AT_ONCE };
    TRY(guest_list(c, &filter, page.per_page, page_offset(&page), &guests, &count, &page.total));
    if (filter.without_pagination)
        TRY(check_all(c, count, page.total));
    TRY(describe(c, req, guests, count));
    if (filter.without_pagination)
        return answer_all(c, req, res, shape, guests, count);
    page.count = (int64_t)count;
    return answer_list(c, req, res, shape, guests, &page, NULL);
}

enum err guests_all(struct ctx *c, struct request *req, struct response *res)
{
    struct guest *guests;
    int64_t total;
    size_t count;

    TRY(guest_list(c, &(struct guest_filter){ 0 }, GUESTS_BRIEFLY, 0, &guests, &count, &total));
    TRY(check_all(c, count, total));
    return answer_all(c, req, res, &guest_brief_shape, guests, count);
}

enum err guests_create(struct ctx *c, struct request *req, struct response *res)
{
    struct guest in = { 0 }, guest;

    TRY(body_read(c, req, &guest_create_shape, READ_FULL, &in));
    TRY(guest_add(c, app_of(req)->auth, &in, &guest));
    return answer_guest(c, req, res, 201, &guest);
}

enum err guests_read(struct ctx *c, struct request *req, struct response *res)
{
    struct guest guest;

    TRY(guest_get(c, request_param(req, "email"), &guest));
    return answer_guest(c, req, res, 200, &guest);
}

/* What is not said stays, also with PUT: clients send the names alone, or the members. */
static enum err update(struct ctx *c, struct request *req, struct response *res, int status)
{
    struct guest wanted, guest;

    TRY(guest_edit(c, request_param(req, "email"), &wanted));
    TRY(body_read(c, req, &guest_change_shape, READ_PARTIAL, &wanted));
    TRY(guest_update(c, &wanted, &guest));
    return answer_guest(c, req, res, status, &guest);
}

enum err guests_update(struct ctx *c, struct request *req, struct response *res)
{
    return update(c, req, res, 201);
}

enum err guests_patch(struct ctx *c, struct request *req, struct response *res)
{
    return update(c, req, res, 200);
}

enum err guests_delete(struct ctx *c, struct request *req, struct response *res)
{
    struct guest guest;

    TRY(guest_delete(c, request_param(req, "email"), &guest));
    return answer_guest(c, req, res, 200, &guest);
}

enum err guests_disable(struct ctx *c, struct request *req, struct response *res)
{
    struct guest guest;

    TRY(guest_disable(c, request_param(req, "email"), &guest));
    return answer_guest(c, req, res, 200, &guest);
}

enum err guests_enable(struct ctx *c, struct request *req, struct response *res)
{
    struct guest guest;

    TRY(guest_enable(c, request_param(req, "email"), &guest));
    return answer_guest(c, req, res, 200, &guest);
}
