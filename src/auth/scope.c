/* See scope.h. Which scopes exist, and what covers what, is identify.c's. */
#include "auth/scope.h"

#include <string.h>

#include "auth/identify.h"
#include "auth/words.h"
#include "base/shape.h"

enum err scopes_read(struct ctx *c, const char *json, const char **out)
{
    *out = "*";
    TRY(words_read(c, "scopes", json, scope_words, out));
    if (words_have(*out, "*"))
        *out = "*";
    return OK;
}

/* "*" may ask for everything only where everything is had; other words follow the rules of a
 * request's own scope. */
static bool covers(const char *have, const char *word)
{
    const struct caller who = { .scopes = have };

    if (strcmp(word, "*") == 0)
        return words_have(have, "*");
    return caller_has_scope(&who, word);
}

bool scopes_cover(const char *have, const char *want)
{
    size_t n;

    for (const char *w = words_next(&want, &n); w != NULL; w = words_next(&want, &n)) {
        char word[64];

        if (n >= sizeof(word))
            return false;
        memcpy(word, w, n);
        word[n] = '\0';
        if (!covers(have, word))
            return false;
    }
    return true;
}

enum err scopes_requested(struct ctx *c, const char *requested, const char **out)
{
    const char *rest = requested == NULL ? "" : requested, *known = "";
    bool foreign = false, mcp = false;
    size_t n;

    for (const char *w = words_next(&rest, &n); w != NULL; w = words_next(&rest, &n)) {
        const char *word = arena_dup_n(c->mem, w, n);

        if (word_index(scope_words, word) < 0)
            foreign = true;
        else if (!words_have(known, word))
            known = arena_printf(c->mem, "%s%s%s", known, *known == '\0' ? "" : " ", word);
        mcp = mcp || strncmp(word, "mcp.", 4) == 0;
    }
    if (mcp || (foreign && *known != '\0' && !words_have(known, "*")))
        return fail_code(c, ERR_MALFORMED, "invalid_scope", "The scope is not known here.");
    *out = *known == '\0' || words_have(known, "*") ? "*" : known;
    return OK;
}
