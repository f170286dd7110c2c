/* Authentication against a store: keys of several nodes, uses that are written late, the brake on
 * guessing. Each test has a fresh embedded store. */
#include "auth/auth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#undef fail /* it means our own here */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "auth/caller.h"
#include "auth/jwt.h"
#include "auth/keys.h"
#include "auth/seal.h"
#include "auth/throttle.h"
#include "auth/uses.h"
#include "base/clock.h"

/* ---- a store for each test ---- */

struct fixture {
    struct ctx c;
    struct caller caller;
    struct db *db;
    const char *dir;
};

static int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));
    char *dir;

    f->c = (struct ctx){ .mem = arena_new_arena(), .now = 1700000000000, .caller = &f->caller };
    f->caller = (struct caller){ .role = ROLE_NONE, .address = "192.0.2.7" };
    f->dir = dir = arena_dup(f->c.mem, "/tmp/pawl-auth-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(db_open(&f->c, &(struct db_options){ .dir = dir }, &f->db), OK);
    assert_int_equal(db_migrate(&f->c, f->db, -1), OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    db_close(f->db);
    assert_int_equal(system(arena_printf(f->c.mem, "rm -r %s", f->dir)), 0);
    arena_free(f->c.mem);
    test_free(f);
    return 0;
}

static enum err run(struct fixture *f, enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
    ctx_forgive(&f->c);
    return db_do(&f->c, f->db, DB_WRITE, fn, arg);
}

/* ---- keys ---- */

static enum err open_node(struct fixture *f, const char *name, struct auth **out)
{
    struct auth_options options = { .dir = arena_printf(f->c.mem, "%s/%s", f->dir, name) };

    mkdir(options.dir, 0700);
    ctx_forgive(&f->c);
    return auth_open(&f->c, f->db, &options, out);
}

static void copy_sealing_key(struct fixture *f, const char *from, const char *to)
{
    assert_int_equal(system(arena_printf(f->c.mem, "cp %s/%s/sealing-key %s/%s/", f->dir, from,
                                         f->dir, to)), 0);
}

struct verification {
    struct auth *auth;
    const char *token;
};

static enum err verify(struct ctx *c, void *arg)
{
    struct verification *v = arg;
    unsigned char digest[DIGEST_SIZE];
    struct claims claims;

    digest_of(v->token, strlen(v->token), digest);
    return jwt_verify(c, auth_keys(v->auth), v->token, digest, &claims);
}

static void a_node_without_the_key_of_a_known_store_does_not_start(void **state)
{
    struct fixture *f = *state;
    struct auth *first, *second;

    assert_int_equal(open_node(f, "first", &first), OK);
    assert_int_equal(open_node(f, "second", &second), ERR_INTERNAL);
    assert_non_null(strstr(f->c.failure.message, "copy the file"));
    auth_close(first);
}

struct sealing {
    struct auth *auth;
    const char *sealed, *text;
};

static enum err seal_text(struct ctx *c, void *arg)
{
    struct sealing *s = arg;

    s->sealed = seal(c, s->auth, s->text);
    return OK;
}

static enum err unseal_text(struct ctx *c, void *arg)
{
    struct sealing *s = arg;

    return unseal(c, s->auth, s->sealed, &s->text);
}

static void what_is_sealed_is_read_again_by_the_same_key_and_no_other(void **state)
{
    struct fixture *f = *state;
    struct sealing s = { .text = "a secret, “quoted”" };
    const char *first_sealed;
    struct auth *other;

    assert_int_equal(open_node(f, "first", &s.auth), OK);
    assert_int_equal(run(f, seal_text, &s), OK);
    first_sealed = s.sealed;
    assert_int_equal(run(f, seal_text, &s), OK);
    assert_string_not_equal(first_sealed, s.sealed);
    s.text = NULL;
    assert_int_equal(run(f, unseal_text, &s), OK);
    assert_string_equal(s.text, "a secret, “quoted”");
    s.sealed = arena_printf(f->c.mem, "%c%s", s.sealed[0] == 'A' ? 'B' : 'A', s.sealed + 1);
    assert_int_equal(run(f, unseal_text, &s), ERR_INTERNAL);
    s.sealed = "";
    assert_int_equal(run(f, unseal_text, &s), ERR_INTERNAL);
    auth_close(s.auth);

    /* A node that lost its key, and one that made another. */
    assert_int_equal(remove(arena_printf(f->c.mem, "%s/first/sealing-key", f->dir)), 0);
    assert_int_equal(open_node(f, "first", &other), ERR_INTERNAL);
    assert_non_null(strstr(f->c.failure.message, "sealing-key is missing"));
}

static void what_is_derived_depends_on_key_purpose_and_text(void **state)
{
    struct fixture *f = *state;
    unsigned char bytes[32], again[32];
    struct auth *auth;

    assert_int_equal(open_node(f, "first", &auth), OK);
    seal_derive(auth, "guest", "1", bytes);
    seal_derive(auth, "guest", "2", again);
    assert_memory_not_equal(bytes, again, 32);
    seal_derive(auth, "gues", "t1", again);
    assert_memory_not_equal(bytes, again, 32);
    auth_close(auth);

    assert_int_equal(open_node(f, "first", &auth), OK);
    seal_derive(auth, "guest", "1", again);
    assert_memory_equal(bytes, again, 32);
    auth_close(auth);
}

static void the_key_of_another_node_is_found_when_its_token_comes(void **state)
{
    struct fixture *f = *state;
    struct claims claims = { .jti = "x", .scopes = "*", .issued_at = f->c.now };
    struct auth *first, *second;
    struct verification v;
    struct keys *brought;

    assert_int_equal(open_node(f, "first", &first), OK);
    /* A key made elsewhere and brought here, as an operator does who changes keys. */
    assert_int_equal(mkdir(arena_printf(f->c.mem, "%s/second", f->dir), 0700), 0);
    assert_int_equal(keys_open(&f->c, arena_printf(f->c.mem, "%s/second", f->dir), true, &brought),
                     OK);
    keys_close(brought);
    assert_int_equal(open_node(f, "second", &second), ERR_INTERNAL);
    assert_non_null(strstr(f->c.failure.message, "sealing-key"));
    copy_sealing_key(f, "first", "second");
    assert_int_equal(open_node(f, "second", &second), OK);
    assert_int_equal(jwt_sign(&f->c, auth_keys(second), &claims, &v.token), OK);
    v.auth = first;
    assert_int_equal(run(f, verify, &v), OK);
    auth_close(first);
    auth_close(second);
}

/* ---- uses ---- */

static enum err insert_token(struct ctx *c, void *unused)
{
    (void)unused;
    return db_change(c, "INSERT INTO tokens (id, kind, scopes, created_at, updated_at)"
                        " VALUES ('t', 'named', '*', 1, 1)");
}

static enum err write_and_fail(struct ctx *c, void *uses)
{
    assert_int_equal(uses_write(c, uses), OK);
    return ERR_CONFLICT;
}

static enum err write(struct ctx *c, void *uses)
{
    return uses_write(c, uses);
}

struct last_use {
    int64_t at;
    const char *client;
};

static enum err read_last_use(struct ctx *c, void *arg)
{
    struct last_use *use = arg;

    TRY(db_int(c, "SELECT last_used_at FROM tokens WHERE id = ?", &use->at, TEXT("t")));
    return db_text(c, "SELECT last_used_client FROM tokens WHERE id = ?", &use->client, TEXT("t"));
}

static struct last_use last_use(struct fixture *f)
{
    struct last_use use;

    assert_int_equal(run(f, read_last_use, &use), OK);
    return use;
}

static void a_use_is_written_though_the_first_try_is_rolled_back(void **state)
{
    struct fixture *f = *state;
    struct uses *uses = uses_new();

    assert_int_equal(run(f, insert_token, NULL), OK);
    uses_note_token(uses, "t", f->c.now, "192.0.2.7", "n8n");
    assert_int_equal(run(f, write_and_fail, uses), ERR_CONFLICT);
    assert_int_equal(last_use(f).at, 0);
    assert_int_equal(run(f, write, uses), OK);
    assert_int_equal(last_use(f).at, f->c.now);
    assert_string_equal(last_use(f).client, "n8n");
    uses_free(uses);
}

static void what_a_client_calls_itself_is_kept_short_and_plain(void **state)
{
    struct fixture *f = *state;
    struct uses *uses = uses_new();

    assert_int_equal(run(f, insert_token, NULL), OK);
    uses_note_token(uses, "t", f->c.now, NULL, "a\xff\x01""b");
    assert_int_equal(run(f, write, uses), OK);
    assert_string_equal(last_use(f).client, "a??b");
    uses_note_token(uses, "t", f->c.now, NULL, arena_printf(f->c.mem, "%0200d", 0));
    assert_int_equal(run(f, write, uses), OK);
    assert_int_equal(strlen(last_use(f).client), 63);
    uses_free(uses);
}

static void more_uses_than_fit_do_no_harm(void **state)
{
    struct fixture *f = *state;
    struct uses *uses = uses_new();

    for (int i = 0; i < 20000; i++)
        uses_note_session(uses, arena_printf(f->c.mem, "%064d", i), f->c.now);
    assert_int_equal(run(f, write, uses), OK);
    assert_int_equal(run(f, write, uses), OK);
    uses_note_session(uses, "fresh", f->c.now);
    assert_int_equal(uses_session_seen(uses, "fresh"), f->c.now);
    assert_int_equal(uses_session_seen(uses, "never"), 0);
    uses_free(uses);
}

/* ---- the brake ---- */

static enum err fail_once(struct ctx *c, void *email)
{
    return throttle_take(c, email, NULL);
}

static enum err pass(struct ctx *c, void *email)
{
    return throttle_passed(c, email, NULL);
}

static enum err check(struct ctx *c, void *email)
{
    return throttle_check(c, email, NULL);
}

/* The seconds to wait now. */
static int wait_for(struct fixture *f, char *email)
{
    return run(f, check, email) == OK ? 0 : f->c.failure.retry_after;
}

static void each_failure_doubles_the_wait(void **state)
{
    static const int waits[] = { 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900 };
    struct fixture *f = *state;
    char email[] = "eva@example.com", other_case[] = " EVA@Example.COM ", other[] = "b@example.com";

    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        f->c.now += i == 0 ? 0 : waits[i - 1] * SECOND;
        assert_int_equal(run(f, fail_once, email), OK);
        assert_int_equal(wait_for(f, email), waits[i]);
    }
    assert_int_equal(wait_for(f, other_case), 900);
    assert_int_equal(run(f, fail_once, email), ERR_LIMITED); /* and is not counted */
    assert_int_equal(wait_for(f, other), 0);
    f->c.now += 900 * SECOND;
    assert_int_equal(wait_for(f, email), 0);
    assert_int_equal(run(f, fail_once, email), OK);
    assert_int_equal(wait_for(f, email), 900);
    assert_int_equal(run(f, pass, email), OK);
    assert_int_equal(wait_for(f, email), 0);
}

static enum err give_back(struct ctx *c, void *email)
{
    return throttle_give_back(c, email, NULL);
}

static void an_attempt_that_proved_nothing_is_taken_back(void **state)
{
    struct fixture *f = *state;
    char email[] = "eva@example.com";

    for (int i = 0; i < 4; i++)
        assert_int_equal(run(f, fail_once, email), OK);
    for (int i = 0; i < 30; i++) {
        assert_int_equal(run(f, fail_once, email), OK);
        assert_int_equal(wait_for(f, email), 30);
        assert_int_equal(run(f, give_back, email), OK);
    }
    assert_int_equal(run(f, fail_once, email), OK);
    assert_int_equal(wait_for(f, email), 30);
}

static void a_day_without_failure_forgets_them(void **state)
{
    struct fixture *f = *state;
    char email[] = "eva@example.com";

    for (int i = 0; i < 4; i++)
        assert_int_equal(run(f, fail_once, email), OK);
    f->c.now += DAY + 1;
    assert_int_equal(run(f, fail_once, email), OK);
    assert_int_equal(wait_for(f, email), 0);
}

static void an_ipv6_network_counts_as_one(void **state)
{
    struct fixture *f = *state;
    char unknown[] = "new@example.com";

    for (int i = 0; i < 20; i++) {
        f->caller.address = arena_printf(f->c.mem, "2001:db8:1:2::%x", i + 1);
        assert_int_equal(run(f, fail_once, arena_printf(f->c.mem, "%d@example.com", i)), OK);
    }
    f->caller.address = "2001:db8:1:2:ffff::1";
    assert_int_equal(wait_for(f, unknown), 30);
    f->caller.address = "2001:db8:1:3::1";
    assert_int_equal(wait_for(f, unknown), 0);
}

#define ON_STORE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(a_node_without_the_key_of_a_known_store_does_not_start),
        ON_STORE(the_key_of_another_node_is_found_when_its_token_comes),
        ON_STORE(what_is_derived_depends_on_key_purpose_and_text),
        ON_STORE(what_is_sealed_is_read_again_by_the_same_key_and_no_other),
        ON_STORE(a_use_is_written_though_the_first_try_is_rolled_back),
        ON_STORE(what_a_client_calls_itself_is_kept_short_and_plain),
        ON_STORE(more_uses_than_fit_do_no_harm),
        ON_STORE(each_failure_doubles_the_wait),
        ON_STORE(an_attempt_that_proved_nothing_is_taken_back),
        ON_STORE(a_day_without_failure_forgets_them),
        ON_STORE(an_ipv6_network_counts_as_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
