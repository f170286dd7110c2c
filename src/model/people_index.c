/* See people_index.h. A person has about as many grams as characters, so they are written sixteen
 * in a statement, and of a changed name only those that it changes. */
#include "model/people_index.h"

#include <assert.h>
#include <string.h>

#include "base/gram.h"
#include "base/shape.h"
#include "base/text.h"
#include "db/db.h"
#include "model/user_row.h"

enum {
    GRAMS_AT_ONCE = 16,  /* in one statement */
    GRAMS_TRIED = 8,     /* of a query, in search of a rare one */
    RARE = 20,           /* people: rare enough, no more are tried */
    COMMON = 2000,       /* people: nobody counts further */
    PENDING_AT_ONCE = 200, /* members in one transaction */
};

/* ---- shape ---- */

/* A membership as it is indexed, and the account that says how it should be. */
struct keys {
    const char *org_id;
    int64_t user_id;
    const char *name_key, *email_key; /* NULL: never indexed; "": deleted, in no list */
    const char *first_name, *last_name, *email_folded;
    int64_t deleted_at;
};

static const struct field keys_fields[] = {
    FIELD(keys, org_id, TEXT, HIDDEN),
    FIELD(keys, user_id, INT, HIDDEN),
    FIELD(keys, name_key, TEXT, HIDDEN),
    FIELD(keys, email_key, TEXT, HIDDEN),
    FIELD(keys, first_name, TEXT, HIDDEN),
    FIELD(keys, last_name, TEXT, HIDDEN),
    FIELD(keys, email_folded, TEXT, HIDDEN),
    FIELD(keys, deleted_at, TIME, HIDDEN),
    { 0 },
};
static const struct shape keys_shape = SHAPE(keys, keys_fields);

/* ---- SQL ---- */

static const char GRAMS_ADD[] =
    "INSERT INTO people_grams (org_id, gram, is_guest, person_id)"
    " VALUES (?1, ?4, ?2, ?3), (?1, ?5, ?2, ?3), (?1, ?6, ?2, ?3), (?1, ?7, ?2, ?3),"
    "        (?1, ?8, ?2, ?3), (?1, ?9, ?2, ?3), (?1, ?10, ?2, ?3), (?1, ?11, ?2, ?3),"
    "        (?1, ?12, ?2, ?3), (?1, ?13, ?2, ?3), (?1, ?14, ?2, ?3), (?1, ?15, ?2, ?3),"
    "        (?1, ?16, ?2, ?3), (?1, ?17, ?2, ?3), (?1, ?18, ?2, ?3), (?1, ?19, ?2, ?3)"
    " ON CONFLICT DO NOTHING";

static const char GRAMS_REMOVE[] =
    "DELETE FROM people_grams"
    " WHERE org_id = ? AND is_guest = ? AND person_id = ?"
    "   AND gram IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char GRAM_PEOPLE[] =
    "SELECT count(*)"
    "  FROM (SELECT person_id FROM people_grams"
    "         WHERE org_id = ? AND gram = ? AND is_guest = ? LIMIT ?) AS few";

#define KEYS                                                                                  \
    "SELECT m.org_id, m.user_id, m.name_key, m.email_key, m.deleted_at, u.email_folded,"      \
    "       " FIRST_NAME " AS first_name, " LAST_NAME " AS last_name"                         \
    "  FROM members m JOIN users u ON u.id = m.user_id"

static const char KEYS_OF_MEMBER[] = KEYS " WHERE m.org_id = ? AND m.user_id = ?";
static const char KEYS_OF_ACCOUNT[] = KEYS " WHERE m.user_id = ? ORDER BY m.org_id";
static const char KEYS_PENDING[] =
    KEYS " WHERE m.name_key IS NULL ORDER BY m.org_id, m.user_id LIMIT ?";

static const char KEYS_SET[] =
    "UPDATE members SET name_key = ?, last_name_key = ?, email_key = ?"
    " WHERE org_id = ? AND user_id = ?";

/* ---- private ---- */

/* Grams of one person, to be added or removed. */
struct grams {
    const char *const *list;
    size_t count;
};

static struct grams grams_of_text(struct ctx *c, const char *text)
{
    struct grams out = { 0 };

    if (text != NULL)
        out.list = grams_of(c->mem, text_fold(c->mem, text), &out.count);
    return out;
}

/* Those of a that b does not have; both are sorted. */
static struct grams grams_without(struct ctx *c, struct grams a, struct grams b)
{
    const char **list = arena_new_n(c->mem, const char *, a.count + 1);
    size_t n = 0, j = 0;

    for (size_t i = 0; i < a.count; i++) {
        while (j < b.count && strcmp(b.list[j], a.list[i]) < 0)
            j++;
        if (j == b.count || strcmp(b.list[j], a.list[i]) != 0)
            list[n++] = a.list[i];
    }
    return (struct grams){ .list = list, .count = n };
}

/* The i-th gram as an argument; after the last one comes the last one again. */
static struct db_arg gram_arg(struct grams g, size_t i)
{
    return TEXT(g.list[i < g.count ? i : g.count - 1]);
}

#define GRAM_ARGS_4(g, i) \
    gram_arg(g, i), gram_arg(g, (i) + 1), gram_arg(g, (i) + 2), gram_arg(g, (i) + 3)
#define GRAM_ARGS(g, i)                                                                       \
    GRAM_ARGS_4(g, i), GRAM_ARGS_4(g, (i) + 4), GRAM_ARGS_4(g, (i) + 8), GRAM_ARGS_4(g, (i) + 12)
static_assert(GRAMS_AT_ONCE == 16, "the statements and GRAM_ARGS name sixteen");

static enum err write_grams(struct ctx *c, const char *sql, const char *org, bool is_guest,
                            int64_t id, struct grams g)
{
    for (size_t i = 0; i < g.count; i += GRAMS_AT_ONCE)
        TRY(db_change(c, sql, TEXT(org), INT(is_guest), INT(id), GRAM_ARGS(g, i)));
    return OK;
}

static enum err replace(struct ctx *c, const char *org, bool is_guest, int64_t id,
                        const char *was, const char *is)
{
    struct grams old = grams_of_text(c, was), new = grams_of_text(c, is);

    TRY(write_grams(c, GRAMS_REMOVE, org, is_guest, id, grams_without(c, old, new)));
    return write_grams(c, GRAMS_ADD, org, is_guest, id, grams_without(c, new, old));
}

/* What a membership is found by now; NULL: by nothing. */
static const char *indexed_text(struct ctx *c, const struct keys *k)
{
    if (k->email_key == NULL || k->email_key[0] == '\0')
        return NULL;
    return arena_printf(c->mem, "%s %s", k->name_key, k->email_key);
}

static enum err index_one(struct ctx *c, const struct keys *k)
{
    bool listed = k->deleted_at == 0;
    const char *name = people_name_key(c->mem, k->first_name, k->last_name);
    const char *last = people_last_name_key(c->mem, k->first_name, k->last_name);

    TRY(replace(c, k->org_id, false, k->user_id, indexed_text(c, k),
                listed ? arena_printf(c->mem, "%s %s", name, k->email_folded) : NULL));
    return db_change_one(c, KEYS_SET, TEXT(listed ? name : ""), TEXT(listed ? last : ""),
                         TEXT(listed ? k->email_folded : ""), TEXT(k->org_id), INT(k->user_id));
}

static enum err index_all(struct ctx *c, const struct keys *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(index_one(c, &list[i]));
    return OK;
}

/* ---- operations: what is stored ---- */

const char *people_name_key(struct arena *mem, const char *first_name, const char *last_name)
{
    return text_fold(mem, user_full_name(mem, first_name, last_name));
}

const char *people_last_name_key(struct arena *mem, const char *first_name,
                                 const char *last_name)
{
    return text_fold(mem, user_full_name(mem, last_name, first_name));
}

enum err people_index_set(struct ctx *c, bool is_guest, int64_t id, const char *was,
                          const char *is)
{
    return replace(c, c->org, is_guest, id, was, is);
}

enum err people_index_member(struct ctx *c, int64_t user_id)
{
    struct keys k = { 0 };

    TRY(db_one(c, KEYS_OF_MEMBER, &keys_shape, &k, TEXT(c->org), INT(user_id)));
    return index_one(c, &k);
}

enum err people_index_account(struct ctx *c, int64_t user_id)
{
    struct keys *list;
    size_t count;

    TRY(db_all(c, KEYS_OF_ACCOUNT, &keys_shape, &list, &count, INT(user_id)));
    return index_all(c, list, count);
}

enum err people_index_forget(struct ctx *c, int64_t user_id)
{
    struct keys k = { 0 };

    TRY(db_one(c, KEYS_OF_MEMBER, &keys_shape, &k, TEXT(c->org), INT(user_id)));
    return replace(c, k.org_id, false, user_id, indexed_text(c, &k), NULL);
}

enum err people_index_pending(struct ctx *c, bool *more)
{
    struct keys *list;
    size_t count;

    TRY(db_all(c, KEYS_PENDING, &keys_shape, &list, &count, INT(PENDING_AT_ONCE)));
    *more = count == PENDING_AT_ONCE;
    return index_all(c, list, count);
}

/* ---- operations: search ---- */

enum err people_query_make(struct ctx *c, bool is_guest, const char *q, struct people_query *out)
{
    const char *folded = q == NULL ? "" : text_trim(c->mem, text_fold(c->mem, q));
    const char *const *grams;
    int64_t fewest = INT64_MAX;
    size_t count;

    *out = (struct people_query){ .name_pattern = "%", .email_pattern = "%" };
    if (q != NULL && text_length(q) > PEOPLE_QUERY_MAX)
        return fail(c, ERR_INVALID, "q", "The search text may not be longer than %d characters.",
                    PEOPLE_QUERY_MAX);
    if (text_length(folded) > 2) {
        out->name_pattern = text_like(c->mem, folded);
        out->email_pattern = text_like(c->mem, text_fold_email(c->mem, q));
    }
    grams = grams_wanted(c->mem, folded, GRAMS_TRIED, &count);
    for (size_t i = 0; i < count && fewest > RARE; i++) {
        int64_t people;

        TRY(db_int(c, GRAM_PEOPLE, &people, TEXT(c->org), TEXT(grams[i]), INT(is_guest),
                   INT(COMMON)));
        if (people < fewest) {
            fewest = people;
            out->gram = grams[i];
        }
    }
    return OK;
}
