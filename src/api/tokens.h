/* The tokens of an account: the personal one on its page, named ones, and those that applications
 * hold; and those of everybody that work in an organization. */
#pragma once

#include "http/router.h"

handler personal_token_read;        /* GET /session/personal-token */
handler personal_token_reveal_post; /* POST /session/personal-token/reveal */
handler personal_token_replace_post; /* POST /session/personal-token/replace */

handler named_tokens_list;   /* GET /oauth/personal-access-tokens */
handler named_tokens_create; /* POST /oauth/personal-access-tokens */
handler named_tokens_rename; /* PUT /oauth/personal-access-tokens/{id} */
handler named_tokens_rotate; /* POST /oauth/personal-access-tokens/{id}/rotate */
handler named_tokens_revoke; /* DELETE /oauth/personal-access-tokens/{id} */

handler connected_tokens_list;   /* GET /oauth/tokens */
handler connected_tokens_revoke; /* DELETE /oauth/tokens/{id} */
handler all_tokens_revoke;       /* DELETE /oauth/tokens */

handler org_tokens_list;   /* GET O/tokens */
handler org_tokens_revoke; /* DELETE O/tokens/{id} */
