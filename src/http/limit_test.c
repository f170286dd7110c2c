/* Tests of the rolling windows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "http/limit.h"

#include <cmocka.h>

#define MINUTE_MS INT64_C(60000)
#define NOON INT64_C(1800000000000)

static const struct limit_rule rules[LIMIT_CLASSES] = {
    [LIMIT_REQUESTS] = { 600, MINUTE_MS },
    [LIMIT_TOKENS] = { 3, MINUTE_MS },
    [LIMIT_REGISTRATION] = { 5, 60 * MINUTE_MS },
};

static const struct limit_subject ada = { .person_id = 7, .address = "192.0.2.1" };

static int taken(struct limiter *l, enum limit_class what, struct limit_subject who, int64_t now,
                 int tries)
{
    struct limit_state state;
    int n = 0;

    for (int i = 0; i < tries; i++)
        n += limit_take(l, what, &who, now, &state);
    return n;
}

static void so_many_and_no_more(void **unused)
{
    (void)unused;
    struct limiter *l = limiter_new(rules);
    struct limit_state state;

    assert_true(limit_take(l, LIMIT_REQUESTS, &ada, NOON, &state));
    assert_int_equal(state.limit, 600);
    assert_int_equal(state.remaining, 599);
    assert_int_equal(taken(l, LIMIT_REQUESTS, ada, NOON, 700), 599);
    assert_false(limit_take(l, LIMIT_REQUESTS, &ada, NOON, &state));
    assert_int_equal(state.remaining, 0);
    assert_in_range(state.retry_after, 55, 66);
    limiter_free(l);
}

/* Whatever the moment of the first, no rolling minute sees more than the limit, and soon after a
 * minute there is room again. */
static void the_window_rolls(void **unused)
{
    (void)unused;
    for (int64_t start = NOON; start < NOON + MINUTE_MS; start += 777) {
        struct limiter *l = limiter_new(rules);

        assert_int_equal(taken(l, LIMIT_REQUESTS, ada, start, 600), 600);
        assert_int_equal(taken(l, LIMIT_REQUESTS, ada, start + MINUTE_MS - 1, 1), 0);
        assert_int_equal(taken(l, LIMIT_REQUESTS, ada, start + MINUTE_MS * 11 / 10, 600), 600);
        limiter_free(l);
    }
}

static void waiting_as_told_is_enough(void **unused)
{
    (void)unused;
    struct limiter *l = limiter_new(rules);
    struct limit_state state;

    taken(l, LIMIT_TOKENS, ada, NOON + 100, 1);
    taken(l, LIMIT_TOKENS, ada, NOON + 30000, 2);
    assert_false(limit_take(l, LIMIT_TOKENS, &ada, NOON + 30000, &state));
    assert_true(limit_take(l, LIMIT_TOKENS, &ada, NOON + 30000 + state.retry_after * 1000,
                           &state));
    limiter_free(l);
}

static void everybody_has_an_own_count(void **unused)
{
    (void)unused;
    struct limit_subject bob = { .person_id = 8, .address = "192.0.2.1" };
    struct limit_subject nobody = { .address = "192.0.2.1" };
    struct limiter *l = limiter_new(rules);

    assert_int_equal(taken(l, LIMIT_TOKENS, ada, NOON, 4), 3);
    assert_int_equal(taken(l, LIMIT_TOKENS, bob, NOON, 4), 3);
    assert_int_equal(taken(l, LIMIT_TOKENS, nobody, NOON, 4), 3);
    assert_int_equal(taken(l, LIMIT_REQUESTS, ada, NOON, 4), 4);
    assert_int_equal(taken(l, LIMIT_NONE, ada, NOON, 1000), 1000);
    limiter_free(l);
}

static void a_network_counts_as_one(void **unused)
{
    (void)unused;
    struct limit_subject one = { .address = "2001:db8:1:2::1" };
    struct limit_subject same = { .address = "2001:db8:1:2:ffff::9" };
    struct limit_subject other = { .address = "2001:db8:1:3::1" };
    struct limiter *l = limiter_new(rules);

    assert_int_equal(taken(l, LIMIT_TOKENS, one, NOON, 2), 2);
    assert_int_equal(taken(l, LIMIT_TOKENS, same, NOON, 2), 1);
    assert_int_equal(taken(l, LIMIT_TOKENS, other, NOON, 2), 2);
    limiter_free(l);
}

/* More people than there is room for: nobody is refused for what others did. */
static void strangers_make_room(void **unused)
{
    (void)unused;
    struct limiter *l = limiter_new(rules);

    for (int64_t id = 1; id <= 100000; id++) {
        struct limit_subject who = { .person_id = id };

        assert_int_equal(taken(l, LIMIT_TOKENS, who, NOON + id, 1), 1);
    }
    limiter_free(l);
}

/* ... and whoever has used up an hour's worth stays known for all those who come by the minute. */
static void the_slow_are_not_forgotten_for_the_quick(void **unused)
{
    struct limiter *l = limiter_new(rules);

    (void)unused;
    assert_int_equal(taken(l, LIMIT_REGISTRATION, ada, NOON, 6), 5);
    for (int64_t id = 1; id <= 100000; id++) {
        struct limit_subject who = { .person_id = id };

        taken(l, LIMIT_REQUESTS, who, NOON + id, 1);
    }
    assert_int_equal(taken(l, LIMIT_REGISTRATION, ada, NOON + MINUTE_MS, 1), 0);
    limiter_free(l);
}

static void a_clock_set_back_harms_nobody(void **unused)
{
    (void)unused;
    struct limiter *l = limiter_new(rules);

    assert_int_equal(taken(l, LIMIT_TOKENS, ada, NOON, 2), 2);
    assert_int_equal(taken(l, LIMIT_TOKENS, ada, NOON - 3600 * 1000, 2), 1);
    assert_int_equal(taken(l, LIMIT_TOKENS, ada, NOON + 2 * MINUTE_MS, 4), 3);
    limiter_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_many_and_no_more),
        cmocka_unit_test(the_window_rolls),
        cmocka_unit_test(waiting_as_told_is_enough),
        cmocka_unit_test(everybody_has_an_own_count),
        cmocka_unit_test(a_network_counts_as_one),
        cmocka_unit_test(strangers_make_room),
        cmocka_unit_test(the_slow_are_not_forgotten_for_the_quick),
        cmocka_unit_test(a_clock_set_back_harms_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
