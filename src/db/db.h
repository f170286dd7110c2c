/* The store. Two engines behind one header: SQLite (embedded, one file) and PostgreSQL (or any
 * engine that speaks its protocol). SQL uses `?` for the next and `?2` for a numbered argument on
 * both; statements are constants and are prepared once a connection.
 *
 * Where work runs is the engine's business:
 *   SQLite, reading:  on the calling thread, with that thread's own read-only connection.
 *   SQLite, writing:  on the one writer thread. It takes all that has arrived, runs each job in a
 *                     savepoint, commits once, then tells them all.
 *   PostgreSQL:       on a pool of worker threads, one connection and one transaction each,
 *                     begun again after a serialization failure or deadlock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/shape.h"

struct db;
struct db_conn;

struct db_options {
    const char *dir; /* data directory; the embedded store is DIR/pawl.db */
    const char *url; /* postgresql://…; NULL: the embedded store */
    int workers;     /* PostgreSQL connections; 0: a default */
};

/* Opens the store; starts its threads. The message of a failure is in c->failure. */
MUST_CHECK enum err db_open(struct ctx *c, const struct db_options *options, struct db **out);

/* Finishes what is queued, checkpoints, closes. */
void db_close(struct db *db);

const char *db_engine_name(const struct db *db); /* "sqlite" or "postgresql" */

/* Brings the schema to `version`, up or down; -1: the newest. Under a lock, so that several nodes
 * may start at once. A schema newer than this program is refused. */
MUST_CHECK enum err db_migrate(struct ctx *c, struct db *db, int version);

/* Integrity of the engine's own structures (pages, indexes, foreign keys); faults are written to
 * standard output, one line each, and counted. */
MUST_CHECK enum err db_check_engine(struct ctx *c, struct db *db, int *faults);

/* A consistent copy into a new file while others read and write. Embedded store only. */
MUST_CHECK enum err db_backup(struct ctx *c, struct db *db, const char *file);

/* ---- transactions ---- */

enum db_mode { DB_READ, DB_WRITE };

/* A piece of work in one transaction. run may be called several times (after ERR_RETRY, a lost
 * connection, a lost race for a unique key), so it must start from a clean failure and build its
 * result anew each time; what it returns decides between commit and rollback. done is called
 * exactly once, after the commit or rollback, on any thread; the job may be freed in it.
 *
 * The outcome may be worse than what run returned, since the commit can fail (ERR_STORE_FULL,
 * ERR_UNAVAILABLE, ERR_RETRY): then it counts, and what run left in the context does not.
 * ERR_UNCERTAIN: the connection was lost during the commit, so nobody knows. */
struct db_job {
    enum err (*run)(struct db_job *job, struct db_conn *conn);
    void (*done)(struct db_job *job, enum err outcome);
    enum db_mode mode;
    struct db_job *next; /* these two are the store's */
    enum err outcome;
};

/* Starts a job; not from inside another. A job for which db_inline is true has finished when this
 * returns. */
void db_submit(struct db *db, struct db_job *job);
bool db_inline(const struct db *db, enum db_mode mode);

/* Runs fn in a transaction and waits: for start-up, workers and the command line. Sets c->db for
 * the duration. */
MUST_CHECK enum err db_do(struct ctx *c, struct db *db, enum db_mode mode,
                          enum err (*fn)(struct ctx *c, void *arg), void *arg);

/* ---- statements (inside a transaction, on c->db) ----
 *
 * SQL is known by its address: always a constant, never made up at run time. Deferred constraints
 * are not used, since a commit on the embedded store is that of many jobs.
 *
 * After a statement has failed (a missing row is no failure) all others of the transaction fail
 * too, and it is rolled back whatever the job returns; so a job stops there. One that expects a
 * key to be taken writes ON CONFLICT DO NOTHING and counts the rows. */

enum db_arg_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT };

struct db_arg {
    enum db_arg_type type; /* the type the statement expects, also for a null */
    bool null;
    union {
        int64_t integer;
        double real;
        const char *text;
    };
};

#define INT(v) ((struct db_arg){ .type = DB_INT, .integer = (v) })
#define INT_OR_NULL(v) db_arg_int_or_null(v) /* 0 is null: ids and times */
#define TRI(v) db_arg_tri(v)                 /* -1 is null */
#define REAL(v) ((struct db_arg){ .type = DB_REAL, .real = (v) })
#define TEXT(v) db_arg_text(v) /* NULL is null */

static inline struct db_arg db_arg_text(const char *v)
{
    return (struct db_arg){ .type = DB_TEXT, .null = v == NULL, .text = v };
}

static inline struct db_arg db_arg_int_or_null(int64_t v)
{
    return (struct db_arg){ .type = DB_INT, .null = v == 0, .integer = v };
}

static inline struct db_arg db_arg_tri(int v)
{
    return (struct db_arg){ .type = DB_INT, .null = v < 0, .integer = v };
}

#define DB_ARGS_(...)                              \
    (const struct db_arg[]){ __VA_ARGS__ },        \
        sizeof((const struct db_arg[]){ __VA_ARGS__ }) / sizeof(struct db_arg)

/* Loads the one row of a SELECT (or … RETURNING) into a struct by column name; columns that the
 * shape does not have are a bug and abort. No row: ERR_NOT_FOUND, and *record untouched. */
#define db_one(c, sql, shape, record, ...) \
    db_one_((c), (sql), (shape), (record), DB_ARGS_(__VA_ARGS__))

/* Loads all rows into a new array. rows is a pointer to a `struct x *`. */
#define db_all(c, sql, shape, rows, count, ...) \
    db_all_((c), (sql), (shape), (void **)(rows), (count), DB_ARGS_(__VA_ARGS__))

/* The first column of the first row; ERR_NOT_FOUND without a row; a null is 0 or NULL. */
#define db_int(c, sql, out, ...) db_int_((c), (sql), (out), DB_ARGS_(__VA_ARGS__))
#define db_text(c, sql, out, ...) db_text_((c), (sql), (out), DB_ARGS_(__VA_ARGS__))

/* Runs INSERT, UPDATE or DELETE. db_change_n counts the rows; db_change_one wants exactly one
 * and answers ERR_CONFLICT for none. A violated unique key is ERR_CONFLICT. */
#define db_change(c, sql, ...) db_change_((c), (sql), NULL, DB_ARGS_(__VA_ARGS__))
#define db_change_n(c, sql, n, ...) db_change_((c), (sql), (n), DB_ARGS_(__VA_ARGS__))
#define db_change_one(c, sql, ...) db_change_one_((c), (sql), DB_ARGS_(__VA_ARGS__))

MUST_CHECK enum err db_one_(struct ctx *c, const char *sql, const struct shape *shape, void *record,
                            const struct db_arg *args, size_t n);
MUST_CHECK enum err db_all_(struct ctx *c, const char *sql, const struct shape *shape, void **rows,
                            size_t *count, const struct db_arg *args, size_t n);
MUST_CHECK enum err db_int_(struct ctx *c, const char *sql, int64_t *out,
                            const struct db_arg *args, size_t n);
MUST_CHECK enum err db_text_(struct ctx *c, const char *sql, const char **out,
                             const struct db_arg *args, size_t n);
MUST_CHECK enum err db_change_(struct ctx *c, const char *sql, int64_t *changed,
                               const struct db_arg *args, size_t n);
MUST_CHECK enum err db_change_one_(struct ctx *c, const char *sql, const struct db_arg *args,
                                   size_t n);
