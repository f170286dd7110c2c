/* The embedded store: SQLite in WAL mode.
 *
 * One thread writes. It takes all jobs that have arrived, runs each in a savepoint, commits once
 * (one sync for all of them), then tells them all. So under load a batch is what arrived during
 * the last sync, and nobody waits for a batch to fill. If the commit fails, for want of room or
 * otherwise, every job of the batch is told so, and the next batch starts afresh.
 *
 * Reading happens on the caller's thread, with a read-only connection of that thread.
 *
 * Other processes (`pawl admin`) may write as well, but never at the same instant: SQLite before
 * 3.51.3 can lose a commit when one connection starts the WAL over while another writes or
 * checkpoints. Everybody who does either holds a lock on the file pawl.lock meanwhile. */
#include "db/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    BUSY_MS = 10 * 1000, /* patience with other processes that write */
    READERS_MS = 100,    /* and of a checkpoint with readers */
    /* Pages of the WAL at which it is copied into the database: when nobody waits, and in any
     * case. At the last bound readers are waited for, so that it cannot grow forever. */
    WAL_SOFT = 1000,
    WAL_HARD = 4000,
    WAL_MAX = 64000,
};

struct conn {
    struct db_conn base;
    sqlite3 *handle;
    bool writer;
    struct conn *next; /* in the list of readers */
};

struct sqlite {
    struct db base;
    char *path;
    int lock_file;

    pthread_t thread;
    struct queue queue;
    struct conn *writer;
    int wal_pages;  /* in the WAL after the last commit, */
    int wal_copied; /* and at the last checkpoint */

    pthread_key_t reader_key; /* the calling thread's struct conn */
    pthread_mutex_t readers_lock;
    struct conn *readers;
};

static const struct engine sqlite_engine;

/* ---- errors ---- */

static enum err error_of(sqlite3 *handle, int rc)
{
    int kind = rc & 0xff, no = handle == NULL ? 0 : sqlite3_system_errno(handle);

    switch (kind) {
    case SQLITE_CONSTRAINT:
        if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
            rc == SQLITE_CONSTRAINT_ROWID)
            return ERR_CONFLICT;
        return ERR_INTERNAL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_SCHEMA:
    case SQLITE_INTERRUPT:
        return ERR_RETRY;
    case SQLITE_FULL:
        return ERR_STORE_FULL;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return no == ENOSPC || no == EDQUOT ? ERR_STORE_FULL : ERR_UNAVAILABLE;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOMEM:
        return ERR_UNAVAILABLE;
    default:
        return ERR_INTERNAL;
    }
}

/* Writes what happened to the log, and says what it means. `what` is SQL or a few words. */
static enum err failed(sqlite3 *handle, int rc, const char *what)
{
    enum err e = error_of(handle, rc);
    const char *words = handle == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(handle);

    log_line(e == ERR_CONFLICT || e == ERR_RETRY ? LOG_DEBUG : LOG_ERROR, "store: %s (%d): %s",
             words, rc, what);
    return e;
}

/* ---- statements ---- */

static sqlite3 *handle_of(struct db_conn *conn)
{
    return ((struct conn *)conn)->handle;
}

static enum err prepare(struct db_conn *conn, struct statement *s, const struct db_arg *args,
                        size_t n)
{
    sqlite3_stmt *stmt = NULL;
    int rc;

    (void)args;
    (void)n;
    rc = sqlite3_prepare_v3(handle_of(conn), s->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
    if (rc != SQLITE_OK)
        return failed(handle_of(conn), rc, s->sql);
    if (!((struct conn *)conn)->writer && !sqlite3_stmt_readonly(stmt))
        store_bug(s->sql, "writing in a job that said it reads");
    s->handle = stmt;
    s->args = (size_t)sqlite3_bind_parameter_count(stmt);
    s->columns = sqlite3_column_count(stmt);
    return OK;
}

static void forget(struct statement *s)
{
    sqlite3_finalize(s->handle);
}

static int bind(sqlite3_stmt *stmt, int i, const struct db_arg *arg)
{
    if (arg->null)
        return sqlite3_bind_null(stmt, i);
    switch (arg->type) {
    case DB_INT:
        return sqlite3_bind_int64(stmt, i, arg->integer);
    case DB_REAL:
        return sqlite3_bind_double(stmt, i, arg->real);
    case DB_TEXT:
        /* The text outlives the statement's run, and before the next run it is bound anew. */
        return sqlite3_bind_text(stmt, i, arg->text, -1, SQLITE_STATIC);
    case DB_NULL:
        break;
    }
    return sqlite3_bind_null(stmt, i);
}

static enum err start(struct db_conn *conn, struct statement *s, const struct db_arg *args)
{
    for (size_t i = 0; i < s->args; i++) {
        int rc = bind(s->handle, (int)i + 1, &args[i]);

        if (rc != SQLITE_OK)
            return failed(handle_of(conn), rc, s->sql);
    }
    return OK;
}

static enum err next(struct db_conn *conn, struct statement *s, bool *row)
{
    int rc = sqlite3_step(s->handle);

    *row = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return OK;
    return failed(handle_of(conn), rc, s->sql);
}

static void finish(struct db_conn *conn, struct statement *s)
{
    (void)conn;
    sqlite3_reset(s->handle);
}

static int64_t changes(struct db_conn *conn, struct statement *s)
{
    (void)s;
    return sqlite3_changes64(handle_of(conn));
}

static enum err script(struct db_conn *conn, const char *sql)
{
    int rc = sqlite3_exec(handle_of(conn), sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? OK : failed(handle_of(conn), rc, sql);
}

static const char *column_name(struct db_conn *conn, struct statement *s, int column)
{
    (void)conn;
    return sqlite3_column_name(s->handle, column);
}

static bool is_null(struct db_conn *conn, struct statement *s, int column)
{
    (void)conn;
    return sqlite3_column_type(s->handle, column) == SQLITE_NULL;
}

static int64_t get_int(struct db_conn *conn, struct statement *s, int column)
{
    (void)conn;
    return sqlite3_column_int64(s->handle, column);
}

static double get_real(struct db_conn *conn, struct statement *s, int column)
{
    (void)conn;
    return sqlite3_column_double(s->handle, column);
}

static const char *get_text(struct db_conn *conn, struct statement *s, int column, size_t *n)
{
    const char *text = (const char *)sqlite3_column_text(s->handle, column);

    (void)conn;
    if (text == NULL)
        abort(); /* not a null, so memory has ended */
    *n = (size_t)sqlite3_column_bytes(s->handle, column);
    return text;
}

/* Runs a statement of the transaction's own: BEGIN, SAVEPOINT and the like. */
static enum err control(struct conn *conn, const char *sql)
{
    enum err e = OK;
    struct statement *s = conn_statement(&conn->base, sql, NULL, 0, &e);
    bool row;

    if (s == NULL)
        return e;
    e = next(&conn->base, s, &row);
    finish(&conn->base, s);
    return e;
}

static bool in_transaction(struct conn *conn)
{
    return sqlite3_get_autocommit(conn->handle) == 0;
}

static void roll_back(struct conn *conn)
{
    if (in_transaction(conn) && control(conn, "ROLLBACK") != OK)
        log_error("store: a transaction could not be rolled back");
}

/* ---- connections ---- */

static void conn_close(struct conn *conn)
{
    conn_release(&conn->base);
    sqlite3_close(conn->handle);
    free(conn);
}

/* synchronous=FULL syncs the WAL at every commit. The library would checkpoint inside a commit;
 * we do it between batches. */
static const char WRITER_SETTINGS[] = "PRAGMA journal_mode = WAL;"
                                      "PRAGMA synchronous = FULL;"
                                      "PRAGMA wal_autocheckpoint = 0;"
                                      "PRAGMA journal_size_limit = 67108864;"
                                      "PRAGMA foreign_keys = ON;"
                                      "PRAGMA temp_store = FILE;" /* see set_up_library */
                                      "PRAGMA cache_size = -16000;";
static const char READER_SETTINGS[] = "PRAGMA query_only = ON;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA cache_size = -8000;";

static enum err conn_open(struct sqlite *s, bool writer, struct conn **out)
{
    int flags = SQLITE_OPEN_NOMUTEX | (writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    struct conn *conn = calloc(1, sizeof(*conn));
    enum err e;
    int rc;

    if (conn == NULL)
        abort();
    conn->base.db = &s->base;
    conn->writer = writer;
    rc = sqlite3_open_v2(s->path, &conn->handle, flags, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_extended_result_codes(conn->handle, 1);
        sqlite3_busy_timeout(conn->handle, BUSY_MS);
        sqlite3_db_config(conn->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_db_config(conn->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        sqlite3_db_config(conn->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
        e = script(&conn->base, writer ? WRITER_SETTINGS : READER_SETTINGS);
    } else {
        e = failed(conn->handle, rc, s->path);
    }
    if (e != OK) {
        conn_close(conn);
        return e;
    }
    *out = conn;
    return OK;
}

/* The other processes' turn ends, ours begins. */
static enum err lock(struct sqlite *s)
{
    int64_t end = clock_monotonic() + BUSY_MS;
    const struct timespec pause = { .tv_nsec = 1000 * 1000 };

    while (flock(s->lock_file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            log_error("store: pawl.lock: %s", strerror(errno));
            return ERR_UNAVAILABLE;
        }
        if (clock_monotonic() > end) {
            log_error("store: another process has been writing for %d seconds", BUSY_MS / 1000);
            return ERR_RETRY;
        }
        nanosleep(&pause, NULL);
    }
    return OK;
}

static void unlock(struct sqlite *s)
{
    flock(s->lock_file, LOCK_UN);
}

/* ---- reading ---- */

/* Called at the end of a thread, and for all that remain by db_close. */
static void reader_close(void *arg)
{
    struct conn *conn = arg, **p;
    struct sqlite *s = (struct sqlite *)conn->base.db;

    pthread_mutex_lock(&s->readers_lock);
    for (p = &s->readers; *p != conn; p = &(*p)->next)
        ;
    *p = conn->next;
    pthread_mutex_unlock(&s->readers_lock);
    conn_close(conn);
}

static enum err reader(struct sqlite *s, struct conn **out)
{
    *out = pthread_getspecific(s->reader_key);
    if (*out != NULL)
        return OK;
    TRY(conn_open(s, false, out));
    pthread_mutex_lock(&s->readers_lock);
    (*out)->next = s->readers;
    s->readers = *out;
    pthread_mutex_unlock(&s->readers_lock);
    pthread_setspecific(s->reader_key, *out);
    return OK;
}

/* One snapshot for the whole job. */
static enum err read_once(struct sqlite *s, struct db_job *job)
{
    struct conn *conn;
    enum err e;

    TRY(reader(s, &conn));
    TRY(control(conn, "BEGIN"));
    e = conn_run(&conn->base, job);
    roll_back(conn); /* nothing was written, so it ends the same way always */
    return e;
}

static void read_job(struct sqlite *s, struct db_job *job)
{
    enum err e = ERR_RETRY;

    for (int i = 0; i < STORE_TRIES && e == ERR_RETRY; i++)
        e = read_once(s, job);
    job->done(job, e);
}

/* ---- writing ---- */

/* What the whole batch must suffer, and not one job alone: the engine may have rolled back what
 * the others wrote. */
static bool spoils_batch(struct conn *conn)
{
    return !in_transaction(conn) || conn->base.broken == ERR_STORE_FULL ||
           conn->base.broken == ERR_UNAVAILABLE;
}

/* Notes the outcome of the job; answers that of the batch. */
static enum err run_in_savepoint(struct conn *conn, struct db_job *job)
{
    TRY(control(conn, "SAVEPOINT job"));
    job->outcome = conn_run(&conn->base, job);
    if (spoils_batch(conn))
        return conn->base.broken == OK ? ERR_UNAVAILABLE : conn->base.broken;
    if (job->outcome != OK)
        TRY(control(conn, "ROLLBACK TO job"));
    return control(conn, "RELEASE job");
}

static enum err run_jobs(struct conn *conn, struct db_job *list)
{
    TRY(control(conn, "BEGIN IMMEDIATE"));
    for (struct db_job *job = list; job != NULL; job = job->next) {
        job->outcome = ERR_RETRY;
        for (int i = 0; i < STORE_TRIES && job->outcome == ERR_RETRY; i++)
            TRY(run_in_savepoint(conn, job));
    }
    return control(conn, "COMMIT");
}

static void run_batch(struct sqlite *s, struct db_job *list)
{
    struct db_job *after;
    enum err e = lock(s);

    if (e == OK) {
        e = run_jobs(s->writer, list);
        roll_back(s->writer);
        unlock(s);
    }
    for (struct db_job *job = list; job != NULL; job = after) {
        after = job->next;
        job->done(job, e == OK ? job->outcome : e);
    }
}

static int note_wal_size(void *arg, sqlite3 *handle, const char *name, int pages)
{
    struct sqlite *s = arg;

    (void)handle;
    (void)name;
    s->wal_pages = pages;
    if (pages < s->wal_copied)
        s->wal_copied = 0; /* it was started over */
    return SQLITE_OK;
}

/* Copies the WAL into the database, as far as readers allow. */
static void checkpoint(struct sqlite *s, int mode)
{
    int rc;

    if (lock(s) != OK)
        return;
    sqlite3_busy_timeout(s->writer->handle, READERS_MS);
    rc = sqlite3_wal_checkpoint_v2(s->writer->handle, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(s->writer->handle, BUSY_MS);
    if (rc != SQLITE_OK && rc != SQLITE_BUSY)
        failed(s->writer->handle, rc, "checkpoint");
    unlock(s);
    s->wal_copied = s->wal_pages;
}

static void checkpoint_if_due(struct sqlite *s)
{
    int grown = s->wal_pages - s->wal_copied;

    if (grown >= WAL_HARD || (grown >= WAL_SOFT && queue_empty(&s->queue)))
        checkpoint(s, s->wal_pages >= WAL_MAX ? SQLITE_CHECKPOINT_RESTART
                                              : SQLITE_CHECKPOINT_PASSIVE);
}

static void *write_loop(void *arg)
{
    struct sqlite *s = arg;
    struct db_job *list;

    while ((list = queue_take_all(&s->queue)) != NULL) {
        run_batch(s, list);
        checkpoint_if_due(s);
    }
    return NULL;
}

static void submit(struct db *db, struct db_job *job)
{
    struct sqlite *s = (struct sqlite *)db;

    if (job->mode == DB_READ)
        read_job(s, job);
    else
        queue_put(&s->queue, job);
}

/* ---- backup ---- */

/* Of a file or a folder. */
static bool sync_path(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return synced;
}

/* Makes the name of a new file lasting. */
static bool sync_folder_of(struct ctx *c, const char *file)
{
    const char *slash = strrchr(file, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - file) + 1;

    return sync_path(n == 0 ? "." : arena_dup_n(c->mem, file, n));
}

/* One step in one reading transaction: writers go on meanwhile. */
static int copy_pages(sqlite3 *from, const char *file)
{
    sqlite3 *to = NULL;
    sqlite3_backup *copy;
    int rc = sqlite3_open_v2(file, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_exec(to, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL, NULL,
                          NULL);
    if (rc == SQLITE_OK) {
        copy = sqlite3_backup_init(to, "main", from, "main");
        if (copy == NULL) {
            rc = sqlite3_errcode(to);
        } else {
            rc = sqlite3_backup_step(copy, -1);
            sqlite3_backup_finish(copy);
        }
    }
    sqlite3_close(to);
    return rc;
}

/* The copy takes its name when it is complete and on the disk. */
static bool copy_to(struct ctx *c, struct sqlite *s, const char *part, const char *file)
{
    struct conn *conn;
    int rc;

    if (reader(s, &conn) != OK)
        return false;
    rc = copy_pages(conn->handle, part);
    if (rc != SQLITE_DONE) {
        log_error("backup: %s", sqlite3_errstr(rc));
        return false;
    }
    return sync_path(part) && rename(part, file) == 0 && sync_folder_of(c, file);
}

/* A file for the owner's eyes only; false with errno when it cannot be made. */
static bool create(const char *file, int flags)
{
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | flags, 0600);

    return fd >= 0 && close(fd) == 0;
}

static enum err backup(struct ctx *c, struct db *db, const char *file)
{
    const char *part = arena_printf(c->mem, "%s.part", file);

    /* Claims the name, so that no older file (the store itself, say) is ever replaced. */
    if (!create(file, O_EXCL))
        return fail(c, ERR_INVALID, NULL, "cannot create %s: %s", file, strerror(errno));
    if (create(part, O_TRUNC) && copy_to(c, (struct sqlite *)db, part, file))
        return OK;
    unlink(part);
    unlink(file);
    return fail(c, ERR_UNAVAILABLE, NULL, "the copy could not be written to %s", file);
}

/* ---- opening and closing ---- */

static enum err make_files(struct ctx *c, struct sqlite *s, const char *dir)
{
    char *lock_path = arena_printf(c->mem, "%s/pawl.lock", dir);

    if (mkdir(dir, 0700) == 0)
        sync_folder_of(c, dir);
    else if (errno != EEXIST)
        return fail(c, ERR_UNAVAILABLE, NULL, "cannot create %s: %s", dir, strerror(errno));
    s->lock_file = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock_file < 0)
        return fail(c, ERR_UNAVAILABLE, NULL, "cannot open %s: %s", lock_path, strerror(errno));
    /* Never opened by us when it exists: closing it would drop the locks that SQLite has on it. */
    if (!create(s->path, O_EXCL) && errno != EEXIST)
        return fail(c, ERR_UNAVAILABLE, NULL, "cannot create %s: %s", s->path, strerror(errno));
    return OK;
}

static enum err open_writer(struct ctx *c, struct sqlite *s)
{
    enum err e;

    TRY(lock(s));
    e = conn_open(s, true, &s->writer);
    unlock(s);
    if (e != OK)
        return fail(c, e, NULL, "cannot open the store %s; the log says why", s->path);
    sqlite3_wal_hook(s->writer->handle, note_wal_size, s);
    return OK;
}

static void release(struct sqlite *s)
{
    if (s->lock_file >= 0)
        close(s->lock_file);
    pthread_key_delete(s->reader_key);
    pthread_mutex_destroy(&s->readers_lock);
    queue_release(&s->queue);
    free(s->path);
    free(s);
}

static void sqlite_close(struct db *db)
{
    struct sqlite *s = (struct sqlite *)db;

    queue_close(&s->queue);
    pthread_join(s->thread, NULL);
    while (s->readers != NULL)
        reader_close(s->readers);
    checkpoint(s, SQLITE_CHECKPOINT_TRUNCATE);
    conn_close(s->writer);
    release(s);
}

static void set_up_library(void)
{
    /* What a savepoint needs to be undone stays in memory up to this size: most jobs write no file
     * for it. Of what is in memory, SQLite goes through all after each statement, so that a job
     * that changes ten thousand records would take minutes for that alone. This is also the most
     * that it can write at once. */
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 128 * 1024 - 1);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* no lock around every allocation */
    sqlite3_initialize();
}

enum err sqlite_open(struct ctx *c, const struct db_options *options, struct db **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sqlite *s = calloc(1, sizeof(*s));
    enum err e;

    if (s == NULL)
        abort();
    pthread_once(&once, set_up_library);
    /* There may be no other place to write to, or none that is as private. */
    if (sqlite3_temp_directory == NULL)
        sqlite3_temp_directory = sqlite3_mprintf("%s", options->dir);
    s->base.engine = &sqlite_engine;
    s->lock_file = -1;
    s->readers_lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    queue_init(&s->queue);
    if (asprintf(&s->path, "%s/pawl.db", options->dir) < 0 ||
        pthread_key_create(&s->reader_key, reader_close) != 0)
        abort();
    e = make_files(c, s, options->dir);
    if (e == OK)
        e = open_writer(c, s);
    if (e != OK) {
        release(s);
        return e;
    }
    store_thread(&s->thread, "pawl-writer", write_loop, s);
    *out = &s->base;
    return OK;
}

static const char *const checks[] = {
    "SELECT integrity_check AS text FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "SELECT 'row ' || coalesce(rowid, '?') || ' of ' || \"table\" || ' points to nothing in ' ||"
    "       parent AS text"
    "  FROM pragma_foreign_key_check",
    NULL,
};

static const struct engine sqlite_engine = {
    .name = "sqlite",
    .inline_reads = true,
    .checks = checks,
    .lock_schema = "SELECT 1", /* the writer's transaction excludes all others already */
    .close = sqlite_close,
    .submit = submit,
    .backup = backup,
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
