/* The table behind err.h. */
#include "base/err.h"

#include <assert.h>

static const struct {
    int status;
    const char *code;
    const char *message;
} errors[ERR_COUNT] = {
    [OK] = { 200, "OK", "OK" },
#define X(name, status, code, message) [ERR_##name] = { status, code, message },
    ERRORS(X)
#undef X
};

int err_status(enum err e)
{
    assert(e < ERR_COUNT);
    return errors[e].status;
}

const char *err_code(enum err e)
{
    assert(e < ERR_COUNT);
    return errors[e].code;
}

const char *err_message(enum err e)
{
    assert(e < ERR_COUNT);
    return errors[e].message;
}
