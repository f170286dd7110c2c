/* The outbox, for administrators: what left, what waits and why. Without a mail server they can
 * read what waits, links included, and hand it over themselves. */
#pragma once

#include "http/router.h"

handler mails_list;
handler mails_read;
handler mails_retry;
handler mails_test; /* a mail to the caller */
