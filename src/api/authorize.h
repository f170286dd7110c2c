/* Handlers of the authorization endpoint (RFC 6749 section 3.1): where an application sends a
 * browser, and what the page there asks and answers. Each serves /oauth and /mcp/oauth. */
#pragma once

#include "http/router.h"

handler authorize_begin;   /* GET …/authorize: the page, or straight back with an error */
handler authorize_consent; /* GET …/consent?<the same query>: what to ask the person */
handler authorize_answer;  /* POST …/consent?<the same query>: what they say */
