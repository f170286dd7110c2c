/* What the measurements do to the embedded store without a server: filling it quickly, and
 * committing by itself as the measure of what batching gains.
 *
 *   bench-store fill FILE ORG COUNT       COUNT more tasks, copies of those that ORG has, in turn;
 *                                         their ids are those of task_id
 *   bench-store complete FILE ORG FIRST LAST BATCH
 *                                         completes the open tasks FIRST to LAST of these, BATCH to
 *                                         a commit, with the statements of the server
 *   bench-store sync FOLDER SECONDS       appends 4 KiB and syncs, again and again
 *
 * Each prints a line of JSON. Copies are made of whatever columns the tables have, so that a new
 * column of the product needs no change here unless it must differ from task to task. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static sqlite3 *db;

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
    fprintf(stderr, "bench-store: %s: %s\n", what, db == NULL ? "failed" : sqlite3_errmsg(db));
    exit(1);
}

static void execute(const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        die(sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        die(sql);
    return stmt;
}

static void bind_text(sqlite3_stmt *stmt, int i, const char *text)
{
    sqlite3_bind_text(stmt, i, text, -1, SQLITE_TRANSIENT);
}

/* Runs to the end, ready for the next time. */
static void finish(sqlite3_stmt *stmt)
{
    int rc;

    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
        ;
    if (rc != SQLITE_DONE)
        die(sqlite3_sql(stmt));
    sqlite3_reset(stmt);
}

static void open_store(const char *file)
{
    if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        die(file);
}

/* ---- filling ---- */

/* What differs from copy to copy: n counts them from 1, o is the row that is copied. */
#define TASK_ID "printf('0190000000007000%016x', n)"
#define DUE "CASE WHEN o.due < 253402300800000 THEN o.due + n % 86400 * 1000 ELSE o.due END"

static const struct difference {
    const char *table, *column, *value;
} differences[] = {
    { "tasks", "id", TASK_ID },
    { "tasks", "increment_id", "base + n" },
    { "tasks", "title", "o.title || ' ' || n" },
    { "tasks", "title_folded", "o.title_folded || ' ' || n" },
    { "tasks", "due", DUE },
    { "tasks", "completed_at", "o.completed_at + n" },
    { "task_owners", "task_id", TASK_ID },
    { "task_owners", "due", DUE },
    { "task_owners", "completed_at", "o.completed_at + n" },
    { "events", "seq", "base + row_number() OVER (ORDER BY n, o.seq)" },
    { "events", "id", "printf('019000000000e%03x%016x', o.seq % 4096, n)" },
    { "events", "subject_id", TASK_ID },
};

static const char *value_of(const char *table, const char *column)
{
    for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++)
        if (strcmp(differences[i].table, table) == 0 &&
            strcmp(differences[i].column, column) == 0)
            return differences[i].value;
    return NULL;
}

/* Copies those rows of a table that belong to the patterns. `key` is its column with the task's
 * id; `base` is the greatest number that the organization has given out there. */
static void copy_rows(const char *table, const char *key, const char *base, const char *org,
                      int64_t count)
{
    sqlite3_str *sql = sqlite3_str_new(db), *values = sqlite3_str_new(db);
    sqlite3_stmt *columns = prepare("SELECT name FROM pragma_table_info(?)");
    sqlite3_stmt *copy;
    char *text, *list;

    bind_text(columns, 1, table);
    sqlite3_str_appendf(sql, "INSERT INTO %s (", table);
    for (const char *comma = ""; sqlite3_step(columns) == SQLITE_ROW; comma = ", ") {
        const char *name = (const char *)sqlite3_column_text(columns, 0);
        const char *value = value_of(table, name);

        sqlite3_str_appendf(sql, "%s%s", comma, name);
        if (value != NULL)
            sqlite3_str_appendf(values, "%s%s", comma, value);
        else
            sqlite3_str_appendf(values, "%so.%s", comma, name);
    }
    sqlite3_finalize(columns);
    list = sqlite3_str_finish(values);
    sqlite3_str_appendf(sql,
                        ") WITH RECURSIVE copies (n) AS"
                        " (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < ?2)"
                        " SELECT %s"
                        "   FROM copies"
                        "  CROSS JOIN pattern p ON p.place = n %% (SELECT count(*) FROM pattern)"
                        "  CROSS JOIN %s o ON o.org_id = ?1 AND o.%s = p.id"
                        "  CROSS JOIN (SELECT %s AS base FROM org_counters WHERE org_id = ?1)",
                        list, table, key, base);
    text = sqlite3_str_finish(sql);
    copy = prepare(text);
    bind_text(copy, 1, org);
    sqlite3_bind_int64(copy, 2, count);
    finish(copy);
    sqlite3_finalize(copy);
    sqlite3_free(list);
    sqlite3_free(text);
}

static void run_for(const char *sql, const char *org)
{
    sqlite3_stmt *stmt = prepare(sql);

    bind_text(stmt, 1, org);
    finish(stmt);
    sqlite3_finalize(stmt);
}

static void fill(const char *file, const char *org, int64_t count)
{
    double began = seconds();

    open_store(file);
    execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; BEGIN;"
            "CREATE TEMP TABLE pattern (place INTEGER PRIMARY KEY, id TEXT);");
    run_for("INSERT INTO pattern SELECT row_number() OVER (ORDER BY id) - 1, id"
            "  FROM tasks WHERE org_id = ?", org);
    copy_rows("events", "subject_id", "events", org, count);
    copy_rows("task_owners", "task_id", "0", org, count);
    copy_rows("tasks", "id", "tasks", org, count);
    run_for("UPDATE org_counters"
            "   SET events = (SELECT max(seq) FROM events WHERE org_id = ?1),"
            "       tasks = (SELECT max(increment_id) FROM tasks WHERE org_id = ?1),"
            "       live_tasks = (SELECT count(*) FROM tasks"
            "                      WHERE org_id = ?1 AND archived_at IS NULL)"
            " WHERE org_id = ?1", org);
    execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");
    printf("{\"seconds\":%.3f}\n", seconds() - began);
}

/* ---- completing ---- */

/* What the server runs for one completion (src/model/task.c, event.c). */
enum { READ, SET_STATE, SET_OWNERS, NUMBER, EVENT, STATEMENTS };

static const char *const statements[STATEMENTS] = {
    [READ] = "SELECT t.*, (SELECT p.done FROM task_owners p WHERE p.org_id = t.org_id"
             "                AND p.user_id = t.starter_id AND p.task_id = t.id)"
             "  FROM tasks t WHERE org_id = ?1 AND id = ?2 AND open = 1",
    [SET_STATE] = "UPDATE tasks SET status = 'completed', open = 0, completed_at = ?3,"
                  "       completer_id = starter_id, completions = ?4,"
                  "       completed_owners = owner_count, updated_at = ?3, version = version + 1"
                  " WHERE org_id = ?1 AND id = ?2",
    [SET_OWNERS] = "UPDATE task_owners SET open = 0, completed_at = ?3, done = 1"
                   " WHERE org_id = ?1 AND task_id = ?2",
    [NUMBER] = "UPDATE org_counters SET events = events + 1 WHERE org_id = ?1 RETURNING events",
    [EVENT] = "INSERT INTO events (org_id, seq, id, verb, subject_type, subject_id, data, at)"
              " VALUES (?1, (SELECT events FROM org_counters WHERE org_id = ?1), ?5, 'completed',"
              "         'task', ?2, ?4, ?3)",
};

static void complete_one(sqlite3_stmt **run, const char *org, int64_t number)
{
    char id[40], event[40];
    struct timespec now;
    int64_t ms;

    snprintf(id, sizeof(id), "0190000000007000%016llx", (unsigned long long)number);
    snprintf(event, sizeof(event), "019000000001e000%016llx", (unsigned long long)number);
    clock_gettime(CLOCK_REALTIME, &now);
    ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    for (int i = 0; i < STATEMENTS; i++) {
        bind_text(run[i], 1, org);
        if (i != NUMBER)
            bind_text(run[i], 2, id);
        sqlite3_bind_int64(run[i], 3, ms);
        bind_text(run[i], 4, "[{\"user_id\":1,\"completed_at\":\"2026-01-01T00:00:00Z\"}]");
        bind_text(run[i], 5, event);
        finish(run[i]);
    }
}

static void complete(const char *file, const char *org, int64_t first, int64_t last, int64_t batch)
{
    sqlite3_stmt *run[STATEMENTS];
    int64_t before;
    double began;

    open_store(file);
    execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
            "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;");
    for (int i = 0; i < STATEMENTS; i++)
        run[i] = prepare(statements[i]);
    before = sqlite3_total_changes64(db);
    began = seconds();
    for (int64_t n = first; n <= last; n++) {
        if ((n - first) % batch == 0)
            execute("BEGIN IMMEDIATE");
        complete_one(run, org, n);
        if ((n - first) % batch == batch - 1 || n == last)
            execute("COMMIT");
    }
    printf("{\"rate\":%.1f}\n", (double)(last - first + 1) / (seconds() - began));
    if (sqlite3_total_changes64(db) - before != (last - first + 1) * 4)
        die("some of the tasks were not open");
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(run[i]);
}

/* ---- the disk alone ---- */

static void sync_alone(const char *folder, double limit)
{
    static const char page[4096];
    char *name;
    double began = seconds();
    int fd, count = 0;

    if (asprintf(&name, "%s/sync-XXXXXX", folder) < 0 || (fd = mkstemp(name)) < 0)
        die(folder);
    unlink(name);
    for (; seconds() - began < limit; count++)
        if (write(fd, page, sizeof(page)) != sizeof(page) || fdatasync(fd) != 0)
            die(name);
    printf("{\"rate\":%.1f}\n", count / (seconds() - began));
    close(fd);
    free(name);
}

static int64_t number(const char *text)
{
    return strtoll(text, NULL, 10);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "fill") == 0)
        fill(argv[2], argv[3], number(argv[4]));
    else if (argc == 7 && strcmp(argv[1], "complete") == 0)
        complete(argv[2], argv[3], number(argv[4]), number(argv[5]), number(argv[6]));
    else if (argc == 4 && strcmp(argv[1], "sync") == 0)
        sync_alone(argv[2], (double)number(argv[3]));
    else
        return fputs("bench-store: see bench/store.c\n", stderr), 2;
    return db != NULL && sqlite3_close(db) != SQLITE_OK;
}
