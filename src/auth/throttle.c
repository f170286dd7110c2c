/* See throttle.h. */
#include "auth/throttle.h"

#include <arpa/inet.h>

#include "auth/caller.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "base/text.h"
#include "db/db.h"

/* Wrong attempts before the first wait. Many people may share one network address. */
enum { FREE_BY_ACCOUNT = 5, FREE_BY_ADDRESS = 20 };

#define FIRST_WAIT (30 * SECOND)
#define LONGEST_WAIT (15 * MINUTE)
#define FORGET_AFTER DAY /* without a failure the count begins anew */

/* ---- SQL ---- */

static const char LOCKED_UNTIL[] =
    "SELECT COALESCE(max(locked_until), 0) FROM login_failures WHERE subject IN (?, ?)";

static const char COUNT[] =
    "INSERT INTO login_failures (subject, failures, last_at, locked_until)"
    " VALUES (?1, 1, ?2, 0)"
    " ON CONFLICT (subject) DO UPDATE"
    "   SET failures = CASE WHEN login_failures.last_at < ?3 THEN 1"
    "                       ELSE login_failures.failures + 1 END,"
    "       last_at = excluded.last_at"
    " RETURNING failures";

static const char LOCK[] = "UPDATE login_failures SET locked_until = ? WHERE subject = ?";

static const char FORGET[] = "DELETE FROM login_failures WHERE subject = ?";

/* ---- private ---- */

/* A digest, since this is what strangers typed, known here or not. */
static const char *account_subject(struct ctx *c, const char *email)
{
    const char *folded = text_fold(c->mem, text_trim(c->mem, email));

    return arena_printf(c->mem, "account:%s", secret_digest(c->mem, folded));
}

/* An IPv6 network counts as one: whoever has one address of it has them all. */
static const char *address_subject(struct ctx *c)
{
    const char *address = c->caller == NULL ? NULL : c->caller->address;
    char network[INET6_ADDRSTRLEN];
    struct in6_addr ip;

    if (address == NULL || inet_pton(AF_INET6, address, &ip) != 1 || IN6_IS_ADDR_V4MAPPED(&ip))
        return arena_printf(c->mem, "address:%s", address == NULL ? "" : address);
    for (int i = 8; i < 16; i++)
        ip.s6_addr[i] = 0;
    return arena_printf(c->mem, "address:%s/64",
                        inet_ntop(AF_INET6, &ip, network, sizeof(network)));
}

static int64_t wait_after(int64_t failures, int64_t free_attempts)
{
    int64_t wait = FIRST_WAIT;

    if (failures < free_attempts)
        return 0;
    for (int64_t n = free_attempts; n < failures && wait < LONGEST_WAIT; n++)
        wait *= 2;
    return wait < LONGEST_WAIT ? wait : LONGEST_WAIT;
}

static enum err count(struct ctx *c, const char *subject, int64_t free_attempts)
{
    int64_t failures, wait;

    TRY(db_int(c, COUNT, &failures, TEXT(subject), INT(c->now), INT(c->now - FORGET_AFTER)));
    wait = wait_after(failures, free_attempts);
    return wait == 0 ? OK : db_change(c, LOCK, INT(c->now + wait), TEXT(subject));
}

/* ---- operations ---- */

enum err throttle_check(struct ctx *c, const char *email)
{
    int64_t until, seconds;

    TRY(db_int(c, LOCKED_UNTIL, &until, TEXT(account_subject(c, email)),
               TEXT(address_subject(c))));
    if (until <= c->now)
        return OK;
    seconds = (until - c->now + SECOND - 1) / SECOND;
    c->failure.retry_after = (int)seconds;
    return fail_code(c, ERR_LIMITED, "LOGIN_LOCKED", "Too many attempts. Try again in %d seconds.",
                     (int)seconds);
}

enum err throttle_failed(struct ctx *c, const char *email)
{
    TRY(count(c, account_subject(c, email), FREE_BY_ACCOUNT));
    return count(c, address_subject(c), FREE_BY_ADDRESS);
}

enum err throttle_passed(struct ctx *c, const char *email)
{
    return db_change(c, FORGET, TEXT(account_subject(c, email)));
}
