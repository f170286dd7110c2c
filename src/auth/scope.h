/* Scopes: what a token may be used for, as stored text (words.h). "*" is everything.
 *
 * The words that begin with "mcp." are those of AI connectors. A token that has one of them is
 * gated: it has no others, it is held to them in the six areas they name, may read in all others,
 * and neither makes nor ends credentials. */
#pragma once

#include <stdbool.h>

#include "auth/caller.h"
#include "base/ctx.h"

/* All scope words that exist, NULL-terminated: "*" first. */
extern const char *const scope_words[];

/* What a scope means, in words for the person who is asked to allow it: a few words ("See tasks"),
 * and one plain sentence. The word must exist. */
const char *scope_title(const char *word);
const char *scope_text(const char *word);

/* From the JSON list of a request; absent means everything. Faults are noted. */
MUST_CHECK enum err scopes_read(struct ctx *c, const char *json, const char **out);

/* True when whoever has `have` may hand out `want`. */
bool scopes_cover(const char *have, const char *want);

/* True for scopes of a gated token. */
bool scopes_gated(const char *scopes);

/* Which words an OAuth endpoint gives. */
enum scope_kind { SCOPES_API = 1, SCOPES_MCP = 2 };

/* From the scope parameter of an OAuth request, `kinds` being what the endpoint gives and `most`
 * what the client may have. Absent, or made of names that mean nothing here, it asks for all of the
 * first kind that the client may have: integrations send names of their own. Names that mean
 * something are taken at their word: a mixture, more than `most`, or the other kind is refused as
 * invalid_scope. */
MUST_CHECK enum err scopes_requested(struct ctx *c, const char *requested, unsigned kinds,
                                     const char *most, const char **out);

/* True when the caller's scopes cover the scope of a route ("tasks.write" covers "tasks.read"; "*"
 * all). */
bool caller_has_scope(const struct caller *who, const char *scope);

/* The word that would open a route of this scope to such a caller. */
const char *caller_scope_wanted(struct arena *mem, const struct caller *who, const char *scope);
