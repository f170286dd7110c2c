/* The store on SQLite, and on PostgreSQL when PAWL_TEST_PG names a database that may be filled:
 * each test works in a fresh folder or schema. */
#include "db/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#undef fail /* it means our own here */

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

/* ---- a store for each test ---- */

struct fixture {
    struct ctx c;
    struct db *db;
    const char *dir; /* SQLite */
    const char *url; /* PostgreSQL */
};

static char postgres; /* its address as a test's initial state: it runs on PostgreSQL */

static struct ctx new_ctx(void)
{
    return (struct ctx){ .mem = arena_new_arena(), .now = clock_now() };
}

static enum err run_script(struct ctx *c, void *sql)
{
    return c->db->db->engine->script(c->db, sql);
}

static void must_script(struct fixture *f, const char *sql)
{
    assert_int_equal(db_do(&f->c, f->db, DB_WRITE, run_script, (void *)(uintptr_t)sql), OK);
}

static void open_sqlite(struct fixture *f)
{
    char *dir = arena_dup(f->c.mem, "/tmp/pawl-db-test-XXXXXX");

    assert_non_null(mkdtemp(dir));
    f->dir = dir;
    assert_int_equal(db_open(&f->c, &(struct db_options){ .dir = dir }, &f->db), OK);
}

static void open_postgres(struct fixture *f)
{
    static const char CREATE[] = "DROP SCHEMA IF EXISTS pawl_db_test CASCADE;"
                                 "CREATE SCHEMA pawl_db_test";
    const char *admin = getenv("PAWL_TEST_PG");

    f->url = arena_printf(f->c.mem, "%s%coptions=-csearch_path%%3Dpawl_db_test", admin,
                          strchr(admin, '?') == NULL ? '?' : '&');
    assert_int_equal(db_open(&f->c, &(struct db_options){ .url = f->url }, &f->db), OK);
    must_script(f, CREATE);
}

static const char TABLES[] =
    "CREATE TABLE things (id TEXT PRIMARY KEY, n BIGINT, r DOUBLE PRECISION,"
    "                     flag INTEGER CHECK (flag IN (0, 1)));"
    "CREATE TABLE parts (id TEXT PRIMARY KEY, thing TEXT NOT NULL REFERENCES things (id));";

static int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->c = new_ctx();
    if (*state == &postgres)
        open_postgres(f);
    else
        open_sqlite(f);
    must_script(f, TABLES);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    if (f->url != NULL)
        must_script(f, "DROP SCHEMA pawl_db_test CASCADE");
    db_close(f->db);
    if (f->dir != NULL)
        assert_int_equal(system(arena_printf(f->c.mem, "rm -r %s", f->dir)), 0);
    arena_free(f->c.mem);
    test_free(f);
    return 0;
}

static enum err do_mode(struct fixture *f, enum db_mode mode,
                        enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
    enum err e;

    f->c.failure = (struct failure){ 0 };
    e = db_do(&f->c, f->db, mode, fn, arg);
    if (e != OK && f->c.failure.message != NULL)
        print_message("failure: %s\n", f->c.failure.message);
    return e;
}

#define do_write(f, fn, arg) do_mode((f), DB_WRITE, (fn), (arg))
#define do_read(f, fn, arg) do_mode((f), DB_READ, (fn), (arg))

/* For jobs: they run on threads from which an assertion could not jump back. */
#define EXPECT(condition)                                                             \
    do {                                                                              \
        if (!(condition))                                                             \
            return fail(c, ERR_INTERNAL, NULL, "line %d: %s", __LINE__, #condition); \
    } while (0)

static const char INSERT[] = "INSERT INTO things (id, n) VALUES (?, ?)";

static enum err insert(struct ctx *c, void *id)
{
    return db_change(c, INSERT, TEXT(id), INT(1));
}

static enum err count(struct ctx *c, void *out)
{
    return db_int(c, "SELECT count(*) FROM things", out);
}

static int64_t things(struct fixture *f)
{
    int64_t n = -1;

    assert_int_equal(do_read(f, count, &n), OK);
    return n;
}

/* ---- statements ---- */

static enum err numbered_args(struct ctx *c, void *unused)
{
    static const char SQL[] = "SELECT CAST(? AS TEXT) || CAST(?3 AS TEXT) || CAST(?2 AS TEXT) ||"
                              " CAST(? AS TEXT) || CAST(?1 AS TEXT) || '?\"?' AS \"what?\"";
    const char *text;

    (void)unused;
    TRY(db_text(c, SQL, &text, TEXT("a"), TEXT("b"), TEXT("c"), TEXT("d")));
    EXPECT(strcmp(text, "acbda?\"?") == 0);
    return OK;
}

static void arguments_are_numbered_alike(void **state)
{
    assert_int_equal(do_read(*state, numbered_args, NULL), OK);
}

struct thing {
    const char *id;
    int64_t n;
    double r;
    int flag;
};

static const struct field thing_fields[] = {
    FIELD(thing, id, TEXT, READONLY),
    FIELD(thing, n, INT, OPTIONAL),
    FIELD(thing, r, REAL, OPTIONAL),
    FIELD(thing, flag, TRI, OPTIONAL),
    { 0 },
};

static const struct shape thing_shape = SHAPE(thing, thing_fields);

static enum err store_and_load(struct ctx *c, void *unused)
{
    static const char PUT[] = "INSERT INTO things (id, n, r, flag) VALUES (?, ?, ?, ?)";
    static const char ONE[] = "SELECT flag, id, n, r FROM things WHERE id = ?";
    const struct db_arg no_real = { .type = DB_REAL, .null = true };
    struct thing t;
    int64_t null = 7;

    (void)unused;
    TRY(db_change(c, PUT, TEXT("a'b\xc3\xa4"), INT(INT64_MIN), REAL(0.1), TRI(1)));
    TRY(db_change(c, PUT, TEXT("nulls"), INT_OR_NULL(0), no_real, TRI(-1)));

    TRY(db_one(c, ONE, &thing_shape, &t, TEXT("a'b\xc3\xa4")));
    EXPECT(strcmp(t.id, "a'b\xc3\xa4") == 0);
    EXPECT(t.n == INT64_MIN && t.r == 0.1 && t.flag == 1);

    TRY(db_one(c, ONE, &thing_shape, &t, TEXT("nulls")));
    EXPECT(t.n == 0 && isnan(t.r) && t.flag == -1);
    TRY(db_int(c, "SELECT n FROM things WHERE id = ?", &null, TEXT("nulls")));
    EXPECT(null == 0);

    t.id = "untouched";
    EXPECT(db_one(c, ONE, &thing_shape, &t, TEXT("nobody")) == ERR_NOT_FOUND);
    EXPECT(strcmp(t.id, "untouched") == 0);
    return OK;
}

static void values_survive(void **state)
{
    assert_int_equal(do_write(*state, store_and_load, NULL), OK);
}

static enum err many_rows(struct ctx *c, void *unused)
{
    struct thing *rows, one;
    int64_t changed;
    size_t n;

    (void)unused;
    for (int i = 0; i < 100; i++)
        TRY(db_change(c, INSERT, TEXT(arena_printf(c->mem, "%03d", i)), INT(i)));
    TRY(db_all(c, "SELECT id, n FROM things ORDER BY id", &thing_shape, &rows, &n));
    EXPECT(n == 100);
    for (int i = 0; i < 100; i++)
        EXPECT(rows[i].n == i && rows[i].id[2] == '0' + i % 10 && rows[i].r == 0);
    TRY(db_all(c, "SELECT id FROM things WHERE id = 'x'", &thing_shape, &rows, &n));
    EXPECT(n == 0);
    TRY(db_change_n(c, "UPDATE things SET n = n + ? WHERE n >= ?", &changed, INT(1), INT(90)));
    EXPECT(changed == 10);
    TRY(db_one(c, "UPDATE things SET n = 5 WHERE id = ? RETURNING id, n", &thing_shape, &one,
               TEXT("042")));
    EXPECT(one.n == 5);
    EXPECT(db_change_one(c, "UPDATE things SET n = 5 WHERE id = 'x'") == ERR_CONFLICT);
    EXPECT(c->failure.err == OK);
    return OK;
}

static void lists_are_loaded(void **state)
{
    struct fixture *f = *state;
    int64_t n;

    assert_int_equal(do_write(f, many_rows, NULL), OK);
    assert_int_equal(do_read(f, count, &n), OK);
    assert_int_equal(n, 100);
}

/* ---- failures of a job ---- */

static enum err insert_and_go_on(struct ctx *c, void *id)
{
    TRY(db_change(c, INSERT, TEXT("other"), INT(1)));
    EXPECT(db_change(c, INSERT, TEXT(id), INT(2)) == ERR_CONFLICT);
    EXPECT(db_change(c, INSERT, TEXT("third"), INT(3)) == ERR_CONFLICT);
    return ctx_forgive(c);
}

static void a_violated_key_is_a_conflict(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(do_write(f, insert, "one"), OK);
    assert_int_equal(do_write(f, insert, "one"), ERR_CONFLICT);
    assert_int_equal(f->c.failure.err, ERR_CONFLICT);
    assert_null(f->c.failure.message);

    assert_int_equal(do_write(f, insert_and_go_on, "one"), ERR_CONFLICT);
    assert_int_equal(things(f), 1);
}

static enum err insert_orphan(struct ctx *c, void *unused)
{
    (void)unused;
    return db_change(c, "INSERT INTO parts (id, thing) VALUES ('a', 'nothing')");
}

static enum err misspelt(struct ctx *c, void *unused)
{
    (void)unused;
    return db_change(c, "INSERT INTO thinks (id) VALUES ('a')");
}

static void mistakes_stay_in_the_log(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(do_write(f, insert_orphan, NULL), ERR_INTERNAL);
    assert_int_equal(do_write(f, misspelt, NULL), ERR_INTERNAL);
    assert_null(f->c.failure.message);
    assert_int_equal(do_write(f, insert, "one"), OK);
}

static enum err insert_and_refuse(struct ctx *c, void *id)
{
    TRY(insert(c, id));
    return fail(c, ERR_DENIED, NULL, "not you");
}

static void a_failed_job_leaves_nothing(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(do_write(f, insert_and_refuse, "one"), ERR_DENIED);
    assert_string_equal(f->c.failure.message, "not you");
    assert_int_equal(things(f), 0);
}

struct stubborn {
    int runs;
    int wanted;
};

static enum err come_again(struct ctx *c, void *arg)
{
    struct stubborn *s = arg;

    EXPECT(c->failure.err == OK);
    TRY(insert(c, "one"));
    return ++s->runs < s->wanted ? fail(c, ERR_RETRY, NULL, "not yet") : OK;
}

static void jobs_are_run_again_within_reason(void **state)
{
    struct fixture *f = *state;
    struct stubborn thrice = { .wanted = 3 }, forever = { .wanted = 1000 };

    assert_int_equal(do_write(f, come_again, &thrice), OK);
    assert_int_equal(thrice.runs, 3);
    must_script(f, "DELETE FROM things");
    assert_int_equal(do_write(f, come_again, &forever), ERR_RETRY);
    assert_int_equal(forever.runs, STORE_TRIES);
    assert_int_equal(things(f), 0);
}

static enum err count_twice(struct ctx *c, void *arg)
{
    struct fixture *f = arg;
    struct ctx other = new_ctx();
    int64_t before, after;
    enum err e;

    TRY(count(c, &before));
    e = db_do(&other, f->db, DB_WRITE, insert, "meanwhile");
    arena_free(other.mem);
    TRY(e);
    TRY(count(c, &after));
    EXPECT(before == after);
    return OK;
}

static void a_reading_job_sees_one_moment(void **state)
{
    assert_int_equal(do_read(*state, count_twice, *state), OK);
    assert_int_equal(things(*state), 1);
}

/* ---- many jobs at once ---- */

struct many {
    struct db_job job;
    struct ctx c;
    struct fixture *f;
    enum err (*fn)(struct ctx *c, void *arg);
    void *arg;
    enum err outcome;
    int64_t seen; /* rows, as soon as it was told */
    atomic_int *left;
};

static enum err many_run(struct db_job *job, struct db_conn *conn)
{
    struct many *m = (struct many *)job;
    enum err e;

    m->c.failure = (struct failure){ 0 };
    m->c.db = conn;
    e = m->fn(&m->c, m->arg);
    m->c.db = NULL;
    return e;
}

static void many_done(struct db_job *job, enum err outcome)
{
    struct many *m = (struct many *)job;

    m->outcome = outcome;
    if (db_inline(m->f->db, DB_READ) && db_do(&m->c, m->f->db, DB_READ, count, &m->seen) != OK)
        m->seen = -1;
    atomic_fetch_sub(m->left, 1);
}

static void wait_for(atomic_int *value)
{
    while (atomic_load(value) > 0)
        usleep(1000);
}

static enum err hold(struct ctx *c, void *held)
{
    (void)c;
    wait_for(held);
    return OK;
}

/* Runs the jobs together: in one batch, where there are batches. */
static void run_together(struct fixture *f, struct many *jobs, int n)
{
    atomic_int left = n + 1, held = 1;
    struct many first = { .fn = hold, .arg = &held };

    for (int i = -1; i < n; i++) {
        struct many *m = i < 0 ? &first : &jobs[i];

        m->job = (struct db_job){ .run = many_run, .done = many_done, .mode = DB_WRITE };
        m->c = new_ctx();
        m->f = f;
        m->left = &left;
        db_submit(f->db, &m->job);
        if (i < 0)
            usleep(20 * 1000); /* so that it is a batch of its own */
    }
    atomic_store(&held, 0);
    wait_for(&left);
    arena_free(first.c.mem);
    for (int i = 0; i < n; i++)
        arena_free(jobs[i].c.mem);
}

enum { MANY = 30 };

static void a_batch_is_committed_once_and_each_job_alone_fails(void **state)
{
    struct fixture *f = *state;
    struct many jobs[MANY] = { 0 };

    for (int i = 0; i < MANY; i++) {
        jobs[i].fn = i % 3 == 0 ? insert_and_refuse : insert;
        jobs[i].arg = arena_printf(f->c.mem, "%d", i);
    }
    run_together(f, jobs, MANY);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(jobs[i].outcome, i % 3 == 0 ? ERR_DENIED : OK);
        if (db_inline(f->db, DB_READ))
            assert_int_equal(jobs[i].seen, MANY / 3 * 2);
    }
    assert_int_equal(things(f), MANY / 3 * 2);
}

static enum err limit_pages(struct ctx *c, void *unused)
{
    int64_t pages;

    (void)unused;
    return db_int(c, "PRAGMA max_page_count = 1", &pages); /* means: no more than now */
}

static enum err unlimit_pages(struct ctx *c, void *unused)
{
    int64_t pages;

    (void)unused;
    return db_int(c, "PRAGMA max_page_count = 1000000", &pages);
}

static enum err insert_much(struct ctx *c, void *id)
{
    static const char SQL[] = "INSERT INTO things (id) VALUES (?)";
    char *text = arena_alloc(c->mem, 100001);

    memset(text, 'x', 100000);
    memcpy(text, id, strlen(id));
    return db_change(c, SQL, TEXT(text));
}

static void a_full_store_fails_the_batch_and_recovers(void **state)
{
    struct fixture *f = *state;
    struct many jobs[3] = {
        { .fn = insert, .arg = "one" },
        { .fn = insert_much, .arg = "much" },
        { .fn = insert, .arg = "two" },
    };

    assert_int_equal(do_write(f, limit_pages, NULL), OK);
    run_together(f, jobs, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(jobs[i].outcome, ERR_STORE_FULL);
    assert_int_equal(things(f), 0);

    assert_int_equal(do_write(f, insert, "small"), OK);
    assert_int_equal(do_write(f, insert_much, "much"), ERR_STORE_FULL);
    assert_int_equal(do_write(f, unlimit_pages, NULL), OK);
    assert_int_equal(do_write(f, insert_much, "much"), OK);
    assert_int_equal(things(f), 2);
}

/* Writes 30 MB; the WAL is copied into the database and started over meanwhile. */
static void the_wal_does_not_grow_forever(void **state)
{
    struct fixture *f = *state;
    struct stat st;

    for (int i = 0; i < 300; i++)
        assert_int_equal(do_write(f, insert_much, arena_printf(f->c.mem, "%d", i)), OK);
    assert_int_equal(stat(arena_printf(f->c.mem, "%s/pawl.db-wal", f->dir), &st), 0);
    assert_true(st.st_size < 20 * 1024 * 1024);
    assert_int_equal(things(f), 300);
}

struct writer {
    const char *dir;
    const char *name;
    enum err outcome;
};

/* Another process, as far as the store can tell. */
static void *write_beside(void *arg)
{
    struct writer *w = arg;
    struct ctx c = new_ctx();
    struct db *db;

    w->outcome = db_open(&c, &(struct db_options){ .dir = w->dir }, &db);
    if (w->outcome == OK) {
        for (int i = 0; i < 50 && w->outcome == OK; i++)
            w->outcome =
                db_do(&c, db, DB_WRITE, insert, arena_printf(c.mem, "%s%d", w->name, i));
        db_close(db);
    }
    arena_free(c.mem);
    return NULL;
}

static void two_processes_may_write(void **state)
{
    struct fixture *f = *state;
    struct writer writers[2] = { { .dir = f->dir, .name = "a" }, { .dir = f->dir, .name = "b" } };
    pthread_t threads[2];

    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, write_beside, &writers[i]);
    for (int i = 0; i < 50; i++)
        assert_int_equal(do_write(f, insert, arena_printf(f->c.mem, "c%d", i)), OK);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(writers[i].outcome, OK);
    }
    assert_int_equal(things(f), 150);
}

/* ---- races, on PostgreSQL ---- */

struct race {
    atomic_int waiting;
    atomic_int runs;
};

struct racer {
    struct race *race;
    const char *id;
};

/* At their first run, both have looked before either writes. */
static void meet(struct race *r)
{
    if (atomic_fetch_add(&r->runs, 1) >= 2)
        return;
    atomic_fetch_sub(&r->waiting, 1);
    wait_for(&r->waiting);
}

static enum err insert_if_empty(struct ctx *c, void *arg)
{
    struct racer *me = arg;
    int64_t n;

    TRY(count(c, &n));
    meet(me->race);
    return n > 0 ? fail(c, ERR_DENIED, NULL, "somebody was first") : insert(c, (void *)me->id);
}

static enum err insert_if_new(struct ctx *c, void *arg)
{
    struct racer *me = arg;
    int64_t n;

    TRY(db_int(c, "SELECT count(*) FROM things WHERE id = ?", &n, TEXT(me->id)));
    meet(me->race);
    return n > 0 ? fail(c, ERR_DENIED, NULL, "this is taken") : insert(c, (void *)me->id);
}

/* One of the two wins; the other ran again and was refused by the job's own check. */
static void one_wins(struct fixture *f, enum err (*fn)(struct ctx *c, void *arg), const char *id)
{
    struct race race = { .waiting = 2 };
    struct racer a = { &race, "a" }, b = { &race, id };
    struct many jobs[2] = { { .fn = fn, .arg = &a }, { .fn = fn, .arg = &b } };

    run_together(f, jobs, 2);
    assert_int_equal(jobs[0].outcome + jobs[1].outcome, OK + ERR_DENIED);
    assert_true(atomic_load(&race.runs) > 2);
    assert_int_equal(things(f), 1);
}

static void who_checks_before_writing_is_not_deceived(void **state)
{
    one_wins(*state, insert_if_empty, "b");
}

static void who_loses_a_race_for_a_key_is_asked_again(void **state)
{
    one_wins(*state, insert_if_new, "a");
}

static enum err lose_connection(struct ctx *c, void *arg)
{
    struct stubborn *s = arg;
    int64_t pid;

    TRY(insert(c, "one"));
    if (++s->runs < s->wanted)
        TRY(db_int(c, "SELECT pg_terminate_backend(pg_backend_pid())", &pid));
    return OK;
}

static void a_lost_connection_is_opened_anew(void **state)
{
    struct fixture *f = *state;
    struct stubborn twice = { .wanted = 2 };

    assert_int_equal(do_write(f, lose_connection, &twice), OK);
    assert_int_equal(twice.runs, 2);
    assert_int_equal(things(f), 1);
}

static enum err greatest(struct ctx *c, void *out)
{
    return db_int(c, "SELECT max(n) FROM things", out);
}

/* The server refuses statements that were prepared for another type. */
static void a_migration_elsewhere_is_survived(void **state)
{
    struct fixture *f = *state;
    int64_t n;

    assert_int_equal(do_write(f, insert, "one"), OK);
    for (int i = 0; i < 40; i++)
        assert_int_equal(do_read(f, greatest, &n), OK);
    must_script(f, "ALTER TABLE things ALTER COLUMN n TYPE INTEGER");
    for (int i = 0; i < 40; i++) {
        assert_int_equal(do_read(f, greatest, &n), OK);
        assert_int_equal(n, 1);
    }
}

/* A trigger at the commit, so that the connection is lost then. */
static const char LOST_AT_COMMIT[] =
    "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
    "CREATE CONSTRAINT TRIGGER lose AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION lose()";

static enum err insert_once(struct ctx *c, void *arg)
{
    ((struct stubborn *)arg)->runs++;
    return insert(c, "one");
}

static void a_commit_of_unknown_outcome_is_not_repeated(void **state)
{
    struct fixture *f = *state;
    struct stubborn once = { 0 };

    must_script(f, LOST_AT_COMMIT);
    assert_int_equal(do_write(f, insert_once, &once), ERR_UNCERTAIN);
    assert_int_equal(once.runs, 1);
    assert_int_equal(things(f), 0);
}

static void an_unreachable_store_is_unavailable(void **state)
{
    struct fixture *f = *state;
    struct db *db;

    (void)state;
    assert_int_equal(db_open(&f->c, &(struct db_options){ .url = "postgresql://127.0.0.1:1/x" },
                             &db), ERR_UNAVAILABLE);
    ctx_forgive(&f->c);
    assert_int_equal(db_open(&f->c, &(struct db_options){ .url = "postgresql://x:secret@[/x" },
                             &db), ERR_INVALID);
    assert_null(strstr(f->c.failure.message, "secret"));
    ctx_forgive(&f->c);
    assert_int_equal(db_open(&f->c, &(struct db_options){ .url = "mysql://x" }, &db),
                     ERR_INVALID);
}

/* ---- migrations ---- */

static const struct migration steps[] = {
    { 1, "start", NULL, "CREATE TABLE a (id TEXT);", "DROP TABLE a;" },
    { 2, "two", "sqlite", "CREATE TABLE b (id TEXT); INSERT INTO b VALUES ('sqlite');",
      "DROP TABLE b;" },
    { 2, "two", "postgresql", "CREATE TABLE b (id TEXT); INSERT INTO b VALUES ('postgresql');",
      "DROP TABLE b;" },
    { 3, "three", NULL, "CREATE TABLE d (id TEXT);", "DROP TABLE d;" },
    { 0, NULL, NULL, NULL, NULL },
};

static const struct migration faulty_steps[] = {
    { 1, "start", NULL, "CREATE TABLE a (id TEXT);", "DROP TABLE a;" },
    { 2, "bad", NULL, "CREATE TABLE b (id TEXT); CREATE TABLE a (id TEXT);", "DROP TABLE b;" },
    { 0, NULL, NULL, NULL, NULL },
};

static enum err read_version(struct ctx *c, void *out)
{
    return db_int(c, "SELECT max(version) FROM schema_version", out);
}

static int64_t version(struct fixture *f)
{
    int64_t n = -1;

    assert_int_equal(do_read(f, read_version, &n), OK);
    return n;
}

static enum err read_b(struct ctx *c, void *out)
{
    return db_text(c, "SELECT id FROM b", out);
}

static void the_schema_goes_up_and_down(void **state)
{
    struct fixture *f = *state;
    const char *text;

    assert_int_equal(migrate(&f->c, f->db, steps, -1), OK);
    assert_int_equal(version(f), 3);
    assert_int_equal(do_read(f, read_b, &text), OK);
    assert_string_equal(text, db_engine_name(f->db));
    assert_int_equal(migrate(&f->c, f->db, steps, -1), OK);

    assert_int_equal(migrate(&f->c, f->db, steps, 1), OK);
    assert_int_equal(version(f), 1);
    assert_int_equal(do_read(f, read_b, &text), ERR_INTERNAL);
    assert_int_equal(migrate(&f->c, f->db, steps, 0), OK);
    assert_int_equal(version(f), 0);
    assert_int_equal(migrate(&f->c, f->db, steps, 3), OK);
    assert_int_equal(version(f), 3);
}

static void a_newer_schema_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(migrate(&f->c, f->db, steps, -1), OK);
    assert_int_equal(migrate(&f->c, f->db, faulty_steps, -1), ERR_INVALID);
    assert_non_null(strstr(f->c.failure.message, "version 3"));
    ctx_forgive(&f->c);
    assert_int_equal(migrate(&f->c, f->db, steps, 4), ERR_INVALID);
}

static void a_failed_migration_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    const char *text;

    assert_int_equal(migrate(&f->c, f->db, faulty_steps, -1), ERR_INTERNAL);
    assert_int_equal(version(f), 1);
    assert_int_equal(do_read(f, read_b, &text), ERR_INTERNAL);
}

static void the_product_s_migrations_go_both_ways(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(db_migrate(&f->c, f->db, -1), OK);
    assert_true(version(f) > 0);
    assert_int_equal(db_migrate(&f->c, f->db, 0), OK);
    assert_int_equal(db_migrate(&f->c, f->db, -1), OK);
}

#define OLD_TOKEN(id, kind, scopes, addresses)                                            \
    "INSERT INTO tokens (id, kind, user_id, org_id, scopes, addresses, created_at, updated_at)" \
    " VALUES ('" id "', '" kind "', 1, 'o', '" scopes "', " addresses ", 1, 1)"

#define OLD_CLIENT(id, scopes)                                                            \
    "INSERT INTO oauth_clients (id, org_id, origin, name, grants, redirect_uris, scopes,"      \
    "                           require_client_header, created_at)"                            \
    " VALUES (" id ", 'o', 'administrator', 'n', 'client_credentials', '[]', '" scopes "', 1, 1)"

static enum err insert_credentials(struct ctx *c, void *unused)
{
    (void)unused;
    TRY(db_change(c, OLD_TOKEN("kept", "named", "tasks.read", "NULL")));
    TRY(db_change(c, OLD_TOKEN("limited", "named", "*", "'192.0.2.0/24'")));
    TRY(db_change(c, OLD_TOKEN("gated", "named", "mcp.tasks.read", "NULL")));
    TRY(db_change(c, OLD_TOKEN("consented", "authorized", "*", "NULL")));
    TRY(db_change(c, OLD_CLIENT("1001", "*")));
    return db_change(c, OLD_CLIENT("1002", "tasks.read"));
}

struct survivors {
    const char *token;
    int64_t tokens, client, clients;
};

static enum err read_survivors(struct ctx *c, void *arg)
{
    struct survivors *s = arg;

    TRY(db_text(c, "SELECT min(id) FROM tokens", &s->token));
    TRY(db_int(c, "SELECT count(*) FROM tokens", &s->tokens));
    TRY(db_int(c, "SELECT min(id) FROM oauth_clients", &s->client));
    return db_int(c, "SELECT count(*) FROM oauth_clients", &s->clients);
}

/* Version 1 cannot hold a token to addresses, nor a client to scopes. */
static void going_back_widens_nothing(void **state)
{
    struct fixture *f = *state;
    struct survivors s;

    assert_int_equal(db_migrate(&f->c, f->db, 2), OK);
    assert_int_equal(do_write(f, insert_credentials, NULL), OK);
    assert_int_equal(db_migrate(&f->c, f->db, 1), OK);
    assert_int_equal(do_read(f, read_survivors, &s), OK);
    assert_int_equal(s.tokens, 1);
    assert_string_equal(s.token, "kept");
    assert_int_equal(s.clients, 1);
    assert_int_equal(s.client, 1001);
}

struct node {
    struct fixture *f;
    enum err outcome;
};

static void *migrate_beside(void *arg)
{
    struct node *n = arg;
    struct ctx c = new_ctx();

    n->outcome = migrate(&c, n->f->db, steps, -1);
    arena_free(c.mem);
    return NULL;
}

static void nodes_may_start_together(void **state)
{
    struct node nodes[4];
    pthread_t threads[4];

    for (int i = 0; i < 4; i++) {
        nodes[i] = (struct node){ .f = *state };
        pthread_create(&threads[i], NULL, migrate_beside, &nodes[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(nodes[i].outcome, OK);
    }
    assert_int_equal(version(*state), 3);
}

/* ---- keeping and checking ---- */

static void what_is_queued_is_done_before_closing(void **state)
{
    struct fixture *f = *state;
    struct many jobs[MANY] = { 0 };
    atomic_int left = MANY;

    for (int i = 0; i < MANY; i++) {
        jobs[i] = (struct many){
            .job = { .run = many_run, .done = many_done, .mode = DB_WRITE },
            .c = new_ctx(),
            .f = f,
            .fn = insert,
            .arg = arena_printf(f->c.mem, "%d", i),
            .left = &left,
        };
        db_submit(f->db, &jobs[i].job);
    }
    db_close(f->db);
    assert_int_equal(atomic_load(&left), 0);
    for (int i = 0; i < MANY; i++)
        arena_free(jobs[i].c.mem);
    assert_int_equal(
        db_open(&f->c, &(struct db_options){ .dir = f->dir, .url = f->url }, &f->db), OK);
    assert_int_equal(things(f), MANY);
}

static void what_was_written_is_there_after_opening_again(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(do_write(f, insert, "one"), OK);
    assert_int_equal(things(f), 1);
    db_close(f->db);
    assert_int_equal(
        db_open(&f->c, &(struct db_options){ .dir = f->dir, .url = f->url }, &f->db), OK);
    assert_int_equal(things(f), 1);
}

static void a_backup_is_a_store(void **state)
{
    struct fixture *f = *state;
    const char *copy_dir = arena_printf(f->c.mem, "%s/copy", f->dir);
    const char *file = arena_printf(f->c.mem, "%s/pawl.db", copy_dir);
    struct db *original = f->db;

    assert_int_equal(do_write(f, insert, "one"), OK);
    assert_int_equal(db_backup(&f->c, f->db, file), ERR_INVALID); /* there is no such folder */
    ctx_forgive(&f->c);
    assert_int_equal(system(arena_printf(f->c.mem, "mkdir %s", copy_dir)), 0);
    assert_int_equal(db_backup(&f->c, f->db, file), OK);
    assert_int_equal(db_backup(&f->c, f->db, file), ERR_INVALID); /* it exists already */
    ctx_forgive(&f->c);
    assert_int_equal(do_write(f, insert, "two"), OK);

    assert_int_equal(db_open(&f->c, &(struct db_options){ .dir = copy_dir }, &f->db), OK);
    assert_int_equal(things(f), 1);
    assert_int_equal(do_write(f, insert, "three"), OK);
    db_close(f->db);
    f->db = original;
    assert_int_equal(things(f), 2);
}

static void a_sound_store_has_no_faults(void **state)
{
    struct fixture *f = *state;
    int faults = -1;

    assert_int_equal(do_write(f, insert, "one"), OK);
    assert_int_equal(db_check_engine(&f->c, f->db, &faults), OK);
    assert_int_equal(faults, 0);
}

/* Changes one copy of a text that stands in a table and in its index. */
static void damage(const char *file, const char *text)
{
    static char bytes[1 << 20];
    FILE *f = fopen(file, "r+b");
    size_t n = fread(bytes, 1, sizeof(bytes), f);
    char *at = memmem(bytes, n, text, strlen(text));

    assert_non_null(at);
    fseek(f, at - bytes, SEEK_SET);
    fputc('X', f);
    fclose(f);
}

static void faults_are_found(void **state)
{
    struct fixture *f = *state;
    int faults = 0;

    assert_int_equal(do_write(f, insert, "needle"), OK);
    db_close(f->db);
    damage(arena_printf(f->c.mem, "%s/pawl.db", f->dir), "needle");
    assert_int_equal(db_open(&f->c, &(struct db_options){ .dir = f->dir }, &f->db), OK);
    assert_int_equal(db_check_engine(&f->c, f->db, &faults), OK);
    assert_true(faults > 0);
}

#define ON_SQLITE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define ON_POSTGRES(test) \
    cmocka_unit_test_prestate_setup_teardown(test, set_up, tear_down, &postgres)
#define ON_BOTH(ON)                                                                       \
    ON(arguments_are_numbered_alike), ON(values_survive), ON(lists_are_loaded),           \
        ON(a_violated_key_is_a_conflict), ON(mistakes_stay_in_the_log),                   \
        ON(a_failed_job_leaves_nothing), ON(jobs_are_run_again_within_reason),            \
        ON(a_reading_job_sees_one_moment),                                                \
        ON(a_batch_is_committed_once_and_each_job_alone_fails),                           \
        ON(the_schema_goes_up_and_down), ON(a_newer_schema_is_refused),                   \
        ON(a_failed_migration_leaves_nothing), ON(the_product_s_migrations_go_both_ways), \
        ON(going_back_widens_nothing),                                                    \
        ON(nodes_may_start_together), ON(what_was_written_is_there_after_opening_again),  \
        ON(what_is_queued_is_done_before_closing), ON(a_sound_store_has_no_faults)

int main(void)
{
    static const struct CMUnitTest sqlite_tests[] = {
        ON_BOTH(ON_SQLITE),
        ON_SQLITE(a_full_store_fails_the_batch_and_recovers),
        ON_SQLITE(the_wal_does_not_grow_forever),
        ON_SQLITE(two_processes_may_write),
        ON_SQLITE(a_backup_is_a_store),
        ON_SQLITE(faults_are_found),
        ON_SQLITE(an_unreachable_store_is_unavailable),
    };
    static const struct CMUnitTest postgres_tests[] = {
        ON_BOTH(ON_POSTGRES),
        ON_POSTGRES(who_checks_before_writing_is_not_deceived),
        ON_POSTGRES(who_loses_a_race_for_a_key_is_asked_again),
        ON_POSTGRES(a_lost_connection_is_opened_anew),
        ON_POSTGRES(a_migration_elsewhere_is_survived),
        ON_POSTGRES(a_commit_of_unknown_outcome_is_not_repeated),
    };
    int failures = cmocka_run_group_tests_name("sqlite", sqlite_tests, NULL, NULL);

    if (getenv("PAWL_TEST_PG") != NULL)
        failures += cmocka_run_group_tests_name("postgresql", postgres_tests, NULL, NULL);
    return failures;
}
