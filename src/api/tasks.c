/* See tasks.h. */
#include "api/tasks.h"

#include "api/answer.h"
#include "api/app.h"
#include "auth/caller.h"
#include "model/folder.h"
#include "model/tag.h"
#include "model/task.h"
#include "model/task_guests.h"
#include "model/task_list.h"

enum {
    TASKS_PER_PAGE = 10,
    TASKS_PER_PAGE_MAX = 100,
    TASKS_AT_ONCE = 10000, /* without_pagination */
    META_MAX = 256 * 1024,
};

/* ---- what a request says ---- */

/* The body with `name` read as title and `description` as summary, unless these are there. */
static const struct json *body_of(struct ctx *c, const struct request *req)
{
    static const char *const words[][2] = { { "name", "title" }, { "description", "summary" } };
    const struct json *in = req->input;

    for (size_t i = 0; i < 2; i++) {
        const struct json *other = json_get(in, words[i][0]);
        struct json *body, *member;

        if (other == NULL || json_get(in, words[i][1]) != NULL)
            continue;
        body = arena_new(c->mem, struct json);
        member = arena_new(c->mem, struct json);
        *body = *in;
        *member = *other;
        member->key = words[i][1];
        member->next = in->first;
        body->first = member;
        in = body;
    }
    return in;
}

/* Like body_read: the operation tells the faults of the fields together with its own. */
static enum err read_input(struct ctx *c, const struct request *req, const struct shape *shape,
                           enum shape_read_mode mode, struct task_input *in)
{
    enum err e = shape_read(c, shape, body_of(c, req), mode, in);

    return e == ERR_INVALID ? OK : e;
}

/* ---- what is answered ---- */

/* What `with` can add. Of these a task has nothing yet, which is answered as such; a process or a
 * step, which the tasks here do not have, is left out. */
static const struct field task_includes[] = {
    { .name = "threads", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { .name = "threads_count", .type = FIELD_FIXED, .fixed = "0" },
    { .name = "comments", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { .name = "issues", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { .name = "form_fields", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    FIELD(task, tags, JSON, READONLY),
    FIELD(task, folders, JSON, READONLY),
    { .name = "assets", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { .name = "roles", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { .name = "member_watchers", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { .name = "guest_watchers", .type = FIELD_FIXED, .fixed = NO_RECORDS },
    { 0 },
};

typedef enum err load_of_subjects(struct ctx *c, enum subject_kind kind, const char *const *ids,
                                  size_t count, const char **out);

/* Fills one member of each task, at this offset, with what belongs to it. */
static enum err load_include(struct ctx *c, struct task *tasks, size_t count,
                             load_of_subjects *load, size_t offset)
{
    const char **ids = arena_new_n(c->mem, const char *, count + 1);
    const char **found = arena_new_n(c->mem, const char *, count + 1);

    for (size_t i = 0; i < count; i++)
        ids[i] = tasks[i].id;
    TRY(load(c, SUBJECT_TASK, ids, count, found));
    for (size_t i = 0; i < count; i++)
        *(const char **)((char *)&tasks[i] + offset) = found[i];
    return OK;
}

/* How an organization arranges its work is not for guests. */
static enum err load_includes(struct ctx *c, const struct request *req, struct task *tasks,
                              size_t count)
{
    for (size_t i = 0; i < count; i++)
        tasks[i].tags = tasks[i].folders = NO_RECORDS;
    if (c->caller->guest_id != 0)
        return OK;
    if (answer_includes(req, "tags"))
        TRY(load_include(c, tasks, count, tag_load_of_subjects, offsetof(struct task, tags)));
    if (answer_includes(req, "folders"))
        TRY(load_include(c, tasks, count, folder_load_of_subjects,
                         offsetof(struct task, folders)));
    return OK;
}

static enum err answer_task(struct ctx *c, struct request *req, struct response *res, int status,
                            struct task *t)
{
    TRY(load_includes(c, req, t, 1));
    return answer(c, req, res, status, answer_shape(req, &task_whole_shape, task_includes), t);
}

/* ---- lists ---- */

/* A person's list says in its meta what is late there, a guest's also who the people are. */
static const char *meta_of(struct ctx *c, const struct task_list *found, const char *people)
{
    struct str meta = str_in(c->mem, META_MAX);

    if (people != NULL) {
        json_key(&meta, "people");
        json_put_raw(&meta, people);
    }
    json_key_int(&meta, "overdue_tasks", found->overdue_tasks);
    json_key_int(&meta, "tasks_due_soon", found->tasks_due_soon);
    return str_text(&meta);
}

typedef enum err read_tasks(struct ctx *c, const struct task_filter *filter, int64_t person,
                            int64_t limit, int64_t offset, struct task_list *out);

/* The tasks of a person, or of everybody (0). */
static enum err list(struct ctx *c, struct request *req, struct response *res, read_tasks *read,
                     int64_t person)
{
    struct task_filter filter = { .is_oneoff = -1, .whole = answer_includes(req, "summary") };
    struct page page = page_read(req, TASKS_PER_PAGE, TASKS_PER_PAGE_MAX);
    const char *people = NULL;
    struct task_list found;

    TRY(query_read(c, req, &task_filter_shape, &filter));
    /* Ten thousand summaries would be more than an answer may hold: they stay in pages. */
    if (filter.without_pagination && !filter.whole)
        page.per_page = TASKS_AT_ONCE;
    TRY(read(c, &filter, person, page.per_page, page_offset(&page), &found));
    if (read == task_list_of_guest)
        TRY(task_guests_view(c, found.rows, found.count, &people));
    TRY(load_includes(c, req, found.rows, found.count));
    page.total = found.total;
    page.count = (int64_t)found.count;
    return answer_list(c, req, res,
                       answer_shape(req, filter.whole ? &task_whole_shape : &task_shape,
                                    task_includes),
                       found.rows, &page, person == 0 ? NULL : meta_of(c, &found, people));
}

enum err tasks_list(struct ctx *c, struct request *req, struct response *res)
{
    return list(c, req, res, task_list, 0);
}

enum err tasks_mine(struct ctx *c, struct request *req, struct response *res)
{
    return list(c, req, res, task_list, c->caller->user_id);
}

enum err tasks_of_user(struct ctx *c, struct request *req, struct response *res)
{
    int64_t person = request_param_number(req, "id");

    if (person <= 0)
        return fail(c, ERR_NOT_FOUND, NULL, NULL);
    return list(c, req, res, task_list, person);
}

enum err answer_tasks_of_guest(struct ctx *c, struct request *req, struct response *res,
                               int64_t guest_id)
{
    return list(c, req, res, task_list_of_guest, guest_id);
}

/* ---- one task ---- */

enum err tasks_create(struct ctx *c, struct request *req, struct response *res)
{
    struct task_input in = task_input_new();
    struct task t;

    TRY(read_input(c, req, &task_create_shape, READ_FULL, &in));
    TRY(task_create(c, app_of(req)->auth, &in, &t));
    return answer_task(c, req, res, 201, &t);
}

enum err tasks_read(struct ctx *c, struct request *req, struct response *res)
{
    struct task t;

    TRY(task_get(c, request_param(req, "id"), &t));
    return answer_task(c, req, res, 200, &t);
}

static enum err change(struct ctx *c, struct request *req, struct response *res,
                       enum shape_read_mode mode)
{
    struct task_input in;
    struct task t;

    TRY(task_edit(c, request_param(req, "id"), &in));
    TRY(read_input(c, req, &task_change_shape, mode, &in));
    TRY(task_update(c, app_of(req)->auth, &in, &t));
    return answer_task(c, req, res, 200, &t);
}

enum err tasks_update(struct ctx *c, struct request *req, struct response *res)
{
    return change(c, req, res, READ_FULL);
}

enum err tasks_patch(struct ctx *c, struct request *req, struct response *res)
{
    return change(c, req, res, READ_PARTIAL);
}

enum err tasks_complete(struct ctx *c, struct request *req, struct response *res)
{
    struct task_completion_input in = { .is_approved = -1 };
    struct task t;

    TRY(shape_read(c, &task_completion_shape, req->input, READ_FULL, &in));
    TRY(task_complete(c, &in, &t));
    return answer_task(c, req, res, 200, &t);
}

enum err tasks_reopen(struct ctx *c, struct request *req, struct response *res)
{
    struct task t;

    TRY(task_reopen(c, request_param(req, "id"), &t));
    return answer_task(c, req, res, 200, &t);
}

enum err tasks_archive(struct ctx *c, struct request *req, struct response *res)
{
    TRY(task_archive(c, request_param(req, "id")));
    return answer_nothing(res);
}

enum err tasks_restore(struct ctx *c, struct request *req, struct response *res)
{
    struct task t;

    TRY(task_restore(c, request_param(req, "id"), &t));
    return answer_task(c, req, res, 200, &t);
}

enum err tasks_delete(struct ctx *c, struct request *req, struct response *res)
{
    TRY(task_delete(c, request_param(req, "id")));
    return answer_nothing(res);
}

enum err tasks_clone(struct ctx *c, struct request *req, struct response *res)
{
    struct task t;

    TRY(task_clone(c, app_of(req)->auth, request_param(req, "id"), &t));
    return answer_task(c, req, res, 201, &t);
}
