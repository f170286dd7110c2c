/* See sessions.h. */
#include "api/sessions.h"

#include "api/answer.h"
#include "api/app.h"
#include "api/session.h"
#include "auth/caller.h"
#include "auth/secret.h"
#include "auth/session.h"

enum err sessions_list(struct ctx *c, struct request *req, struct response *res)
{
    struct page page = { .number = 1, .per_page = SESSIONS_LISTED };
    struct session *rows;
    size_t count;

    TRY(session_list(c, app_of(req)->auth, &rows, &count));
    page.total = page.count = (int64_t)count;
    return answer_list(c, req, res, &session_shape, rows, &page, NULL);
}

/* Ending the session one is in is signing out. Ending another leaves the personal token alone. */
enum err sessions_end(struct ctx *c, struct request *req, struct response *res)
{
    const char *id = request_param(req, "id");

    if (secret_equal(id, c->caller->session_id))
        return session_delete(c, req, res);
    TRY(session_end_by_id(c, c->caller->user_id, id));
    return answer_nothing(res);
}

enum err sessions_revoke_all(struct ctx *c, struct request *req, struct response *res)
{
    TRY(session_end_others(c, c->caller->user_id, c->caller->session_digest));
    return session_delete(c, req, res);
}
