/* See custom_field_keys.h. */
#include "api/custom_field_keys.h"

#include "api/answer.h"
#include "model/custom_field_key.h"

enum { KEYS_PER_PAGE = 10, KEYS_PER_PAGE_MAX = 100 };

enum err custom_field_keys_list(struct ctx *c, struct request *req, struct response *res)
{
    struct custom_field_key_filter filter = CUSTOM_FIELD_KEY_ANY;
    struct page page = page_read(req, KEYS_PER_PAGE, KEYS_PER_PAGE_MAX);
    struct custom_field_key *keys;
    size_t count;

    TRY(query_read(c, req, &custom_field_key_filter_shape, &filter));
    TRY(custom_field_key_list(c, &filter, page.per_page, page_offset(&page), &keys, &count,
                              &page.total));
    page.count = (int64_t)count;
    return answer_list(c, req, res, &custom_field_key_shape, keys, &page, NULL);
}

enum err custom_field_keys_create(struct ctx *c, struct request *req, struct response *res)
{
    struct custom_field_key key = CUSTOM_FIELD_KEY_NEW;

    TRY(body_read(c, req, &custom_field_key_create_shape, READ_FULL, &key));
    TRY(custom_field_key_create(c, &key));
    return answer(c, req, res, 201, &custom_field_key_shape, &key);
}

enum err custom_field_keys_read(struct ctx *c, struct request *req, struct response *res)
{
    struct custom_field_key key;

    TRY(custom_field_key_get(c, request_param(req, "id"), &key));
    return answer(c, req, res, 200, &custom_field_key_shape, &key);
}

static enum err change(struct ctx *c, struct request *req, struct response *res,
                       enum shape_read_mode mode)
{
    struct custom_field_key was, key;

    TRY(custom_field_key_get(c, request_param(req, "id"), &was));
    key = was;
    TRY(body_read(c, req, &custom_field_key_shape, mode, &key));
    TRY(custom_field_key_update(c, &was, &key));
    return answer(c, req, res, 200, &custom_field_key_shape, &key);
}

enum err custom_field_keys_update(struct ctx *c, struct request *req, struct response *res)
{
    return change(c, req, res, READ_FULL);
}

enum err custom_field_keys_patch(struct ctx *c, struct request *req, struct response *res)
{
    return change(c, req, res, READ_PARTIAL);
}

enum err custom_field_keys_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(custom_field_key_delete(c, request_param(req, "id")));
    return answer_nothing(res);
}
