/* See folders.h. */
#include "api/folders.h"

#include "api/answer.h"
#include "model/folder.h"

enum { PER_PAGE = 10, PER_PAGE_MOST = 100 };

static const struct field folder_includes[] = { FIELD(folder, children, JSON, READONLY), { 0 } };

static enum err load_includes(struct ctx *c, const struct request *req, struct folder *folders,
                              size_t count)
{
    return answer_includes(req, "children") ? folder_load_children(c, folders, count) : OK;
}

static enum err answer_folder(struct ctx *c, struct request *req, struct response *res,
                              int status, struct folder *folder)
{
    TRY(load_includes(c, req, folder, 1));
    return answer(c, req, res, status, answer_shape(req, &folder_shape, folder_includes), folder);
}

enum err folders_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, PER_PAGE, PER_PAGE_MOST);
    struct folder_filter filter = { 0 };
    struct folder *folders;
    size_t count;

    TRY(query_read(c, req, &folder_filter_shape, &filter));
    TRY(folder_list(c, &filter, page.per_page, page_offset(&page), &folders, &count,
                    &page.total));
    TRY(load_includes(c, req, folders, count));
    page.count = (int64_t)count;
    return answer_list(c, req, res, answer_shape(req, &folder_shape, folder_includes), folders,
                       &page, NULL);
}

enum err folders_create(struct ctx *c, struct request *req, struct response *res)
{
    struct folder_input in = { 0 };
    struct folder folder;

    TRY(body_read(c, req, &folder_input_shape, READ_FULL, &in));
    TRY(folder_create(c, &in, &folder));
    return answer_folder(c, req, res, 201, &folder);
}

enum err folders_read(struct ctx *c, struct request *req, struct response *res)
{
    struct folder folder;

    TRY(folder_get(c, request_param(req, "id"), &folder));
    return answer_folder(c, req, res, 200, &folder);
}

enum err folders_update(struct ctx *c, struct request *req, struct response *res)
{
    const char *id = request_param(req, "id");
    struct folder_input in = { 0 };
    struct folder folder;

    TRY(folder_get(c, id, &folder));
    in.name = folder.name;
    in.parent_id = folder.parent_id;
    in.position = folder.position;
    TRY(body_read(c, req, &folder_input_shape, READ_PARTIAL, &in));
    TRY(folder_update(c, id, &in, &folder));
    return answer_folder(c, req, res, 200, &folder);
}

enum err folders_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(folder_delete(c, request_param(req, "id")));
    return answer_success(c, req, res);
}

enum err folders_add(struct ctx *c, struct request *req, struct response *res)
{
    struct folder_place_input in = { 0 };
    struct folder_place place;

    TRY(shape_read(c, &folder_place_input_shape, req->input, READ_FULL, &in));
    TRY(folder_add(c, &in, &place));
    return answer(c, req, res, 201, &folder_place_shape, &place);
}

enum err folders_remove(struct ctx *c, struct request *req, struct response *res)
{
    TRY(folder_remove(c, request_param_number(req, "relation")));
    return answer_success(c, req, res);
}
