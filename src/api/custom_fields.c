/* See custom_fields.h. */
#include "api/custom_fields.h"

#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "model/custom_field.h"

/* Where a route's path names its record, and what kind of record that is. */
static const struct place {
    const char *path, *param;
    enum custom_kind kind;
} places[] = {
    { "/tasks/{id}/", "id", CUSTOM_ON_TASK },
    { "/users/{id}/", "id", CUSTOM_ON_USER },
    { "/guests/{email}/", "email", CUSTOM_ON_GUEST },
    { "/folders/{id}/", "id", CUSTOM_ON_FOLDER },
    { "/tags/{id}/", "id", CUSTOM_ON_TAG },
};

static const struct place *place_of(const struct request *req)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (strstr(req->route->path, places[i].path) != NULL)
            return &places[i];
    abort();
}

static const char *record_of(const struct request *req)
{
    return request_param(req, place_of(req)->param);
}

static enum err answer_fields(struct ctx *c, struct request *req, struct response *res,
                              const char *fields)
{
    return answer(c, req, res, 200, &custom_fields_shape,
                  &(struct custom_fields_input){ .custom_fields = fields });
}

enum err custom_fields_read(struct ctx *c, struct request *req, struct response *res)
{
    const char *fields;

    TRY(custom_fields_get(c, place_of(req)->kind, record_of(req), &fields));
    return answer_fields(c, req, res, fields);
}

static enum err set(struct ctx *c, struct request *req, struct response *res, bool all)
{
    struct custom_fields_input in = { 0 };
    const char *fields;

    TRY(shape_read(c, &custom_fields_shape, req->input, READ_FULL, &in));
    TRY(custom_fields_set(c, place_of(req)->kind, record_of(req), in.custom_fields, all,
                          &fields));
    return answer_fields(c, req, res, fields);
}

enum err custom_fields_replace(struct ctx *c, struct request *req, struct response *res)
{
    return set(c, req, res, true);
}

enum err custom_fields_patch(struct ctx *c, struct request *req, struct response *res)
{
    return set(c, req, res, false);
}

enum err custom_fields_set_one(struct ctx *c, struct request *req, struct response *res)
{
    struct custom_field_input in = { 0 };
    const char *fields;

    TRY(shape_read(c, &custom_field_value_shape, req->input, READ_FULL, &in));
    TRY(custom_field_set(c, place_of(req)->kind, record_of(req), request_param(req, "key"),
                         in.value, &fields));
    return answer_fields(c, req, res, fields);
}

enum err custom_fields_clear_one(struct ctx *c, struct request *req, struct response *res)
{
    const char *fields;

    TRY(custom_field_clear(c, place_of(req)->kind, record_of(req), request_param(req, "key"),
                           &fields));
    return answer_fields(c, req, res, fields);
}
