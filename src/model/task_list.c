/* See task_list.h.
 *
 * A list is read along one index: whose tasks (everybody's, one person's by way of task_owners, or
 * one group's by way of task_groups), which of them (SET) and in what order (ORDER) stand in the
 * statement as literal text, so that both stores find the index made for them. The statements are
 * put together from macros at compile time. All other conditions are null arguments and narrow
 * what is read on the way. Arguments have the same numbers in all statements:
 *
 *   1 organization       2 person or group    3, 4 deadline from, to (exclusive)
 *   5 viewer, null for one who sees all       6 viewer sees tasks of others (0, 1)
 *   7 caller             8 part of the title  9 status          10 problem
 *   11 one-off           12, 13 created from, to (exclusive)    14 several people
 *   15 several groups    16 unassigned        17 open           18 tag
 *   19 folder            20 custom field      21 summary too
 *   22, 23 other order, its direction         24 limit          25 offset
 */
#include "model/task_list.h"

#include <stdlib.h>
#include <string.h>

#include "auth/caller.h"
#include "base/text.h"
#include "db/db.h"
#include "flow/task.h"
#include "model/custom_field.h"
#include "model/task_row.h"

/* ---- shape ---- */

static const struct field task_filter_fields[] = {
    FIELD(task_filter, q, TEXT, OPTIONAL, .called = "search text", .max = 600,
          .note = "Part of the title, in any case."),
    FIELD(task_filter, status, TEXT, OPTIONAL),
    FIELD(task_filter, owners, TEXT, OPTIONAL, .note = "Ids of members, with commas."),
    FIELD(task_filter, assignee, TEXT, OPTIONAL, .note = "me, or the id of a member."),
    FIELD(task_filter, guests, TEXT, OPTIONAL, .note = "Addresses or ids, with commas."),
    FIELD(task_filter, groups, TEXT, OPTIONAL, .note = "Ids, with commas."),
    FIELD(task_filter, roles, TEXT, OPTIONAL),
    FIELD(task_filter, unassigned, BOOL, OPTIONAL),
    FIELD(task_filter, tag, TEXT, OPTIONAL),
    FIELD(task_filter, folder, TEXT, OPTIONAL),
    FIELD(task_filter, template, TEXT, OPTIONAL),
    FIELD(task_filter, checklist_id, TEXT, OPTIONAL),
    FIELD(task_filter, custom_field_key, TEXT, OPTIONAL, .note = "With custom_field_value."),
    FIELD(task_filter, custom_field_value, TEXT, OPTIONAL),
    FIELD(task_filter, created, TEXT, OPTIONAL, .note = "A day, or two with a colon between."),
    FIELD(task_filter, deadline_on, TEXT, OPTIONAL),
    FIELD(task_filter, deadline_before, TEXT, OPTIONAL),
    FIELD(task_filter, deadline_after, TEXT, OPTIONAL),
    FIELD(task_filter, deadline_start_range, TEXT, OPTIONAL),
    FIELD(task_filter, deadline_end_range, TEXT, OPTIONAL),
    FIELD(task_filter, is_oneoff, TRI, OPTIONAL),
    FIELD(task_filter, archived, TEXT, OPTIONAL, .note = "true: these too; only: only these."),
    FIELD(task_filter, sort, TEXT, OPTIONAL),
    FIELD(task_filter, sort_by, TEXT, OPTIONAL),
    FIELD(task_filter, sort_direction, TEXT, OPTIONAL),
    FIELD(task_filter, without_pagination, BOOL, OPTIONAL),
    { 0 },
};
const struct shape task_filter_shape = SHAPE(task_filter, task_filter_fields);

static const struct field pressing_fields[] = {
    FIELD(task_list, overdue_tasks, INT, READONLY),
    FIELD(task_list, tasks_due_soon, INT, READONLY),
    { 0 },
};
static const struct shape pressing_shape = SHAPE(task_list, pressing_fields);

/* ---- SQL ---- */

/* k is the alias of the table whose index leads, id its column with the task's id. */
#define FROM_EVERYBODY " FROM tasks t WHERE t.org_id = ?1"
/* CROSS JOIN keeps SQLite from turning the two round. */
#define FROM_PERSON                                     \
    " FROM task_owners k CROSS JOIN tasks t"            \
    " WHERE k.org_id = ?1 AND k.user_id = ?2"           \
    "   AND t.org_id = ?1 AND t.id = k.task_id"
/* In no order of a list: what a group has, a tag is on or a folder holds is read and sorted. */
#define FROM_GROUP                                      \
    " FROM task_groups g CROSS JOIN tasks t"            \
    " WHERE g.org_id = ?1 AND g.group_id = ?2"          \
    "   AND t.org_id = ?1 AND t.id = g.task_id"
#define FROM_TAG                                                                  \
    " FROM taggings g CROSS JOIN tasks t"                                         \
    " WHERE g.org_id = ?1 AND g.tag_id = ?2 AND g.subject_type = 'task'"          \
    "   AND t.org_id = ?1 AND t.id = g.subject_id"
#define FROM_FOLDER                                                               \
    " FROM folder_objects g CROSS JOIN tasks t"                                   \
    " WHERE g.org_id = ?1 AND g.folder_id = ?2 AND g.subject_type = 'task'"       \
    "   AND t.org_id = ?1 AND t.id = g.subject_id"

#define SET_LIVE(k) " AND " k ".archived_at IS NULL"
#define SET_OPEN(k) " AND " k ".archived_at IS NULL AND " k ".open = 1"
#define SET_DONE(k) " AND " k ".archived_at IS NULL AND " k ".completed_at IS NOT NULL"
#define SET_ARCHIVED(k) " AND " k ".archived_at IS NOT NULL"
#define SET_ALL(k) ""

#define DUE_WITHIN(k) " AND " k ".due >= ?3 AND " k ".due < ?4"
/* The plus keeps SQLite from reading along the deadlines what is wanted in another order. */
#define DUE_BESIDE(k) " AND +" k ".due >= ?3 AND +" k ".due < ?4"

#define VISIBLE                                                                   \
    " (CAST(?5 AS BIGINT) IS NULL OR (?6 = 1 AND t.top_secret = 0)"               \
    "   OR EXISTS (SELECT 1 FROM task_owners v WHERE v.org_id = ?1"               \
    "                 AND v.user_id = ?5 AND v.task_id = t.id))"

/* IS TRUE makes one condition of them. From many, SQLite concludes that next to nothing will be
 * left and that any index will do. */
#define NARROWED                                                                  \
    " AND (" VISIBLE                                                              \
    " AND (CAST(?8 AS TEXT) IS NULL OR t.title_folded LIKE ?8 ESCAPE '\\')"       \
    " AND (CAST(?9 AS TEXT) IS NULL OR t.status = ?9)"                            \
    " AND (CAST(?10 AS BIGINT) IS NULL OR t.problem = ?10)"                       \
    " AND (CAST(?11 AS BIGINT) IS NULL OR t.is_oneoff_task = ?11)"                \
    " AND t.created_at >= ?12 AND t.created_at < ?13"                             \
    " AND ((CAST(?14 AS TEXT) IS NULL AND CAST(?15 AS TEXT) IS NULL)"             \
    "      OR EXISTS (SELECT 1 FROM task_owners w"                                \
    "                  WHERE w.org_id = ?1 AND w.task_id = t.id"                  \
    "                    AND ?14 LIKE '%,' || CAST(w.user_id AS TEXT) || ',%')"   \
    "      OR EXISTS (SELECT 1 FROM task_groups w"                                \
    "                  WHERE w.org_id = ?1 AND w.task_id = t.id"                  \
    "                    AND ?15 LIKE '%,' || w.group_id || ',%'))"               \
    " AND (CAST(?16 AS BIGINT) IS NULL OR t.owner_count = 0)"                     \
    " AND (CAST(?17 AS BIGINT) IS NULL OR t.open = ?17)"                          \
    " AND (CAST(?18 AS TEXT) IS NULL"                                             \
    "      OR EXISTS (SELECT 1 FROM taggings w"                                   \
    "                  WHERE w.org_id = ?1 AND w.subject_type = 'task'"           \
    "                    AND w.subject_id = t.id AND w.tag_id = ?18))"            \
    " AND (CAST(?19 AS TEXT) IS NULL"                                             \
    "      OR EXISTS (SELECT 1 FROM folder_objects w"                             \
    "                  WHERE w.org_id = ?1 AND w.subject_type = 'task'"           \
    "                    AND w.subject_id = t.id AND w.folder_id = ?19))"          \
    " AND (CAST(?20 AS TEXT) IS NULL"                                             \
    "      OR " CUSTOM_FIELDS_SOUGHT("t.custom_fields") " LIKE lower(?20) ESCAPE '\\')) IS TRUE"

#define ORDER_DUE(k, id) " ORDER BY " k ".due, " k "." id
#define ORDER_DUE_DOWN(k, id) " ORDER BY " k ".due DESC, " k "." id " DESC"
#define ORDER_ID(k, id) " ORDER BY " k "." id
#define ORDER_ID_DOWN(k, id) " ORDER BY " k "." id " DESC"
#define ORDER_DONE_DOWN(k, id) " ORDER BY " k ".completed_at DESC, " k "." id " DESC"
/* Without an index: the list is read and sorted. */
#define ORDER_OTHER(k, id)                                                        \
    " ORDER BY ?23 * CASE ?22 WHEN 'updated_at' THEN t.updated_at"                \
    "                         WHEN 'completed_at' THEN COALESCE(t.completed_at, 0)" \
    "                         WHEN 'problems' THEN 1 - t.problem ELSE 0 END,"     \
    "  CASE WHEN ?22 = 'title' AND ?23 > 0 THEN t.title_folded END,"              \
    "  CASE WHEN ?22 = 'title' AND ?23 < 0 THEN t.title_folded END DESC,"         \
    "  t.due, t.id"

#define SELECT_TASKS "SELECT" TASK_COLUMNS ", CASE WHEN ?21 = 1 THEN t.summary END AS summary"

/* The last column. In one's own list it stands in the row that led to the task. */
#define PART_ASKED "," MY_PART("?7") " AS my_part"
#define PART_OWN ", CASE WHEN ?2 = ?7 THEN k.done ELSE" MY_PART("?7") " END AS my_part"

#define PAGE " LIMIT ?24 OFFSET ?25"

enum lead { EVERYBODY, PERSON, GROUP, TAG, FOLDER, LEADS };
enum set { LIVE, OPEN, DONE, ARCHIVED, ALL, SETS };
enum order { BY_DUE, BY_DUE_DOWN, BY_ID, BY_ID_DOWN, BY_DONE_DOWN, BY_OTHER, ORDERS };

#define LIST(from, k, id, set)                                                             \
    {                                                                                      \
        [BY_DUE] = SELECT_TASKS from set(k) DUE_WITHIN(k) NARROWED ORDER_DUE(k, id) PAGE,  \
        [BY_DUE_DOWN] =                                                                    \
            SELECT_TASKS from set(k) DUE_WITHIN(k) NARROWED ORDER_DUE_DOWN(k, id) PAGE,    \
        [BY_ID] = SELECT_TASKS from set(k) DUE_BESIDE(k) NARROWED ORDER_ID(k, id) PAGE,    \
        [BY_ID_DOWN] =                                                                     \
            SELECT_TASKS from set(k) DUE_BESIDE(k) NARROWED ORDER_ID_DOWN(k, id) PAGE,     \
        [BY_DONE_DOWN] =                                                                   \
            SELECT_TASKS from set(k) DUE_BESIDE(k) NARROWED ORDER_DONE_DOWN(k, id) PAGE,   \
        [BY_OTHER] = SELECT_TASKS from set(k) DUE_WITHIN(k) NARROWED ORDER_OTHER(k, id) PAGE, \
    }

#define SETS_OF(what, from, k, id)                                                 \
    {                                                                              \
        [LIVE] = what(from, k, id, SET_LIVE), [OPEN] = what(from, k, id, SET_OPEN), \
        [DONE] = what(from, k, id, SET_DONE),                                      \
        [ARCHIVED] = what(from, k, id, SET_ARCHIVED), [ALL] = what(from, k, id, SET_ALL), \
    }

static const char *const TASKS[LEADS][SETS][ORDERS] = {
    [EVERYBODY] = SETS_OF(LIST, PART_ASKED FROM_EVERYBODY, "t", "id"),
    [PERSON] = SETS_OF(LIST, PART_OWN FROM_PERSON, "k", "task_id"),
    [GROUP] = SETS_OF(LIST, PART_ASKED FROM_GROUP, "t", "id"),
    [TAG] = SETS_OF(LIST, PART_ASKED FROM_TAG, "t", "id"),
    [FOLDER] = SETS_OF(LIST, PART_ASKED FROM_FOLDER, "t", "id"),
};

/* How many there are. */
#define COUNT(from, k, id, set) "SELECT COUNT(*)" from set(k) DUE_WITHIN(k) NARROWED

static const char *const TASKS_COUNT[LEADS][SETS] = {
    [EVERYBODY] = SETS_OF(COUNT, FROM_EVERYBODY, "t", "id"),
    [PERSON] = SETS_OF(COUNT, FROM_PERSON, "k", "task_id"),
    [GROUP] = SETS_OF(COUNT, FROM_GROUP, "t", "id"),
    [TAG] = SETS_OF(COUNT, FROM_TAG, "t", "id"),
    [FOLDER] = SETS_OF(COUNT, FROM_FOLDER, "t", "id"),
};

/* The same where nothing narrows the list: one number or one index tells, less the secrets that
 * the viewer (3) may not see. */
#define SECRETS(set)                                                              \
    "(SELECT COUNT(*)" FROM_EVERYBODY set("+t") " AND t.top_secret = 1"           \
    "    AND CAST(?3 AS BIGINT) IS NOT NULL"                                      \
    "    AND NOT EXISTS (SELECT 1 FROM task_owners v WHERE v.org_id = ?1"         \
    "                       AND v.user_id = ?3 AND v.task_id = t.id))"

#define COUNT_LIVE                                                                \
    "SELECT n.live_tasks - " SECRETS(SET_LIVE) " FROM org_counters n WHERE n.org_id = ?1"

#define COUNT_SET(set)                                                            \
    "SELECT (SELECT COUNT(*)" FROM_EVERYBODY set("t") ") - " SECRETS(set)

#define FROM_OWNERS " FROM task_owners k WHERE k.org_id = ?1 AND k.user_id = ?2"
#define COUNT_OWNED(from, k, id, set) "SELECT COUNT(*)" from set(k)

static const char *const TASKS_QUICK_COUNT[][SETS] = {
    [EVERYBODY] = { [LIVE] = COUNT_LIVE,
                    [OPEN] = COUNT_SET(SET_OPEN),
                    [DONE] = COUNT_SET(SET_DONE),
                    [ARCHIVED] = COUNT_SET(SET_ARCHIVED),
                    [ALL] = COUNT_SET(SET_ALL) },
    [PERSON] = SETS_OF(COUNT_OWNED, FROM_OWNERS, "k", "task_id"),
};

#define PRESSING(from)                                                                       \
    "SELECT COALESCE(SUM(CASE WHEN k.due < ?3 THEN 1 ELSE 0 END), 0) AS overdue_tasks,"      \
    "       COALESCE(SUM(CASE WHEN k.due < ?3 THEN 0 ELSE 1 END), 0) AS tasks_due_soon"      \
    from SET_OPEN("k") " AND k.due < ?4"

/* Whoever sees all of the list need not have each task looked at: a range of one index tells. */
static const char TASKS_PRESSING[] = PRESSING(FROM_OWNERS);
static const char TASKS_PRESSING_VISIBLE[] = PRESSING(FROM_PERSON) " AND" VISIBLE;

static const char GUEST_BY_ADDRESS[] =
    "SELECT id FROM guests WHERE org_id = ? AND email_folded = ? AND deleted_at IS NULL";

static const char TAG_BY_WORD[] =
    "SELECT id FROM tags WHERE org_id = ?1 AND (id = ?2 OR title_folded = ?3)";

static const char MEMBER_EXISTS[] =
    "SELECT 1 FROM members WHERE org_id = ? AND user_id = ? AND deleted_at IS NULL";

/* ---- private: from the filter to the statement ---- */

/* A list as the statements want it. */
struct plan {
    enum lead lead;
    int64_t person;   /* of lead PERSON, else 0 */
    const char *what; /* the id of lead GROUP, TAG or FOLDER */
    enum set set;
    enum order order;
    const char *other_order;
    int64_t direction;
    int64_t due_from, due_to;
    int64_t viewer; /* 0: sees all of it */
    bool empty;     /* nothing can match */

    /* What narrows it; NULL, -1 or 0 for nothing. */
    const char *q, *status;
    const char *people, *groups; /* any of these ids, as ",1,2," */
    const char *tag, *folder;    /* ids */
    const char *field;           /* a custom field's value (model/custom_field.h) */
    int problem, is_oneoff;
    int64_t created_from, created_to; /* the smallest and greatest number for nothing */
    bool unassigned, open_only;
};

static bool given(const char *s)
{
    return s != NULL && s[0] != '\0';
}

static void plan_status(struct ctx *c, const char *status, struct plan *p)
{
    static const struct {
        const char *word;
        enum set set;
        const char *status;
        bool overdue, soon, problem;
    } words[] = {
        { "all", LIVE },
        { "active", OPEN },
        { "active_visible", OPEN },
        { "incomplete", OPEN },
        { "complete", DONE },
        { "completed", DONE },
        { "inprogress", OPEN, .status = "in-progress" },
        { "in-progress", OPEN, .status = "in-progress" },
        { "not-started", OPEN, .status = "not-started" },
        { "overdue", OPEN, .overdue = true },
        { "due_soon", OPEN, .soon = true },
        { "hasproblem", OPEN, .problem = true },
        { "auto-skipped", LIVE, .status = "auto-skipped" },
    };

    if (!given(status))
        return;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].word, status) != 0)
            continue;
        p->set = words[i].set;
        p->status = words[i].status;
        p->problem = words[i].problem ? 1 : -1;
        p->due_from = words[i].soon ? c->now : p->due_from;
        p->due_to = words[i].overdue ? c->now : words[i].soon ? c->now + TASK_SOON : p->due_to;
        return;
    }
    fault(c, "status", "The status must be one of: all, active, active_visible, incomplete, "
                       "completed, inprogress, not-started, overdue, due_soon, hasproblem, "
                       "auto-skipped.");
}

/* A moment of a filter, as a span. */
static bool read_time(struct ctx *c, const char *name, const char *text, int64_t *start,
                      int64_t *end)
{
    if (!given(text))
        return false;
    if (!time_parse_span(text, start, end)) {
        fault(c, name, "The %s must be a date such as 2030-01-31, with a time or without.", name);
        return false;
    }
    return true;
}

static void at_least(int64_t *from, int64_t ms)
{
    *from = ms > *from ? ms : *from;
}

static void at_most(int64_t *to, int64_t ms)
{
    *to = ms < *to ? ms : *to;
}

static void plan_deadline(struct ctx *c, const struct task_filter *f, struct plan *p)
{
    int64_t start, end;

    if (read_time(c, "deadline_on", f->deadline_on, &start, &end)) {
        at_least(&p->due_from, start - start % DAY);
        at_most(&p->due_to, start - start % DAY + DAY);
        return;
    }
    if (read_time(c, "deadline_after", f->deadline_after, &start, &end)) {
        at_least(&p->due_from, end);
        at_most(&p->due_to, NO_DEADLINE);
    }
    if (read_time(c, "deadline_before", f->deadline_before, &start, &end))
        at_most(&p->due_to, start);
    if (read_time(c, "deadline_start_range", f->deadline_start_range, &start, &end)) {
        at_least(&p->due_from, start);
        at_most(&p->due_to, NO_DEADLINE);
    }
    if (read_time(c, "deadline_end_range", f->deadline_end_range, &start, &end))
        at_most(&p->due_to, end);
}

/* "D" or "D1:D2"; a date has ten characters. */
static void plan_created(struct ctx *c, const char *text, struct plan *p)
{
    const char *last = text;
    int64_t unused;

    if (!given(text))
        return;
    if (strlen(text) > 10 && text[10] == ':') {
        last = text + 11;
        text = arena_dup_n(c->mem, text, 10);
    }
    if (!given(last))
        fault(c, "created", "The second date is missing.");
    else if (read_time(c, "created", text, &p->created_from, &unused))
        (void)read_time(c, "created", last, &unused, &p->created_to);
}

/* Filters by what no task can have here yet. */
static bool none_can_match(const struct task_filter *f)
{
    return given(f->template) || given(f->checklist_id);
}

enum { GUESTS_ASKED_MAX = 100, NAMED_TEXT_MAX = 64 * 1024 };

/* Whom the filters name, before it is known what leads the list. */
struct named {
    struct str people, groups; /* ",1,2,": each begins with a comma */
    size_t count;
    int64_t person; /* the last of each */
    const char *group;
};

static void name_person(struct named *n, int64_t id)
{
    str_printf(&n->people, n->people.len == 0 ? ",%lld," : "%lld,", (long long)id);
    n->person = id;
    n->count++;
}

/* The text up to the next comma; moves on to what is behind it, NULL at the end. */
static const char *next_of(struct ctx *c, const char **rest)
{
    const char *text = *rest;
    size_t n = strcspn(text, ",");

    *rest = text[n] == ',' ? text + n + 1 : NULL;
    return text_trim(c->mem, arena_dup_n(c->mem, text, n));
}

/* An id in digits; 0 when it is none. */
static int64_t read_id(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits == 0 || digits > 18 || text[digits] != '\0' ? 0 : strtoll(text, NULL, 10);
}

static void name_members(struct ctx *c, const char *field, const char *list, struct named *n)
{
    while (list != NULL) {
        int64_t id = read_id(next_of(c, &list));

        if (id == 0) {
            fault(c, field, "The %s must be ids of members, with commas between.", field);
            return;
        }
        name_person(n, id);
    }
}

/* Addresses or ids. An unknown address is nobody's: there are no tasks of theirs. */
static enum err name_guests(struct ctx *c, const char *list, struct named *n)
{
    for (size_t i = 0; list != NULL; i++) {
        const char *text = next_of(c, &list);
        int64_t id = read_id(text);

        if (i == GUESTS_ASKED_MAX) {
            fault(c, "guests", "At most %d guests can be asked for.",
                  GUESTS_ASKED_MAX);
            return OK;
        }
        if (id == 0) {
            enum err e = db_int(c, GUEST_BY_ADDRESS, &id, TEXT(c->org),
                                TEXT(text_fold_email(c->mem, text)));

            if (e != OK && e != ERR_NOT_FOUND)
                return e;
        }
        if (id != 0)
            name_person(n, id);
    }
    return OK;
}

static void name_groups(struct ctx *c, const char *list, struct named *n)
{
    while (list != NULL) {
        n->group = next_of(c, &list);
        str_printf(&n->groups, n->groups.len == 0 ? ",%s," : "%s,", n->group);
        n->count++;
    }
}

/* One person or group leads the list; several are looked for in everybody's, as are those who are
 * asked for in somebody's. */
static void plan_named(struct named *n, struct plan *p)
{
    if (n->count == 0) {
        p->empty = true;
    } else if (p->lead == EVERYBODY && n->count == 1 && n->group != NULL) {
        p->lead = GROUP;
        p->what = n->group;
    } else if (p->lead == EVERYBODY && n->count == 1) {
        p->lead = PERSON;
        p->person = n->person;
    } else {
        p->people = n->people.len > 0 ? str_text(&n->people) : NULL;
        p->groups = n->groups.len > 0 ? str_text(&n->groups) : NULL;
    }
}

static enum err plan_people(struct ctx *c, const struct task_filter *f, struct plan *p)
{
    struct named named = { .people = str_in(c->mem, NAMED_TEXT_MAX),
                           .groups = str_in(c->mem, NAMED_TEXT_MAX) };
    const int64_t viewer = caller_person(c->caller);

    /* What is everybody's to a light member is their own. */
    if (p->lead == EVERYBODY && c->caller->role < ROLE_STANDARD) {
        p->lead = PERSON;
        p->person = viewer;
    }
    if (given(f->assignee) && strcmp(f->assignee, "me") == 0)
        name_person(&named, viewer);
    else if (given(f->assignee))
        name_members(c, "assignee", f->assignee, &named);
    else if (given(f->owners))
        name_members(c, "owners", f->owners, &named);
    if (given(f->guests))
        TRY(name_guests(c, f->guests, &named));
    if (given(f->groups))
        name_groups(c, f->groups, &named);
    if (!str_ok(&named.people) || !str_ok(&named.groups))
        fault(c, "owners", "So many people and groups cannot be asked for at once.");
    /* There are no job titles on tasks: they add nobody to those who are named. */
    else if (given(f->assignee) || given(f->owners) || given(f->guests) || given(f->groups) ||
             given(f->roles))
        plan_named(&named, p);
    p->unassigned = f->unassigned;
    p->viewer = c->caller->role == ROLE_ADMIN || p->person == viewer ? 0 : viewer;
    return OK;
}

/* A tag by id or title, and a folder. One of them leads where nobody does. */
static enum err plan_places(struct ctx *c, const struct task_filter *f, struct plan *p)
{
    enum err e = OK;

    if (given(f->tag))
        e = db_text(c, TAG_BY_WORD, &p->tag, TEXT(c->org), TEXT(f->tag),
                    TEXT(text_fold(c->mem, f->tag)));
    if (e == ERR_NOT_FOUND)
        p->empty = true;
    else
        TRY(e);
    if (given(f->folder))
        p->folder = f->folder;
    if (p->lead == EVERYBODY && p->tag != NULL) {
        p->lead = TAG;
        p->what = p->tag;
        p->tag = NULL;
    } else if (p->lead == EVERYBODY && p->folder != NULL) {
        p->lead = FOLDER;
        p->what = p->folder;
        p->folder = NULL;
    }
    return OK;
}

/* A value of a custom field; it takes both parameters. Guests know of none. */
static enum err plan_field(struct ctx *c, const struct task_filter *f, struct plan *p)
{
    if (!given(f->custom_field_key) || !given(f->custom_field_value))
        return OK;
    if (c->caller->guest_id == 0)
        TRY(custom_field_pattern(c, CUSTOM_ON_TASK, f->custom_field_key, f->custom_field_value,
                                 &p->field));
    if (p->field == NULL)
        p->empty = true;
    return OK;
}

static void plan_archived(struct ctx *c, const char *archived, struct plan *p)
{
    if (!given(archived) || strcmp(archived, "false") == 0 || strcmp(archived, "0") == 0)
        return;
    if (strcmp(archived, "only") != 0 && strcmp(archived, "true") != 0 &&
        strcmp(archived, "1") != 0) {
        fault(c, "archived", "The archived must be true, false or only.");
        return;
    }
    /* The state, which a set of its own stood for, becomes a condition. */
    if (p->set == DONE)
        p->status = task_state_words[TASK_COMPLETED];
    p->open_only = p->set == OPEN;
    p->set = strcmp(archived, "only") == 0 ? ARCHIVED : ALL;
}

static void plan_order(const struct task_filter *f, struct plan *p)
{
    /* `named` orders have a direction of their own: sort_direction says nothing about them. */
    static const struct {
        const char *word;
        enum order up, down;
        bool named, falls;
        const char *other;
    } words[] = {
        { "deadline", BY_DUE, BY_DUE_DOWN },
        { "created_at", BY_ID, BY_ID_DOWN },
        { "newest", BY_ID, BY_ID_DOWN, .named = true, .falls = true },
        { "updated_at", BY_OTHER, BY_OTHER, .other = "updated_at" },
        { "title", BY_OTHER, BY_OTHER, .other = "title" },
        { "problems", BY_OTHER, BY_OTHER, .named = true, .other = "problems" },
        { "completed_newest", BY_OTHER, BY_DONE_DOWN, .named = true, .falls = true,
          .other = "completed_at" },
    };
    const char *sort = given(f->sort) ? f->sort : given(f->sort_by) ? f->sort_by : "deadline";
    bool turned = sort[0] == '-';
    size_t i = 0;

    while (i < sizeof(words) / sizeof(words[0]) && strcmp(words[i].word, sort + turned) != 0)
        i++;
    if (i == sizeof(words) / sizeof(words[0])) {
        i = 0;
        turned = false;
    }
    if (!words[i].named && given(f->sort_direction) && strcmp(f->sort_direction, "desc") == 0)
        turned = true;
    turned = turned != words[i].falls;
    p->order = turned ? words[i].down : words[i].up;
    p->other_order = words[i].other;
    p->direction = turned ? -1 : 1;
    /* The index of completion has completed tasks only. */
    if (p->order == BY_DONE_DOWN && p->set != DONE)
        p->order = BY_OTHER;
}

static enum err make_plan(struct ctx *c, const struct task_filter *f, int64_t person,
                          struct plan *p)
{
    *p = (struct plan){ .lead = person == 0 ? EVERYBODY : PERSON,
                        .person = person,
                        .set = LIVE,
                        .due_from = INT64_MIN,
                        .due_to = NO_DEADLINE + 1,
                        .created_from = INT64_MIN,
                        .created_to = INT64_MAX,
                        .problem = -1,
                        .is_oneoff = f->is_oneoff,
                        .q = text_search(c->mem, f->q),
                        .empty = none_can_match(f) };
    plan_status(c, f->status, p);
    plan_deadline(c, f, p);
    plan_created(c, f->created, p);
    TRY(plan_people(c, f, p));
    TRY(plan_places(c, f, p));
    TRY(plan_field(c, f, p));
    plan_archived(c, f->archived, p);
    plan_order(f, p);
    return fields_ok(c);
}

static bool is_narrowed(const struct plan *p)
{
    return p->q != NULL || p->status != NULL || p->people != NULL || p->groups != NULL ||
           p->problem >= 0 || p->is_oneoff >= 0 || p->created_from != INT64_MIN ||
           p->created_to != INT64_MAX || p->unassigned || p->open_only || p->tag != NULL ||
           p->folder != NULL || p->field != NULL ||
           p->due_from != INT64_MIN || p->due_to <= NO_DEADLINE;
}

/* ---- private: running it ---- */

static struct db_arg whose(const struct plan *p)
{
    return p->what != NULL ? TEXT(p->what) : INT(p->person);
}

#define ARGS(c, p)                                                                         \
    TEXT((c)->org), whose(p), INT((p)->due_from), INT((p)->due_to),                \
        INT_OR_NULL((p)->viewer), INT((c)->caller->role >= ROLE_STANDARD),                 \
        INT(caller_person(c->caller)), TEXT((p)->q), TEXT((p)->status), TRI((p)->problem),     \
        TRI((p)->is_oneoff), INT((p)->created_from), INT((p)->created_to),                 \
        TEXT((p)->people), TEXT((p)->groups), TRI((p)->unassigned ? 1 : -1),               \
        TRI((p)->open_only ? 1 : -1), TEXT((p)->tag), TEXT((p)->folder),                     \
        TEXT((p)->field)

static enum err count_all(struct ctx *c, const struct plan *p, int64_t *total)
{
    if (is_narrowed(p) || p->what != NULL || (p->lead == PERSON && p->viewer != 0))
        return db_int(c, TASKS_COUNT[p->lead][p->set], total, ARGS(c, p));
    if (p->lead == PERSON)
        return db_int(c, TASKS_QUICK_COUNT[PERSON][p->set], total, TEXT(c->org), INT(p->person));
    return db_int(c, TASKS_QUICK_COUNT[EVERYBODY][p->set], total, TEXT(c->org), INT(0),
                  INT_OR_NULL(p->viewer));
}

/* What is late and what will be, in a person's whole list. When this page is all of it, nothing
 * need be asked. */
static enum err count_pressing(struct ctx *c, const struct plan *p, struct task_list *l)
{
    bool whole = !is_narrowed(p) && !p->empty && (p->set == LIVE || p->set == OPEN) &&
                 l->total == (int64_t)l->count;

    if (!whole && p->viewer == 0)
        return db_one(c, TASKS_PRESSING, &pressing_shape, l, TEXT(c->org), INT(p->person),
                      INT(c->now), INT(c->now + TASK_SOON));
    if (!whole)
        return db_one(c, TASKS_PRESSING_VISIBLE, &pressing_shape, l, TEXT(c->org),
                      INT(p->person), INT(c->now), INT(c->now + TASK_SOON), INT(p->viewer),
                      INT(c->caller->role >= ROLE_STANDARD));
    for (size_t i = 0; i < l->count; i++) {
        const struct task_facts facts = task_facts(&l->rows[i]);

        l->overdue_tasks += task_is_overdue(&facts, c->now);
        l->tasks_due_soon += task_is_due_soon(&facts, c->now);
    }
    return OK;
}

/* The rows of the page. One more than wanted is read, to learn whether there are more. */
static enum err read_page(struct ctx *c, const struct task_filter *f, const struct plan *p,
                          int64_t limit, int64_t offset, struct task_list *out)
{
    bool more;

    TRY(db_all(c, TASKS[p->lead][p->set][p->order], &task_whole_shape, &out->rows,
               &out->count, ARGS(c, p), INT(f->whole), TEXT(p->other_order), INT(p->direction),
               INT(limit + 1), INT(offset)));
    more = out->count > (size_t)limit;
    if (more)
        out->count = (size_t)limit;
    for (size_t i = 0; i < out->count; i++)
        task_derive(c, &out->rows[i]);
    TRY(custom_fields_show(c, CUSTOM_ON_TASK, &task_shape, out->rows, out->count));
    out->total = offset + (int64_t)out->count;
    /* Only a page that is neither the last nor beyond it leaves the total open. */
    return more || (out->count == 0 && offset > 0) ? count_all(c, p, &out->total) : OK;
}

static enum err list_of(struct ctx *c, const struct task_filter *filter, int64_t person,
                        int64_t limit, int64_t offset, struct task_list *out)
{
    struct plan p;

    *out = (struct task_list){ 0 };
    TRY(make_plan(c, filter, person, &p));
    if (!p.empty)
        TRY(read_page(c, filter, &p, limit, offset, out));
    return person == 0 ? OK : count_pressing(c, &p, out);
}

/* ---- operations ---- */

enum err task_list(struct ctx *c, const struct task_filter *filter, int64_t person, int64_t limit,
                   int64_t offset, struct task_list *out)
{
    int64_t found;

    if (person != 0 && person != c->caller->user_id) {
        enum err e = db_int(c, MEMBER_EXISTS, &found, TEXT(c->org), INT(person));

        if (e != OK)
            return fail(c, e, NULL, NULL);
    }
    return list_of(c, filter, person, limit, offset, out);
}

enum err task_list_of_guest(struct ctx *c, const struct task_filter *filter, int64_t guest_id,
                            int64_t limit, int64_t offset, struct task_list *out)
{
    return list_of(c, filter, guest_id, limit, offset, out);
}
