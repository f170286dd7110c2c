/* See words.h. */
#include "auth/words.h"

#include <string.h>

#include "base/json.h"
#include "base/shape.h"
#include "base/str.h"

enum {
    LIST_MAX = 50,     /* elements that are looked at: more can only be repetitions */
    WORDS_SIZE = 2000, /* every known word once fits */
};

const char *words_next(const char **rest, size_t *length)
{
    const char *word = *rest + strspn(*rest, " ");

    *length = strcspn(word, " ");
    *rest = word + *length;
    return *length == 0 ? NULL : word;
}

bool words_have(const char *words, const char *word)
{
    size_t n;

    for (const char *w = words_next(&words, &n); w != NULL; w = words_next(&words, &n))
        if (strlen(word) == n && memcmp(w, word, n) == 0)
            return true;
    return false;
}

const char *words_json(struct arena *mem, const char *words)
{
    struct str out = str_in(mem, WORDS_SIZE);
    size_t n;

    json_begin_list(&out);
    for (const char *w = words_next(&words, &n); w != NULL; w = words_next(&words, &n))
        json_put_text(&out, arena_dup_n(mem, w, n));
    json_end_list(&out);
    return str_text(&out);
}

static const char *known_list(struct arena *mem, const char *const *known)
{
    struct str out = str_in(mem, WORDS_SIZE);

    for (int i = 0; known[i] != NULL; i++)
        str_printf(&out, "%s%s", i == 0 ? "" : ", ", known[i]);
    return str_text(&out);
}

/* One element of the list: added when it is a known word that is not there yet. */
static void add_word(struct ctx *c, const char *field, const struct json *v,
                     const char *const *known, const char **words)
{
    if (v->kind != J_TEXT || word_index(known, v->text) < 0)
        fault(c, field, "The %s must be among: %s.", field, known_list(c->mem, known));
    else if (!words_have(*words, v->text))
        *words = arena_printf(c->mem, "%s%s%s", *words, **words == '\0' ? "" : " ", v->text);
}

enum err words_read(struct ctx *c, const char *field, const char *json, const char *const *known,
                    const char **out)
{
    const char *words = "";
    struct json *list;
    int n = 0;

    if (json == NULL)
        return OK;
    TRY(json_parse(c, json, strlen(json), &list));
    if (list->kind == J_NULL)
        return OK;
    if (list->kind != J_LIST || list->first == NULL) {
        fault(c, field, "The %s must be a list with at least one element.", field);
        return OK;
    }
    for (const struct json *v = list->first; v != NULL && n < LIST_MAX; v = v->next, n++)
        add_word(c, field, v, known, &words);
    *out = words;
    return OK;
}
