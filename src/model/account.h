/* What people do about their account on their own, with links that are mailed to them: signing up,
 * proving the address, choosing a new password, moving to another address.
 *
 * Nothing here tells a stranger whether an address has an account: each operation answers alike,
 * does the same kind of work, and says what there is to say in a mail. Of one account's links at
 * most a few an hour are mailed; whoever asks for more gets the same answer and no mail. */
#pragma once

#include "auth/auth.h"
#include "model/user.h"

struct registration {
    struct user_input person;      /* its password already hashed */
    const char *organization_name; /* NULL: named after the person */
};

/* A new account that has yet to prove its address, and an organization of its own. Who has an
 * account already is told so by mail, and that is all. */
MUST_CHECK enum err account_register(struct ctx *c, struct auth *auth,
                                     const struct registration *in);

/* Mails a link that proves the account's address, unless that is proved. */
MUST_CHECK enum err account_ask_verification(struct ctx *c, struct auth *auth,
                                             const struct user *user);

/* The link came back: the address is its owner's. Refuses as link_find does, like all operations
 * that take a secret. */
MUST_CHECK enum err account_verify(struct ctx *c, const char *secret, struct user *out);

/* Mails a link for a new password to the account with this address, if there is one: to the
 * address as the account has it, whatever way it was typed here. */
MUST_CHECK enum err account_ask_reset(struct ctx *c, struct auth *auth, const char *email);

/* Whose password the link is for. */
MUST_CHECK enum err account_reset_find(struct ctx *c, const char *secret, struct user *out);

/* A new password. What auth_password_reset says ends, and the account may be signed in to at once,
 * however often somebody guessed before. The link has proved the address. */
MUST_CHECK enum err account_reset(struct ctx *c, struct auth *auth, const char *secret,
                                  const char *password_hash, bool end_named, struct user *out);

/* A new password, by who is signed in (c->caller): every other session ends. */
MUST_CHECK enum err account_change_password(struct ctx *c, struct auth *auth,
                                            const char *password_hash, struct user *out);

/* Tells the owner of an account by mail what happened to it, if the address is proved; the kind is
 * letter.c's, the path that of the page to look at. */
MUST_CHECK enum err account_notify(struct ctx *c, struct auth *auth, const struct user *user,
                                   const char *kind, const char *path);

/* Notes a fault of the field `email` when an account cannot move there, whoever has the address. */
void account_check_email(struct ctx *c, const char *present, const char *wanted);

/* Mails a link to the address, already checked, to which c->caller's account is to move. */
MUST_CHECK enum err account_ask_email(struct ctx *c, struct auth *auth, const char *email,
                                      struct user *out);

/* The link came back: the account moves, and the old address is told. ERR_INVALID on field email
 * when somebody else has taken the address meanwhile. */
MUST_CHECK enum err account_confirm_email(struct ctx *c, struct auth *auth, const char *secret,
                                          struct user *out);
