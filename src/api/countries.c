/* See countries.h. */
#include "api/countries.h"

#include "api/answer.h"
#include "model/country.h"

/* All of them fit into one page. */
enum { COUNTRIES_PER_PAGE = 999 };

enum err countries_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = page_read(req, COUNTRIES_PER_PAGE, COUNTRIES_PER_PAGE);
    int64_t rest = (int64_t)country_count - page_offset(&page);

    page.total = (int64_t)country_count;
    page.count = rest <= 0 ? 0 : rest < page.per_page ? rest : page.per_page;
    return answer_list(c, req, res, &country_shape,
                       page.count == 0 ? countries : countries + page_offset(&page), &page, NULL);
}
