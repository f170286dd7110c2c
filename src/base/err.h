/* Errors: one list of what can go wrong, with the HTTP status and the words clients read.
 * Functions that can fail return enum err; the details travel in the context (see ctx.h). */
#pragma once

#define MUST_CHECK __attribute__((warn_unused_result))

/* clang-format off */
/*    name             status  code                      message */
#define ERRORS(X)                                                                               \
    X(MALFORMED,       400, "BAD_REQUEST",            "The request could not be understood.")   \
    X(UNAUTHENTICATED, 401, "UNAUTHENTICATED",        "Unauthenticated.")                       \
    X(DENIED,          403, "FORBIDDEN",              "You may not do this.")                   \
    X(NOT_FOUND,       404, "RESOURCE_NOT_FOUND",     "Resource not found")                     \
    X(NO_ROUTE,        404, "ENDPOINT_NOT_FOUND",     "API endpoint not found")                 \
    X(METHOD,          405, "METHOD_NOT_ALLOWED",     "This address does not take that method.") \
    X(CONFLICT,        409, "CONFLICT",               "Somebody else changed this meanwhile.")  \
    X(TOO_LARGE,       413, "PAYLOAD_TOO_LARGE",      "The body is too large.")                 \
    X(MEDIA_TYPE,      415, "UNSUPPORTED_MEDIA_TYPE", "The body has a type that is not read here.") \
    X(INVALID,         422, "VALIDATION_FAILED",      "The given data was invalid.")            \
    X(LIMITED,         429, "RATE_LIMIT_EXCEEDED",    "Too many requests. Please slow down.")   \
    X(HEADER_SIZE,     431, "HEADER_TOO_LARGE",       "The header block is too large.")         \
    X(INTERNAL,        500, "INTERNAL_ERROR",         "Internal error")                         \
    X(RETRY,           503, "STORE_BUSY",             "The store is busy. Please try again.")   \
    X(UNAVAILABLE,     503, "STORE_UNAVAILABLE",      "The store cannot be reached. Nothing was changed.") \
    X(UNCERTAIN,       503, "STORE_UNCERTAIN",        "The store was lost while saving. Look before you try again.") \
    X(STORE_FULL,      503, "STORE_FULL",             "The store has no room left. Nothing was changed.")
/* clang-format on */

enum err {
    OK = 0,
#define X(name, status, code, message) ERR_##name,
    ERRORS(X)
#undef X
    ERR_COUNT
};

/* Hands an error up; the only macro in the project that hides a return. */
#define TRY(call)                     \
    do {                              \
        enum err try_err_ = (call);   \
        if (try_err_ != OK)           \
            return try_err_;          \
    } while (0)

/* The HTTP status, the code and the default message of an error. Static strings. */
int err_status(enum err e);
const char *err_code(enum err e);
const char *err_message(enum err e);
