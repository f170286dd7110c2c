/* For the C tests: a context for each test that wants one, gone with it. Included last, since
 * cmocka's macro fail() would hide ours:
 *
 *     static void it_works(void **state) { struct ctx *c = *state; … }
 *     … WITH_CONTEXT(it_works), … */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include "base/ctx.h"

#include <cmocka.h>

static int context_start(void **state)
{
    struct ctx *c = test_calloc(1, sizeof(*c));

    c->mem = arena_new_arena();
    *state = c;
    return 0;
}

static int context_stop(void **state)
{
    struct ctx *c = *state;

    arena_free(c->mem);
    test_free(c);
    return 0;
}

#define WITH_CONTEXT(name) cmocka_unit_test_setup_teardown(name, context_start, context_stop)
