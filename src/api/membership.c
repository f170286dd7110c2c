/* See membership.h. */
#include "api/membership.h"

#include "api/answer.h"
#include "api/app.h"
#include "api/members.h"
#include "model/member.h"

/* ---- shape ---- */

struct role_input {
    int role; /* index of role_input_words */
};

static const struct field role_fields[] = {
    FIELD(role_input, role, WORD, REQUIRED, .words = role_input_words),
    { 0 },
};
const struct shape role_shape = SHAPE(role_input, role_fields);

static const struct field conversion_fields[] = {
    FIELD(role_input, role, WORD, OPTIONAL, .words = role_input_words,
          .note = "standard if absent."),
    { 0 },
};
const struct shape conversion_shape = SHAPE(role_input, conversion_fields);

struct reassignment {
    bool with_reassignment;
    int64_t to;
};

static const struct field reassignment_fields[] = {
    FIELD(reassignment, with_reassignment, BOOL, OPTIONAL),
    FIELD(reassignment, to, INT, OPTIONAL, .called = "new assignee"),
    { 0 },
};
static const struct shape reassignment_shape = SHAPE(reassignment, reassignment_fields);

/* ---- private ---- */

static enum err named(struct ctx *c, const struct request *req, int64_t *id)
{
    return member_find(c, request_param(req, "id"), id);
}

/* A member who goes, and what becomes of their open tasks. */
struct going {
    int64_t id;
    struct hand_over tasks;
    struct user user; /* as they then are */
};

static enum err going_read(struct ctx *c, const struct request *req, struct going *out)
{
    struct reassignment in = { 0 };

    TRY(named(c, req, &out->id));
    TRY(query_read(c, req, &reassignment_shape, &in));
    if (in.with_reassignment && request_query(req, "to") == NULL)
        return fail(c, ERR_INVALID, "to", "Say in `to` who gets the tasks.");
    out->tasks = (struct hand_over){ .wanted = in.with_reassignment, .to = in.to };
    return OK;
}

/* Steps have no assignees of their own yet, so that none of them moves. */
static enum err answer_gone(struct ctx *c, struct request *req, struct response *res,
                            const struct going *g)
{
    struct str *out = answer_begin(req, res);

    json_begin_object(out);
    json_key(out, "data");
    shape_write(out, &user_shape, &g->user);
    json_key(out, "meta");
    json_begin_object(out);
    json_key_int(out, "tasks_moved", g->tasks.moved);
    json_key_int(out, "tasks_left", g->tasks.left);
    json_key_int(out, "steps_moved", 0);
    json_key_int(out, "steps_left", 0);
    json_end_object(out);
    json_end_object(out);
    return answer_end(c, res, 200);
}

/* ---- coming ---- */

enum err membership_invite(struct ctx *c, struct request *req, struct response *res)
{
    struct invite_input in = INVITE_INPUT;
    struct user user;

    TRY(body_read(c, req, &invite_shape, READ_FULL, &in));
    TRY(member_invite(c, app_of(req)->auth, &in, &user));
    return answer_user(c, req, res, &user);
}

enum err membership_resend(struct ctx *c, struct request *req, struct response *res)
{
    struct user user;
    int64_t id;

    TRY(named(c, req, &id));
    TRY(member_resend(c, app_of(req)->auth, id, &user));
    return answer_user(c, req, res, &user);
}

enum err membership_withdraw(struct ctx *c, struct request *req, struct response *res)
{
    struct user user;
    int64_t id;

    TRY(named(c, req, &id));
    TRY(member_withdraw(c, id, &user));
    return answer_user(c, req, res, &user);
}

/* ---- changing ---- */

enum err membership_set_role(struct ctx *c, struct request *req, struct response *res)
{
    struct role_input in;
    struct user user;
    int64_t id;

    TRY(named(c, req, &id));
    TRY(shape_read(c, &role_shape, req->input, READ_FULL, &in));
    TRY(member_set_role(c, id, role_of_input(in.role), &user));
    return answer_user(c, req, res, &user);
}

enum err membership_default_admin(struct ctx *c, struct request *req, struct response *res)
{
    struct user user;
    int64_t id;

    TRY(named(c, req, &id));
    TRY(member_make_default_admin(c, id, &user));
    return answer_user(c, req, res, &user);
}

/* ---- going ---- */

enum err membership_remove(struct ctx *c, struct request *req, struct response *res)
{
    struct going g;

    TRY(going_read(c, req, &g));
    TRY(member_remove(c, app_of(req)->auth, g.id, &g.tasks, &g.user));
    return answer_gone(c, req, res, &g);
}

enum err membership_disable(struct ctx *c, struct request *req, struct response *res)
{
    struct going g;

    TRY(going_read(c, req, &g));
    TRY(member_disable(c, app_of(req)->auth, g.id, &g.tasks, &g.user));
    return answer_gone(c, req, res, &g);
}

enum err membership_enable(struct ctx *c, struct request *req, struct response *res)
{
    struct user user;
    int64_t id;

    TRY(named(c, req, &id));
    TRY(member_enable(c, app_of(req)->auth, id, &user));
    return answer_user(c, req, res, &user);
}

enum err membership_delete(struct ctx *c, struct request *req, struct response *res)
{
    struct going g;

    TRY(going_read(c, req, &g));
    TRY(member_delete(c, g.id, &g.tasks, &g.user));
    return answer_gone(c, req, res, &g);
}

/* ---- members and guests ---- */

enum err membership_to_guest(struct ctx *c, struct request *req, struct response *res)
{
    struct guest guest;
    int64_t id;

    TRY(named(c, req, &id));
    TRY(member_to_guest(c, app_of(req)->auth, id, &guest));
    return answer(c, req, res, 200, &guest_shape, &guest);
}

enum err membership_from_guest(struct ctx *c, struct request *req, struct response *res)
{
    struct role_input in = { .role = ROLE_STANDARD };
    struct user user;

    TRY(shape_read(c, &conversion_shape, req->input, READ_FULL, &in));
    TRY(member_from_guest(c, app_of(req)->auth, request_param(req, "email"),
                          role_of_input(in.role), &user));
    return answer_user(c, req, res, &user);
}
