/* What HTTP says about a header block beyond its grammar: which headers may stand how often, and
 * how the body is announced. */
#pragma once

#include <stdint.h>

#include "base/ctx.h"
#include "http/request.h"

enum { BODY_UNKNOWN = -1 };

struct head {
    int64_t body_size; /* announced; BODY_UNKNOWN for a chunked body */
    bool expects_other; /* an Expect that is not 100-continue */
};

/* Checks Host, Content-Length, Transfer-Encoding and Expect of req->headers. ERR_MALFORMED for
 * what leaves room for two readings. */
MUST_CHECK enum err head_check(struct ctx *c, const struct request *req, bool http11,
                               struct head *out);

/* A header's or method's name: a token of RFC 9110. */
bool head_is_token(const char *s, size_t n);

/* A value without control bytes other than tab. */
bool head_is_value(const char *s, size_t n);

/* A request id that may be repeated in answers and logs: 1 to 128 letters, digits and -_.:/+=@ */
bool head_is_request_id(const char *s);
