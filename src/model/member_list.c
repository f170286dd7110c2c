/* See member_list.h. */
#include "model/member_list.h"

#include <string.h>

#include "db/db.h"
#include "model/people_index.h"
#include "model/profile.h"
#include "model/user_row.h"

/* ---- shape ---- */

static const struct field filter_fields[] = {
    FIELD(member_filter, q, TEXT, OPTIONAL, .called = "search text", .max = PEOPLE_QUERY_MAX,
          .note = "Part of a name or an address."),
    LIST_ORDER_FIELDS(member_filter),
    { 0 },
};
const struct shape member_filter_shape = SHAPE(member_filter, filter_fields);

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
    const char *order;
    const char *everybody, *matching;
} lists[] = {
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

/* When somebody was here and from where is not for every colleague. */
static void hide_traces(struct user *u)
{
    u->last_login_at = u->last_accessed_at = 0;
    u->last_known_ip = u->last_known_country = NULL;
}

/* ---- operations ---- */

enum err member_list(struct ctx *c, const struct member_filter *filter, int64_t limit,
                     int64_t offset, struct user **out, size_t *count, int64_t *total)
{
    size_t row = (size_t)(LIST_ORDER_ROW(c->mem, &filter->order, lists) - lists);
    struct people_query q;

    TRY(people_query_make(c, false, filter->q, &q));
    if (q.gram == NULL) {
        TRY(db_int(c, COUNT_EVERYBODY, total, TEXT(c->org)));
        TRY(db_all(c, lists[row].everybody, &user_shape, out, count, TEXT(c->org), INT(limit),
                   INT(offset)));
    } else {
        TRY(db_int(c, COUNT_MATCHING, total, TEXT(c->org), PEOPLE_QUERY(&q)));
        TRY(db_all(c, lists[row].matching, &user_shape, out, count, TEXT(c->org),
                   PEOPLE_QUERY(&q), INT(limit), INT(offset)));
    }
    for (size_t i = 0; i < *count; i++) {
        user_finish(c, &(*out)[i]);
        if (!profile_may_open(c, &(*out)[i]))
            hide_traces(&(*out)[i]);
    }
    return OK;
}
