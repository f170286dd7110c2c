/* The web app's addresses: every page is the same document, which finds its way by the address. */
#pragma once

#include "http/router.h"

handler pages_read;  /* any page */
handler pages_setup; /* GET /setup: the page for a browser, the state for a program */
handler pages_guest; /* where links of guests lead, which is a document of its own */
handler pages_asset; /* GET /assets/…, /favicon… */

/* A document of the web app whose address is nobody else's business: no page that it leads to is
 * told where its reader came from. */
MUST_CHECK enum err pages_answer_private(const char *document, struct request *req,
                                         struct response *res);
