/* See permission.h. */
#include "auth/permission.h"

#include "base/json.h"

/* clang-format off */
const struct permission permissions[ACTIONS] = {
    /*                        name                                             admin standard light guest */
    [SEE_ORGANIZATION]    = { "see_organization",    "Seeing the organization", YES, YES,     YES,  NO },
    [MANAGE_ORGANIZATION] = { "manage_organization", "Managing the organization", YES, NO,    NO,   NO },
    [KEEP_OWN_PROFILE]    = { "keep_own_profile",    "Keeping a profile",       YES, YES,     YES,  NO },
    [SEE_MEMBERS]         = { "see_members",         "Seeing members",          YES, YES,     YES,  NO },
    [KEEP_PROFILES]       = { "keep_profiles",       "Opening another's profile", YES, OWN, OWN, NO },
    [INVITE_MEMBERS]      = { "invite_members",      "Inviting members",        YES, SETTING, NO,   NO, ALLOW_USER_INVITE },
    [MANAGE_MEMBERS]      = { "manage_members",      "Managing members",        YES, NO,      NO,   NO },
    [SEE_GROUPS]          = { "see_groups",          "Seeing groups",           YES, YES,     YES,  NO },
    [MANAGE_GROUPS]       = { "manage_groups",       "Managing groups",         YES, SETTING, NO,   NO, ALLOW_MANAGE_GROUPS },
    [SEE_GUESTS]          = { "see_guests",          "Seeing guests",           YES, YES,     OWN,  NO },
    [ADD_GUESTS]          = { "add_guests",          "Adding and changing guests", YES, YES,  NO,   NO },
    [MANAGE_GUESTS]       = { "manage_guests",       "Managing guests",         YES, NO,      NO,   NO },
    [SEE_TASKS_OF_GUESTS] = { "see_tasks_of_guests", "Seeing the tasks of guests", YES, YES,  OWN,  OWN },
    [SEE_TASKS]           = { "see_tasks",           "Seeing tasks",            YES, YES,     OWN,  NO },
    [CREATE_TASKS]        = { "create_tasks",        "Creating tasks",          YES, YES,     NO,   NO },
    [WORK_ON_TASKS]       = { "work_on_tasks",       "Working on tasks",        YES, YES,     OWN,  NO },
    [REOPEN_TASKS]        = { "reopen_tasks",        "Reopening tasks",         YES, YES,     OWN,  NO },
    [DELETE_FOR_GOOD]     = { "delete_for_good",     "Deleting for good",       YES, NO,      NO,   NO },
    [SEE_TAGS]            = { "see_tags",            "Seeing tags",             YES, YES,     YES,  NO },
    [USE_TAGS]            = { "use_tags",            "Using tags",              YES, YES,     NO,   NO },
    [MANAGE_TAGS]         = { "manage_tags",         "Managing tags",           YES, NO,      NO,   NO },
    [SEE_FOLDERS]         = { "see_folders",         "Seeing folders",          YES, YES,     YES,  NO },
    [MANAGE_FOLDERS]      = { "manage_folders",      "Managing folders",        YES, YES,     NO,   NO },
    [SEE_ACTIVITY]        = { "see_activity",        "Seeing activity",         YES, OWN,     OWN,  NO },
};
/* clang-format on */

const char *const right_words[] = {
    [NO] = "no", [YES] = "yes", [OWN] = "own", [SETTING] = "setting"
};

static const char *const setting_words[] = {
    [ALLOW_USER_INVITE] = "allow_user_invite",
    [ALLOW_MANAGE_GROUPS] = "allow_manage_groups",
};

/* The cell of the table. */
static enum right cell(const struct permission *p, const struct caller *who)
{
    if (who->guest_id != 0)
        return p->guest;
    switch (who->role) {
    case ROLE_ADMIN:
        return p->admin;
    case ROLE_STANDARD:
        return p->standard;
    case ROLE_LIGHT:
        return p->light;
    default:
        return NO;
    }
}

enum right permitted(const struct caller *who, enum action action)
{
    const struct permission *p = &permissions[action];
    enum right right = cell(p, who);

    if (right != SETTING)
        return right;
    return who->org_settings & (1u << p->setting) ? YES : NO;
}

static enum role least_role(const struct permission *p)
{
    if (p->light != NO)
        return ROLE_LIGHT;
    return p->standard == YES || p->standard == OWN ? ROLE_STANDARD : ROLE_ADMIN;
}

static enum err refuse(struct ctx *c, const struct permission *p, enum role least)
{
    if (p->standard == SETTING)
        return fail_code(c, ERR_DENIED, "FORBIDDEN_ROLE",
                         "%s takes the role admin; or standard, where the organization's setting "
                         "%s is on.", p->doing, setting_words[p->setting]);
    return fail_code(c, ERR_DENIED, "FORBIDDEN_ROLE", "%s takes the role %s%s.", p->doing,
                     role_words[least], least == ROLE_ADMIN ? "" : " or a higher one");
}

enum err permit(struct ctx *c, enum action action)
{
    const struct permission *p = &permissions[action];

    return permitted(c->caller, action) != NO ? OK : refuse(c, p, least_role(p));
}

enum err permit_own(struct ctx *c, enum action action, bool own)
{
    const struct permission *p = &permissions[action];
    enum right right = permitted(c->caller, action);

    if (right == YES || (right == OWN && own))
        return OK;
    return refuse(c, p, p->standard == YES ? ROLE_STANDARD : ROLE_ADMIN);
}

void permissions_write(struct str *out)
{
    json_begin_list(out);
    for (size_t i = 0; i < ACTIONS; i++) {
        const struct permission *p = &permissions[i];

        json_begin_object(out);
        json_key_text(out, "name", p->name);
        json_key_text(out, "admin", right_words[p->admin]);
        json_key_text(out, "standard", right_words[p->standard]);
        json_key_text(out, "light", right_words[p->light]);
        json_key_text(out, "guest", right_words[p->guest]);
        json_key_text(out, "setting", p->standard == SETTING ? setting_words[p->setting] : NULL);
        json_end_object(out);
    }
    json_end_list(out);
}
