/* See mails.h. */
#include "api/mails.h"

#include "api/answer.h"
#include "api/app.h"
#include "model/mail.h"
#include "model/user.h"

enum { MAILS_PER_PAGE = 20, MAILS_AT_MOST = 100 };

enum err mails_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, MAILS_PER_PAGE, MAILS_AT_MOST);
    struct queued_mail *mails;
    size_t count;

    TRY(mail_list(c, page.per_page, page_offset(&page), &mails, &count, &page.total));
    page.count = (int64_t)count;
    return answer_list(c, req, res, &queued_mail_shape, mails, &page,
                       app_of(req)->sends_mail ? "\"sends_mail\":true" : "\"sends_mail\":false");
}

enum err mails_read(struct ctx *c, struct request *req, struct response *res)
{
    struct queued_mail mail;

    answer_never_cached(req, res);
    TRY(mail_get(c, request_param(req, "id"), &mail));
    if (!app_of(req)->sends_mail)
        TRY(mail_read(c, app_of(req)->auth, &mail));
    return answer(c, req, res, 200, &queued_mail_text_shape, &mail);
}

enum err mails_retry(struct ctx *c, struct request *req, struct response *res)
{
    struct queued_mail mail;

    TRY(mail_get(c, request_param(req, "id"), &mail));
    TRY(mail_retry(c, &mail));
    return answer(c, req, res, 200, &queued_mail_shape, &mail);
}

enum err mails_test(struct ctx *c, struct request *req, struct response *res)
{
    struct queued_mail mail;
    struct user user;

    TRY(user_get(c, c->caller->user_id, &user));
    TRY(mail_queue_test(c, app_of(req)->auth, &user, &mail));
    return answer(c, req, res, 201, &queued_mail_shape, &mail);
}
