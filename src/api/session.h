/* Handlers: the first account of a store, signing in and out with a browser and by the API. Those
 * named …_slow hash passwords, off the request threads. */
#pragma once

#include "base/shape.h"
#include "http/router.h"

extern const struct shape setup_shape;
extern const struct shape sign_in_shape;

handler setup_status, setup_complete, setup_complete_slow;
handler session_create, session_create_slow, session_read, session_delete, logout_form;
handler auth_login, auth_logout; /* auth_login's slow part is session_create_slow */

/* ---- for other files that take passwords and sign people in ---- */

enum { PASSWORD_INPUT_MAX = 1000 }; /* of what is compared; the rule for new ones is
                                       password_check's */

/* A password as it was sent: blanks at its ends, which shapes trim, belong to it. */
const char *input_exact(const struct request *req, const char *name, const char *trimmed);

/* Tells that a password was wrong, or right and of no use, as an answer: how the attempt was
 * settled is committed. Other errors are handed on. */
MUST_CHECK enum err answer_wrong(struct ctx *c, struct request *req, struct response *res,
                                 enum err e);

/* Whether a browser says that the request comes from another site. */
bool session_is_foreign(const struct request *req);

/* ERR_DENIED for a form of another site: it may not sign somebody in as somebody else. */
MUST_CHECK enum err session_check_origin(struct ctx *c, const struct request *req);

/* Signs the account in: a new session, also when there was another one, whose end this is. Leaves
 * the answer open for what else belongs to its data; session_answered closes it. */
MUST_CHECK enum err session_open(struct ctx *c, struct request *req, struct response *res,
                                 int64_t user_id, bool remember, struct str **out);
MUST_CHECK enum err session_answered(struct ctx *c, struct request *req, struct response *res,
                                     int status);
