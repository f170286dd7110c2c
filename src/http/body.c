/* Bodies: JSON, forms and multipart become one kind of tree, so that everything behind this point
 * is written once. Names in forms nest as PHP reads them: a[b]=1 is {"a":{"b":"1"}}, and a[]=1 or
 * a[0]=1 is {"a":["1"]}. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "http/decode.h"
#include "http/request.h"

enum {
    FIELDS_MAX = 1000,
    FIELD_NAME_MAX = 300,
    FIELD_DEPTH_MAX = 8,
    BOUNDARY_MAX = 70, /* RFC 2046 */
    PART_HEADERS_MAX = 16,
    PART_HEADER_MAX = 1000,
};

/* ---- the tree of a form ---- */

struct form {
    struct ctx *c;
    struct json *root;
    size_t count;
    const char *repeated; /* a name that came again */
};

/* A name cut at its brackets: "a[b][]" is "a", "b", "". */
struct field_path {
    const char *parts[FIELD_DEPTH_MAX];
    size_t count;
};

static enum err split_name(struct ctx *c, const char *name, struct field_path *out)
{
    const char *bracket = strchr(name, '[');
    size_t n = strlen(name);

    if (n > FIELD_NAME_MAX)
        return fail(c, ERR_MALFORMED, NULL, "The body has a field name of more than %d bytes.",
                    FIELD_NAME_MAX);
    *out = (struct field_path){ .parts = { name }, .count = 1 };
    if (bracket == NULL || bracket == name || name[n - 1] != ']')
        return OK;
    out->parts[0] = arena_dup_n(c->mem, name, (size_t)(bracket - name));
    while (*bracket == '[') {
        const char *close = strchr(bracket, ']');

        if (close == NULL || out->count == FIELD_DEPTH_MAX)
            return fail(c, ERR_MALFORMED, NULL, "The field name %s is nested too deep.", name);
        out->parts[out->count++] =
            arena_dup_n(c->mem, bracket + 1, (size_t)(close - bracket - 1));
        bracket = close + 1;
    }
    if (*bracket != '\0')
        *out = (struct field_path){ .parts = { name }, .count = 1 };
    return OK;
}

/* The member called key of an object, or the element of a list that key means: "" is a new one,
 * digits the one with that index. NULL: not there yet. *gap: it would leave a hole in the list. */
static struct json *child_at(struct json *parent, const char *key, bool *gap)
{
    struct json *child = parent->first;
    size_t index = 0;

    *gap = false;
    if (parent->kind == J_OBJECT) {
        while (child != NULL && strcmp(child->key, key) != 0)
            child = child->next;
        return child;
    }
    if (*key == '\0')
        return NULL;
    for (const char *at = key; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || index > FIELDS_MAX) {
            *gap = true;
            return NULL;
        }
        index = index * 10 + (size_t)(*at - '0');
    }
    while (child != NULL && index > 0) {
        child = child->next;
        index--;
    }
    *gap = index > 0;
    return child;
}

static enum json_kind container_for(const char *first_key)
{
    return *first_key == '\0' || strcmp(first_key, "0") == 0 ? J_LIST : J_OBJECT;
}

/* Adds one field. A name that comes again replaces the text it had. */
static enum err form_add(struct form *form, const char *name, const char *text)
{
    struct arena *mem = form->c->mem;
    struct json *at = form->root;
    struct field_path path = { 0 };

    if (*name == '\0')
        return OK;
    if (++form->count > FIELDS_MAX)
        return fail(form->c, ERR_MALFORMED, NULL, "The body has more than %d fields.", FIELDS_MAX);
    TRY(split_name(form->c, name, &path));
    for (size_t i = 0; i < path.count; i++) {
        const char *key = path.parts[i];
        bool last = i + 1 == path.count;
        enum json_kind kind = last ? J_TEXT : container_for(path.parts[i + 1]);
        struct json *child;
        bool gap;

        child = child_at(at, key, &gap);
        if (gap || (child != NULL && (child->kind == J_TEXT) != last))
            return fail(form->c, ERR_INVALID, name, "This name contradicts another one.");
        if (child != NULL && last)
            form->repeated = name;
        if (child == NULL) {
            child = json_new(mem, kind);
            json_append(mem, at, at->kind == J_OBJECT ? key : NULL, child);
        }
        at = child;
    }
    at->text = text;
    return OK;
}

/* ---- application/x-www-form-urlencoded ---- */

static enum err parse_form(struct form *form, const char *body, size_t size)
{
    const char *end = body + size;

    while (body < end) {
        const char *amp = memchr(body, '&', (size_t)(end - body));
        const char *stop = amp == NULL ? end : amp;
        const char *equals = memchr(body, '=', (size_t)(stop - body));
        const char *name_end = equals == NULL ? stop : equals;
        const char *value = equals == NULL ? stop : equals + 1;
        struct arena *mem = form->c->mem;
        const char *name = decode(mem, body, (size_t)(name_end - body), DECODE_FORM);
        const char *text = decode(mem, value, (size_t)(stop - value), DECODE_FORM);

        if (name == NULL || text == NULL)
            return fail(form->c, ERR_MALFORMED, NULL,
                        "The form holds a broken escape or text that is not UTF-8.");
        TRY(form_add(form, name, text));
        body = stop + 1;
    }
    return OK;
}

/* ---- headers with parameters: Content-Type, Content-Disposition ---- */

/* The value at *at, plain or in quotes; leaves *at behind it. NULL: a quote is not closed. */
static const char *param_value(struct arena *mem, const char **at)
{
    size_t n;
    const char *value;
    char *out;

    if (**at != '"') {
        n = strcspn(*at, "; \t");
        value = arena_dup_n(mem, *at, n);
        *at += n;
        return value;
    }
    out = arena_dup(mem, ++*at);
    for (n = 0; **at != '"'; (*at)++) {
        if (**at == '\\' && (*at)[1] != '\0')
            (*at)++;
        if (**at == '\0')
            return NULL;
        out[n++] = **at;
    }
    (*at)++;
    out[n] = '\0';
    return out;
}

/* A parameter of a header ("form-data; name=x"); NULL when it is not there. */
static const char *header_param(struct arena *mem, const char *header, const char *name)
{
    size_t n = strlen(name);

    for (const char *at = strchr(header, ';'); at != NULL && *at != '\0';) {
        const char *value;
        size_t name_len;

        at += strspn(at, "; \t");
        name_len = strcspn(at, "=;");
        if (at[name_len] != '=') {
            at += name_len;
            continue;
        }
        bool wanted = name_len == n && strncasecmp(at, name, n) == 0;
        at += name_len + 1;
        value = param_value(mem, &at);
        if (wanted || value == NULL)
            return value;
        at += strcspn(at, ";");
    }
    return NULL;
}

/* True when the header's first word is this, whatever its case and parameters. */
static bool header_is(const char *header, const char *word)
{
    size_t n = strcspn(header, "; \t");

    return n == strlen(word) && strncasecmp(header, word, n) == 0;
}

/* ---- multipart/form-data ---- */

struct part {
    const char *name;
    bool is_file;
    const char *filename;
};

static enum err broken_multipart(struct ctx *c)
{
    return fail(c, ERR_MALFORMED, NULL, "The multipart body is malformed.");
}

/* The lines up to an empty one; leaves *at behind it. */
static enum err parse_part_headers(struct ctx *c, const char **at, const char *end,
                                   struct part *out)
{
    const char *disposition = NULL;

    for (int i = 0; i <= PART_HEADERS_MAX; i++) {
        const char *stop = memmem(*at, (size_t)(end - *at), "\r\n", 2);
        size_t n = stop == NULL ? 0 : (size_t)(stop - *at);
        const char *line;

        if (stop == NULL || n > PART_HEADER_MAX || memchr(*at, '\0', n) != NULL)
            return broken_multipart(c);
        line = arena_dup_n(c->mem, *at, n);
        *at = stop + 2;
        if (n == 0) {
            if (disposition == NULL || !header_is(disposition, "form-data"))
                return broken_multipart(c);
            out->name = header_param(c->mem, disposition, "name");
            out->filename = header_param(c->mem, disposition, "filename");
            out->is_file = out->filename != NULL ||
                           header_param(c->mem, disposition, "filename*") != NULL;
            return out->name == NULL || !text_is_utf8(out->name, strlen(out->name))
                       ? broken_multipart(c)
                       : OK;
        }
        if (strncasecmp(line, "Content-Disposition:", 20) == 0)
            disposition = line + 20 + strspn(line + 20, " \t");
    }
    return broken_multipart(c);
}

static enum err add_part(struct form *form, const struct part *part, const char *bytes, size_t n)
{
    /* A browser sends an empty part with an empty filename when no file was chosen. */
    if (part->is_file && n == 0 && part->filename != NULL && *part->filename == '\0')
        return OK;
    if (part->is_file)
        return fail(form->c, ERR_INVALID, part->name, "Files are not taken here.");
    if (memchr(bytes, '\0', n) != NULL || !text_is_utf8(bytes, n))
        return fail(form->c, ERR_MALFORMED, NULL, "The field %s is not UTF-8 text.", part->name);
    return form_add(form, part->name, arena_dup_n(form->c->mem, bytes, n));
}

/* After a delimiter: "--" ends the body, otherwise the line ends and a part begins. */
static enum err after_delimiter(struct ctx *c, const char **at, const char *end, bool *last)
{
    *last = end - *at >= 2 && memcmp(*at, "--", 2) == 0;
    while (!*last && *at < end && (**at == ' ' || **at == '\t'))
        (*at)++;
    if (!*last && (end - *at < 2 || memcmp(*at, "\r\n", 2) != 0))
        return broken_multipart(c);
    *at += 2;
    return OK;
}

static enum err parse_multipart(struct form *form, const char *type, const char *body, size_t size)
{
    struct ctx *c = form->c;
    const char *boundary = header_param(c->mem, type, "boundary");
    const char *end = body + size;
    const char *delimiter, *at;
    size_t n;
    bool last;

    if (boundary == NULL || *boundary == '\0' || strlen(boundary) > BOUNDARY_MAX)
        return fail(c, ERR_MALFORMED, NULL, "The multipart body has no usable boundary.");
    delimiter = arena_printf(c->mem, "\r\n--%s", boundary);
    n = strlen(delimiter);
    /* The first delimiter may stand at the very start, without the line break. */
    if (size >= n - 2 && memcmp(body, delimiter + 2, n - 2) == 0) {
        at = body + n - 2;
    } else {
        at = memmem(body, size, delimiter, n);
        if (at == NULL)
            return broken_multipart(c);
        at += n;
    }
    TRY(after_delimiter(c, &at, end, &last));
    while (!last) {
        struct part part = { 0 };
        const char *stop;

        TRY(parse_part_headers(c, &at, end, &part));
        stop = memmem(at, (size_t)(end - at), delimiter, n);
        if (stop == NULL)
            return broken_multipart(c);
        TRY(add_part(form, &part, at, (size_t)(stop - at)));
        at = stop + n;
        TRY(after_delimiter(c, &at, end, &last));
    }
    return OK;
}

/* ---- */

static bool is_json(const char *type)
{
    size_t n = strcspn(type, "; \t");

    return header_is(type, "application/json") ||
           (n > 5 && strncasecmp(type + n - 5, "+json", 5) == 0);
}

static enum err parse_json(struct ctx *c, const struct request *req, const struct json **out)
{
    struct json *root;

    TRY(json_parse(c, req->body, req->body_size, &root));
    if (root->kind != J_OBJECT && root->kind != J_LIST)
        return fail(c, ERR_MALFORMED, NULL, "The body must be a JSON object or list.");
    *out = root;
    return OK;
}

static enum err parse_fields(struct form *form, const char *type, const struct request *req)
{
    if (header_is(type, "application/x-www-form-urlencoded"))
        return parse_form(form, req->body, req->body_size);
    if (header_is(type, "multipart/form-data"))
        return parse_multipart(form, type, req->body, req->body_size);
    return ERR_MEDIA_TYPE;
}

enum err request_parse_body(struct ctx *c, struct request *req)
{
    const char *type = request_header(req, "Content-Type");
    struct form form = { .c = c };

    req->input = NULL;
    req->repeated = NULL;
    if (req->body_size == 0)
        return OK;
    if (type == NULL)
        return fail(c, ERR_MEDIA_TYPE, NULL, "The body has no Content-Type.");
    if (is_json(type))
        return parse_json(c, req, &req->input);
    form.root = json_new(c->mem, J_OBJECT);
    req->input = form.root;
    TRY(parse_fields(&form, type, req));
    req->repeated = form.repeated;
    return OK;
}
