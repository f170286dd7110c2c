/* See job_titles.h. */
#include "api/job_titles.h"

#include "api/answer.h"
#include "model/job_title.h"

enum { PER_PAGE = 10, PER_PAGE_MOST = 100 };

struct job_title_filter {
    const char *q;
};

static const struct field filter_fields[] = {
    FIELD(job_title_filter, q, TEXT, OPTIONAL, .called = "search text", .max = 200),
    { 0 },
};
static const struct shape filter_shape = SHAPE(job_title_filter, filter_fields);

enum err job_titles_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, PER_PAGE, PER_PAGE_MOST);
    struct job_title_filter filter = { 0 };
    struct job_title *titles;
    size_t count;

    TRY(query_read(c, req, &filter_shape, &filter));
    TRY(job_title_list(c, filter.q, page.per_page, page_offset(&page), &titles, &count,
                       &page.total));
    page.count = (int64_t)count;
    return answer_list(c, req, res, &job_title_shape, titles, &page, NULL);
}

enum err job_titles_create(struct ctx *c, struct request *req, struct response *res)
{
    struct job_title_input in = { 0 };
    struct job_title title;

    TRY(body_read(c, req, &job_title_input_shape, READ_FULL, &in));
    TRY(job_title_create(c, &in, &title));
    return answer(c, req, res, 201, &job_title_shape, &title);
}

enum err job_titles_read(struct ctx *c, struct request *req, struct response *res)
{
    struct job_title title;

    TRY(job_title_get(c, request_param(req, "id"), &title));
    return answer(c, req, res, 200, &job_title_shape, &title);
}

static enum err change(struct ctx *c, struct request *req, struct response *res,
                       struct job_title_input in)
{
    struct job_title title;

    TRY(body_read(c, req, &job_title_input_shape, READ_FULL, &in));
    TRY(job_title_update(c, request_param(req, "id"), &in, &title));
    return answer(c, req, res, 200, &job_title_shape, &title);
}

enum err job_titles_update(struct ctx *c, struct request *req, struct response *res)
{
    return change(c, req, res, (struct job_title_input){ 0 });
}

enum err job_titles_patch(struct ctx *c, struct request *req, struct response *res)
{
    struct job_title title;

    TRY(job_title_get(c, request_param(req, "id"), &title));
    return change(c, req, res, (struct job_title_input){ .title = title.title });
}

enum err job_titles_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(job_title_delete(c, request_param(req, "id")));
    return answer_nothing(res);
}
