/* See json.h. The only file that includes jansson: its tree is copied into the arena and freed at
 * once, so that input has one owner like everything else. */
#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

/* ---- in ---- */

struct json *json_new(struct arena *mem, enum json_kind kind)
{
    struct json *v = arena_new(mem, struct json);

    v->kind = kind;
    return v;
}

struct json *json_new_text(struct arena *mem, const char *text)
{
    struct json *v = json_new(mem, J_TEXT);

    v->text = arena_dup(mem, text);
    return v;
}

static void append(struct json *parent, struct json *child)
{
    if (parent->last == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
}

void json_append(struct arena *mem, struct json *parent, const char *key, struct json *child)
{
    child->key = arena_dup(mem, key);
    append(parent, child);
}

static struct json *copy(struct arena *mem, const json_t *in, int depth);

static bool copy_members(struct arena *mem, struct json *out, const json_t *in, int depth)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)in, key, value) {
        struct json *child = copy(mem, value, depth);

        if (child == NULL)
            return false;
        json_append(mem, out, key, child);
    }
    return true;
}

static bool copy_elements(struct arena *mem, struct json *out, const json_t *in, int depth)
{
    for (size_t i = 0; i < json_array_size(in); i++) {
        struct json *child = copy(mem, json_array_get(in, i), depth);

        if (child == NULL)
            return false;
        append(out, child);
    }
    return true;
}

/* NULL when the tree is deeper or an object has more members than is allowed. */
static struct json *copy(struct arena *mem, const json_t *in, int depth)
{
    static const enum json_kind kinds[] = {
        [JSON_OBJECT] = J_OBJECT, [JSON_ARRAY] = J_LIST, [JSON_STRING] = J_TEXT,
        [JSON_INTEGER] = J_INT,   [JSON_REAL] = J_REAL,  [JSON_TRUE] = J_BOOL,
        [JSON_FALSE] = J_BOOL,    [JSON_NULL] = J_NULL,
    };
    struct json *out = json_new(mem, kinds[json_typeof(in)]);

    if (depth > JSON_MAX_DEPTH || json_object_size(in) > JSON_MAX_MEMBERS ||
        !copy_members(mem, out, in, depth + 1) || !copy_elements(mem, out, in, depth + 1))
        return NULL;
    if (json_is_boolean(in))
        out->boolean = json_is_true(in);
    else if (json_is_integer(in))
        out->integer = json_integer_value(in);
    else if (json_is_real(in))
        out->real = json_real_value(in);
    else if (json_is_string(in))
        out->text = arena_dup_n(mem, json_string_value(in), json_string_length(in));
    return out;
}

enum err json_parse(struct ctx *c, const char *text, size_t n, struct json **out)
{
    json_error_t e;
    json_t *tree = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);

    if (tree == NULL)
        return fail(c, ERR_MALFORMED, NULL, "The body is not valid JSON: %s (line %d, column %d).",
                    json_error_code(&e) == json_error_duplicate_key ? "a key stands twice" :
                                                                      "syntax error",
                    e.line, e.column);
    *out = copy(c->mem, tree, 0);
    json_decref(tree);
    if (*out == NULL)
        return fail(c, ERR_MALFORMED, NULL,
                    "The body is nested deeper than %d levels or has an object of more than %d "
                    "members.", JSON_MAX_DEPTH, JSON_MAX_MEMBERS);
    return OK;
}

const struct json *json_get(const struct json *o, const char *key)
{
    if (o == NULL || o->kind != J_OBJECT)
        return NULL;
    for (const struct json *m = o->first; m != NULL; m = m->next)
        if (strcmp(m->key, key) == 0)
            return m;
    return NULL;
}

const char *json_get_text(const struct json *o, const char *key)
{
    const struct json *m = json_get(o, key);

    return m == NULL || m->kind != J_TEXT ? NULL : m->text;
}

bool json_as_int(const struct json *v, int64_t *out)
{
    char *end;

    if (v->kind == J_INT) {
        *out = v->integer;
        return true;
    }
    if (v->kind != J_TEXT || strlen(v->text) > 19 ||
        v->text[strspn(v->text, "-0123456789")] != '\0')
        return false;
    errno = 0;
    *out = strtoll(v->text, &end, 10);
    return end != v->text && *end == '\0' && errno == 0;
}

bool json_as_bool(const struct json *v, bool *out)
{
    int64_t n;

    if (v->kind == J_BOOL) {
        *out = v->boolean;
        return true;
    }
    if (v->kind == J_TEXT && strcasecmp(v->text, "true") == 0) {
        *out = true;
        return true;
    }
    if (v->kind == J_TEXT && strcasecmp(v->text, "false") == 0) {
        *out = false;
        return true;
    }
    if (!json_as_int(v, &n) || (n != 0 && n != 1))
        return false;
    *out = n == 1;
    return true;
}

bool json_make_int(struct json *v)
{
    int64_t n;

    if (!json_as_int(v, &n))
        return false;
    v->kind = J_INT;
    v->integer = n;
    return true;
}

bool json_make_bool(struct json *v)
{
    bool b;

    if (!json_as_bool(v, &b))
        return false;
    v->kind = J_BOOL;
    v->boolean = b;
    return true;
}

/* ---- out ---- */

/* Room for a value of n bytes, after a comma unless a container or a member's name has just begun.
 * The last byte tells: a finished value never ends in one of these three. */
static char *value(struct str *out, size_t n)
{
    char last = out->len == 0 ? '[' : out->data[out->len - 1];
    bool comma = last != '{' && last != '[' && last != ':' && last != '\n';
    char *to = str_more(out, n + comma);

    if (to != NULL && comma)
        *to++ = ',';
    return to;
}

static void put(struct str *out, const char *bytes, size_t n)
{
    char *to = value(out, n);

    if (to != NULL)
        memcpy(to, bytes, n);
}

static void escape(struct str *out, unsigned char ch)
{
    static const char hex[] = "0123456789abcdef";
    const char code[] = { '\\', 'u', '0', '0', hex[ch >> 4], hex[ch & 15] };
    const char *word = ch == '"' ? "\\\"" : ch == '\\' ? "\\\\" : ch == '\n' ? "\\n" :
                       ch == '\r' ? "\\r" : ch == '\t' ? "\\t" : NULL;

    if (word != NULL)
        str_add(out, word);
    else
        str_add_n(out, code, sizeof(code));
}

static void quote(struct str *out, const char *s)
{
    const char *plain = s;

    put(out, "\"", 1);
    for (; *s != '\0'; s++) {
        unsigned char ch = (unsigned char)*s;

        if (ch >= ' ' && ch != '"' && ch != '\\')
            continue;
        str_add_n(out, plain, (size_t)(s - plain));
        plain = s + 1;
        escape(out, ch);
    }
    str_add_n(out, plain, (size_t)(s - plain));
    str_add_char(out, '"');
}

void json_begin_object(struct str *out)
{
    put(out, "{", 1);
}

void json_end_object(struct str *out)
{
    str_add_char(out, '}');
}

void json_begin_list(struct str *out)
{
    put(out, "[", 1);
}

void json_end_list(struct str *out)
{
    str_add_char(out, ']');
}

void json_key(struct str *out, const char *key)
{
    quote(out, key);
    str_add_char(out, ':');
}

void json_key_plain(struct str *out, const char *key)
{
    size_t n = strlen(key);
    char *to = value(out, n + 3);

    if (to == NULL)
        return;
    *to++ = '"';
    memcpy(to, key, n);
    memcpy(to + n, "\":", 2);
}

void json_put_text(struct str *out, const char *text)
{
    if (text == NULL)
        json_put_null(out);
    else
        quote(out, text);
}

/* Without printf, since an answer has hundreds of numbers. */
void json_put_int(struct str *out, int64_t n)
{
    char digits[24], *end = digits + sizeof(digits), *first = end;
    uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (n < 0)
        *--first = '-';
    put(out, first, (size_t)(end - first));
}

void json_put_real(struct str *out, double value)
{
    char digits[32];
    int n;

    if (!isfinite(value)) {
        json_put_null(out);
        return;
    }
    n = snprintf(digits, sizeof(digits), "%.15g", value);
    put(out, digits, (size_t)n);
}

void json_put_bool(struct str *out, bool b)
{
    put(out, b ? "true" : "false", b ? 4 : 5);
}

void json_put_time(struct str *out, int64_t ms)
{
    char text[TIME_TEXT_SIZE + 2];

    if (ms == 0) {
        json_put_null(out);
        return;
    }
    text[0] = '"';
    time_format(ms, text + 1);
    text[TIME_TEXT_SIZE] = '"';
    put(out, text, TIME_TEXT_SIZE + 1);
}

void json_put_null(struct str *out)
{
    put(out, "null", 4);
}

void json_put_raw(struct str *out, const char *text)
{
    if (text == NULL)
        text = "null";
    put(out, text, strlen(text));
}

void json_put_tree(struct str *out, const struct json *v)
{
    switch (v->kind) {
    case J_NULL:
        json_put_null(out);
        break;
    case J_BOOL:
        json_put_bool(out, v->boolean);
        break;
    case J_INT:
        json_put_int(out, v->integer);
        break;
    case J_REAL:
        json_put_real(out, v->real);
        break;
    case J_TEXT:
        json_put_text(out, v->text);
        break;
    case J_LIST:
        json_begin_list(out);
        for (const struct json *e = v->first; e != NULL; e = e->next)
            json_put_tree(out, e);
        json_end_list(out);
        break;
    case J_OBJECT:
        json_begin_object(out);
        for (const struct json *m = v->first; m != NULL; m = m->next) {
            json_key(out, m->key);
            json_put_tree(out, m);
        }
        json_end_object(out);
        break;
    }
}

void json_key_text(struct str *out, const char *key, const char *value)
{
    json_key(out, key);
    json_put_text(out, value);
}

void json_key_int(struct str *out, const char *key, int64_t value)
{
    json_key(out, key);
    json_put_int(out, value);
}

void json_key_bool(struct str *out, const char *key, bool value)
{
    json_key(out, key);
    json_put_bool(out, value);
}

void json_key_time(struct str *out, const char *key, int64_t ms)
{
    json_key(out, key);
    json_put_time(out, ms);
}
