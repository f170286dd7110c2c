/* See custom_choice.h. */
#include "flow/custom_choice.h"

#include <string.h>

#include "base/text.h"

#define CHOICE_ID_MAX INT64_C(1000000000)

const struct choice *choice_by_id(const struct choices *choices, int64_t id)
{
    for (size_t i = 0; i < choices->count; i++)
        if (choices->list[i].id == id)
            return &choices->list[i];
    return NULL;
}

const struct choice *choice_by_text(const struct choices *choices, const char *text)
{
    for (size_t i = 0; i < choices->count; i++)
        if (strcmp(choices->list[i].text, text) == 0)
            return &choices->list[i];
    return NULL;
}

static const struct json *text_of(const struct json *v)
{
    const struct json *text = json_get(v, "text");

    return text != NULL ? text : json_get(v, "label");
}

/* ---- in ---- */

static void read_text(struct ctx *c, const char *path, const struct json *v, struct choice *out)
{
    const struct json *text = v->kind == J_OBJECT ? text_of(v) : v;

    out->text = "";
    if (text != NULL && text->kind == J_TEXT)
        out->text = text_trim(c->mem, text->text);
    else if (text != NULL && text->kind == J_INT)
        out->text = arena_printf(c->mem, "%lld", (long long)text->integer);
    if (out->text[0] == '\0')
        fault(c, path, "This needs a text.");
    else if (text_length(out->text) > CHOICE_TEXT_MAX)
        fault(c, path, "The text may not be longer than %d characters.", CHOICE_TEXT_MAX);
    else if (text_has_control(out->text))
        fault(c, path, "The text must be one line, without control characters.");
}

/* 0 where none is said. */
static void read_id(struct ctx *c, const char *path, const struct json *v,
                    const struct choices *was, struct choice *out)
{
    int64_t most = was->last > CHOICE_ID_MAX ? was->last : CHOICE_ID_MAX;
    const struct json *id = json_get(v, "id");

    if (id == NULL || id->kind == J_NULL)
        return;
    if (!json_as_int(id, &out->id) || out->id < 1 || out->id > most) {
        fault(c, path, "The id must be a number from 1 to %lld, or be left out.",
              (long long)most);
        out->id = 0;
    }
}

/* Two that differ only in case or accents would be taken for each other. */
static void check_repeated(struct ctx *c, const char *field, const struct choices *out)
{
    const char **folded = arena_new_n(c->mem, const char *, out->count);

    for (size_t i = 0; i < out->count; i++) {
        const struct choice *this = &out->list[i];
        const char *path = arena_printf(c->mem, "%s.%zu", field, i);
        bool text = false, id = false;

        folded[i] = text_fold(c->mem, this->text);
        for (size_t k = 0; k < i; k++) {
            text = text || (this->text[0] != '\0' && strcmp(folded[k], folded[i]) == 0);
            id = id || (this->id != 0 && out->list[k].id == this->id);
        }
        if (text)
            fault(c, path, "This text is there already.");
        if (id)
            fault(c, path, "This id is there already.");
    }
}

static void give_ids(const struct choices *was, struct choices *out)
{
    out->last = was->last;
    for (size_t i = 0; i < out->count; i++)
        out->last = out->list[i].id > out->last ? out->list[i].id : out->last;
    for (size_t i = 0; i < out->count; i++) {
        struct choice *this = &out->list[i];
        const struct choice *before = choice_by_text(was, this->text);

        if (this->id == 0 && before != NULL && choice_by_id(out, before->id) == NULL)
            this->id = before->id;
        else if (this->id == 0)
            this->id = ++out->last;
    }
}

void choices_read(struct ctx *c, const char *field, const struct json *in,
                  const struct choices *was, struct choices *out)
{
    *out = (struct choices){ .list = arena_new_n(c->mem, struct choice, CHOICES_MAX) };
    if (in == NULL || in->kind != J_LIST || in->first == NULL) {
        fault(c, field, "The %s must be a list with at least one element.", field);
        return;
    }
    for (const struct json *v = in->first; v != NULL; v = v->next) {
        const char *path = arena_printf(c->mem, "%s.%zu", field, out->count);

        if (out->count == CHOICES_MAX) {
            fault(c, field, "There may be %d %s at most.", CHOICES_MAX, field);
            break;
        }
        read_text(c, path, v, &out->list[out->count]);
        read_id(c, path, v, was, &out->list[out->count]);
        out->count++;
    }
    check_repeated(c, field, out);
    give_ids(was, out);
}

/* ---- stored ---- */

void choices_parse(struct arena *mem, const struct json *stored, struct choices *out)
{
    size_t n = 0;

    for (const struct json *v = stored->first; v != NULL; v = v->next)
        n++;
    out->list = arena_new_n(mem, struct choice, n);
    out->count = 0;
    for (const struct json *v = stored->first; v != NULL; v = v->next) {
        const struct json *id = json_get(v, "id"), *text = text_of(v);

        if (id != NULL && id->kind == J_INT && text != NULL && text->kind == J_TEXT)
            out->list[out->count++] = (struct choice){ .id = id->integer, .text = text->text };
    }
}

void choices_write(struct str *out, const struct choices *choices, const char *name)
{
    json_begin_list(out);
    for (size_t i = 0; i < choices->count; i++) {
        json_begin_object(out);
        json_key_int(out, "id", choices->list[i].id);
        json_key_text(out, name, choices->list[i].text);
        json_end_object(out);
    }
    json_end_list(out);
}
