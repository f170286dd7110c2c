/* PostgreSQL, or an engine that speaks its protocol: a pool of threads, each with a connection,
 * each doing one job in one transaction at a time.
 *
 * Writing jobs are SERIALIZABLE: they check and then write, and with anything less two of them
 * could each miss what the other does. The price is that a job may be told to begin again, and is.
 * Reading jobs are REPEATABLE READ: one snapshot for the whole job, and they never fail for
 * another's sake.
 *
 * A lost connection is opened anew and the job run again, unless its commit was under way: then
 * nobody can know what became of it, and running it again might do it twice. */
#include "db/engine.h"

#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/str.h"

enum {
    WORKERS_DEFAULT = 8,
    WORKERS_MAX = 256,
    PAUSE_MAX_MS = 64,
    TRIES_BESIDE = 4, /* then a job that writes runs while no other of this node does */
    RECONNECT_MS = 1000, /* after a failure to connect, jobs fail at once for so long */
    OID_INT8 = 20,
    OID_FLOAT8 = 701,
    OID_TEXT = 25,
};

struct worker {
    struct db_conn base;
    pthread_t thread;
    PGconn *handle; /* NULL: none at present */
    int64_t no_connect_until;
    unsigned named;   /* prepared statements so far, for their names */
    PGresult *result; /* of the statement being read */
    int row;
    bool lost;  /* the connection is of no use any more */
    bool raced; /* a key was violated, perhaps since the job's check could not see it yet */
};

struct postgres {
    struct db base;
    char *url; /* may hold a password: never logged */
    struct queue queue;
    pthread_rwlock_t writing; /* shared by the jobs that write */
    int count;
    struct worker workers[];
};

static const struct engine postgres_engine;

/* ---- errors ---- */

static bool begins(const char *state, const char *class)
{
    return strncmp(state, class, strlen(class)) == 0;
}

static const struct {
    const char *state; /* a SQLSTATE or its beginning; the first line that fits counts */
    enum err err;
    bool lost;  /* the connection goes with it */
    bool raced;
} meanings[] = {
    { "40001", ERR_RETRY, false, false },       /* serialization failure */
    { "40P01", ERR_RETRY, false, false },       /* deadlock */
    { "55P03", ERR_RETRY, false, false },       /* a lock was not to be had in time */
    { "23505", ERR_CONFLICT, false, true },     /* unique key */
    { "23503", ERR_INTERNAL, false, true },     /* foreign key */
    { "0A000", ERR_RETRY, true, false },        /* prepared before the schema changed */
    { "26000", ERR_RETRY, true, false },        /* prepared on another connection of a proxy */
    { "53100", ERR_STORE_FULL, false, false },  /* disk full */
    { "53", ERR_UNAVAILABLE, false, false },    /* other resources */
    { "57014", ERR_UNAVAILABLE, false, false }, /* took longer than statement_timeout */
    { "57P", ERR_UNAVAILABLE, true, false },    /* shutting down or starting */
    { "25006", ERR_UNAVAILABLE, true, false },  /* has become a read-only standby */
    { "08", ERR_UNAVAILABLE, true, false },     /* connection */
    { "58", ERR_UNAVAILABLE, false, false },    /* system error, e.g. of a disk */
};

/* Writes what happened to the log, and says what it means. `what` is SQL. */
static enum err failed(struct worker *w, const PGresult *result, const char *what)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    enum err e = ERR_INTERNAL;

    for (size_t i = 0; state != NULL && i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (!begins(state, meanings[i].state))
            continue;
        e = meanings[i].err;
        w->lost |= meanings[i].lost;
        w->raced |= meanings[i].raced;
        break;
    }
    if (PQstatus(w->handle) == CONNECTION_BAD) {
        w->lost = true;
        e = ERR_UNAVAILABLE;
    }
    if (words == NULL)
        words = PQerrorMessage(w->handle);
    log_line(!w->lost && (e == ERR_CONFLICT || e == ERR_RETRY) ? LOG_DEBUG : LOG_ERROR,
             "store: %s (%s): %s", words, state == NULL ? "-" : state, what);
    return e;
}

/* Takes the result; OK when it is what commands and queries give. */
static enum err outcome(struct worker *w, PGresult *result, const char *what)
{
    ExecStatusType status = PQresultStatus(result);
    enum err e = OK;

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        e = failed(w, result, what);
    PQclear(result);
    return e;
}

static enum err script(struct db_conn *conn, const char *sql)
{
    struct worker *w = (struct worker *)conn;

    return outcome(w, PQexec(w->handle, sql), sql);
}

/* ---- statements ---- */

/* Writes `$3` for `?` and `?3` outside of quotes. As in SQLite, a bare `?` is one more than the
 * highest number so far. */
static const char *numbered(struct arena *mem, const char *sql, size_t *highest)
{
    struct str out = str_in(mem, strlen(sql) * 4 + 1);
    char quote = '\0';

    *highest = 0;
    for (const char *p = sql; *p != '\0'; p++) {
        if (quote != '\0')
            quote = *p == quote ? '\0' : quote;
        else if (*p == '\'' || *p == '"')
            quote = *p;
        else if (*p == '?') {
            char *end;
            size_t n = strtoul(p + 1, &end, 10);

            if (end == p + 1)
                n = *highest + 1;
            *highest = n > *highest ? n : *highest;
            str_printf(&out, "$%zu", n);
            p = end - 1;
            continue;
        }
        str_add_char(&out, *p);
    }
    return str_text(&out);
}

static Oid type_of(const struct db_arg *arg)
{
    switch (arg->type) {
    case DB_INT:
        return OID_INT8;
    case DB_REAL:
        return OID_FLOAT8;
    case DB_TEXT:
        return OID_TEXT;
    case DB_NULL:
        break;
    }
    return 0; /* the server finds out */
}

static enum err prepare(struct db_conn *conn, struct statement *s, const struct db_arg *args,
                        size_t n)
{
    struct worker *w = (struct worker *)conn;
    struct arena *mem = arena_new_arena();
    const char *sql = numbered(mem, s->sql, &s->args);
    Oid *types = arena_new_n(mem, Oid, n + 1);
    char *name;
    enum err e;

    for (size_t i = 0; i < n; i++)
        types[i] = type_of(&args[i]);
    if (asprintf(&name, "pawl%u", w->named++) < 0)
        abort();
    e = outcome(w, PQprepare(w->handle, name, sql, (int)n, types), s->sql);
    arena_free(mem);
    s->handle = name;
    if (e != OK)
        free(name);
    return e;
}

/* The server forgets its part at the end of the connection, and that is when we are called. */
static void forget(struct statement *s)
{
    free(s->handle);
}

enum { ARGS_MAX = 64 };

/* Numbers travel in network order: nothing to print, nothing to parse. */
struct values {
    const char *value[ARGS_MAX];
    int length[ARGS_MAX];
    int binary[ARGS_MAX];
    uint64_t number[ARGS_MAX];
};

static void put_number(struct values *v, size_t i, const void *number)
{
    memcpy(&v->number[i], number, sizeof(v->number[i]));
    v->number[i] = htobe64(v->number[i]);
    v->value[i] = (const char *)&v->number[i];
    v->length[i] = sizeof(v->number[i]);
    v->binary[i] = 1;
}

static void put(struct values *v, size_t i, const struct db_arg *arg)
{
    v->value[i] = NULL;
    v->length[i] = 0;
    v->binary[i] = 0;
    if (arg->null)
        return;
    if (arg->type == DB_INT)
        put_number(v, i, &arg->integer);
    else if (arg->type == DB_REAL)
        put_number(v, i, &arg->real);
    else if (arg->type == DB_TEXT)
        v->value[i] = arg->text;
}

static enum err start(struct db_conn *conn, struct statement *s, const struct db_arg *args)
{
    struct worker *w = (struct worker *)conn;
    struct values v;
    ExecStatusType status;

    if (s->args > ARGS_MAX)
        store_bug(s->sql, "more than %d arguments", ARGS_MAX);
    for (size_t i = 0; i < s->args; i++)
        put(&v, i, &args[i]);
    w->result = PQexecPrepared(w->handle, s->handle, (int)s->args, v.value, v.length, v.binary, 0);
    w->row = -1;
    status = PQresultStatus(w->result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        PGresult *result = w->result;

        w->result = NULL;
        return outcome(w, result, s->sql);
    }
    s->columns = PQnfields(w->result);
    return OK;
}

static enum err next(struct db_conn *conn, struct statement *s, bool *row)
{
    struct worker *w = (struct worker *)conn;

    (void)s;
    w->row++;
    *row = w->row < PQntuples(w->result);
    return OK;
}

static void finish(struct db_conn *conn, struct statement *s)
{
    struct worker *w = (struct worker *)conn;

    (void)s;
    PQclear(w->result);
    w->result = NULL;
}

static int64_t changes(struct db_conn *conn, struct statement *s)
{
    (void)s;
    return strtoll(PQcmdTuples(((struct worker *)conn)->result), NULL, 10);
}

static const char *column_name(struct db_conn *conn, struct statement *s, int column)
{
    (void)s;
    return PQfname(((struct worker *)conn)->result, column);
}

static bool is_null(struct db_conn *conn, struct statement *s, int column)
{
    struct worker *w = (struct worker *)conn;

    (void)s;
    return PQgetisnull(w->result, w->row, column);
}

static const char *get_text(struct db_conn *conn, struct statement *s, int column, size_t *n)
{
    struct worker *w = (struct worker *)conn;

    (void)s;
    *n = (size_t)PQgetlength(w->result, w->row, column);
    return PQgetvalue(w->result, w->row, column);
}

/* A comparison is `t` or `f` here, and 1 or 0 in SQLite. */
static int64_t get_int(struct db_conn *conn, struct statement *s, int column)
{
    size_t n;
    const char *text = get_text(conn, s, column, &n);

    return text[0] == 't' ? 1 : strtoll(text, NULL, 10);
}

static double get_real(struct db_conn *conn, struct statement *s, int column)
{
    size_t n;

    return strtod(get_text(conn, s, column, &n), NULL);
}

/* ---- connections ---- */

static void disconnect(struct worker *w)
{
    conn_release(&w->base);
    PQfinish(w->handle);
    w->handle = NULL;
}

static void take_notice(void *unused, const PGresult *notice)
{
    const char *words = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);

    (void)unused;
    log_debug("store: %s", words == NULL ? "a notice without words" : words);
}

/* A statement that hangs ends before the client's patience does. What is acknowledged is on the
 * server's disk, whatever its general setting says. */
static const char SETTINGS[] =
    "SET statement_timeout = '30s';"
    "SET lock_timeout = '10s';"
    "SET idle_in_transaction_session_timeout = '60s';"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'";

/* The address may say otherwise: what comes later counts. */
static const char *const CONNECT_KEYS[] = { "connect_timeout",  "tcp_user_timeout",
                                            "application_name", "client_encoding",
                                            "dbname",           NULL };

static enum err connect(struct worker *w)
{
    const struct postgres *pg = (const struct postgres *)w->base.db;
    const char *const values[] = { "5", "15000", "pawl", "UTF8", pg->url, NULL };

    if (clock_monotonic() < w->no_connect_until)
        return ERR_UNAVAILABLE;
    w->handle = PQconnectdbParams(CONNECT_KEYS, values, true);
    w->lost = false;
    w->named = 0;
    if (PQstatus(w->handle) == CONNECTION_OK) {
        PQsetNoticeReceiver(w->handle, take_notice, NULL);
        if (script(&w->base, SETTINGS) == OK)
            return OK;
    } else {
        log_error("store: %s", PQerrorMessage(w->handle));
    }
    disconnect(w);
    w->no_connect_until = clock_monotonic() + RECONNECT_MS;
    return ERR_UNAVAILABLE;
}

/* ---- jobs ---- */

static const char *begin_of(enum db_mode mode)
{
    return mode == DB_READ ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                           : "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE";
}

/* One attempt. *again: it left no trace, and another may fare better. */
static enum err attempt(struct worker *w, struct db_job *job, bool *again)
{
    enum err e;

    *again = false;
    w->raced = false;
    if (w->handle == NULL)
        TRY(connect(w));
    e = script(&w->base, begin_of(job->mode));
    if (e == OK)
        e = conn_run(&w->base, job);
    *again = e == ERR_RETRY || w->lost;
    if (e != OK) {
        if (!w->lost)
            script(&w->base, "ROLLBACK");
        return e;
    }
    e = script(&w->base, "COMMIT");
    if (e != OK && w->lost && job->mode == DB_WRITE)
        return ERR_UNCERTAIN;
    *again = e == ERR_RETRY || w->lost;
    return e;
}

/* Different for everybody, so that those who collided do not meet again. */
static void pause_before(int try)
{
    uint32_t most = 1u << try;
    uint32_t us = arc4random_uniform((most < PAUSE_MAX_MS ? most : PAUSE_MAX_MS) * 1000);
    const struct timespec time = { .tv_nsec = (long)us * 1000 };

    nanosleep(&time, NULL);
}

/* A row that all want would make some lose time and again. So after a few tries a job runs alone:
 * then only other nodes can get in its way. */
static enum err attempt_in_turn(struct worker *w, struct db_job *job, int try, bool *again)
{
    struct postgres *pg = (struct postgres *)w->base.db;
    enum err e;

    if (job->mode == DB_READ)
        return attempt(w, job, again);
    if (try <= TRIES_BESIDE)
        pthread_rwlock_rdlock(&pg->writing);
    else
        pthread_rwlock_wrlock(&pg->writing);
    e = attempt(w, job, again);
    pthread_rwlock_unlock(&pg->writing);
    return e;
}

static enum err attend(struct worker *w, struct db_job *job)
{
    enum err e = OK;

    for (int try = 1; try <= STORE_TRIES; try++) {
        bool again;

        e = attempt_in_turn(w, job, try, &again);
        if (w->lost)
            disconnect(w);
        /* A violated key may be a race that was lost. At the second run the job's own check sees
         * the other's row and can say so in its own words, as it would have in SQLite. */
        if (!again && !(w->raced && try == 1))
            break;
        pause_before(try);
    }
    return e;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct postgres *pg = (struct postgres *)w->base.db;
    struct db_job *job;

    while ((job = queue_take_one(&pg->queue)) != NULL)
        job->done(job, attend(w, job));
    disconnect(w);
    return NULL;
}

static void submit(struct db *db, struct db_job *job)
{
    queue_put(&((struct postgres *)db)->queue, job);
}

/* ---- opening and closing ---- */

static void postgres_close(struct db *db)
{
    struct postgres *pg = (struct postgres *)db;

    queue_close(&pg->queue);
    for (int i = 0; i < pg->count; i++)
        pthread_join(pg->workers[i].thread, NULL);
    queue_release(&pg->queue);
    pthread_rwlock_destroy(&pg->writing);
    free(pg->url);
    free(pg);
}

/* The library's own words about a bad address may hold the password. */
static enum err check_url(struct ctx *c, const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);

    PQconninfoFree(options);
    if (options == NULL)
        return fail(c, ERR_INVALID, NULL, "the store's address is not a PostgreSQL URI");
    return OK;
}

static enum err look_at_database(struct ctx *c, void *arg)
{
    static const char ENCODING[] = "SELECT pg_encoding_to_char(encoding) FROM pg_database"
                                   " WHERE datname = current_database()";
    static const char COLLATION[] = "SELECT datcollate FROM pg_database"
                                    " WHERE datname = current_database()";
    const char *encoding, *collation;

    (void)arg;
    TRY(db_text(c, ENCODING, &encoding));
    TRY(db_text(c, COLLATION, &collation));
    if (strcmp(encoding, "UTF8") != 0)
        return fail(c, ERR_INVALID, NULL, "the database has encoding %s; create it with UTF8",
                    encoding);
    if (strcmp(collation, "C") != 0 && strcmp(collation, "POSIX") != 0 &&
        strncmp(collation, "C.", 2) != 0)
        log_warn("store: the database sorts by %s; create it with LC_COLLATE 'C' for the order "
                 "of the embedded store", collation);
    return OK;
}

/* Who wants to be alone is not overtaken forever. */
static void fair_lock_init(pthread_rwlock_t *lock)
{
    pthread_rwlockattr_t attr;

    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(lock, &attr);
    pthread_rwlockattr_destroy(&attr);
}

enum err postgres_open(struct ctx *c, const struct db_options *options, struct db **out)
{
    int count = options->workers > 0 ? options->workers : WORKERS_DEFAULT;
    struct postgres *pg;
    enum err e;

    TRY(check_url(c, options->url));
    count = count < WORKERS_MAX ? count : WORKERS_MAX;
    pg = calloc(1, sizeof(*pg) + (size_t)count * sizeof(pg->workers[0]));
    if (pg == NULL || (pg->url = strdup(options->url)) == NULL)
        abort();
    pg->base.engine = &postgres_engine;
    pg->count = count;
    queue_init(&pg->queue);
    fair_lock_init(&pg->writing);
    for (int i = 0; i < count; i++) {
        pg->workers[i].base.db = &pg->base;
        store_thread(&pg->workers[i].thread, "pawl-store", work, &pg->workers[i]);
    }
    e = db_do(c, &pg->base, DB_READ, look_at_database, NULL);
    if (e != OK) {
        postgres_close(&pg->base);
        return e;
    }
    *out = &pg->base;
    return OK;
}

static const char *const checks[] = {
    "SELECT 'index ' || c.relname || ' is not valid' AS text"
    "  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    "  JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE NOT i.indisvalid AND n.nspname = current_schema()",
    "SELECT 'constraint ' || conname || ' is not validated' AS text FROM pg_constraint"
    "  JOIN pg_namespace n ON n.oid = connamespace"
    " WHERE NOT convalidated AND n.nspname = current_schema()",
    NULL,
};

static const struct engine postgres_engine = {
    .name = "postgresql",
    .checks = checks,
    .lock_schema = "LOCK TABLE schema_version IN ACCESS EXCLUSIVE MODE",
    .close = postgres_close,
    .submit = submit,
    .prepare = prepare,
    .forget = forget,
    .start = start,
    .next = next,
    .finish = finish,
    .changes = changes,
    .script = script,
    .column_name = column_name,
    .is_null = is_null,
    .get_int = get_int,
    .get_real = get_real,
    .get_text = get_text,
};
