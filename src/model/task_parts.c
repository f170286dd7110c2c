/* See task_parts.h. */
#include "model/task_parts.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"

enum { PARTS_TEXT_MAX = 1024 * 1024 }; /* more than ten thousand people */

const char PARTS_NONE[] = "[]";

enum err parts_read(struct ctx *c, const char *completions, struct parts *out)
{
    struct json *in;
    size_t n = 0;

    TRY(json_parse(c, completions, strlen(completions), &in));
    for (const struct json *v = in->first; v != NULL; v = v->next)
        n++;
    *out = (struct parts){ .list = arena_new_n(c->mem, struct task_part, n + 1),
                           .when = arena_new_n(c->mem, const char *, n + 1) };
    for (const struct json *v = in->first; v != NULL; v = v->next) {
        const struct json *approved = json_get(v, "is_approved");

        out->list[out->count].user_id = json_get(v, "user_id")->integer;
        out->list[out->count].is_approved = approved == NULL ? -1 : approved->boolean;
        out->when[out->count++] = json_get_text(v, "completed_at");
    }
    return OK;
}

enum err parts_write(struct ctx *c, const struct parts *p, const char **out)
{
    struct str text = str_in(c->mem, PARTS_TEXT_MAX);

    json_begin_list(&text);
    for (size_t i = 0; i < p->count; i++) {
        json_begin_object(&text);
        json_key_int(&text, "user_id", p->list[i].user_id);
        json_key_text(&text, "completed_at", p->when[i]);
        if (p->list[i].is_approved >= 0)
            json_key_bool(&text, "is_approved", p->list[i].is_approved);
        json_end_object(&text);
    }
    json_end_list(&text);
    if (!str_ok(&text))
        return fail(c, ERR_INVALID, "task", "More people complete this task than one can hold.");
    *out = str_text(&text);
    return OK;
}

void parts_add(struct ctx *c, struct parts *p, int64_t user_id, int decision)
{
    char *when;

    for (size_t i = 0; i < p->count; i++) {
        if (p->list[i].user_id == user_id) {
            p->list[i].is_approved = decision;
            return;
        }
    }
    when = arena_alloc(c->mem, TIME_TEXT_SIZE);
    time_format(c->now, when);
    p->list[p->count] = (struct task_part){ user_id, decision };
    p->when[p->count++] = when;
}
