/* The page on which a person is asked whether an application may act for them: what it shows. */
#pragma once

#include "base/ctx.h"
#include "http/request.h"
#include "model/approval.h"

/* What is asked, beside what the approval says. */
struct question {
    const struct client *client;
    const char *scopes;       /* offered; stored text */
    const char *redirect_uri; /* where an answer leads; NULL: nowhere, or not to be told yet */
    const char *refused_url;  /* that address with a refusal, for who cannot allow it; or NULL */
};

/* {"data":{"client","organizations","scopes","previous","refusal"}} for c->caller's account. */
MUST_CHECK enum err answer_question(struct ctx *c, struct request *req, struct response *res,
                                    const struct question *q);
