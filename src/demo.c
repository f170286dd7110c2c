/* See demo.h. Everything is made by the same operations that requests use. */
#include "demo.h"

#include <stdio.h>

#include "auth/password.h"
#include "auth/personal.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "base/log.h"
#include "flow/task.h"
#include "model/member.h"
#include "model/org.h"
#include "model/task.h"
#include "model/user.h"

enum { PASSWORD_LENGTH = 16 };

static const struct {
    const char *first_name, *last_name, *email;
    enum role role;
} people[] = {
    { "Ada", "Okafor", "ada@example.com", ROLE_ADMIN },
    { "Bruno", "Keller", "bruno@example.com", ROLE_STANDARD },
};

/* Whose task, what, and when it is due: hours from the first start. */
static const struct {
    int owner;
    const char *title, *summary;
    enum task_type type;
    int due_hours;
} tasks[] = {
    { 0, "Send the signed lease to the landlord", "Both copies; keep a scan.", TASK_TYPE_TASK,
      -20 },
    { 0, "Approve the budget for the autumn fair", "The figures are in the shared folder.",
      TASK_TYPE_APPROVAL, 5 },
    { 0, "Order name badges for new colleagues", "Three this month.", TASK_TYPE_TASK, 30 },
    { 0, "Read the new travel policy", "It takes five minutes.", TASK_TYPE_EXPIRING, 72 },
    { 1, "Call the courier about the missing parcel", "Reference 40-118.", TASK_TYPE_TASK, 3 },
    { 1, "Check the fire extinguishers", "Ground floor and store room.", TASK_TYPE_TASK, 240 },
};

enum { PEOPLE = sizeof(people) / sizeof(people[0]), TASKS = sizeof(tasks) / sizeof(tasks[0]) };

struct demo {
    struct app *app;
    const char *password_hash;
    const char *org_id;
    int64_t user_ids[PEOPLE];
    struct personal_token token;
};

static enum err make_people(struct ctx *c, struct demo *d)
{
    const struct org_input org = { .name = "Harbour Lane Studio", .timezone = "Europe/Berlin" };

    for (int i = 0; i < PEOPLE; i++) {
        const struct user_input in = {
            .first_name = people[i].first_name,
            .last_name = people[i].last_name,
            .email = people[i].email,
            .timezone = org.timezone,
            .password_hash = d->password_hash,
        };

        TRY(user_create(c, &in, true, &d->user_ids[i]));
    }
    TRY(org_create(c, &org, d->user_ids[0], &d->org_id));
    c->org = d->org_id;
    return member_add(c, d->user_ids[1], people[1].role, false);
}

static enum err make_tasks(struct ctx *c, struct demo *d)
{
    for (int i = 0; i < TASKS; i++) {
        struct task_input in = task_input_new();
        struct task task;

        in.task.title = tasks[i].title;
        in.task.summary = tasks[i].summary;
        in.task.task_type = tasks[i].type;
        in.task.deadline = c->now + tasks[i].due_hours * HOUR;
        in.task.owners = arena_printf(c->mem, "{\"users\":[%lld]}",
                                 (long long)d->user_ids[tasks[i].owner]);
        TRY(task_create(c, d->app->auth, &in, &task));
    }
    return OK;
}

static enum err make(struct ctx *c, void *arg)
{
    struct demo *d = arg;
    struct caller ada = { .credential = BY_SESSION, .role = ROLE_ADMIN, .scopes = "*" };
    enum err e;

    TRY(make_people(c, d));
    ada.user_id = d->user_ids[0];
    c->caller = &ada;
    e = make_tasks(c, d);
    c->caller = NULL;
    return e;
}

/* The demonstration that is in the store already, if it is one. */
static enum err find(struct ctx *c, void *arg)
{
    struct demo *d = arg;
    struct user ada;
    struct org *orgs;
    size_t count;
    int64_t total;

    TRY(user_get_by_email(c, people[0].email, &ada));
    TRY(org_list_of_user(c, ada.id, NULL, 1, 0, &orgs, &count, &total));
    if (count == 0)
        return fail(c, ERR_NOT_FOUND, NULL, NULL);
    d->user_ids[0] = ada.id;
    d->org_id = orgs[0].id;
    return personal_token_show(c, d->app->auth, ada.id, &d->token);
}

static void print(const struct demo *d, const char *url, const char *password)
{
    printf("\nPawl is running: %s\n\n"
           "  sign in as  %s\n"
           "  password    %s\n\n"
           "Her personal token, which is deleted when she signs out:\n\n  %s\n\n"
           "Her tasks; paste this into another terminal:\n\n"
           "  curl -H 'Authorization: Bearer %s' \\\n"
           "       -H 'Accept: application/json' -H 'X-Tallyfy-Client: APIClient' \\\n"
           "       %s/api/organizations/%s/me/tasks\n\n",
           url, people[0].email, password, d->token.access_token, d->token.access_token, url,
           d->org_id);
}

enum err demo_make(struct ctx *c, struct app *app, const char *url, bool empty)
{
    struct demo d = { .app = app };
    const char *password = "as printed at the first start";

    if (empty) {
        password = secret_new(c->mem, PASSWORD_LENGTH);
        TRY(password_hash(c, password, &d.password_hash));
        TRY(db_do(c, app->db, DB_WRITE, make, &d));
    }
    c->org = NULL;
    if (db_do(c, app->db, DB_WRITE, find, &d) != OK) {
        ctx_forgive(c);
        log_info("the store holds other data than the demonstration and was left as it is");
        return OK;
    }
    print(&d, url, password);
    return OK;
}
