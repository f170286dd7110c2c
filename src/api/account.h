/* Handlers: what people do about their own account without an administrator. Those named …_slow
 * hash passwords, off the request threads. */
#pragma once

#include "base/shape.h"
#include "http/router.h"
#include "model/user.h"

extern const struct shape registration_shape;
extern const struct shape address_shape;      /* an e-mail address */
extern const struct shape link_token_shape;   /* the secret of a link */
extern const struct shape password_reset_shape;
extern const struct shape password_change_shape;
extern const struct shape email_change_shape;

handler account_register_post, account_register_slow;
handler account_verify_post, account_verify_resend;
handler password_reset_ask, password_reset_post, password_reset_slow;
handler password_update, password_update_slow;
handler email_update, email_update_slow, email_confirm;

/* Slow parts of the same by the number of a user, who has to be the caller. */
handler password_update_of_user_slow, email_update_of_user_slow;

/* ---- for other files that take new people and new passwords ---- */

/* What somebody says who signs up, or sets the server up. */
struct registration_input {
    const char *code; /* of the set-up link */
    const char *first_name;
    const char *last_name;
    const char *email;
    const char *password;
    const char *timezone;
    const char *organization_name;
    const char *password_hash; /* made of the password */
};

/* The slow part of both: reads and checks it, by the shape of the one or the other, and hashes the
 * password. It is the request's slow_result then. */
MUST_CHECK enum err registration_read(struct ctx *c, struct request *req,
                                      const struct shape *shape);
struct user_input registration_person(const struct registration_input *in);

/* Notes faults of a new password and of its repetition, as they were sent in the fields `password`
 * and `password_confirmation`, and gives it. NULL when there is none. */
const char *new_password_read(struct ctx *c, const struct request *req, const char *email);

/* The secret of a link, from the field `token`. ERR_INVALID when there is none. */
MUST_CHECK enum err link_token_read(struct ctx *c, const struct request *req, const char **out);

/* The address of a body that has nothing else. ERR_INVALID for what is none. */
MUST_CHECK enum err address_read(struct ctx *c, const struct request *req, const char **out);

/* Tells an address: that something was mailed there, or what is proved now. */
MUST_CHECK enum err answer_address(struct ctx *c, struct request *req, struct response *res,
                                   int status, const char *email);
