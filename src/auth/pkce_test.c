/* Proof of key for code exchange. */
#include "auth/pkce.h"

#include <string.h>

#include "base/testing.h"

/* RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

/* Of as many times "a". */
#define OF_128 "aDbPE7rEAOkQUHHNavRwhN-srU5eMCyUv-0k4BOvtz4"
#define OF_129 "wSywJKLlVRzKDgj86PHF4xRVXMP-9jKe6ZSj23UhZq4"

static void the_example_of_the_rfc_is_right(void **state)
{
    struct ctx *c = *state;

    assert_true(pkce_challenge_valid(CHALLENGE));
    assert_true(pkce_proves(c->mem, VERIFIER, CHALLENGE));
}

static void other_verifiers_prove_nothing(void **state)
{
    static const char *const wrong[] = {
        "", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX", VERIFIER "k", VERIFIER "=",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK", CHALLENGE,
    };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(pkce_proves(c->mem, wrong[i], CHALLENGE));
}

static void only_digests_are_challenges(void **unused)
{
    static const char *const wrong[] = {
        "", "short", CHALLENGE "=", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c ",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(pkce_challenge_valid(wrong[i]));
}

static void verifiers_have_a_length(void **state)
{
    struct ctx *c = *state;
    char verifier[130];

    memset(verifier, 'a', sizeof(verifier));
    verifier[129] = '\0';
    assert_false(pkce_proves(c->mem, verifier, OF_129));
    verifier[128] = '\0';
    assert_true(pkce_proves(c->mem, verifier, OF_128));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(the_example_of_the_rfc_is_right),
        WITH_CONTEXT(other_verifiers_prove_nothing),
        cmocka_unit_test(only_digests_are_challenges),
        WITH_CONTEXT(verifiers_have_a_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
