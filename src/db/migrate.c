/* Brings the schema up or down, one version in one transaction, each recorded in schema_version.
 * Every transaction takes the lock on that table first and looks again at what is recorded, so
 * several nodes may do this at once. */
#include "db/engine.h"

#include <string.h>

struct move {
    const struct migration *table;
    int target;
    const struct migration *step; /* that was made; NULL: none was needed */
    bool up;
};

static const char CREATE_TABLE[] =
    "CREATE TABLE IF NOT EXISTS schema_version ("
    "    version BIGINT PRIMARY KEY,"
    "    name TEXT NOT NULL,"
    "    applied_at BIGINT NOT NULL"
    ")";
static const char CURRENT[] = "SELECT coalesce(max(version), 0) FROM schema_version";
static const char RECORD[] = "INSERT INTO schema_version (version, name, applied_at)"
                             " VALUES (?, ?, ?)";
static const char ERASE[] = "DELETE FROM schema_version WHERE version = ?";

/* The step to this version for the store's engine, or NULL. */
static const struct migration *find(const struct db *db, const struct migration *table, int64_t to)
{
    for (const struct migration *m = table; m->version != 0; m++)
        if (m->version == to && (m->engine == NULL || strcmp(m->engine, db_engine_name(db)) == 0))
            return m;
    return NULL;
}

static int newest(const struct migration *table)
{
    int version = 0;

    for (const struct migration *m = table; m->version != 0; m++)
        version = m->version;
    return version;
}

static enum err script(struct ctx *c, const char *sql)
{
    struct db_conn *conn = c->db;

    if (conn->broken == OK)
        conn->broken = conn->db->engine->script(conn, sql);
    return conn->broken == OK ? OK : fail(c, conn->broken, NULL, NULL);
}

static enum err create_table(struct ctx *c, void *unused)
{
    (void)unused;
    return script(c, CREATE_TABLE);
}

static enum err go_up(struct ctx *c, const struct migration *m)
{
    TRY(script(c, m->up));
    return db_change(c, RECORD, INT(m->version), TEXT(m->name), INT(c->now));
}

static enum err go_down(struct ctx *c, const struct migration *m)
{
    TRY(script(c, m->down));
    return db_change_one(c, ERASE, INT(m->version));
}

static enum err one_step(struct ctx *c, void *arg)
{
    struct move *move = arg;
    int64_t now;

    TRY(script(c, c->db->db->engine->lock_schema));
    TRY(db_int(c, CURRENT, &now));
    if (now > newest(move->table))
        return fail(c, ERR_INVALID, NULL,
                    "the store has schema version %lld, this program knows only up to %d: "
                    "a newer pawl has used it",
                    (long long)now, newest(move->table));
    move->step = NULL;
    move->up = now < move->target;
    if (now == move->target)
        return OK;
    move->step = find(c->db->db, move->table, move->up ? now + 1 : now);
    if (move->step == NULL)
        return fail(c, ERR_INTERNAL, NULL, "no migration leads from schema version %lld to %d",
                    (long long)now, move->target);
    return move->up ? go_up(c, move->step) : go_down(c, move->step);
}

enum err migrate(struct ctx *c, struct db *db, const struct migration *table, int version)
{
    struct move move = { .table = table, .target = version < 0 ? newest(table) : version };

    if (move.target > newest(table))
        return fail(c, ERR_INVALID, NULL, "there is no schema version %d", version);
    TRY(db_do(c, db, DB_WRITE, create_table, NULL));
    do {
        TRY(db_do(c, db, DB_WRITE, one_step, &move));
        if (move.step != NULL)
            log_info("schema: version %d (%s) %s", move.step->version, move.step->name,
                     move.up ? "applied" : "taken back");
    } while (move.step != NULL);
    return OK;
}

enum err db_migrate(struct ctx *c, struct db *db, int version)
{
    return migrate(c, db, migrations, version);
}
