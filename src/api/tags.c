/* See tags.h. */
#include "api/tags.h"

#include "api/answer.h"
#include "model/tag.h"

enum { PER_PAGE = 10, PER_PAGE_MOST = 100 };

static const struct field tag_includes[] = { FIELD(tag, statistics, JSON, READONLY), { 0 } };

static enum err load_includes(struct ctx *c, const struct request *req, struct tag *tags,
                              size_t count)
{
    return answer_includes(req, "statistics") ? tag_load_statistics(c, tags, count) : OK;
}

static enum err answer_tag(struct ctx *c, struct request *req, struct response *res, int status,
                           struct tag *tag)
{
    TRY(load_includes(c, req, tag, 1));
    return answer(c, req, res, status, answer_shape(req, &tag_shape, tag_includes), tag);
}

enum err tags_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, PER_PAGE, PER_PAGE_MOST);
    struct tag_filter filter = { .auto_generated = -1 };
    struct tag *tags;
    size_t count;

    TRY(query_read(c, req, &tag_filter_shape, &filter));
    TRY(tag_list(c, &filter, page.per_page, page_offset(&page), &tags, &count, &page.total));
    TRY(load_includes(c, req, tags, count));
    page.count = (int64_t)count;
    return answer_list(c, req, res, answer_shape(req, &tag_shape, tag_includes), tags, &page,
                       NULL);
}

enum err tags_create(struct ctx *c, struct request *req, struct response *res)
{
    struct tag_input in = { 0 };
    struct tag tag;

    TRY(body_read(c, req, &tag_input_shape, READ_FULL, &in));
    TRY(tag_create(c, &in, &tag));
    return answer_tag(c, req, res, 201, &tag);
}

enum err tags_read(struct ctx *c, struct request *req, struct response *res)
{
    struct tag tag;

    TRY(tag_get(c, request_param(req, "id"), &tag));
    return answer_tag(c, req, res, 200, &tag);
}

/* The command line sends the colour alone, so PUT does not ask for a title either. */
enum err tags_update(struct ctx *c, struct request *req, struct response *res)
{
    const char *id = request_param(req, "id");
    struct tag_input in;
    struct tag tag;

    TRY(tag_get(c, id, &tag));
    in = (struct tag_input){ .title = tag.title, .color = tag.color };
    TRY(body_read(c, req, &tag_input_shape, READ_PARTIAL, &in));
    TRY(tag_update(c, id, &in, &tag));
    return answer_tag(c, req, res, 200, &tag);
}

enum err tags_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(tag_delete(c, request_param(req, "id")));
    return answer_nothing(res);
}

enum err tags_attach(struct ctx *c, struct request *req, struct response *res)
{
    struct tagging_input in = { 0 };
    struct tagging tagging;

    TRY(shape_read(c, &tagging_input_shape, req->input, READ_FULL, &in));
    TRY(tag_attach(c, &in, &tagging));
    return answer(c, req, res, 201, &tagging_shape, &tagging);
}

enum err tags_detach(struct ctx *c, struct request *req, struct response *res)
{
    TRY(tag_detach(c, request_param_number(req, "association")));
    return answer_success(c, req, res);
}
