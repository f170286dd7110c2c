/* Members: the place of an account in an organization, c->org, and how it comes, changes and goes.
 *
 *             invite            accept
 *     nobody ───────> invited ─────────> active <───────> disabled ──> deleted
 *        ^               │                                   ^            │
 *        └───────────────┘ withdraw                          │            │
 *                        └───────────────────────────────────┘   invite: invited again
 *
 * A row is never removed, except with an invitation that brought nobody: the history names people
 * who are gone. An administrator is never lost: no operation leaves the organization without one,
 * and the default administrator is always an active one. Operations that could lower the number
 * of administrators write the organization's counters before anything else, so that of two at once
 * the later one sees what the earlier one did.
 *
 * Ids are accounts'; ERR_NOT_FOUND for who is no member of c->org, deleted ones included. Mails go
 * to proved addresses, and nobody is told by mail what they did themselves.
 * Everything returned lives in the caller's arena. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "auth/caller.h"
#include "base/ctx.h"
#include "base/shape.h"
#include "model/guest.h"
#include "model/user.h"

/* ---- coming ---- */

/* Somebody becomes a member, or is one again who was deleted. ERR_CONFLICT for a present one. */
MUST_CHECK enum err member_add(struct ctx *c, int64_t user_id, enum role role,
                               bool default_admin);

/* The same for somebody who has yet to join, whom the organization calls by the names in `said`
 * until then, whatever the account's are. */
MUST_CHECK enum err member_add_invited(struct ctx *c, int64_t user_id, enum role role,
                                       const struct user_input *said);

/* ERR_INVALID on field email for the address of a guest, which no member may have. Asked before
 * members are added by address. */
MUST_CHECK enum err member_check_no_guest(struct ctx *c, const char *email);

/* A new organization's bot: what the server itself does there is done by it. */
MUST_CHECK enum err member_add_bot(struct ctx *c);

/* An invited member becomes an active one, and is welcomed. ERR_CONFLICT for anybody else. */
MUST_CHECK enum err member_join(struct ctx *c, struct auth *auth, int64_t user_id);

/* Roles as requests name them: also by a word that old clients use. */
extern const char *const role_input_words[];
enum role role_of_input(int word);

struct invite_input {
    const char *email;
    const char *first_name, *last_name; /* NULL: made of the address */
    int role;                           /* index of role_input_words */
    const char *message;                /* goes into the mail; NULL: none */
};
#define INVITE_INPUT ((struct invite_input){ .role = ROLE_LIGHT })
extern const struct shape invite_shape;

/* Names for who has none: "jo.doe@example.com" lends Jo and Doe, "jo@example.com" Jo and Example.
 * Fills what is NULL or empty. */
void member_name(struct arena *mem, const char *email, const char **first, const char **last);

/* Makes an account for the address, unless there is one, and mails an invitation. ERR_DENIED when
 * the caller may not grant the role; ERR_INVALID on field email for members and guests. */
MUST_CHECK enum err member_invite(struct ctx *c, struct auth *auth, const struct invite_input *in,
                                  struct user *out);

/* Mails a new link; the old one is dead. ERR_MALFORMED for who is not invited. */
MUST_CHECK enum err member_resend(struct ctx *c, struct auth *auth, int64_t user_id,
                                  struct user *out);

/* Takes an invitation back: its link is dead, and an account that was made for it and never used
 * is removed. *out is as it was. ERR_MALFORMED for who is not invited. */
MUST_CHECK enum err member_withdraw(struct ctx *c, int64_t user_id, struct user *out);

/* The same in every organization that the account has not joined: an invitation is to an address,
 * so it ends when the account has another one, which those organizations do not learn. */
MUST_CHECK enum err member_withdraw_everywhere(struct ctx *c, int64_t user_id);

/* ---- changing ---- */

/* Takes effect with the member's next request. ERR_MALFORMED for the bot, the default
 * administrator and the last administrator. */
MUST_CHECK enum err member_set_role(struct ctx *c, int64_t user_id, enum role role,
                                    struct user *out);

/* ERR_INVALID for who is no active administrator. */
MUST_CHECK enum err member_make_default_admin(struct ctx *c, int64_t user_id, struct user *out);

/* ---- going ---- */

/* Who gets the open tasks of a member who goes, and how many that were. */
struct hand_over {
    bool wanted; /* else they stay */
    int64_t to;  /* ERR_INVALID on field `to` unless that is another active member */
    int64_t moved, left;
};

/* Ends a member's access to the organization, and for good the credentials that opened it: tokens
 * bound to it and what would become one. When it was the account's last, every session and token.
 * The member leaves groups and guests; open tasks stay unless handed over. The flag of the default
 * administrator moves to the oldest other one. Again is OK without effects.
 * ERR_MALFORMED for the bot and when there is no other administrator. */
MUST_CHECK enum err member_disable(struct ctx *c, struct auth *auth, int64_t user_id,
                                   struct hand_over *tasks, struct user *out);

/* The same under another name: what clients call removing. */
MUST_CHECK enum err member_remove(struct ctx *c, struct auth *auth, int64_t user_id,
                                  struct hand_over *tasks, struct user *out);

/* A disabled member is active again; one who had never joined is invited again. Again is OK without
 * effects. */
MUST_CHECK enum err member_enable(struct ctx *c, struct auth *auth, int64_t user_id,
                                  struct user *out);

/* A disabled member is in no list any more. An account that is in no other organization ends: its
 * address is free, nobody signs in to it, and its last name says so. *out is as it then is. */
MUST_CHECK enum err member_delete(struct ctx *c, int64_t user_id, struct hand_over *tasks,
                                  struct user *out);

/* ---- members and guests ---- */

/* A member becomes a guest, with the open tasks. */
MUST_CHECK enum err member_to_guest(struct ctx *c, struct auth *auth, int64_t user_id,
                                    struct guest *out);

/* A guest is invited to become a member, with the open tasks; the guest is no more. */
MUST_CHECK enum err member_from_guest(struct ctx *c, struct auth *auth, const char *email,
                                      enum role role, struct user *out);

/* ---- for handlers ---- */

/* The member whom a path names: by id or by address. */
MUST_CHECK enum err member_find(struct ctx *c, const char *named, int64_t *user_id);
