/* See scope.h. */
#include "auth/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/words.h"
#include "base/shape.h"

enum { WORD_SIZE = 64, READ_LENGTH = sizeof(".read") - 1, REQUESTED_MAX = 1000 /* bytes */ };

#define MCP "mcp."

/* ---- the words ---- */

/* Those of the API alone, and those that exist with "mcp." before them as well. */
/* clang-format off */
#define OF_API(X)                                                                                 \
    X("*", "Full access", "Do everything that you may do yourself.")                              \
    X("account.read", "See your profile", "Read your name, address and settings.")                \
    X("account.write", "Change your profile", "Change your name and your settings.")              \
    X("organization.read", "See the organization", "Read the organization's name and settings.")  \
    X("organization.write", "Change the organization", "Change the organization's settings.")     \
    X("admin", "Administration", "Manage tokens, applications and what only administrators do.")

#define OF_BOTH(X)                                                                                \
    X("users.read", "See people", "Read who the members, guests and groups are.")                 \
    X("users.write", "Manage people", "Invite, change and remove members, guests and groups.")    \
    X("tasks.read", "See tasks", "Read the tasks that you can see.")                              \
    X("tasks.write", "Work on tasks", "Create, change, complete and reopen tasks.")               \
    X("processes.read", "See processes", "Read the processes that you can see.")                  \
    X("processes.write", "Run processes", "Launch, change and archive processes.")                \
    X("templates.read", "See templates", "Read the templates that you can see.")                  \
    X("templates.write", "Edit templates", "Create, change and archive templates.")               \
    X("forms.read", "See forms", "Read form fields and what was entered in them.")                \
    X("forms.write", "Fill in forms", "Change form fields and what is entered in them.")          \
    X("automation.read", "See automations", "Read the rules that act by themselves.")             \
    X("automation.write", "Edit automations", "Change the rules that act by themselves.")
/* clang-format on */

#define WORD(word, title, text) word,
#define MCP_WORD(word, title, text) MCP word,

const char *const scope_words[] = { OF_API(WORD) OF_BOTH(WORD) OF_BOTH(MCP_WORD) NULL };

#define MEANING(word, title, text) { word, title, text },

static const struct meaning {
    const char *word, *title, *text;
} meanings[] = { OF_API(MEANING) OF_BOTH(MEANING) };

static bool is_mcp(const char *word)
{
    return strncmp(word, MCP, strlen(MCP)) == 0;
}

static const struct meaning *meaning_of(const char *word)
{
    const char *plain = is_mcp(word) ? word + strlen(MCP) : word;

    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (strcmp(meanings[i].word, plain) == 0)
            return &meanings[i];
    abort();
}

const char *scope_title(const char *word)
{
    return meaning_of(word)->title;
}

const char *scope_text(const char *word)
{
    return meaning_of(word)->text;
}

/* ---- lists of words ---- */

bool scopes_gated(const char *scopes)
{
    size_t n;

    for (const char *w = words_next(&scopes, &n); w != NULL; w = words_next(&scopes, &n))
        if (is_mcp(w))
            return true;
    return false;
}

/* Whether the list has words of both kinds, which no token may. */
static bool is_mixed(const char *scopes)
{
    bool gated = scopes_gated(scopes);
    size_t n;

    for (const char *w = words_next(&scopes, &n); w != NULL; w = words_next(&scopes, &n))
        if (is_mcp(w) != gated)
            return true;
    return false;
}

enum err scopes_read(struct ctx *c, const char *json, const char **out)
{
    *out = "*";
    TRY(words_read(c, "scopes", json, scope_words, out));
    if (is_mixed(*out))
        fault(c, "scopes", "Scopes that begin with mcp. go with no others.");
    if (words_have(*out, "*"))
        *out = "*";
    return OK;
}

static bool is_reading(const char *word)
{
    size_t n = strlen(word);

    return n > READ_LENGTH && strcmp(word + n - READ_LENGTH, ".read") == 0;
}

/* The word itself, "*", or, for reading, the word for writing. */
static bool covers(const char *have, const char *word)
{
    char writing[WORD_SIZE];

    if (words_have(have, "*") || words_have(have, word))
        return true;
    if (!is_reading(word))
        return false;
    snprintf(writing, sizeof(writing), "%.*s.write", (int)(strlen(word) - READ_LENGTH), word);
    return words_have(have, writing);
}

bool scopes_cover(const char *have, const char *want)
{
    size_t n;

    for (const char *w = words_next(&want, &n); w != NULL; w = words_next(&want, &n)) {
        char word[WORD_SIZE];

        if (n >= sizeof(word))
            return false;
        memcpy(word, w, n);
        word[n] = '\0';
        if (!covers(have, word))
            return false;
    }
    return true;
}

/* ---- what OAuth requests ask for ---- */

static enum err invalid_scope(struct ctx *c, const char *why)
{
    return fail_code(c, ERR_MALFORMED, "invalid_scope", "%s", why);
}

static const char *add_word(struct arena *mem, const char *words, const char *word)
{
    return arena_printf(mem, "%s%s%s", words, *words == '\0' ? "" : " ", word);
}

/* Everything of one kind that `most` has. */
static enum err everything(struct ctx *c, bool mcp, const char *most, const char **out)
{
    *out = "";
    if (!mcp && words_have(most, "*")) {
        *out = "*";
        return OK;
    }
    for (size_t i = 0; scope_words[i] != NULL; i++)
        if (is_mcp(scope_words[i]) == mcp && scopes_cover(most, scope_words[i]))
            *out = add_word(c->mem, *out, scope_words[i]);
    return **out == '\0' ? invalid_scope(c, "This client may have no scope of this kind.") : OK;
}

/* What the words of a request are: the known ones, each once, and what else was among them. */
struct asked {
    const char *known;
    bool foreign; /* a name that means nothing here */
    bool wrong;   /* one of the mcp family that does not exist */
};

static struct asked sort_out(struct ctx *c, const char *requested)
{
    struct asked a = { .known = "" };
    size_t n;

    for (const char *w = words_next(&requested, &n); w != NULL; w = words_next(&requested, &n)) {
        const char *word = arena_dup_n(c->mem, w, n);

        if (word_index(scope_words, word) < 0) {
            a.foreign = true;
            a.wrong = a.wrong || is_mcp(word);
        } else if (!words_have(a.known, word)) {
            a.known = add_word(c->mem, a.known, word);
        }
    }
    return a;
}

enum err scopes_requested(struct ctx *c, const char *requested, unsigned kinds,
                          const char *most, const char **out)
{
    struct asked a;
    bool all, mcp;

    if (requested != NULL && strnlen(requested, REQUESTED_MAX + 1) > REQUESTED_MAX)
        return invalid_scope(c, "The scope is too long.");
    a = sort_out(c, requested == NULL ? "" : requested);
    all = *a.known == '\0' || words_have(a.known, "*");
    mcp = scopes_gated(a.known);
    if (a.wrong || is_mixed(a.known) || (a.foreign && !all && !mcp))
        return invalid_scope(c, "The scope is not known here.");
    if (all)
        return everything(c, !(kinds & SCOPES_API) || ((kinds & SCOPES_MCP) && scopes_gated(most)),
                          most, out);
    if (!(kinds & (mcp ? SCOPES_MCP : SCOPES_API)))
        return invalid_scope(c, "This scope is not given here.");
    if (!scopes_cover(most, a.known))
        return invalid_scope(c, "This client may not have that scope.");
    *out = a.known;
    return OK;
}

/* ---- what routes ask for ---- */

/* For a gated token: the word it needs, or NULL when the area is none of those it is held to. */
static const char *gate_of(char word[WORD_SIZE], const char *scope)
{
    snprintf(word, WORD_SIZE, MCP "%s", scope);
    return word_index(scope_words, word) < 0 ? NULL : word;
}

bool caller_has_scope(const struct caller *who, const char *scope)
{
    char word[WORD_SIZE];
    const char *gate;

    if (who->scopes == NULL)
        return false;
    if (!scopes_gated(who->scopes))
        return covers(who->scopes, scope);
    gate = gate_of(word, scope);
    return gate == NULL ? is_reading(scope) : covers(who->scopes, gate);
}

const char *caller_scope_wanted(struct arena *mem, const struct caller *who, const char *scope)
{
    char word[WORD_SIZE];

    if (who->scopes != NULL && scopes_gated(who->scopes) && gate_of(word, scope) != NULL)
        return arena_dup(mem, word);
    return scope;
}
