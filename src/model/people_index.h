/* Order and search of people: what lists of members and of guests are sorted by, and the table of
 * parts of names and addresses by which they are found, in a time that depends on how many match
 * and not on how many there are.
 *
 * A person's text is "name_key email": the folded name, a blank, the address as it is compared. It
 * is found by its grams (folded whatever the text is): each three characters in a row, and of each
 * word its first one and its first two, with a blank before them. A word begins after a blank or
 * punctuation; a Chinese or Japanese character always begins one.
 *
 * So one or two characters find the words that begin with them, three or more what holds them
 * anywhere, literally: the name without regard to case and accents, the address without regard to
 * case. Of the query's grams the rarest says who may match, and LIKE who does: looking a second
 * gram up would cost as much as reading the person. */
#pragma once

#include "base/ctx.h"

/* ---- what is stored ---- */

/* Folded "first last" and "last first", without regard to case and accents; either name may be
 * NULL. */
const char *people_name_key(struct arena *mem, const char *first_name, const char *last_name);
const char *people_last_name_key(struct arena *mem, const char *first_name,
                                 const char *last_name);

/* Stores the grams of one person of c->org whose text was `was` and is `is`; NULL: none (new, or
 * gone). Writes only what differs. */
MUST_CHECK enum err people_index_set(struct ctx *c, bool is_guest, int64_t id, const char *was,
                                     const char *is);

/* Brings keys and grams of one membership of c->org in line with its account: after it was made,
 * deleted (deleted_at) or revived. */
MUST_CHECK enum err people_index_member(struct ctx *c, int64_t user_id);

/* The same for every membership of an account, whatever c->org is: after a new name or address. */
MUST_CHECK enum err people_index_account(struct ctx *c, int64_t user_id);

/* Removes the grams of a membership of c->org whose row is about to be removed. */
MUST_CHECK enum err people_index_forget(struct ctx *c, int64_t user_id);

/* Indexes some of the members who never were, in any organization; *more: call it again, in
 * another transaction. */
MUST_CHECK enum err people_index_pending(struct ctx *c, bool *more);

/* ---- search ---- */

struct people_query {
    const char *gram;          /* who may match; NULL: everybody is wanted */
    const char *name_pattern;  /* for LIKE */
    const char *email_pattern; /* for LIKE */
};

enum { PEOPLE_QUERY_MAX = 200 }; /* characters */

/* What to look for in c->org when somebody asked for q (NULL or blank: everybody). ERR_INVALID on
 * field q when it is longer than PEOPLE_QUERY_MAX. */
MUST_CHECK enum err people_query_make(struct ctx *c, bool is_guest, const char *q,
                                      struct people_query *out);

/* SQL: begins a statement with the table `found`, whose only column is `id`, of those who match.
 * Its arguments are ?1 the organization and ?2 to ?4 PEOPLE_QUERY(&query). `name` and `email` are
 * columns, `row` is the FROM and WHERE that lead to the one row of g.person_id in g.org_id. As in
 *
 *     PEOPLE_FOUND("1", "p.name_key", "p.email_folded",
 *                  " FROM guests p WHERE p.org_id = g.org_id AND p.id = g.person_id"
 *                  "   AND p.deleted_at IS NULL")
 *     "SELECT … FROM found CROSS JOIN guests p WHERE p.org_id = ?1 AND p.id = found.id"
 *     " ORDER BY p.name_key, p.id LIMIT ?5 OFFSET ?6"
 *
 * It is a table of its own and its condition a single value, so that both engines walk the rows of
 * the gram, whatever they believe about the rest. */
#define PEOPLE_FOUND(is_guest, name, email, row)                                              \
    "WITH found AS MATERIALIZED ("                                                            \
    " SELECT g.person_id AS id"                                                               \
    "   FROM people_grams g"                                                                  \
    "  WHERE g.org_id = ?1 AND g.gram = ?2 AND g.is_guest = " is_guest                        \
    "    AND (SELECT CASE WHEN " name " LIKE ?3 ESCAPE '\\' THEN 1"                           \
    "                     WHEN " email " LIKE ?4 ESCAPE '\\' THEN 1 ELSE 0 END" row ") = 1) "
#define PEOPLE_QUERY(q) TEXT((q)->gram), TEXT((q)->name_pattern), TEXT((q)->email_pattern)
