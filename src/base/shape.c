/* See shape.h. */
#include "base/shape.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/text.h"

enum { TEXT_MAX_DEFAULT = 30000, ONE_LINE_MAX = 200 };

static void *at(void *record, const struct field *f)
{
    return (char *)record + f->offset;
}

static const void *at_const(const void *record, const struct field *f)
{
    return (const char *)record + f->offset;
}

int word_index(const char *const *words, const char *text)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0)
            return i;
    return -1;
}

const struct field *shape_field(const struct shape *shape, const char *name)
{
    for (const struct field *f = shape->fields; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool field_same(const struct field *f, const void *a, const void *b)
{
    const void *p = at_const(a, f), *q = at_const(b, f);

    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_JSON:
        return same_text(*(const char *const *)p, *(const char *const *)q);
    case FIELD_INT:
    case FIELD_TIME:
        return *(const int64_t *)p == *(const int64_t *)q;
    case FIELD_BOOL:
        return *(const bool *)p == *(const bool *)q;
    case FIELD_TRI:
    case FIELD_WORD:
        return *(const int *)p == *(const int *)q;
    case FIELD_REAL:
        return memcmp(p, q, sizeof(double)) == 0; /* null, a NAN, is itself */
    case FIELD_FIXED:
        break;
    }
    return true;
}

bool shape_same(const struct shape *shape, const void *a, const void *b)
{
    for (const struct field *f = shape->fields; f->name != NULL; f++)
        if (!field_same(f, a, b))
            return false;
    return true;
}

/* ---- setters ---- */

void field_set_text(struct arena *mem, const struct field *f, void *record, const char *value,
                    size_t n)
{
    const char *copy = arena_dup_n(mem, value, n);

    if (f->type == FIELD_WORD)
        *(int *)at(record, f) = word_index(f->words, copy);
    else
        *(const char **)at(record, f) = copy;
}

void field_set_int(const struct field *f, void *record, int64_t value)
{
    if (f->type == FIELD_BOOL)
        *(bool *)at(record, f) = value != 0;
    else if (f->type == FIELD_TRI)
        *(int *)at(record, f) = value != 0;
    else if (f->type == FIELD_REAL)
        *(double *)at(record, f) = (double)value;
    else
        *(int64_t *)at(record, f) = value;
}

void field_set_real(const struct field *f, void *record, double value)
{
    *(double *)at(record, f) = value;
}

void field_set_null(const struct field *f, void *record)
{
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_JSON:
        *(const char **)at(record, f) = NULL;
        break;
    case FIELD_INT:
    case FIELD_TIME:
        *(int64_t *)at(record, f) = 0;
        break;
    case FIELD_BOOL:
        *(bool *)at(record, f) = false;
        break;
    case FIELD_TRI:
    case FIELD_WORD:
        *(int *)at(record, f) = -1;
        break;
    case FIELD_REAL:
        *(double *)at(record, f) = NAN;
        break;
    case FIELD_FIXED:
        break;
    }
}

/* ---- in ---- */

const char *field_words(struct ctx *c, const char *name)
{
    char *text = arena_dup(c->mem, name);

    for (char *p = text; *p != '\0'; p++)
        if (*p == '_')
            *p = ' ';
    return text;
}

static const char *called(struct ctx *c, const struct field *f)
{
    return f->called != NULL ? f->called : field_words(c, f->name);
}

static bool is_blank(const struct json *v)
{
    return v == NULL || v->kind == J_NULL ||
           (v->kind == J_TEXT && v->text[strspn(v->text, " \t\r\n")] == '\0');
}

static void read_text(struct ctx *c, const struct field *f, const struct json *v, void *record)
{
    int64_t max = f->max == 0 ? TEXT_MAX_DEFAULT : f->max;
    const char *text = NULL;

    if (v->kind == J_TEXT)
        text = text_trim(c->mem, v->text);
    if (text == NULL)
        fault(c, f->name, "The %s must be text.", called(c, f));
    else if (max <= ONE_LINE_MAX && text_has_control(text))
        fault(c, f->name, "The %s must be one line, without control characters.", called(c, f));
    else if (text_length(text) > (size_t)max)
        fault(c, f->name, "The %s may not be longer than %" PRId64 " characters.", called(c, f),
              max);
    else
        *(const char **)at(record, f) = text;
}

/* A number that is 0 or 1 is a flag, and spelled like one. */
static bool as_int(const struct field *f, const struct json *v, int64_t *out)
{
    bool flag;

    if (f->max != 1 || !json_as_bool(v, &flag))
        return json_as_int(v, out);
    *out = flag;
    return true;
}

static void read_int(struct ctx *c, const struct field *f, const struct json *v, void *record)
{
    int64_t n;

    if (!as_int(f, v, &n))
        fault(c, f->name, "The %s must be a whole number.", called(c, f));
    else if (n < 0 || (f->max != 0 && n > f->max))
        fault(c, f->name, "The %s must be between 0 and %" PRId64 ".", called(c, f),
              f->max == 0 ? INT64_MAX : f->max);
    else
        *(int64_t *)at(record, f) = n;
}

static void read_flag(struct ctx *c, const struct field *f, const struct json *v, void *record)
{
    bool b;

    if (!json_as_bool(v, &b))
        fault(c, f->name, "The %s flag must be true or false.", called(c, f));
    else
        field_set_int(f, record, b);
}

static void read_time(struct ctx *c, const struct field *f, const struct json *v, void *record)
{
    int64_t ms;

    if (v->kind != J_TEXT || !time_parse(v->text, &ms))
        fault(c, f->name, "The %s must be a time such as 2030-01-31 17:00:00 or "
                          "2030-01-31T17:00:00Z.", called(c, f));
    else if (ms <= 0)
        fault(c, f->name, "The %s must be after 1970.", called(c, f));
    else
        *(int64_t *)at(record, f) = ms;
}

static void read_word(struct ctx *c, const struct field *f, const struct json *v, void *record)
{
    struct str list = str_in(c->mem, 1000);
    int i = -1;

    for (int w = 0; f->words[w] != NULL; w++) {
        if (v->kind == J_TEXT && strcasecmp(f->words[w], v->text) == 0)
            i = w;
        str_printf(&list, "%s%s", w == 0 ? "" : ", ", f->words[w]);
    }
    if (i < 0)
        fault(c, f->name, "The %s must be one of: %s.", called(c, f), str_text(&list));
    else
        *(int *)at(record, f) = i;
}

static void read_json(struct ctx *c, const struct field *f, const struct json *v, void *record)
{
    struct str out = str_in(c->mem, 1024 * 1024);

    json_put_tree(&out, v);
    if (!str_ok(&out))
        fault(c, f->name, "The %s is too large.", called(c, f));
    else
        *(const char **)at(record, f) = str_text(&out);
}

static void read_value(struct ctx *c, const struct field *f, const struct json *v, void *record)
{
    switch (f->type) {
    case FIELD_TEXT:
        read_text(c, f, v, record);
        break;
    case FIELD_INT:
        read_int(c, f, v, record);
        break;
    case FIELD_BOOL:
    case FIELD_TRI:
        read_flag(c, f, v, record);
        break;
    case FIELD_TIME:
        read_time(c, f, v, record);
        break;
    case FIELD_WORD:
        read_word(c, f, v, record);
        break;
    case FIELD_JSON:
        read_json(c, f, v, record);
        break;
    case FIELD_REAL:
    case FIELD_FIXED:
        abort(); /* never an input */
    }
}

enum err shape_read(struct ctx *c, const struct shape *shape, const struct json *in,
                    enum shape_read_mode mode, void *record)
{
    if (in != NULL && in->kind != J_OBJECT)
        return fail(c, ERR_MALFORMED, NULL, "The body must be an object.");
    for (const struct field *f = shape->fields; f->name != NULL; f++) {
        const struct json *v = json_get(in, f->name);

        if (f->flags & (FIELD_READONLY | FIELD_HIDDEN))
            continue;
        if (is_blank(v) && f->type != FIELD_JSON) {
            if ((f->flags & FIELD_REQUIRED) && (mode == READ_FULL || v != NULL))
                fault(c, f->name, "The %s is required.", called(c, f));
            else if (v != NULL && (f->flags & FIELD_NULLABLE))
                field_set_null(f, record);
            else if (v != NULL && f->type == FIELD_TEXT)
                *(const char **)at(record, f) = "";
        } else if (v != NULL) {
            read_value(c, f, v, record);
        } else if ((f->flags & FIELD_REQUIRED) && mode == READ_FULL) {
            fault(c, f->name, "The %s is required.", called(c, f));
        }
    }
    return fields_ok(c);
}

static bool knows(const struct shape *shape, const char *name)
{
    const struct field *f = shape_field(shape, name);

    return f != NULL && !(f->flags & FIELD_HIDDEN);
}

void shape_unknown(struct arena *mem, const struct shape *shape, const struct json *in,
                   struct json *unknown)
{
    if (in == NULL || in->kind != J_OBJECT)
        return;
    for (const struct json *m = in->first; m != NULL; m = m->next)
        if (!knows(shape, m->key) && (shape->answer == NULL || !knows(shape->answer, m->key)))
            json_append(mem, unknown, NULL, json_new_text(mem, m->key));
}

/* ---- out ---- */

static void write_int(struct str *out, const struct field *f, int64_t n)
{
    char digits[24];

    if (n == 0 && (f->flags & FIELD_NULLABLE)) {
        json_put_null(out);
    } else if (f->flags & FIELD_ID) {
        snprintf(digits, sizeof(digits), "%" PRId64, n);
        json_put_text(out, digits);
    } else {
        json_put_int(out, n);
    }
}

static void write_small(struct str *out, const struct field *f, int n)
{
    if (n < 0)
        json_put_null(out);
    else if (f->type == FIELD_WORD)
        json_put_text(out, f->words[n]);
    else
        json_put_bool(out, n != 0);
}

static void write_value(struct str *out, const struct field *f, const void *record)
{
    const void *p = at_const(record, f);

    switch (f->type) {
    case FIELD_TEXT:
        json_put_text(out, *(const char *const *)p == NULL && !(f->flags & FIELD_NULLABLE) ?
                               "" : *(const char *const *)p);
        break;
    case FIELD_INT:
        write_int(out, f, *(const int64_t *)p);
        break;
    case FIELD_BOOL:
        json_put_bool(out, *(const bool *)p);
        break;
    case FIELD_TRI:
    case FIELD_WORD:
        write_small(out, f, *(const int *)p);
        break;
    case FIELD_TIME:
        json_put_time(out, *(const int64_t *)p);
        break;
    case FIELD_REAL:
        json_put_real(out, *(const double *)p);
        break;
    case FIELD_JSON:
        json_put_raw(out, *(const char *const *)p);
        break;
    case FIELD_FIXED:
        json_put_raw(out, f->fixed);
        break;
    }
}

void shape_write_members(struct str *out, const struct shape *shape, const void *record)
{
    for (const struct field *f = shape->fields; f->name != NULL; f++) {
        if (f->flags & FIELD_HIDDEN)
            continue;
        json_key_plain(out, f->name);
        write_value(out, f, record);
    }
}

void shape_write(struct str *out, const struct shape *shape, const void *record)
{
    json_begin_object(out);
    shape_write_members(out, shape, record);
    json_end_object(out);
}
