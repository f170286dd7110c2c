/* See health.h. */
#include "api/health.h"

#include "api/answer.h"
#include "api/app.h"
#include "auth/password.h"
#include "base/clock.h"
#include "model/health.h"

/* Only a write proves that the store takes writes. Whoever asks more often than once a second is
 * told what the last one showed, so that asking is no way to keep the disk busy. After a
 * write that the store refused, the dispatcher has the next one prove it again. */
enum err health_read(struct ctx *c, struct request *req, struct response *res)
{
    struct app *app = app_of(req);
    struct str *out = answer_begin(req, res);
    int64_t now = clock_monotonic();

    if (now - atomic_load(&app->proved_at) >= SECOND) {
        TRY(health_prove(c));
        atomic_store(&app->proved_at, now);
    }
    json_begin_object(out);
    json_key_text(out, "status", "ok");
    json_end_object(out);
    return answer_end(c, res, 200);
}

enum err metrics_read(struct ctx *c, struct request *req, struct response *res)
{
    struct str *out = answer_begin(req, res);

    metrics_write(app_of(req)->metrics, out);
    metrics_write_counter(out, "pawl_password_hashes_total",
                          "Passwords that were hashed, to make an account's or to compare.",
                          password_hashes());
    TRY(answer_end(c, res, 200));
    res->type = "text/plain; version=0.0.4";
    return OK;
}
