/* See admin_check.h. An invariant is a query that counts its violations; a new kind of data adds
 * its lines here. */
#include "admin_check.h"

#include <stdio.h>
#include <string.h>

#include "auth/secret.h"
#include "model/task_check.h"

#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* Rows whose column is neither null nor what secret_digest makes. */
#define NO_DIGEST(table, column)                                                            \
    "(SELECT count(*) FROM " table " WHERE length(" column ") <> 64"                        \
    "     OR trim(" column ", '0123456789abcdef') <> '')"

/* Rows whose column is neither null nor what seal makes: base64url of a nonce, a tag and a text. */
#define NOT_SEALED(table)                                                                   \
    "(SELECT count(*) FROM " table " WHERE length(sealed) < 55"                             \
    "     OR trim(sealed, '" BASE64URL "') <> '')"

static const struct {
    const char *broken; /* what a violation means */
    const char *count;
} invariants[] = {
    { "events are missing from an organization's log",
      "SELECT count(*) FROM org_counters c"
      " WHERE c.events <> (SELECT count(*) FROM events e WHERE e.org_id = c.org_id)"
      "    OR c.events <> (SELECT COALESCE(max(e.seq), 0) FROM events e"
      "                     WHERE e.org_id = c.org_id)" },
    { "organizations lack their counters",
      "SELECT count(*) FROM organizations o"
      " WHERE NOT EXISTS (SELECT 1 FROM org_counters c WHERE c.org_id = o.id)" },
    { "organizations have not exactly one default administrator",
      "SELECT count(*) FROM organizations o"
      " WHERE 1 <> (SELECT count(*) FROM members m"
      "              WHERE m.org_id = o.id AND m.is_default_admin = 1 AND m.role = 'admin'"
      "                AND m.status = 'active')" },
    { "organizations count their members wrongly",
      "SELECT count(*) FROM organizations o"
      " WHERE o.users_count <> (SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id"
      "                          WHERE m.org_id = o.id AND m.status = 'active' AND m.is_bot = 0"
      "                            AND u.email_verified_at IS NOT NULL)" },
    { "organizations count the rows of their members wrongly",
      "SELECT count(*) FROM org_counters c"
      " WHERE c.members <> (SELECT count(*) FROM members m"
      "                      WHERE m.org_id = c.org_id AND m.deleted_at IS NULL)" },
    { "organizations have not exactly one bot",
      "SELECT count(*) FROM organizations o"
      " WHERE 1 <> (SELECT count(*) FROM members m"
      "              WHERE m.org_id = o.id AND m.is_bot = 1 AND m.status = 'active'"
      "                AND m.deleted_at IS NULL)" },
    { "deleted members still have access",
      "SELECT count(*) FROM members WHERE deleted_at IS NOT NULL AND status <> 'disabled'" },
    { "members have no account",
      "SELECT count(*) FROM members m"
      " WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = m.user_id)" },
    { "members cannot be found, or are found though they are gone",
      "SELECT abs((SELECT count(*) FROM members m WHERE m.deleted_at IS NULL)"
      "         - (SELECT count(*) FROM (SELECT DISTINCT g.org_id, g.person_id"
      "                                    FROM people_grams g WHERE g.is_guest = 0) AS found))"
      "     + (SELECT count(*) FROM people_grams g WHERE g.is_guest = 0"
      "           AND NOT EXISTS (SELECT 1 FROM members m WHERE m.org_id = g.org_id"
      "                              AND m.user_id = g.person_id AND m.deleted_at IS NULL))"
      "     + (SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id"
      "         WHERE m.email_key <> CASE WHEN m.deleted_at IS NULL THEN u.email_folded"
      "                                   ELSE '' END)" },
    { "organizations count their guests wrongly",
      "SELECT count(*) FROM org_counters c"
      " WHERE c.guests <> (SELECT count(*) FROM guests p"
      "                     WHERE p.org_id = c.org_id AND p.deleted_at IS NULL)" },
    { "addresses are a member's and a guest's in the same organization",
      "SELECT count(*) FROM guests p JOIN users u ON u.email_folded = p.email_folded"
      "  JOIN members m ON m.org_id = p.org_id AND m.user_id = u.id"
      " WHERE p.deleted_at IS NULL AND m.deleted_at IS NULL" },
    { "guests are other ones than their address is",
      "SELECT count(*) FROM guests p"
      " WHERE NOT EXISTS (SELECT 1 FROM guest_addresses a"
      "                    WHERE a.email_folded = p.email_folded AND a.guest_id = p.id)" },
    { "addresses are no guest's",
      "SELECT count(*) FROM guest_addresses a"
      " WHERE NOT EXISTS (SELECT 1 FROM guests p WHERE p.id = a.guest_id)" },
    { "guests have no code, or codes and sessions no guest",
      "SELECT (SELECT count(*) FROM guests p WHERE p.deleted_at IS NULL"
      "           AND NOT EXISTS (SELECT 1 FROM guest_codes k"
      "                            WHERE k.org_id = p.org_id AND k.guest_id = p.id))"
      "     + (SELECT count(*) FROM guest_codes k"
      "         WHERE NOT EXISTS (SELECT 1 FROM guests p WHERE p.org_id = k.org_id"
      "                              AND p.id = k.guest_id AND p.deleted_at IS NULL))"
      "     + (SELECT count(*) FROM guest_sessions k"
      "         WHERE NOT EXISTS (SELECT 1 FROM guests p WHERE p.org_id = k.org_id"
      "                              AND p.id = k.guest_id AND p.deleted_at IS NULL))" },
    { "guests who are gone belong to members, or guests to members who are not active",
      "SELECT count(*) FROM guest_members k"
      " WHERE NOT EXISTS (SELECT 1 FROM guests p WHERE p.org_id = k.org_id"
      "                      AND p.id = k.guest_id AND p.deleted_at IS NULL)"
      "    OR NOT EXISTS (SELECT 1 FROM members m"
      "                    WHERE m.org_id = k.org_id AND m.user_id = k.user_id"
      "                      AND m.status = 'active' AND m.deleted_at IS NULL)" },
    { "guests cannot be found, or are found though they are gone",
      "SELECT abs((SELECT count(*) FROM guests p WHERE p.deleted_at IS NULL)"
      "         - (SELECT count(*) FROM (SELECT DISTINCT g.org_id, g.person_id"
      "                                    FROM people_grams g WHERE g.is_guest = 1) AS found))"
      "     + (SELECT count(*) FROM people_grams g WHERE g.is_guest = 1"
      "           AND NOT EXISTS (SELECT 1 FROM guests p WHERE p.org_id = g.org_id"
      "                              AND p.id = g.person_id AND p.deleted_at IS NULL))" },
    { "people in groups are gone or not active, or their group is gone",
      "SELECT count(*) FROM group_people p"
      " WHERE NOT EXISTS (SELECT 1 FROM groups g"
      "                    WHERE g.org_id = p.org_id AND g.id = p.group_id)"
      "    OR (p.is_guest = 0 AND NOT EXISTS (SELECT 1 FROM members m"
      "          WHERE m.org_id = p.org_id AND m.user_id = p.person_id AND m.status = 'active'"
      "            AND m.is_bot = 0 AND m.deleted_at IS NULL))"
      "    OR (p.is_guest = 1 AND NOT EXISTS (SELECT 1 FROM guests g"
      "          WHERE g.org_id = p.org_id AND g.id = p.person_id AND g.deleted_at IS NULL))" },
    { "tokens or sessions belong to nobody",
      "SELECT (SELECT count(*) FROM tokens t WHERE t.user_id IS NOT NULL"
      "           AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = t.user_id))"
      "     + (SELECT count(*) FROM sessions s"
      "         WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = s.user_id))" },
    { "invitations are not to a member of the organization",
      "SELECT count(*) FROM links l"
      " WHERE l.purpose = 'invite' AND l.used_at IS NULL AND l.withdrawn_at IS NULL"
      "   AND NOT EXISTS (SELECT 1 FROM members m"
      "                    WHERE m.org_id = l.org_id AND m.user_id = l.user_id)" },
    { "accounts have more than one link for a purpose",
      "SELECT count(*) FROM (SELECT 1 AS one FROM links"
      "                       WHERE used_at IS NULL AND withdrawn_at IS NULL"
      "                       GROUP BY user_id, purpose, COALESCE(org_id, '')"
      "                      HAVING count(*) > 1) AS several" },
    { "tasks have no event that created them",
      "SELECT count(*) FROM tasks t"
      " WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.org_id = t.org_id"
      "                      AND e.subject_type = 'task' AND e.subject_id = t.id"
      "                      AND e.verb = 'created')" },
    { "organizations count their tasks wrongly",
      "SELECT count(*) FROM org_counters c"
      " WHERE c.live_tasks <> (SELECT count(*) FROM tasks t"
      "                         WHERE t.org_id = c.org_id AND t.archived_at IS NULL)" },
    { "tasks count their owners wrongly",
      "SELECT count(*) FROM tasks t"
      " WHERE t.owner_count <> (SELECT count(*) FROM task_owners o"
      "                          WHERE o.org_id = t.org_id AND o.task_id = t.id"
      "                            AND o.is_guest = 0)" },
    { "list entries are of people whom their task does not name",
      "SELECT count(*) FROM task_owners o"
      "  JOIN tasks t ON t.org_id = o.org_id AND t.id = o.task_id"
      "  LEFT JOIN guests g ON g.org_id = o.org_id AND g.id = o.user_id AND o.is_guest = 1"
      " WHERE o.direct = 1"
      "   AND CASE WHEN o.is_guest = 1 THEN COALESCE(t.owners NOT LIKE '%\"' || g.email || '\"%',"
      "                                              1 = 1)"
      "            ELSE replace(replace(t.owners, '[', ','), ']', ',')"
      "                 NOT LIKE '%,' || CAST(o.user_id AS TEXT) || ',%' END" },
    { "open tasks are not in the lists of all people of their groups",
      "SELECT count(*) FROM task_groups g"
      "  JOIN tasks t ON t.org_id = g.org_id AND t.id = g.task_id"
      "  JOIN group_people p ON p.org_id = g.org_id AND p.group_id = g.group_id"
      " WHERE t.open = 1 AND (p.is_guest = 0 OR t.allow_guest_owners = 1)"
      "   AND NOT EXISTS (SELECT 1 FROM task_owners o"
      "                    WHERE o.org_id = t.org_id AND o.task_id = t.id"
      "                      AND o.user_id = p.person_id AND o.is_guest = p.is_guest)" },
    { "open tasks are in the lists of people who are not in their groups",
      "SELECT count(*) FROM task_owners o"
      " WHERE o.open = 1 AND o.direct = 0"
      "   AND NOT EXISTS (SELECT 1 FROM task_groups g"
      "                     JOIN group_people p ON p.org_id = g.org_id"
      "                                        AND p.group_id = g.group_id"
      "                    WHERE g.org_id = o.org_id AND g.task_id = o.task_id"
      "                      AND p.person_id = o.user_id)" },
    { "tasks are given to groups that are gone",
      "SELECT count(*) FROM task_groups k"
      " WHERE NOT EXISTS (SELECT 1 FROM groups g"
      "                    WHERE g.org_id = k.org_id AND g.id = k.group_id)"
      "    OR NOT EXISTS (SELECT 1 FROM tasks t"
      "                    WHERE t.org_id = k.org_id AND t.id = k.task_id)" },
    { "lists show a task's state wrongly",
      "SELECT count(*) FROM task_owners o JOIN tasks t ON t.org_id = o.org_id"
      "                                              AND t.id = o.task_id"
      " WHERE o.open <> t.open OR o.due <> t.due"
      "    OR COALESCE(o.archived_at, 0) <> COALESCE(t.archived_at, 0)"
      "    OR COALESCE(o.completed_at, 0) <> COALESCE(t.completed_at, 0)" },
    { "tasks count the parts of their owners wrongly",
      "SELECT count(*) FROM tasks t"
      " WHERE t.everyone_must_complete = 1"
      "   AND t.completed_owners <> (SELECT count(*) FROM task_owners o"
      "                               WHERE o.org_id = t.org_id AND o.task_id = t.id"
      "                                 AND o.done = 1 AND o.is_guest = 0)" },
    { "list entries belong to no task",
      "SELECT count(*) FROM task_owners o"
      " WHERE NOT EXISTS (SELECT 1 FROM tasks t WHERE t.org_id = o.org_id AND t.id = o.task_id)" },
    { "tasks contradict themselves about being done",
      "SELECT count(*) FROM tasks"
      " WHERE (status = 'completed') <> (completed_at IS NOT NULL)"
      "    OR (open = 1) <> (status IN ('not-started', 'in-progress'))" },
    { "secrets are stored otherwise than as digests",
      "SELECT " NO_DIGEST("tokens", "digest") " + " NO_DIGEST("sessions", "digest")
      " + " NO_DIGEST("refresh_tokens", "digest") " + " NO_DIGEST("links", "digest")
      " + " NO_DIGEST("authorization_codes", "digest") " + " NO_DIGEST("device_codes", "digest")
      " + " NO_DIGEST("device_codes", "user_code_digest")
      " + " NO_DIGEST("oauth_clients", "secret_digest")
      " + " NO_DIGEST("oauth_clients", "old_secret_digest")
      " + " NO_DIGEST("recovery_codes", "digest") " + " NO_DIGEST("guest_codes", "digest")
      " + " NO_DIGEST("guest_sessions", "digest") },
    { "passwords are stored otherwise than by argon2id",
      "SELECT count(*) FROM users WHERE password_hash NOT LIKE '$argon2id$%'" },
    { "secrets that must be read again are not sealed",
      "SELECT " NOT_SEALED("mails") " + " NOT_SEALED("second_factors") },
    { "private keys are in the store",
      "SELECT count(*) FROM signing_keys WHERE public_pem LIKE '%PRIVATE%'" },
};

static enum err check_invariants(struct ctx *c, void *arg)
{
    int *faults = arg;

    for (size_t i = 0; i < sizeof(invariants) / sizeof(invariants[0]); i++) {
        int64_t n;

        TRY(db_int(c, invariants[i].count, &n));
        if (n > 0) {
            printf("%lld %s\n", (long long)n, invariants[i].broken);
            *faults += 1;
        }
    }
    return OK;
}

/* ---- owners of tasks ---- */

static enum err check_owners(struct ctx *c, void *arg)
{
    int *faults = arg;
    int64_t wrong;

    TRY(task_check_owners(c, &wrong));
    if (wrong > 0) {
        printf("%lld tasks name owners in whose lists they are not\n", (long long)wrong);
        *faults += 1;
    }
    return OK;
}

/* ---- tokens where text is ---- */

/* Texts that people and programs write and that might hold a token by mistake. */
static const char TEXTS_LIKE_TOKENS[] =
    "SELECT data AS text FROM events"
    " WHERE data LIKE '%eyJ%.%.%' OR data LIKE '%pawl!_%' ESCAPE '!'"
    " UNION ALL "
    "SELECT subject || ' ' || COALESCE(last_error, '') AS text FROM mails"
    " WHERE subject || COALESCE(last_error, '') LIKE '%eyJ%.%.%'"
    "    OR subject || COALESCE(last_error, '') LIKE '%pawl!_%' ESCAPE '!'";

struct found {
    const char *text;
};

static const struct field found_fields[] = { FIELD(found, text, TEXT, HIDDEN), { 0 } };
static const struct shape found_shape = SHAPE(found, found_fields);

static enum err check_texts(struct ctx *c, void *arg)
{
    int *faults = arg, bad = 0;
    struct found *rows;
    size_t count;

    TRY(db_all(c, TEXTS_LIKE_TOKENS, &found_shape, &rows, &count));
    for (size_t i = 0; i < count; i++)
        bad += secret_stands_in(rows[i].text);
    if (bad > 0) {
        printf("%d tokens stand in the log or in the mail\n", bad);
        *faults += 1;
    }
    return OK;
}

enum err admin_check(struct ctx *c, struct db *db, int *faults)
{
    *faults = 0;
    TRY(db_check_engine(c, db, faults));
    TRY(db_do(c, db, DB_READ, check_invariants, faults));
    TRY(db_do(c, db, DB_READ, check_owners, faults));
    return db_do(c, db, DB_READ, check_texts, faults);
}
