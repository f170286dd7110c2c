/* See answer.h. */
#include "api/answer.h"

#include <stdlib.h>
#include <string.h>

#include "http/encode.h"
#include "http/router.h"

/* ---- pages ---- */

static int64_t positive(const char *text, int64_t standard)
{
    char *end;
    long long n;

    if (text == NULL || text[0] == '\0')
        return standard;
    n = strtoll(text, &end, 10);
    return *end != '\0' || n < 1 ? standard : n;
}

struct page page_read(const struct request *req, int64_t standard, int64_t most)
{
    /* Beyond this every list has ended; the bound keeps the offset from overflowing. */
    const int64_t last = INT64_C(1000000000);
    const char *asked = request_query(req, "per_page");
    const char *size = asked != NULL && asked[0] != '\0' ? asked : request_query(req, "limit");
    struct page p = {
        .number = positive(request_query(req, "page"), 1),
        .per_page = positive(size, standard),
    };

    p.number = p.number > last ? last : p.number;
    p.per_page = p.per_page > most ? most : p.per_page;
    return p;
}

/* The address of another page of the same list: the caller's own prefix and query, so that a
 * client may follow it as it is. */
static const char *page_link(const struct request *req, int64_t number)
{
    struct str url = str_in(req->mem, 16 * 1024);

    str_add(&url, req->base_url);
    str_add(&url, req->target);
    str_add_char(&url, '?');
    for (const struct pair *q = req->query; q != NULL; q = q->next) {
        if (strcmp(q->name, "page") == 0)
            continue;
        encode_query(&url, q->name);
        str_add_char(&url, '=');
        encode_query(&url, q->value);
        str_add_char(&url, '&');
    }
    str_printf(&url, "page=%lld", (long long)number);
    return str_text(&url);
}

static void write_pagination(const struct request *req, struct str *out, const struct page *p)
{
    int64_t pages = p->total == 0 ? 1 : (p->total + p->per_page - 1) / p->per_page;

    json_key(out, "pagination");
    json_begin_object(out);
    json_key_int(out, "total", p->total);
    json_key_int(out, "count", p->count);
    json_key_int(out, "per_page", p->per_page);
    json_key_int(out, "current_page", p->number);
    json_key_int(out, "total_pages", pages);
    json_key_bool(out, "has_more_pages", p->number < pages);
    json_key(out, "links");
    if (p->number > 1 || p->number < pages) {
        json_begin_object(out);
        if (p->number > 1)
            json_key_text(out, "previous",
                          page_link(req, p->number - 1 < pages ? p->number - 1 : pages));
        if (p->number < pages)
            json_key_text(out, "next", page_link(req, p->number + 1));
        json_end_object(out);
    } else {
        json_begin_list(out);
        json_end_list(out);
    }
    json_end_object(out);
}

enum err query_read(struct ctx *c, const struct request *req, const struct shape *shape,
                    void *record)
{
    struct json *in = json_new(c->mem, J_OBJECT);

    for (const struct field *f = shape->fields; f->name != NULL; f++) {
        const char *value = request_query(req, f->name);

        if (value != NULL && value[0] != '\0')
            json_append(c->mem, in, f->name, json_new_text(c->mem, value));
    }
    return shape_read(c, shape, in, READ_PARTIAL, record);
}

enum err body_read(struct ctx *c, const struct request *req, const struct shape *shape,
                   enum shape_read_mode mode, void *record)
{
    enum err e = shape_read(c, shape, req->input, mode, record);

    return e == ERR_INVALID ? OK : e;
}

/* ---- includes ---- */

bool answer_includes(const struct request *req, const char *name)
{
    const char *with = request_query(req, "with");
    size_t n = strlen(name);

    while (with != NULL && *with != '\0') {
        size_t length = strcspn(with, ",");

        if (length == n && strncmp(with, name, n) == 0)
            return true;
        with += length + (with[length] == ',');
    }
    return false;
}

static size_t field_count(const struct field *fields)
{
    size_t n = 0;

    while (fields[n].name != NULL)
        n++;
    return n;
}

const struct shape *answer_shape(const struct request *req, const struct shape *plain,
                                 const struct field *includes)
{
    struct shape *shape;
    struct field *fields;
    size_t n = field_count(plain->fields);

    if (request_query(req, "with") == NULL)
        return plain;
    fields = arena_new_n(req->mem, struct field, n + field_count(includes) + 1);
    memcpy(fields, plain->fields, n * sizeof(*fields));
    for (const struct field *f = includes; f->name != NULL; f++)
        if (answer_includes(req, f->name))
            fields[n++] = *f;
    shape = arena_new(req->mem, struct shape);
    *shape = *plain;
    shape->fields = fields;
    return shape;
}

/* ---- envelopes ---- */

struct str *answer_begin(struct request *req, struct response *res)
{
    res->body = str_in(req->mem, ANSWER_MAX);
    return &res->body;
}

enum err answer_end(struct ctx *c, struct response *res, int status)
{
    if (!str_ok(&res->body))
        return answer_too_large(c);
    res->status = status;
    res->type = "application/json";
    return OK;
}

static void write_warnings(struct request *req, struct str *out)
{
    json_key(out, "warnings");
    json_begin_list(out);
    for (const struct json *key = req->unknown->first; key != NULL; key = key->next) {
        json_begin_object(out);
        json_key_text(out, "field", key->text);
        json_key_text(out, "message", "This field is not known here and was ignored.");
        json_end_object(out);
    }
    json_end_list(out);
}

static bool has_warnings(const struct request *req)
{
    return req->unknown != NULL && req->unknown->first != NULL;
}

void answer_meta_warnings(struct request *req, struct str *out)
{
    if (!has_warnings(req))
        return;
    json_key(out, "meta");
    json_begin_object(out);
    write_warnings(req, out);
    json_end_object(out);
}

enum err answer(struct ctx *c, struct request *req, struct response *res, int status,
                const struct shape *shape, const void *record)
{
    struct str *out = answer_begin(req, res);

    json_begin_object(out);
    json_key(out, "data");
    shape_write(out, shape, record);
    answer_meta_warnings(req, out);
    json_end_object(out);
    return answer_end(c, res, status);
}

enum err answer_list(struct ctx *c, struct request *req, struct response *res,
                     const struct shape *shape, const void *records, const struct page *page,
                     const char *extra_meta)
{
    struct str *out = answer_begin(req, res);

    json_begin_object(out);
    json_key(out, "data");
    json_begin_list(out);
    for (int64_t i = 0; i < page->count; i++)
        shape_write(out, shape, (const char *)records + (size_t)i * shape->size);
    json_end_list(out);
    json_key(out, "meta");
    json_begin_object(out);
    write_pagination(req, out, page);
    if (extra_meta != NULL)
        json_put_raw(out, extra_meta);
    json_end_object(out);
    json_end_object(out);
    return answer_end(c, res, 200);
}

void answer_never_cached(struct request *req, struct response *res)
{
    response_header(req, res, "Cache-Control", "no-store");
    response_header(req, res, "Pragma", "no-cache");
}

enum err answer_success(struct ctx *c, struct request *req, struct response *res)
{
    struct str *out = answer_begin(req, res);

    json_begin_object(out);
    json_key_bool(out, "success", true);
    json_end_object(out);
    return answer_end(c, res, 200);
}

enum err answer_nothing(struct response *res)
{
    res->status = 204;
    return OK;
}

/* ---- failures ---- */

/* RFC 6749 section 5.2, with the message twice for clients that know only `message`. */
static void write_oauth_failure(struct str *out, const struct failure *f, const char *message)
{
    const char *code = f->code != NULL ? f->code :
                       f->err == ERR_UNAVAILABLE || f->err == ERR_RETRY ||
                               f->err == ERR_STORE_FULL || f->err == ERR_LIMITED ?
                                         "temporarily_unavailable" :
                       err_status(f->err) >= 500 ? "server_error" : "invalid_request";

    json_key_text(out, "error", code);
    json_key_text(out, "error_description", message);
    json_key_text(out, "message", message);
}

/* `errors`: the messages of each field in a list of its own. Faults of one field stand apart in
 * the list of faults, so each field is written at its first one. */
static void write_field_errors(struct str *out, const struct field_error *fields)
{
    json_key(out, "errors");
    json_begin_object(out);
    for (const struct field_error *f = fields; f != NULL; f = f->next) {
        const struct field_error *first = fields;

        while (strcmp(first->field, f->field) != 0)
            first = first->next;
        if (first != f)
            continue;
        json_key(out, f->field);
        json_begin_list(out);
        for (const struct field_error *m = f; m != NULL; m = m->next)
            if (strcmp(m->field, f->field) == 0)
                json_put_text(out, m->message);
        json_end_list(out);
    }
    json_end_object(out);
}

static enum err write_failure(struct ctx *c, struct request *req, struct response *res,
                              bool oauth)
{
    const struct failure *f = &c->failure;
    const char *message = f->message != NULL ? f->message : err_message(f->err);
    struct str *out = answer_begin(req, res);

    json_begin_object(out);
    if (oauth) {
        write_oauth_failure(out, f, message);
    } else {
        json_key_bool(out, "error", true);
        json_key_text(out, "message", message);
        json_key_text(out, "code", f->code != NULL ? f->code : err_code(f->err));
    }
    if (f->fields != NULL)
        write_field_errors(out, f->fields);
    json_end_object(out);
    if (f->retry_after > 0 || f->err == ERR_RETRY)
        response_header(req, res, "Retry-After",
                        arena_printf(req->mem, "%d", f->retry_after > 0 ? f->retry_after : 1));
    res->status = err_status(f->err);
    res->type = "application/json";
    return OK;
}

enum err answer_failure(struct ctx *c, struct request *req, struct response *res)
{
    bool oauth = req->route != NULL && (req->route->flags & ROUTE_OAUTH_ERRORS);

    return write_failure(c, req, res, oauth);
}

enum err answer_oauth_failure(struct ctx *c, struct request *req, struct response *res)
{
    return write_failure(c, req, res, true);
}
