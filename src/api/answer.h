/* Answers: the envelopes of the API, written from shapes. */
#pragma once

#include "base/ctx.h"
#include "base/shape.h"
#include "http/request.h"

/* One page of a list: what was asked for and what there is. */
struct page {
    int64_t number;   /* from 1 */
    int64_t per_page; /* rows wanted at most */
    int64_t total;    /* set by the operation */
    int64_t count;    /* rows in this answer */
};

/* Reads page, per_page or its alias limit from the query; out-of-range sizes are clamped. */
struct page page_read(const struct request *req, int64_t standard, int64_t most);
static inline int64_t page_offset(const struct page *p) { return (p->number - 1) * p->per_page; }

/* Reads the query's parameters that the shape knows into a struct that holds the values of those
 * which are absent or empty. */
MUST_CHECK enum err query_read(struct ctx *c, const struct request *req,
                               const struct shape *shape, void *record);

/* Reads the body for an operation that checks more than the shape can say: what is wrong is noted,
 * and the operation's own fields_ok refuses it all at once. */
MUST_CHECK enum err body_read(struct ctx *c, const struct request *req, const struct shape *shape,
                              enum shape_read_mode mode, void *record);

/* Whether the query's `with`, a list with commas, has this name. */
bool answer_includes(const struct request *req, const char *name);

/* The shape with those of `includes` (a table of fields) that the query asks for. Names that are
 * no includes are ignored: clients send some that the answer has anyway. */
const struct shape *answer_shape(const struct request *req, const struct shape *plain,
                                 const struct field *includes);

/* What an include says of a record that has nothing of the kind. */
#define NO_RECORDS "{\"data\":[]}"

/* {"data":{…}} with a status (200, 201 …); names of unknown body keys go to meta.warnings. */
MUST_CHECK enum err answer(struct ctx *c, struct request *req, struct response *res, int status,
                           const struct shape *shape, const void *record);

/* {"data":[…],"meta":{"pagination":{…}}}. extra_meta is JSON members text ("\"a\":1") or NULL. */
MUST_CHECK enum err answer_list(struct ctx *c, struct request *req, struct response *res,
                                const struct shape *shape, const void *records,
                                const struct page *page, const char *extra_meta);

/* For answers that a handler writes itself: begin gives an empty body to write JSON into, end
 * checks that it fitted and sets status and type. */
struct str *answer_begin(struct request *req, struct response *res);
MUST_CHECK enum err answer_end(struct ctx *c, struct response *res, int status);

/* Writes the "meta" member with warnings, when there are any. */
void answer_meta_warnings(struct request *req, struct str *out);

/* What holds a secret must not stay in any cache. */
void answer_never_cached(struct request *req, struct response *res);

/* 200 {"success":true}: for what clients look at that word of. */
MUST_CHECK enum err answer_success(struct ctx *c, struct request *req, struct response *res);

/* 204, no body. */
MUST_CHECK enum err answer_nothing(struct response *res);

/* Writes what c->failure says, as an answer, and returns OK: for a handler whose refusal must be
 * committed (a failed sign-in is counted), and for the dispatcher. */
MUST_CHECK enum err answer_failure(struct ctx *c, struct request *req, struct response *res);

/* The same in the form of RFC 6749 section 5.2, which is that of routes with ROUTE_OAUTH_ERRORS
 * anyway. */
MUST_CHECK enum err answer_oauth_failure(struct ctx *c, struct request *req,
                                         struct response *res);
