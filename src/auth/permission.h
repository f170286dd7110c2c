/* Who may do what in an organization: one table (permission.c), read by the dispatcher for the
 * routes, by handlers and operations for what depends on the record, and by the tests, as
 * `pawl permissions --json` prints it. */
#pragma once

#include "auth/caller.h"
#include "base/str.h"

enum action {
    SEE_ORGANIZATION,
    MANAGE_ORGANIZATION,
    KEEP_OWN_PROFILE,
    SEE_MEMBERS,
    KEEP_PROFILES,
    INVITE_MEMBERS,
    MANAGE_MEMBERS,
    SEE_GROUPS,
    MANAGE_GROUPS,
    SEE_GUESTS,
    ADD_GUESTS,
    MANAGE_GUESTS,
    SEE_TASKS_OF_GUESTS,
    SEE_TASKS,
    CREATE_TASKS,
    WORK_ON_TASKS,
    REOPEN_TASKS,
    DELETE_FOR_GOOD,
    SEE_TAGS,
    USE_TAGS,
    MANAGE_TAGS,
    SEE_FOLDERS,
    MANAGE_FOLDERS,
    SEE_ACTIVITY,
    ACTIONS,
};

enum right {
    NO,
    YES,
    OWN,     /* what is theirs, as the operation knows it: their tasks, their own profile */
    SETTING, /* when the organization's settings say so */
};

extern const char *const right_words[]; /* no, yes, own, setting */

struct permission {
    const char *name;  /* of the action */
    const char *doing; /* "Inviting members": how a refusal begins */
    enum right admin, standard, light, guest;
    enum org_setting setting; /* for SETTING */
};

extern const struct permission permissions[ACTIONS];

/* What the table says for this caller in c->org: NO, YES or OWN. */
enum right permitted(const struct caller *who, enum action action);

/* OK for YES and OWN; else ERR_DENIED, FORBIDDEN_ROLE, with what it takes. */
MUST_CHECK enum err permit(struct ctx *c, enum action action);

/* OK for YES and for what is the caller's own; else the same refusal. */
MUST_CHECK enum err permit_own(struct ctx *c, enum action action, bool own);

/* The table as a JSON list of {name, admin, standard, light, guest, setting}. */
void permissions_write(struct str *out);
