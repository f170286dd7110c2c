/* See clients.h. */
#include "api/clients.h"

#include "api/answer.h"
#include "api/app.h"
#include "model/client.h"
#include "model/consent.h"

enum { PER_PAGE = 10, PER_PAGE_MOST = 100 };

enum err clients_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, PER_PAGE, PER_PAGE_MOST);
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

enum err clients_read(struct ctx *c, struct request *req, struct response *res)
{
    struct client client;

    TRY(client_get(c, request_param(req, "id"), &client));
    return answer(c, req, res, 200, &client_shape, &client);
}

static enum err change(struct ctx *c, struct request *req, struct response *res,
                       enum shape_read_mode mode)
{
    const char *id = request_param(req, "id");
    struct client_input in;
    struct client client;

    TRY(client_get(c, id, &client));
    in = client_input_of(&client);
    TRY(shape_read(c, &client_change_shape, req->input, mode, &in));
    TRY(client_update(c, id, &in, &client));
    return answer(c, req, res, 200, &client_shape, &client);
}

enum err clients_update(struct ctx *c, struct request *req, struct response *res)
{
    return change(c, req, res, READ_FULL);
}

enum err clients_patch(struct ctx *c, struct request *req, struct response *res)
{
    return change(c, req, res, READ_PARTIAL);
}

enum err clients_new_secret(struct ctx *c, struct request *req, struct response *res)
{
    struct secret_input in = { 0 };
    struct client client;

    TRY(shape_read(c, &secret_input_shape, req->input, READ_FULL, &in));
    TRY(client_new_secret(c, request_param(req, "id"), in.overlap_seconds, &client));
    answer_never_cached(req, res);
    return answer(c, req, res, 200, &client_secret_shape, &client);
}

enum err clients_end_old_secret(struct ctx *c, struct request *req, struct response *res)
{
    TRY(client_end_old_secret(c, request_param(req, "id")));
    return answer_nothing(res);
}

enum err clients_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(client_delete(c, request_param(req, "id")));
    return answer_nothing(res);
}

enum err clients_users(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, PER_PAGE, PER_PAGE_MOST);
    struct client client;
    struct consent *consents;
    size_t count;

    TRY(auth_write_uses(c, app_of(req)->auth));
    TRY(client_get_consented(c, request_param(req, "id"), &client));
    TRY(consent_list(c, client.id, page.per_page, page_offset(&page), &consents, &count,
                     &page.total));
    page.count = (int64_t)count;
    return answer_list(c, req, res, &consent_shape, consents, &page, NULL);
}

enum err clients_end_consent(struct ctx *c, struct request *req, struct response *res)
{
    struct client client;

    TRY(client_get_consented(c, request_param(req, "id"), &client));
    TRY(consent_end(c, client.id, request_param_number(req, "user")));
    return answer_nothing(res);
}
