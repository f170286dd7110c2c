/* See ctx.h. */
#include "base/ctx.h"

#include <string.h>

static void set(struct failure *f, enum err e, const char *code, const char *message)
{
    if (f->err != OK)
        return;
    f->err = e;
    f->code = code;
    f->message = message;
}

/* Nobody reads more than so many. */
enum { FIELD_ERRORS_MAX = 100 };

static bool says(const struct field_error *f, const char *field, const char *message)
{
    return strcmp(f->field, field) == 0 && f->message != NULL && message != NULL &&
           strcmp(f->message, message) == 0;
}

/* Once, however many find the same fault. */
static void add_field(struct ctx *c, const char *field, const char *message)
{
    struct field_error **end = &c->failure.fields;
    int n = 0;

    for (; *end != NULL && n < FIELD_ERRORS_MAX; n++) {
        if (says(*end, field, message))
            return;
        end = &(*end)->next;
    }
    if (n == FIELD_ERRORS_MAX)
        return;
    *end = arena_new(c->mem, struct field_error);
    (*end)->field = arena_dup(c->mem, field);
    (*end)->message = message;
}

enum err fail(struct ctx *c, enum err e, const char *field, const char *fmt, ...)
{
    const char *message = NULL;
    va_list ap;

    if (fmt != NULL) {
        va_start(ap, fmt);
        message = arena_vprintf(c->mem, fmt, ap);
        va_end(ap);
    }
    if (field != NULL) {
        add_field(c, field, message);
        /* A validation answer keeps its general message; the field carries the reason. */
        if (e == ERR_INVALID)
            message = NULL;
    }
    set(&c->failure, e, NULL, message);
    return e;
}

enum err fail_code(struct ctx *c, enum err e, const char *code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    set(&c->failure, e, code, arena_vprintf(c->mem, fmt, ap));
    va_end(ap);
    return e;
}

void fault(struct ctx *c, const char *field, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add_field(c, field, arena_vprintf(c->mem, fmt, ap));
    va_end(ap);
    set(&c->failure, ERR_INVALID, NULL, NULL);
}

enum err fields_ok(const struct ctx *c)
{
    return c->failure.fields == NULL ? OK : ERR_INVALID;
}

/* What went wrong was said in memory that is about to go. */
static void keep_failure(struct ctx *c)
{
    c->failure.message = arena_dup(c->mem, c->failure.message);
    for (struct field_error **f = &c->failure.fields; *f != NULL; f = &(*f)->next) {
        struct field_error *copy = arena_new(c->mem, struct field_error);

        *copy = **f;
        copy->field = arena_dup(c->mem, copy->field);
        copy->message = arena_dup(c->mem, copy->message);
        *f = copy;
    }
}

enum err ctx_aside(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
    struct arena *mem = c->mem, *own = arena_new_arena();
    enum err e;

    c->mem = own;
    e = fn(c, arg);
    c->mem = mem;
    keep_failure(c);
    arena_free(own);
    return e;
}

enum err ctx_forgive(struct ctx *c)
{
    c->failure = (struct failure){ 0 };
    return OK;
}
