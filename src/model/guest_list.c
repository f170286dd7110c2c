/* See guest_list.h. */
#include "model/guest_list.h"

#include <string.h>

#include "db/db.h"
#include "model/guest_row.h"
#include "model/people_index.h"

/* ---- shape ---- */

static const struct field guest_filter_fields[] = {
    FIELD(guest_filter, q, TEXT, OPTIONAL, .called = "search text", .max = PEOPLE_QUERY_MAX,
          .note = "Part of a name or an address."),
    LIST_ORDER_FIELDS(guest_filter),
    FIELD(guest_filter, without_pagination, BOOL, OPTIONAL),
    { 0 },
};
const struct shape guest_filter_shape = SHAPE(guest_filter, guest_filter_fields);

/* ---- SQL ---- */

#define EVERYBODY(order)                                                                      \
    "SELECT" GUEST_COLUMNS " FROM guests p"                                                   \
    " WHERE p.org_id = ?1 AND p.deleted_at IS NULL"                                           \
    " ORDER BY " order " LIMIT ?2 OFFSET ?3"

#define FOUND                                                                                 \
    PEOPLE_FOUND("1", "p.name_key", "p.email_folded",                                         \
                 " FROM guests p WHERE p.org_id = g.org_id AND p.id = g.person_id"            \
                 "   AND p.deleted_at IS NULL")

/* CROSS JOIN has SQLite keep the order in which they are written. */
#define MATCHING(order)                                                                       \
    FOUND "SELECT" GUEST_COLUMNS "  FROM found CROSS JOIN guests p"                           \
    " WHERE p.org_id = ?1 AND p.id = found.id"                                                \
    " ORDER BY " order " LIMIT ?5 OFFSET ?6"

/* Those whom person ?5 works with: these are few, so they come before what is searched for. */
#define SEEN                                                                                  \
    "WITH seen AS MATERIALIZED ("                                                             \
    " SELECT p.id FROM (" GUESTS_OF("?5") ") AS k CROSS JOIN guests p"                        \
    "  WHERE p.org_id = ?1 AND p.id = k.guest_id AND p.deleted_at IS NULL"                    \
    "    AND (CAST(?2 AS TEXT) IS NULL"                                                       \
    "         OR EXISTS (SELECT 1 FROM people_grams g"                                        \
    "                     WHERE g.org_id = ?1 AND g.gram = ?2 AND g.is_guest = 1"             \
    "                       AND g.person_id = p.id))"                                         \
    "    AND (p.name_key LIKE ?3 ESCAPE '\\' OR p.email_folded LIKE ?4 ESCAPE '\\')) "
#define SEEN_ONES(order)                                                                      \
    SEEN "SELECT" GUEST_COLUMNS "  FROM seen CROSS JOIN guests p"                             \
    " WHERE p.org_id = ?1 AND p.id = seen.id"                                                 \
    " ORDER BY " order " LIMIT ?6 OFFSET ?7"

#define ORDER(name, order) { name, EVERYBODY(order), MATCHING(order), SEEN_ONES(order) }
#define BY(key) key ", p.id"
#define BY_DESC(key) key " DESC, p.id DESC"

static const struct {
    const char *order;
    const char *everybody, *matching, *seen;
} lists[] = {
    ORDER("created_at", BY("p.created_at")),
    ORDER("-created_at", BY_DESC("p.created_at")),
    ORDER("id", "p.id"),
    ORDER("-id", "p.id DESC"),
    ORDER("first_name", BY("p.name_key")),
    ORDER("-first_name", BY_DESC("p.name_key")),
    ORDER("full_name", BY("p.name_key")),
    ORDER("-full_name", BY_DESC("p.name_key")),
    ORDER("last_name", BY("p.last_name_key")),
    ORDER("-last_name", BY_DESC("p.last_name_key")),
    ORDER("email", BY("p.email_folded")),
    ORDER("-email", BY_DESC("p.email_folded")),
};

static const char COUNT_EVERYBODY[] = "SELECT guests FROM org_counters WHERE org_id = ?";
static const char COUNT_MATCHING[] = FOUND "SELECT count(*) FROM found";
static const char COUNT_SEEN[] = SEEN "SELECT count(*) FROM seen";

/* ---- operations ---- */

enum err guest_list(struct ctx *c, const struct guest_filter *filter, int64_t limit,
                    int64_t offset, struct guest **out, size_t *count, int64_t *total)
{
    size_t row = (size_t)(LIST_ORDER_ROW(c->mem, &filter->order, lists) - lists);
    int64_t viewer = guest_viewer(c);
    struct people_query q;

    TRY(people_query_make(c, true, filter->q, &q));
    if (viewer != 0) {
        TRY(db_int(c, COUNT_SEEN, total, TEXT(c->org), PEOPLE_QUERY(&q), INT(viewer)));
        return db_all(c, lists[row].seen, &guest_shape, out, count, TEXT(c->org),
                      PEOPLE_QUERY(&q), INT(viewer), INT(limit), INT(offset));
    }
    if (q.gram != NULL) {
        TRY(db_int(c, COUNT_MATCHING, total, TEXT(c->org), PEOPLE_QUERY(&q)));
        return db_all(c, lists[row].matching, &guest_shape, out, count, TEXT(c->org),
                      PEOPLE_QUERY(&q), INT(limit), INT(offset));
    }
    TRY(db_int(c, COUNT_EVERYBODY, total, TEXT(c->org)));
    return db_all(c, lists[row].everybody, &guest_shape, out, count, TEXT(c->org), INT(limit),
                  INT(offset));
}
