/* The rules of a task. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/task.h"

#define NOW INT64_C(1900000000000)

static const struct task_person ADMIN = { .admin = true };
static const struct task_person STANDARD = { 0 };
static const struct task_person ASSIGNEE = { .assigned = true };
static const struct task_person FINISHED = { .assigned = true, .finished = true };
static const struct task_person STARTER = { .starter = true };
static const struct task_person LIGHT = { .light = true };
static const struct task_person LIGHT_ASSIGNEE = { .light = true, .assigned = true };

static struct task_facts open_task(void)
{
    return (struct task_facts){ .is_approved = -1, .deadline = NOW + 10 * DAY, .owners = 1 };
}

static void moves_are_those_of_the_picture(void **unused)
{
    static const bool may[TASK_STATES][TASK_STATES] = {
        /*                     not-started  in-progress  completed  auto-skipped */
        [TASK_NOT_STARTED] = { false,       true,        true,      true },
        [TASK_IN_PROGRESS] = { false,       false,       true,      true },
        [TASK_COMPLETED] =   { false,       true,        false,     false },
        [TASK_SKIPPED] =     { true,        true,        false,     false },
    };

    (void)unused;
    for (int from = 0; from < TASK_STATES; from++)
        for (int to = 0; to < TASK_STATES; to++)
            assert_int_equal(task_may_become((enum task_state)from, (enum task_state)to),
                             may[from][to]);
}

static void labels_say_more_than_states(void **unused)
{
    static const struct {
        struct task_facts t;
        const char *label;
    } cases[] = {
        { { .state = TASK_NOT_STARTED, .deadline = NOW + 1 }, "not-started" },
        { { .state = TASK_IN_PROGRESS }, "in-progress" },
        { { .state = TASK_IN_PROGRESS, .deadline = NOW - 1 }, "overdue" },
        { { .state = TASK_NOT_STARTED, .deadline = NOW - 1, .problem = true }, "hasproblem" },
        { { .state = TASK_SKIPPED, .deadline = NOW - 1 }, "auto-skipped" },
        { { .state = TASK_COMPLETED, .deadline = NOW - 1 }, "completed" },
        { { .state = TASK_COMPLETED, .type = TASK_TYPE_APPROVAL, .is_approved = 1 }, "approved" },
        { { .state = TASK_COMPLETED, .type = TASK_TYPE_APPROVAL, .is_approved = 0 }, "rejected" },
        { { .state = TASK_COMPLETED, .type = TASK_TYPE_EXPIRING, .is_approved = -1 },
          "acknowledged" },
        { { .state = TASK_COMPLETED, .type = TASK_TYPE_EXPIRING, .is_approved = 0 }, "expired" },
        { { .state = TASK_COMPLETED, .type = TASK_TYPE_EMAIL, .is_approved = -1 }, "sent" },
        { { .state = TASK_COMPLETED, .type = TASK_TYPE_EXPIRING_EMAIL, .is_approved = -1 },
          "sent" },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(task_status_label(&cases[i].t, NOW), cases[i].label);
}

static void overdue_and_due_soon_meet_at_now(void **unused)
{
    static const struct {
        int64_t deadline;
        bool overdue, soon;
    } cases[] = {
        { 0, false, false },
        { NOW - 1, true, false },
        { NOW, false, true },
        { NOW + DAY - 1, false, true },
        { NOW + DAY, false, false },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct task_facts t = open_task();

        t.deadline = cases[i].deadline;
        assert_int_equal(task_is_overdue(&t, NOW), cases[i].overdue);
        assert_int_equal(task_is_due_soon(&t, NOW), cases[i].soon);
        t.state = TASK_COMPLETED;
        assert_false(task_is_overdue(&t, NOW) || task_is_due_soon(&t, NOW));
    }
}

static void who_sees_edits_and_reopens(void **unused)
{
    static const struct {
        const struct task_person *who;
        bool secret, only_assignees;
        bool sees, edits, reopens;
    } cases[] = {
        { &ADMIN, true, true, true, true, true },
        { &STANDARD, false, false, true, true, true },
        { &STANDARD, true, false, false, false, false },
        { &STANDARD, false, true, true, false, false },
        { &ASSIGNEE, true, true, true, true, true },
        { &STARTER, false, true, true, true, false },
        { &STARTER, true, false, false, false, false },
        { &LIGHT, false, false, false, false, false },
        { &LIGHT_ASSIGNEE, true, true, true, false, true },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct task_facts t = open_task();

        t.top_secret = cases[i].secret;
        t.only_assignees = cases[i].only_assignees;
        assert_int_equal(task_visible_to(&t, cases[i].who), cases[i].sees);
        assert_int_equal(task_editable_by(&t, cases[i].who), cases[i].edits);
        assert_int_equal(task_reopenable_by(&t, cases[i].who), cases[i].reopens);
    }
}

static void who_completes_what(void **unused)
{
    static const struct {
        struct task_facts t;
        const struct task_person *who;
        enum task_answer answer;
    } cases[] = {
        { { .owners = 1 }, &STANDARD, TASK_MAY_COMPLETE },
        { { .owners = 1 }, &LIGHT_ASSIGNEE, TASK_MAY_COMPLETE },
        { { .owners = 1, .state = TASK_COMPLETED, .archived = true }, &ADMIN, TASK_DONE_ALREADY },
        { { .owners = 1, .archived = true }, &ASSIGNEE, TASK_ARCHIVED },
        { { .owners = 1, .state = TASK_SKIPPED }, &ASSIGNEE, TASK_HIDDEN },
        { { .owners = 1, .problem = true }, &ASSIGNEE, TASK_HAS_ISSUE },
        { { .owners = 1, .only_assignees = true }, &STANDARD, TASK_FOR_ASSIGNEES },
        { { .owners = 1, .only_assignees = true }, &ADMIN, TASK_MAY_COMPLETE },
        { { .owners = 1, .only_assignees = true }, &ASSIGNEE, TASK_MAY_COMPLETE },
        { { .owners = 2, .everyone = true }, &ADMIN, TASK_FOR_EVERYONE },
        { { .owners = 2, .everyone = true }, &ASSIGNEE, TASK_MAY_COMPLETE },
        { { .owners = 2, .everyone = true, .finished = 1 }, &FINISHED, TASK_DONE_ALREADY },
        { { .owners = 1, .everyone = true, .finished = 1 }, &FINISHED, TASK_MAY_COMPLETE },
        { { .owners = 2, .everyone = true, .type = TASK_TYPE_EMAIL }, &ADMIN, TASK_MAY_COMPLETE },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(task_completion(&cases[i].t, cases[i].who), cases[i].answer);
}

static void every_refusal_has_its_words(void **unused)
{
    (void)unused;
    assert_null(task_answer_text(TASK_MAY_COMPLETE));
    assert_null(task_answer_text(TASK_DONE_ALREADY));
    for (int answer = TASK_ARCHIVED; answer < TASK_ANSWERS; answer++)
        assert_non_null(task_answer_text((enum task_answer)answer));
}

static void one_rejection_rejects(void **unused)
{
    static const struct task_part parts[] = { { 8, 1 }, { 7, -1 }, { 9, 0 } };

    (void)unused;
    assert_int_equal(task_joint_decision(parts, 0), 1);
    assert_int_equal(task_joint_decision(parts, 2), 1);
    assert_int_equal(task_joint_decision(parts, 3), 0);
}

static void progress_is_of_those_who_must(void **unused)
{
    struct task_facts t = open_task();

    (void)unused;
    assert_true(isnan(task_progress(&t)));
    t.everyone = true;
    t.owners = 3;
    assert_true(task_progress(&t) == 0.0);
    t.finished = 1;
    assert_true(fabs(task_progress(&t) - 33.3) < 0.1);
    t.state = TASK_COMPLETED;
    assert_true(task_progress(&t) == 100.0);
    t.type = TASK_TYPE_EXPIRING;
    assert_true(isnan(task_progress(&t)));
}

static void decisions_are_for_approvals_and_expiry(void **unused)
{
    (void)unused;
    assert_int_equal(task_decision(TASK_TYPE_TASK, 0), -1);
    assert_int_equal(task_decision(TASK_TYPE_EMAIL, 1), -1);
    assert_int_equal(task_decision(TASK_TYPE_EXPIRING_EMAIL, 1), -1);
    assert_int_equal(task_decision(TASK_TYPE_APPROVAL, 0), 0);
    assert_int_equal(task_decision(TASK_TYPE_EXPIRING, 1), 1);
    assert_int_equal(task_decision(TASK_TYPE_EXPIRING, -1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_those_of_the_picture),
        cmocka_unit_test(labels_say_more_than_states),
        cmocka_unit_test(overdue_and_due_soon_meet_at_now),
        cmocka_unit_test(who_sees_edits_and_reopens),
        cmocka_unit_test(who_completes_what),
        cmocka_unit_test(every_refusal_has_its_words),
        cmocka_unit_test(one_rejection_rejects),
        cmocka_unit_test(progress_is_of_those_who_must),
        cmocka_unit_test(decisions_are_for_approvals_and_expiry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
