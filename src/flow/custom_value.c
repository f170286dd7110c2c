/* See custom_value.h. */
#include "flow/custom_value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/url.h"

const char *const custom_type_words[] = {
    "text", "textarea", "number",   "boolean",     "date",  "email",
    "url",  "radio",    "dropdown", "multiselect", "table", NULL,
};

bool custom_type_has_options(enum custom_type type)
{
    return type == CUSTOM_RADIO || type == CUSTOM_DROPDOWN || type == CUSTOM_MULTISELECT;
}

/* ---- values that are made ---- */

static const struct json *new_int(struct arena *mem, int64_t n)
{
    struct json *v = json_new(mem, J_INT);

    v->integer = n;
    return v;
}

static const struct json *new_real(struct arena *mem, double n)
{
    struct json *v = json_new(mem, J_REAL);

    v->real = n;
    return v;
}

static const struct json *new_bool(struct arena *mem, bool b)
{
    struct json *v = json_new(mem, J_BOOL);

    v->boolean = b;
    return v;
}

static void append_copy(struct arena *mem, struct json *parent, const char *key,
                        const struct json *v)
{
    struct json *copy = arena_new(mem, struct json);

    *copy = *v;
    copy->next = NULL;
    json_append(mem, parent, key, copy);
}

static bool is_scalar(const struct json *v)
{
    return v->kind != J_LIST && v->kind != J_OBJECT;
}

static bool is_blank(const struct json *v)
{
    return v->kind == J_NULL || (v->kind == J_LIST && v->first == NULL) ||
           (v->kind == J_TEXT && v->text[strspn(v->text, " \t\r\n")] == '\0');
}

/* A scalar as a text; NULL for what is none. */
static const char *as_text(struct arena *mem, const struct json *v)
{
    struct str out = str_in(mem, 64);

    if (v->kind == J_TEXT)
        return text_trim(mem, v->text);
    if (!is_scalar(v))
        return NULL;
    json_put_tree(&out, v);
    return str_text(&out);
}

/* ---- in: one reader a type ---- */

/* Notes what is wrong; false, for readers to end with. `what` follows the label. */
static bool wrong(struct ctx *c, const char *path, const struct custom_field *field,
                  const char *what)
{
    fault(c, path, "%s %s", field->label, what);
    return false;
}

static bool take(const struct json *v, const struct json **out)
{
    *out = v;
    return true;
}

typedef bool reader(struct ctx *c, const char *path, const struct custom_field *field,
                    const struct json *in, const struct json **out);

static bool read_text(struct ctx *c, const char *path, const struct custom_field *field,
                      const struct json *in, const struct json **out)
{
    int max = field->type == CUSTOM_TEXT ? CUSTOM_TEXT_MAX :
              field->type == CUSTOM_URL  ? CUSTOM_URL_MAX :
                                           CUSTOM_TEXTAREA_MAX;
    const char *text = as_text(c->mem, in);

    if (text == NULL)
        return wrong(c, path, field, "must be text.");
    if (text_length(text) > (size_t)max)
        return wrong(c, path, field,
                     arena_printf(c->mem, "may not be longer than %d characters.", max));
    if (field->type == CUSTOM_TEXT && text_has_control(text))
        return wrong(c, path, field, "must be one line, without control characters.");
    return take(json_new_text(c->mem, text), out);
}

/* "12.5" as a form sends it; no "nan", no hexadecimal digits. */
static bool parse_number(const char *text, double *out)
{
    char *end;

    if (text[strspn(text, "+-.0123456789eE")] != '\0')
        return false;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

static bool read_number(struct ctx *c, const char *path, const struct custom_field *field,
                        const struct json *in, const struct json **out)
{
    int64_t whole;
    double real;

    if (in->kind == J_INT || in->kind == J_REAL)
        return take(in, out);
    if (in->kind == J_TEXT && json_as_int(in, &whole))
        return take(new_int(c->mem, whole), out);
    if (in->kind == J_TEXT && parse_number(text_trim(c->mem, in->text), &real))
        return take(new_real(c->mem, real), out);
    return wrong(c, path, field, "must be a number such as 12 or 12.5.");
}

static bool read_boolean(struct ctx *c, const char *path, const struct custom_field *field,
                         const struct json *in, const struct json **out)
{
    bool b;

    if (!json_as_bool(in, &b))
        return wrong(c, path, field, "must be true or false.");
    return take(new_bool(c->mem, b), out);
}

static bool read_date(struct ctx *c, const char *path, const struct custom_field *field,
                      const struct json *in, const struct json **out)
{
    char text[TIME_TEXT_SIZE];
    int64_t ms;

    if (in->kind != J_TEXT || !time_parse(text_trim(c->mem, in->text), &ms))
        return wrong(c, path, field, "must be a date such as 2030-01-31, or a time such as "
                                     "2030-01-31T17:00:00Z.");
    time_format(ms, text);
    return take(json_new_text(c->mem, text), out);
}

static bool read_email(struct ctx *c, const char *path, const struct custom_field *field,
                       const struct json *in, const struct json **out)
{
    if (in->kind != J_TEXT || !text_is_email(text_trim(c->mem, in->text)))
        return wrong(c, path, field, "must be an e-mail address.");
    return read_text(c, path, field, in, out);
}

static bool read_url(struct ctx *c, const char *path, const struct custom_field *field,
                     const struct json *in, const struct json **out)
{
    if (in->kind != J_TEXT || !url_is_web(text_trim(c->mem, in->text)))
        return wrong(c, path, field, "must be an address that begins with https:// or http://.");
    return read_text(c, path, field, in, out);
}

/* The id decides where there is one: the text may be one from before a renaming. */
static const struct choice *find_choice(struct arena *mem, const struct choices *choices,
                                        const struct json *in)
{
    const struct json *id = json_get(in, "id");
    const char *text = in->kind == J_OBJECT ? json_get_text(in, "text") : as_text(mem, in);
    int64_t n;

    if (id != NULL && id->kind != J_NULL)
        return json_as_int(id, &n) ? choice_by_id(choices, n) : NULL;
    return text == NULL ? NULL : choice_by_text(choices, text);
}

/* "must be one of: Gold, Silver." */
static const char *option_list(struct arena *mem, const char *what, const struct choices *options)
{
    struct str list = str_in(mem, 2000);
    size_t i;

    str_add(&list, what);
    for (i = 0; i < options->count && list.len < list.max / 2; i++)
        str_printf(&list, "%s%s", i == 0 ? ": " : ", ", options->list[i].text);
    str_add(&list, i < options->count ? ", …" : ".");
    return str_text(&list);
}

static bool read_option(struct ctx *c, const char *path, const struct custom_field *field,
                        const struct json *in, const struct json **out)
{
    const struct choice *choice = find_choice(c->mem, &field->choices, in);

    if (choice == NULL)
        return wrong(c, path, field, option_list(c->mem, "must be one of", &field->choices));
    return take(new_int(c->mem, choice->id), out);
}

static bool has_int(const struct json *list, int64_t n)
{
    for (const struct json *v = list->first; v != NULL; v = v->next)
        if (v->integer == n)
            return true;
    return false;
}

static bool is_chosen(const struct json *v)
{
    const struct json *selected = json_get(v, "selected");
    bool chosen;

    return selected == NULL || !json_as_bool(selected, &chosen) || chosen;
}

static bool read_options(struct ctx *c, const char *path, const struct custom_field *field,
                         const struct json *in, const struct json **out)
{
    struct json *chosen = json_new(c->mem, J_LIST);

    if (in->kind != J_LIST)
        return wrong(c, path, field, "must be a list of options.");
    for (const struct json *v = in->first; v != NULL; v = v->next) {
        const struct choice *choice = find_choice(c->mem, &field->choices, v);

        if (choice == NULL)
            return wrong(c, path, field,
                         option_list(c->mem, "must be a list of some of", &field->choices));
        if (is_chosen(v) && !has_int(chosen, choice->id))
            append_copy(c->mem, chosen, NULL, new_int(c->mem, choice->id));
    }
    return take(chosen->first == NULL ? NULL : chosen, out);
}

static bool read_cell(struct ctx *c, const char *path, const struct custom_field *field,
                      const struct choice *column, const struct json *in, struct json *row)
{
    if (is_blank(in))
        return true;
    if (!is_scalar(in))
        return wrong(c, path, field, arena_printf(c->mem, "has a %s that is neither text, number, "
                                                  "true nor false.", column->text));
    if (in->kind == J_TEXT && text_length(in->text) > CUSTOM_CELL_MAX)
        return wrong(c, path, field, arena_printf(c->mem, "has a %s of more than %d characters.",
                                                  column->text, CUSTOM_CELL_MAX));
    append_copy(c->mem, row, arena_printf(c->mem, "%lld", (long long)column->id), in);
    return true;
}

static bool read_row(struct ctx *c, const char *path, const struct custom_field *field,
                     const struct json *in, struct json *row)
{
    const struct choices *columns = &field->choices;
    bool ok = true;
    size_t n = 0;

    if (is_scalar(in))
        return wrong(c, path, field, "must be a list of rows, each an object by column.");
    for (const struct json *cell = in->first; cell != NULL; cell = cell->next, n++) {
        const struct choice *column = in->kind == J_OBJECT ? choice_by_text(columns, cell->key) :
                                      n < columns->count   ? &columns->list[n] :
                                                             NULL;

        if (column != NULL)
            ok = read_cell(c, path, field, column, cell, row) && ok;
        else if (in->kind == J_OBJECT)
            ok = wrong(c, path, field, arena_printf(c->mem, "has no column %s.", cell->key));
    }
    if (in->kind == J_LIST && n != columns->count)
        return wrong(c, path, field, arena_printf(c->mem, "has %zu columns: a row that is a list "
                                                  "must have a cell for each.", columns->count));
    return ok;
}

static bool read_table(struct ctx *c, const char *path, const struct custom_field *field,
                       const struct json *in, const struct json **out)
{
    struct json *rows = json_new(c->mem, J_LIST);
    bool ok = true;
    int n = 0;

    if (in->kind != J_LIST)
        return wrong(c, path, field, "must be a list of rows, each an object by column.");
    for (const struct json *v = in->first; v != NULL; v = v->next, n++) {
        struct json *row = json_new(c->mem, J_OBJECT);

        if (n == CUSTOM_ROWS_MAX)
            return wrong(c, path, field,
                         arena_printf(c->mem, "may have %d rows at most.", CUSTOM_ROWS_MAX));
        ok = read_row(c, arena_printf(c->mem, "%s.%d", path, n), field, v, row) && ok;
        json_append(c->mem, rows, NULL, row);
    }
    return take(rows, out) && ok;
}

bool custom_value_read(struct ctx *c, const char *path, const struct custom_field *field,
                       const struct json *in, const struct json **out)
{
    static reader *const readers[CUSTOM_TYPES] = {
        [CUSTOM_TEXT] = read_text,     [CUSTOM_TEXTAREA] = read_text,
        [CUSTOM_NUMBER] = read_number, [CUSTOM_BOOLEAN] = read_boolean,
        [CUSTOM_DATE] = read_date,     [CUSTOM_EMAIL] = read_email,
        [CUSTOM_URL] = read_url,       [CUSTOM_RADIO] = read_option,
        [CUSTOM_DROPDOWN] = read_option, [CUSTOM_MULTISELECT] = read_options,
        [CUSTOM_TABLE] = read_table,
    };

    *out = NULL;
    return is_blank(in) || readers[field->type](c, path, field, in, out);
}

/* ---- out ---- */

static const struct json *shown_option(struct arena *mem, const struct choices *options,
                                       const struct json *stored)
{
    const struct choice *option =
        stored->kind == J_INT ? choice_by_id(options, stored->integer) : NULL;

    return option == NULL ? NULL : json_new_text(mem, option->text);
}

static const struct json *shown_options(struct arena *mem, const struct choices *options,
                                        const struct json *stored)
{
    struct json *texts = json_new(mem, J_LIST);

    for (const struct json *v = stored->first; v != NULL; v = v->next) {
        const struct json *text = shown_option(mem, options, v);

        if (text != NULL)
            append_copy(mem, texts, NULL, text);
    }
    return texts->first == NULL ? NULL : texts;
}

static const struct json *shown_table(struct arena *mem, const struct choices *columns,
                                      const struct json *stored)
{
    struct json *rows = json_new(mem, J_LIST);

    for (const struct json *v = stored->first; v != NULL; v = v->next) {
        struct json *row = json_new(mem, J_OBJECT);

        for (const struct json *cell = v->first; cell != NULL; cell = cell->next) {
            const struct choice *column =
                cell->key == NULL ? NULL : choice_by_id(columns, strtoll(cell->key, NULL, 10));

            if (column != NULL)
                append_copy(mem, row, column->text, cell);
        }
        json_append(mem, rows, NULL, row);
    }
    return rows;
}

const struct json *custom_value_shown(struct arena *mem, const struct custom_field *field,
                                      const struct json *stored)
{
    switch (field->type) {
    case CUSTOM_RADIO:
    case CUSTOM_DROPDOWN:
        return shown_option(mem, &field->choices, stored);
    case CUSTOM_MULTISELECT:
        return shown_options(mem, &field->choices, stored);
    case CUSTOM_TABLE:
        return shown_table(mem, &field->choices, stored);
    default:
        return stored;
    }
}
