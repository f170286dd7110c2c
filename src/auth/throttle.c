/* See throttle.h. */
#include "auth/throttle.h"

#include <arpa/inet.h>

#include "auth/caller.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "base/text.h"
#include "db/db.h"

/* Wrong attempts before the first wait. Many people may share one network address. */
enum { FREE_BY_ACCOUNT = 5, FREE_BY_ADDRESS = 20, FREE_CODES = 10 };

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

/* Whoever locked it by this attempt unlocks it: while it was locked, nobody else could begin. */
static const char GIVE_BACK[] =
    "UPDATE login_failures SET failures = failures - 1, locked_until = 0"
    " WHERE subject = ? AND failures > 0";

static const char FORGET[] = "DELETE FROM login_failures WHERE subject = ?";

/* ---- private ---- */

/* What an attempt is counted by. */
struct subjects {
    const char *account; /* or one browser of it */
    const char *address; /* NULL: not by address */
};

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

/* Digests, since these are what strangers typed, known here or not. */
static struct subjects subjects_of(struct ctx *c, const char *email, const char *device)
{
    const char *who = device != NULL ? device : text_fold_email(c->mem, email);

    return (struct subjects){
        .account = arena_printf(c->mem, "%s:%s", device != NULL ? "device" : "account",
                                secret_digest(c->mem, who)),
        .address = address_subject(c),
    };
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

static enum err check(struct ctx *c, const struct subjects *by, const char *code)
{
    int64_t until, seconds;

    TRY(db_int(c, LOCKED_UNTIL, &until, TEXT(by->account), TEXT(by->address)));
    if (until <= c->now)
        return OK;
    seconds = (until - c->now + SECOND - 1) / SECOND;
    c->failure.retry_after = (int)seconds;
    return fail_code(c, ERR_LIMITED, code, "Too many attempts. Try again in %d seconds.",
                     (int)seconds);
}

static struct subjects code_subjects(struct ctx *c, int64_t user_id)
{
    return (struct subjects){
        .account = arena_printf(c->mem, "codes:%lld", (long long)user_id),
    };
}

/* ---- operations ---- */

enum err throttle_check(struct ctx *c, const char *email, const char *device)
{
    const struct subjects by = subjects_of(c, email, device);

    return check(c, &by, "LOGIN_LOCKED");
}

enum err throttle_take(struct ctx *c, const char *email, const char *device)
{
    const struct subjects by = subjects_of(c, email, device);

    TRY(throttle_check(c, email, device));
    TRY(count(c, by.account, FREE_BY_ACCOUNT));
    return count(c, by.address, FREE_BY_ADDRESS);
}

enum err throttle_passed(struct ctx *c, const char *email, const char *device)
{
    const struct subjects by = subjects_of(c, email, device);

    TRY(db_change(c, FORGET, TEXT(by.account)));
    return db_change(c, GIVE_BACK, TEXT(by.address));
}

enum err throttle_forget(struct ctx *c, const char *email)
{
    const struct subjects by = subjects_of(c, email, NULL);

    return db_change(c, FORGET, TEXT(by.account));
}

enum err throttle_give_back(struct ctx *c, const char *email, const char *device)
{
    const struct subjects by = subjects_of(c, email, device);

    TRY(db_change(c, GIVE_BACK, TEXT(by.account)));
    return db_change(c, GIVE_BACK, TEXT(by.address));
}

enum err throttle_code_check(struct ctx *c, int64_t user_id)
{
    const struct subjects by = code_subjects(c, user_id);

    return check(c, &by, err_code(ERR_LIMITED));
}

enum err throttle_code_failed(struct ctx *c, int64_t user_id)
{
    const struct subjects by = code_subjects(c, user_id);
    int64_t failures;

    TRY(db_int(c, COUNT, &failures, TEXT(by.account), INT(c->now), INT(c->now - FORGET_AFTER)));
    if (failures < FREE_CODES)
        return OK;
    return db_change(c, LOCK, INT(c->now + LONGEST_WAIT), TEXT(by.account));
}
