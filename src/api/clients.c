/* See clients.h. */
#include "api/clients.h"

#include "api/answer.h"
#include "model/client.h"

enum { CLIENTS_PER_PAGE = 10, CLIENTS_PER_PAGE_MOST = 100 };

enum err clients_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, CLIENTS_PER_PAGE, CLIENTS_PER_PAGE_MOST);
    struct client *clients;
    size_t count;

    TRY(client_list(c, page.per_page, page_offset(&page), &clients, &count, &page.total));
    page.count = (int64_t)count;
    return answer_list(c, req, res, &client_shape, clients, &page, NULL);
}

enum err clients_create(struct ctx *c, struct request *req, struct response *res)
{
    struct client_input in = CLIENT_INPUT;
    struct client client;

    TRY(shape_read(c, &client_input_shape, req->input, READ_FULL, &in));
    TRY(client_create(c, &in, &client));
    answer_never_cached(req, res);
    return answer(c, req, res, 201, &client_secret_shape, &client);
}

enum err clients_new_secret(struct ctx *c, struct request *req, struct response *res)
{
    struct client client;

    TRY(client_new_secret(c, request_param(req, "id"), &client));
    answer_never_cached(req, res);
    return answer(c, req, res, 200, &client_secret_shape, &client);
}

enum err clients_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(client_delete(c, request_param(req, "id")));
    return answer_nothing(res);
}
