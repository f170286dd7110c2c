/* See activity.h. */
#include "api/activity.h"

#include "api/answer.h"
#include "api/app.h"
#include "model/activity.h"

enum { PER_PAGE = 20, PER_PAGE_MAX = 100 };

enum err activity_feed(struct ctx *c, struct request *req, struct response *res)
{
    struct activity_filter filter = ACTIVITY_FILTER;
    struct page page = page_read(req, PER_PAGE, PER_PAGE_MAX);
    struct activity *rows;
    size_t count;

    TRY(query_read(c, req, &activity_filter_shape, &filter));
    TRY(auth_write_uses(c, app_of(req)->auth)); /* first uses are part of it */
    TRY(activity_list(c, &filter, page.per_page, page_offset(&page), &rows, &count, &page.total));
    page.count = (int64_t)count;
    return answer_list(c, req, res, &activity_shape, rows, &page, NULL);
}
