/* What both engines share: choosing one, waiting for a job, the statements of a connection, and
 * loading rows into structs. How a statement is carried out is in sqlite.c and postgres.c. */
#include "db/engine.h"

#include <assert.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STATEMENTS_MAX = 4096, /* more means that SQL is being made up at run time */
    ROWS_FIRST = 16,
};

_Noreturn void store_bug(const char *sql, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, ": %s\n", sql);
    abort();
}

/* ---- the store ---- */

enum err db_open(struct ctx *c, const struct db_options *options, struct db **out)
{
    const char *url = options->url;

    if (url == NULL)
        return sqlite_open(c, options, out);
    if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
        return postgres_open(c, options, out);
    return fail(c, ERR_INVALID, NULL, "the store's address must begin with postgresql://");
}

void db_close(struct db *db)
{
    if (db != NULL)
        db->engine->close(db);
}

const char *db_engine_name(const struct db *db)
{
    return db->engine->name;
}

enum err db_backup(struct ctx *c, struct db *db, const char *file)
{
    if (db->engine->backup == NULL)
        return fail(c, ERR_INVALID, NULL, "%s has tools of its own for backups, such as pg_dump",
                    db->engine->name);
    return db->engine->backup(c, db, file);
}

struct fault {
    const char *text;
};

static const struct field fault_fields[] = {
    FIELD(fault, text, TEXT, READONLY),
    { 0 },
};

static const struct shape fault_shape = SHAPE(fault, fault_fields);

static enum err look_for_faults(struct ctx *c, void *arg)
{
    const char *const *check = c->db->db->engine->checks;
    int *count = arg;

    *count = 0;
    for (; *check != NULL; check++) {
        struct fault *faults;
        size_t n;

        TRY(db_all(c, *check, &fault_shape, &faults, &n));
        for (size_t i = 0; i < n; i++)
            printf("%s\n", faults[i].text);
        *count += (int)n;
    }
    return OK;
}

enum err db_check_engine(struct ctx *c, struct db *db, int *faults)
{
    return db_do(c, db, DB_READ, look_for_faults, faults);
}

/* ---- jobs ---- */

void db_submit(struct db *db, struct db_job *job)
{
    db->engine->submit(db, job);
}

bool db_inline(const struct db *db, enum db_mode mode)
{
    return mode == DB_READ && db->engine->inline_reads;
}

struct waiting {
    struct db_job job;
    struct ctx *c;
    enum err (*fn)(struct ctx *c, void *arg);
    void *arg;
    struct failure before;
    enum err outcome;
    sem_t done;
};

static enum err waiting_run(struct db_job *job, struct db_conn *conn)
{
    struct waiting *w = (struct waiting *)job;
    enum err e;

    w->c->failure = w->before;
    w->c->db = conn;
    e = w->fn(w->c, w->arg);
    w->c->db = NULL;
    return e;
}

static void waiting_done(struct db_job *job, enum err outcome)
{
    struct waiting *w = (struct waiting *)job;

    w->outcome = outcome;
    sem_post(&w->done);
}

enum err db_do(struct ctx *c, struct db *db, enum db_mode mode,
               enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
    struct waiting w = {
        .job = { .run = waiting_run, .done = waiting_done, .mode = mode },
        .c = c,
        .fn = fn,
        .arg = arg,
        .before = c->failure,
    };

    assert(c->db == NULL); /* a transaction in a transaction would wait for itself */
    sem_init(&w.done, 0, 0);
    db_submit(db, &w.job);
    while (sem_wait(&w.done) != 0)
        ;
    sem_destroy(&w.done);
    if (w.outcome != OK && w.outcome != c->failure.err) {
        c->failure = w.before;
        return fail(c, w.outcome, NULL, NULL);
    }
    return w.outcome;
}

enum err conn_run(struct db_conn *conn, struct db_job *job)
{
    enum err e;

    conn->broken = OK;
    e = job->run(job, conn);
    /* A job may say a violated key in its own words, but not hide that the store failed. */
    if (conn->broken != OK && (e == OK || conn->broken != ERR_CONFLICT))
        return conn->broken;
    return e;
}

/* ---- the statements of a connection ---- */

static struct statement **slot_of(struct statement **table, size_t slots, const char *sql)
{
    /* Fibonacci hashing: neighbouring addresses land far apart. */
    size_t i = (size_t)(((uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (slots - 1);

    while (table[i] != NULL && table[i]->sql != sql)
        i = (i + 1) & (slots - 1);
    return &table[i];
}

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

static void make_room(struct db_conn *conn)
{
    size_t slots = conn->slots == 0 ? 64 : conn->slots * 2;
    struct statement **table;

    if (conn->used * 2 < conn->slots)
        return;
    table = must(calloc(slots, sizeof(struct statement *)));
    for (size_t i = 0; i < conn->slots; i++)
        if (conn->statements[i] != NULL)
            *slot_of(table, slots, conn->statements[i]->sql) = conn->statements[i];
    free(conn->statements);
    conn->statements = table;
    conn->slots = slots;
}

struct statement *conn_statement(struct db_conn *conn, const char *sql, const struct db_arg *args,
                                 size_t n, enum err *e)
{
    struct statement **slot, *s;

    make_room(conn);
    slot = slot_of(conn->statements, conn->slots, sql);
    if (*slot == NULL) {
        if (conn->used == STATEMENTS_MAX)
            store_bug(sql, "more than %d statements, SQL must be constant", STATEMENTS_MAX);
        s = must(calloc(1, sizeof(*s)));
        s->sql = sql;
        *e = conn->db->engine->prepare(conn, s, args, n);
        if (*e != OK) {
            free(s);
            return NULL;
        }
        *slot = s;
        conn->used++;
    }
    s = *slot;
    if (s->args != n)
        store_bug(sql, "%zu arguments given for %zu", n, s->args);
    return s;
}

void conn_release(struct db_conn *conn)
{
    for (size_t i = 0; i < conn->slots; i++) {
        struct statement *s = conn->statements[i];

        if (s == NULL)
            continue;
        conn->db->engine->forget(s);
        free(s->fields);
        free(s);
    }
    free(conn->statements);
    conn->statements = NULL;
    conn->slots = 0;
    conn->used = 0;
}

/* ---- running a statement ---- */

/* One statement under way. */
struct run {
    struct ctx *c;
    struct db_conn *conn;
    const struct engine *engine;
    struct statement *s;
};

static enum err broken(struct run *r, enum err e)
{
    r->conn->broken = e;
    return fail(r->c, e, NULL, NULL);
}

static enum err run_start(struct run *r, struct ctx *c, const char *sql, const struct db_arg *args,
                          size_t n)
{
    enum err e = OK;

    *r = (struct run){ .c = c, .conn = c->db, .engine = c->db->db->engine };
    if (r->conn->broken != OK)
        return r->conn->broken;
    r->s = conn_statement(r->conn, sql, args, n, &e);
    if (r->s == NULL)
        return broken(r, e);
    e = r->engine->start(r->conn, r->s, args);
    return e == OK ? OK : broken(r, e);
}

static enum err run_next(struct run *r, bool *row)
{
    enum err e = r->engine->next(r->conn, r->s, row);

    if (e == OK)
        return OK;
    r->engine->finish(r->conn, r->s);
    return broken(r, e);
}

static void run_finish(struct run *r)
{
    r->engine->finish(r->conn, r->s);
}

/* Which field each column goes to: found by name once, then kept with the statement. */
static void match_columns(struct run *r, const struct shape *shape)
{
    struct statement *s = r->s;

    if (s->shape == shape)
        return;
    if (s->columns == 0)
        store_bug(s->sql, "rows wanted of a statement that gives none");
    if (s->fields == NULL)
        s->fields = must(calloc((size_t)s->columns, sizeof(*s->fields)));
    for (int i = 0; i < s->columns; i++) {
        const char *name = r->engine->column_name(r->conn, s, i);

        s->fields[i] = shape_field(shape, name);
        if (s->fields[i] == NULL)
            store_bug(s->sql, "column %s is not in shape %s", name, shape->name);
    }
    s->shape = shape;
}

static void load_field(struct run *r, int column, void *record)
{
    const struct field *f = r->s->fields[column];
    const char *text;
    size_t n;

    switch (f->type) {
    case FIELD_INT:
    case FIELD_TIME:
    case FIELD_BOOL: /* a null is 0 in the store's reading and in ours: no need to ask */
        field_set_int(f, record, r->engine->get_int(r->conn, r->s, column));
        return;
    default:
        break;
    }
    if (r->engine->is_null(r->conn, r->s, column)) {
        field_set_null(f, record);
        return;
    }
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_JSON:
    case FIELD_WORD:
        text = r->engine->get_text(r->conn, r->s, column, &n);
        field_set_text(r->c->mem, f, record, text, n);
        break;
    case FIELD_REAL:
        field_set_real(f, record, r->engine->get_real(r->conn, r->s, column));
        break;
    default:
        field_set_int(f, record, r->engine->get_int(r->conn, r->s, column));
    }
}

static void load(struct run *r, void *record)
{
    for (int i = 0; i < r->s->columns; i++)
        load_field(r, i, record);
}

enum err db_one_(struct ctx *c, const char *sql, const struct shape *shape, void *record,
                 const struct db_arg *args, size_t n)
{
    struct run r;
    bool row;

    TRY(run_start(&r, c, sql, args, n));
    match_columns(&r, shape);
    TRY(run_next(&r, &row));
    if (row)
        load(&r, record);
    run_finish(&r);
    return row ? OK : ERR_NOT_FOUND;
}

enum err db_all_(struct ctx *c, const char *sql, const struct shape *shape, void **rows,
                 size_t *count, const struct db_arg *args, size_t n)
{
    size_t size = shape->size, room = 0, have = 0;
    char *array = NULL;
    struct run r;
    bool row;

    TRY(run_start(&r, c, sql, args, n));
    match_columns(&r, shape);
    for (;;) {
        TRY(run_next(&r, &row));
        if (!row)
            break;
        if (have == room) {
            size_t more = room == 0 ? ROWS_FIRST : room * 2;

            array = arena_grow(c->mem, array, room * size, more * size);
            memset(array + room * size, 0, (more - room) * size);
            room = more;
        }
        load(&r, array + have * size);
        have++;
    }
    run_finish(&r);
    *rows = array;
    *count = have;
    return OK;
}

enum err db_int_(struct ctx *c, const char *sql, int64_t *out, const struct db_arg *args, size_t n)
{
    struct run r;
    bool row;

    TRY(run_start(&r, c, sql, args, n));
    TRY(run_next(&r, &row));
    if (row)
        *out = r.engine->is_null(r.conn, r.s, 0) ? 0 : r.engine->get_int(r.conn, r.s, 0);
    run_finish(&r);
    return row ? OK : ERR_NOT_FOUND;
}

enum err db_text_(struct ctx *c, const char *sql, const char **out, const struct db_arg *args,
                  size_t n)
{
    struct run r;
    bool row;

    TRY(run_start(&r, c, sql, args, n));
    TRY(run_next(&r, &row));
    if (row && r.engine->is_null(r.conn, r.s, 0)) {
        *out = NULL;
    } else if (row) {
        size_t length;
        const char *text = r.engine->get_text(r.conn, r.s, 0, &length);

        *out = arena_dup_n(c->mem, text, length);
    }
    run_finish(&r);
    return row ? OK : ERR_NOT_FOUND;
}

enum err db_change_(struct ctx *c, const char *sql, int64_t *changed, const struct db_arg *args,
                    size_t n)
{
    struct run r;
    bool row;

    TRY(run_start(&r, c, sql, args, n));
    do
        TRY(run_next(&r, &row));
    while (row);
    if (changed != NULL)
        *changed = r.engine->changes(r.conn, r.s);
    run_finish(&r);
    return OK;
}

enum err db_change_one_(struct ctx *c, const char *sql, const struct db_arg *args, size_t n)
{
    int64_t changed = 0;

    TRY(db_change_(c, sql, &changed, args, n));
    if (changed > 1)
        store_bug(sql, "%lld rows changed instead of one", (long long)changed);
    return changed == 1 ? OK : ERR_CONFLICT;
}
