/* The context of one request or job: its memory, its moment, its connection to the store, who
 * asks, and what went wrong. Operations take it first and keep nothing of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct db_conn;
struct caller;

struct field_error {
    struct field_error *next;
    const char *field; /* dotted path in the body, e.g. "owners.users" */
    const char *message;
};

/* The first failure, in words for the caller's eyes. */
struct failure {
    enum err err;
    const char *code;    /* NULL: that of err */
    const char *message; /* NULL: that of err */
    struct field_error *fields;
    int retry_after; /* seconds; 0: not said */
};

struct ctx {
    struct arena *mem;
    int64_t now; /* milliseconds UTC; the same for the whole request */
    struct db_conn *db;
    const char *org;             /* id of the organization in the path; NULL outside one */
    const struct caller *caller; /* NULL while nobody is known */
    struct failure failure;
    size_t included; /* bytes that the answer's includes take so far; see base/include.h */
};

/* Records a failure (the first one counts) and returns its error. With a field it is a fault of
 * that field of the body; several may be recorded, and all are told. */
MUST_CHECK enum err fail(struct ctx *c, enum err e, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* As fail without a field, with a code of its own instead of the error's. */
MUST_CHECK enum err fail_code(struct ctx *c, enum err e, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Notes a fault of one field and goes on, so that one answer can name them all; ends with
 * `return fields_ok(c)`, which is ERR_INVALID when there was one. */
void fault(struct ctx *c, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
MUST_CHECK enum err fields_ok(const struct ctx *c);

/* Runs fn with memory of its own, which is given back before this returns: one lot of a large job.
 * What fn says of a failure is kept. */
MUST_CHECK enum err ctx_aside(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), void *arg);

/* Forgets a failure that the caller has dealt with. Returns OK. */
enum err ctx_forgive(struct ctx *c);
