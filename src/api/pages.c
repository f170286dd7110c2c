/* See pages.h. */
#include "api/pages.h"

#include <string.h>

#include "api/session.h"
#include "http/asset.h"

enum err pages_read(struct ctx *c, struct request *req, struct response *res)
{
    (void)c;
    return asset_answer("/index.html", req, res);
}

enum err pages_setup(struct ctx *c, struct request *req, struct response *res)
{
    const char *accept = request_header(req, "Accept");

    return accept != NULL && strstr(accept, "text/html") != NULL ? pages_read(c, req, res) :
                                                                   setup_status(c, req, res);
}

enum err pages_answer_private(const char *document, struct request *req, struct response *res)
{
    TRY(asset_answer(document, req, res));
    for (struct pair *h = res->headers; h != NULL; h = h->next)
        if (strcmp(h->name, "Referrer-Policy") == 0)
            h->value = "no-referrer";
    return OK;
}

enum err pages_guest(struct ctx *c, struct request *req, struct response *res)
{
    (void)c;
    return pages_answer_private("/guest.html", req, res);
}

enum err pages_asset(struct ctx *c, struct request *req, struct response *res)
{
    if (asset_answer(req->target, req, res) != OK)
        return fail(c, ERR_NO_ROUTE, NULL, NULL);
    return OK;
}
