/* See member_list.h. */
#include "model/member_list.h"

#include <string.h>

#include "db/db.h"
#include "model/people_index.h"
#include "model/user_row.h"

/* ---- SQL ---- */

/* CROSS JOIN has SQLite keep the order in which they are written. */
#define EVERYBODY(order)                                                                      \
    "SELECT" ACCOUNT_COLUMNS "," MEMBER_COLUMNS                                               \
    "  FROM members m CROSS JOIN users u"                                                     \
    " WHERE m.org_id = ?1 AND m.deleted_at IS NULL AND u.id = m.user_id"                      \
    " ORDER BY " order " LIMIT ?2 OFFSET ?3"

#define FOUND                                                                                 \
    PEOPLE_FOUND("0", "p.name_key", "p.email_key",                                            \
                 " FROM members p WHERE p.org_id = g.org_id AND p.user_id = g.person_id"      \
                 "   AND p.deleted_at IS NULL")
#define MATCHING(order)                                                                       \
    FOUND "SELECT" ACCOUNT_COLUMNS "," MEMBER_COLUMNS                                         \
    "  FROM found CROSS JOIN members m CROSS JOIN users u"                                    \
    " WHERE m.org_id = ?1 AND m.user_id = found.id AND u.id = m.user_id"                      \
    " ORDER BY " order " LIMIT ?5 OFFSET ?6"

#define ORDER(name, order) { name, EVERYBODY(order), MATCHING(order) }
#define BY(key) key ", m.user_id"
#define BY_DESC(key) key " DESC, m.user_id DESC"

/* Ids are given in the order in which accounts are made. */
static const struct {
    const char *sort;
    const char *everybody, *matching;
} orders[] = {
    ORDER("id", "m.user_id"),
    ORDER("-id", "m.user_id DESC"),
    ORDER("created_at", "m.user_id"),
    ORDER("-created_at", "m.user_id DESC"),
    ORDER("joined_at", BY("m.joined_at")),
    ORDER("-joined_at", BY_DESC("m.joined_at")),
    ORDER("first_name", BY("m.name_key")),
    ORDER("-first_name", BY_DESC("m.name_key")),
    ORDER("full_name", BY("m.name_key")),
    ORDER("-full_name", BY_DESC("m.name_key")),
    ORDER("last_name", BY("m.last_name_key")),
    ORDER("-last_name", BY_DESC("m.last_name_key")),
    ORDER("email", BY("m.email_key")),
    ORDER("-email", BY_DESC("m.email_key")),
};

static const char COUNT_EVERYBODY[] = "SELECT members FROM org_counters WHERE org_id = ?";
static const char COUNT_MATCHING[] = FOUND "SELECT count(*) FROM found";

/* ---- private ---- */

static size_t order_of(const char *sort)
{
    for (size_t i = 0; sort != NULL && i < sizeof(orders) / sizeof(orders[0]); i++)
        if (strcmp(sort, orders[i].sort) == 0)
            return i;
    return 0;
}

/* ---- operations ---- */

enum err member_list(struct ctx *c, const struct member_filter *filter, int64_t limit,
                     int64_t offset, struct user **out, size_t *count, int64_t *total)
{
    size_t order = order_of(filter->sort);
    struct people_query q;

    TRY(people_query_make(c, false, filter->q, &q));
    if (q.gram == NULL) {
        TRY(db_int(c, COUNT_EVERYBODY, total, TEXT(c->org)));
        TRY(db_all(c, orders[order].everybody, &user_shape, out, count, TEXT(c->org), INT(limit),
                   INT(offset)));
    } else {
        TRY(db_int(c, COUNT_MATCHING, total, TEXT(c->org), PEOPLE_QUERY(&q)));
        TRY(db_all(c, orders[order].matching, &user_shape, out, count, TEXT(c->org),
                   PEOPLE_QUERY(&q), INT(limit), INT(offset)));
    }
    for (size_t i = 0; i < *count; i++)
        user_finish(c, &(*out)[i]);
    return OK;
}
