/* What the two engines share, and what each must offer. Nothing outside this folder includes it. */
#pragma once

#include <pthread.h>

#include "base/log.h"
#include "db/db.h"

/* ---- jobs on their way to a thread of the store ---- */

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct db_job *first;
    struct db_job **end;
    int sleeping; /* threads waiting: nobody is woken when none is */
    bool closed;
};

void queue_init(struct queue *q);
void queue_release(struct queue *q);
void queue_put(struct queue *q, struct db_job *job);

/* Waits for work; NULL when the queue is closed and empty. */
struct db_job *queue_take_one(struct queue *q);
struct db_job *queue_take_all(struct queue *q); /* a list by next */

bool queue_empty(struct queue *q);

/* What is queued is still done; nothing new may come. */
void queue_close(struct queue *q);

/* Starts a thread that receives no signals: those are for the main thread. */
void store_thread(pthread_t *thread, const char *name, void *(*run)(void *), void *arg);

/* ---- statements ---- */

struct statement {
    const char *sql;             /* the address of the constant is the key */
    void *handle;                /* the engine's */
    size_t args;                 /* how many it takes */
    int columns;                 /* of its rows */
    const struct shape *shape;   /* of the struct last loaded, and */
    const struct field **fields; /* the field of each column */
};

/* One connection; the engine's own struct begins with it. */
struct db_conn {
    struct db *db;
    /* The first statement of this transaction that went wrong. PostgreSQL refuses all further
     * statements then, so we do it for both engines. */
    enum err broken;
    struct statement **statements; /* hash table by address */
    size_t slots;                  /* a power of two */
    size_t used;
};

/* Forgets all statements. */
void conn_release(struct db_conn *conn);

/* Runs the job once, in a transaction that is open, and says whether it may be committed. A job
 * that went on after a failed statement may not. */
enum err conn_run(struct db_conn *conn, struct db_job *job);

/* The prepared statement of a constant; NULL when it cannot be prepared (the reason is in
 * *e). */
struct statement *conn_statement(struct db_conn *conn, const char *sql, const struct db_arg *args,
                                 size_t n, enum err *e);

enum { STORE_TRIES = 10 }; /* runs of a job that is told to come again */

/* A mistake in the program, found by the first test that passes here. */
_Noreturn void store_bug(const char *sql, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- engines ---- */

/* Functions answer an error only after writing its details to the log. */
struct engine {
    const char *name;
    bool inline_reads;         /* reading jobs run on the caller's thread */
    const char *const *checks; /* SELECTs of texts, each row a fault; ends with NULL */
    const char *lock_schema;   /* keeps other nodes from migrating until the transaction ends */

    void (*close)(struct db *db);
    void (*submit)(struct db *db, struct db_job *job);
    enum err (*backup)(struct ctx *c, struct db *db, const char *file); /* or NULL */

    /* Fills handle, args and columns. */
    enum err (*prepare)(struct db_conn *conn, struct statement *s, const struct db_arg *args,
                        size_t n);
    void (*forget)(struct statement *s);

    /* start, next until there is no row, finish (also after a failure of next). */
    enum err (*start)(struct db_conn *conn, struct statement *s, const struct db_arg *args);
    enum err (*next)(struct db_conn *conn, struct statement *s, bool *row);
    void (*finish)(struct db_conn *conn, struct statement *s);
    int64_t (*changes)(struct db_conn *conn, struct statement *s); /* before finish */

    /* Several statements without arguments. */
    enum err (*script)(struct db_conn *conn, const char *sql);

    /* The present row. A text lives until next or finish. */
    const char *(*column_name)(struct db_conn *conn, struct statement *s, int column);
    bool (*is_null)(struct db_conn *conn, struct statement *s, int column);
    int64_t (*get_int)(struct db_conn *conn, struct statement *s, int column); /* null: 0 */
    double (*get_real)(struct db_conn *conn, struct statement *s, int column);
    const char *(*get_text)(struct db_conn *conn, struct statement *s, int column, size_t *n);
};

/* The engine's own struct begins with it. */
struct db {
    const struct engine *engine;
};

MUST_CHECK enum err sqlite_open(struct ctx *c, const struct db_options *options, struct db **out);
MUST_CHECK enum err postgres_open(struct ctx *c, const struct db_options *options,
                                  struct db **out);

/* ---- migrations ---- */

/* One step of the schema, made from migrations/ by script/embed-migrations. */
struct migration {
    int version;
    const char *name;
    const char *engine; /* of the one it is for; NULL: both */
    const char *up;
    const char *down;
};

/* In ascending order; ends with a version of 0. */
extern const struct migration migrations[];

/* As db_migrate, for any table of migrations. */
MUST_CHECK enum err migrate(struct ctx *c, struct db *db, const struct migration *table,
                            int version);
