/* See activity.h. The names of things are looked up when the feed is read, since a log that copied
 * them would go on telling old ones; what may be gone by then (a token, a deleted task) has its
 * name in the event.
 *
 * The log is read from its newest end, along one of three indexes: all of it, one actor's part, or
 * that of one thing. */
#include "model/activity.h"

#include <ctype.h>
#include <string.h>

#include "auth/caller.h"
#include "base/clock.h"
#include "base/text.h"
#include "db/db.h"
#include "model/user_row.h"

enum { NOBODY = -1, ACTOR_KINDS = 2, SENTENCE_MAX = 4000, LIST_MAX = 8000 };

/* ---- what there is ---- */

static const char TASK_NAME[] = "SELECT title FROM tasks WHERE org_id = ?1 AND id = ?2";

static const char ORG_NAME[] = "SELECT name FROM organizations WHERE id = ?1 AND id = ?2";

/* The inner cast tells PostgreSQL that the argument is text. */
static const char USER_NAME[] =
    "SELECT " FIRST_NAME " || ' ' || " LAST_NAME
    "  FROM members m JOIN users u ON u.id = m.user_id"
    " WHERE m.org_id = ?1 AND m.user_id = CAST(CAST(?2 AS TEXT) AS BIGINT)";

static const char GUEST_NAME[] =
    "SELECT CASE WHEN name_key = '' THEN email"
    "            ELSE trim(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')) END"
    "  FROM guests WHERE org_id = ?1 AND id = CAST(CAST(?2 AS TEXT) AS BIGINT)";

static const char CLIENT_NAME[] =
    "SELECT name FROM oauth_clients"
    " WHERE (org_id = ?1 OR org_id IS NULL) AND id = CAST(CAST(?2 AS TEXT) AS BIGINT)";

static const char GROUP_NAME[] = "SELECT name FROM groups WHERE org_id = ?1 AND id = ?2";

static const char JOB_TITLE_NAME[] = "SELECT title FROM job_titles WHERE org_id = ?1 AND id = ?2";

static const char CUSTOM_FIELD_NAME[] =
    "SELECT label FROM custom_field_keys WHERE org_id = ?1 AND id = ?2";

static const char MAIL_NAME[] = "SELECT subject FROM mails WHERE org_id = ?1 AND id = ?2";

enum type {
    T_APPLICATION, T_BLUEPRINT, T_COMMENT, T_GROUP, T_GUEST, T_MAIL, T_ORGANIZATION, T_PROCESS,
    T_STEP, T_TAG, T_TASK, T_TOKEN, T_USER,
};

static const char *const type_words[] = {
    "Application", "Blueprint", "Comment", "Group", "Guest", "Mail", "Organization", "Process",
    "Step", "Tag", "Task", "Token", "User", NULL,
};

/* Kinds of actors, in the order of ACTOR_KIND; nothing else acts here. */
static const char *const actor_words[] = { "user", "guest", NULL };
static const char *const source_words[] = { "Member", "Guest", "Webhook", NULL };

/* What events are about. Those without a noun are called by their name alone. */
static const struct subject {
    const char *word; /* subject_type of the event, entity_type of the filter */
    enum type type;
    const char *noun;
    const char *name; /* SQL; NULL: the event has it */
} subjects[] = {
    { "task", T_TASK, "the task", TASK_NAME },
    { "organization", T_ORGANIZATION, "the organization", ORG_NAME },
    { "member", T_USER, NULL, USER_NAME },
    { "account", T_USER, NULL, USER_NAME },
    { "token", T_TOKEN, NULL, NULL },
    { "oauth_client", T_APPLICATION, "the application", CLIENT_NAME },
    { "mail", T_MAIL, "the mail", MAIL_NAME },
    { "guest", T_GUEST, "the guest", GUEST_NAME },
    { "group", T_GROUP, "the group", GROUP_NAME },
    { "job_title", T_ORGANIZATION, "the job title", JOB_TITLE_NAME },
    { "custom_field_key", T_ORGANIZATION, "the custom field", CUSTOM_FIELD_NAME },
    { "tag", T_TAG, "the tag", NULL },
    { "folder", T_ORGANIZATION, "the folder", NULL },
    /* Kinds of things that clients ask for and that nothing has happened to. */
    { "checklist", T_BLUEPRINT, "the blueprint", NULL },
    { "run", T_PROCESS, "the process", NULL },
    { "step", T_STEP, "the step", NULL },
    { "thread", T_COMMENT, "the comment", NULL },
};

enum { SUBJECTS = sizeof(subjects) / sizeof(subjects[0]) };

/* ---- the sentences ---- */

/* {who} did it, {it} is what it was done to, {It} the same at the beginning. A verb that is not
 * here and is one word stands as it is between the two: "Ada Admin archived the task “Water”". */
static const struct {
    const char *subject, *verb, *sentence;
} sentences[] = {
    { "task", "part_completed", "{who} completed their part of {it}" },
    { "task", "owners-updated", "{who} changed whom {it} is assigned to" },
    { "member", "created", "{who} added {it}" },
    { "member", "updated", "{who} changed the profile of {it}" },
    { "member", "invite-accepted", "{who} accepted the invitation" },
    { "member", "invite-resent", "{who} invited {it} again" },
    { "member", "invite-withdrawn", "{who} withdrew the invitation of {it}" },
    { "member", "role_changed", "{who} changed the role of {it}" },
    { "member", "default_admin", "{who} made {it} the default administrator" },
    { "member", "converted", "{who} made {it} a guest" },
    { "guest", "created", "{who} added {it}" },
    { "guest", "updated", "{who} changed the profile of {it}" },
    { "guest", "link_reset", "{who} gave {it} a new link" },
    { "guest", "converted", "{who} made {it} a member" },
    { "tag", "linked", "{who} put {it} on a record" },
    { "tag", "unlinked", "{who} took {it} off a record" },
    { "folder", "linked", "{who} put a record into {it}" },
    { "folder", "unlinked", "{who} took a record out of {it}" },
    { "account", "login_failed", "Somebody failed to sign in as {it}" },
    { "account", "password_reset_initiated", "Somebody asked for a new password for {it}" },
    { "account", "password_reset_completed", "{It} has a new password, set by a link" },
    { "account", "password_changed", "{who} changed the password of {it}" },
    { "account", "email_address_changed", "{who} changed the e-mail address of {it}" },
    { "account", "email_verified", "The e-mail address of {it} was verified" },
    { "account", "second_factor_enabled", "{who} turned on the second factor of {it}" },
    { "account", "second_factor_disabled", "{who} turned off the second factor of {it}" },
    { "account", "recovery_codes_made", "{who} made new recovery codes for {it}" },
    { "account", "recovery_code_used", "A recovery code of {it} was used" },
    { "token", "first_used", "{who} used {it} for the first time" },
    { "token", "refused", "{It} was used after its end, and refused" },
    { "token", "expired", "{It} expired" },
    { "oauth_client", "secret_replaced", "{who} gave {it} a new secret" },
    { "oauth_client", "consent_revoked", "{who} withdrew what {it} was allowed" },
    { "mail", "failed", "{It} could not be delivered" },
};

/* ---- verbs on the wire ---- */

/* Clients of the interface know these by other words. */
static const struct {
    const char *stored, *told;
} verbs[] = { { "reopened", "re-opened" }, { "restored", "unarchived" } };

static const char *verb_told(const char *stored)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verbs[i].stored, stored) == 0)
            return verbs[i].told;
    return stored;
}

static const char *verb_stored(const char *told)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verbs[i].told, told) == 0)
            return verbs[i].stored;
    return told;
}

/* ---- shape ---- */

#define NOTHING(key) { .name = key, .type = FIELD_FIXED, .fixed = "null" }

static const struct field activity_fields[] = {
    FIELD(activity, id, INT, READONLY),
    FIELD(activity, organization_id, TEXT, READONLY),
    FIELD(activity, verb, JSON, READONLY),
    FIELD(activity, source, JSON, READONLY),
    FIELD(activity, actor_type, JSON, READONLY),
    FIELD(activity, actor_id, JSON, READONLY),
    FIELD(activity, actor, JSON, READONLY),
    FIELD(activity, type, TEXT, READONLY),
    FIELD(activity, description, TEXT, READONLY),
    NOTHING("field"),
    NOTHING("old_value"),
    NOTHING("text"),
    NOTHING("references"),
    FIELD(activity, auditable_type, TEXT, READONLY),
    FIELD(activity, auditable_id, TEXT, READONLY),
    NOTHING("parentable_type"),
    NOTHING("parentable_id"),
    FIELD(activity, token_id, TEXT, READONLY_NULL),
    FIELD(activity, created_at, TIME, READONLY),
    { .name = "undoable", .type = FIELD_FIXED, .fixed = "false" },
    FIELD(activity, audit, JSON, READONLY),
    NOTHING("parent"),
    NOTHING("origin"),
    FIELD(activity, event_verb, TEXT, HIDDEN),
    FIELD(activity, data, TEXT, HIDDEN),
    FIELD(activity, application, TEXT, HIDDEN),
    FIELD(activity, user_id, INT, HIDDEN),
    FIELD(activity, by_guest, BOOL, HIDDEN),
    FIELD(activity, email, TEXT, HIDDEN),
    FIELD(activity, username, TEXT, HIDDEN),
    FIELD(activity, first_name, TEXT, HIDDEN),
    FIELD(activity, last_name, TEXT, HIDDEN),
    FIELD(activity, profile_pic, TEXT, HIDDEN),
    { 0 },
};
const struct shape activity_shape = SHAPE(activity, activity_fields);

static const struct field filter_fields[] = {
    FIELD(activity_filter, entity_type, TEXT, OPTIONAL, .max = 40),
    FIELD(activity_filter, entity_id, TEXT, OPTIONAL, .max = 100),
    FIELD(activity_filter, type, WORD, OPTIONAL, .words = type_words),
    FIELD(activity_filter, verb, TEXT, OPTIONAL, .max = 40),
    FIELD(activity_filter, actor_id, INT, OPTIONAL),
    FIELD(activity_filter, actor_email, TEXT, OPTIONAL, .max = 254),
    FIELD(activity_filter, actor_type, WORD, OPTIONAL, .words = actor_words),
    FIELD(activity_filter, source, WORD, OPTIONAL, .words = source_words),
    FIELD(activity_filter, created_after, TEXT, OPTIONAL),
    FIELD(activity_filter, created_before, TEXT, OPTIONAL),
    { 0 },
};
const struct shape activity_filter_shape = SHAPE(activity_filter, filter_fields);

/* ---- SQL ---- */

#define COLUMNS                                                                              \
    "SELECT e.seq AS id, e.org_id AS organization_id, e.verb AS event_verb,"                 \
    "       e.subject_type AS auditable_type, e.subject_id AS auditable_id, e.token_id,"     \
    "       e.data, e.at AS created_at, e.actor_id AS user_id,"                              \
    "       CASE WHEN u.id IS NULL AND p.id IS NOT NULL THEN 1 ELSE 0 END AS by_guest,"      \
    "       COALESCE(u.email, p.email) AS email, u.username,"                                \
    "       COALESCE(u.first_name, p.first_name) AS first_name,"                             \
    "       COALESCE(u.last_name, p.last_name) AS last_name,"                                \
    "       COALESCE(u.profile_pic, p.image_url) AS profile_pic, a.name AS application"      \
    "  FROM events e"                                                                        \
    "  LEFT JOIN users u ON u.id = e.actor_id"                                               \
    "  LEFT JOIN guests p ON p.org_id = e.org_id AND p.id = e.actor_id"                      \
    "  LEFT JOIN tokens k ON k.id = e.token_id"                                              \
    "  LEFT JOIN oauth_clients a ON a.id = k.client_id"

#define COUNT "SELECT count(*) FROM events e"

/* An index of actor_words; null for what Pawl or an application did by itself. */
#define ACTOR_KIND                                                                           \
    " CASE WHEN EXISTS (SELECT 1 FROM users v WHERE v.id = e.actor_id) THEN 0"               \
    "      WHEN EXISTS (SELECT 1 FROM guests q"                                              \
    "                    WHERE q.org_id = e.org_id AND q.id = e.actor_id) THEN 1 END"

#define WHERE                                                                                \
    " WHERE e.org_id = ?1"                                                                   \
    "   AND (CAST(?2 AS TEXT) IS NULL OR e.subject_type = ?2)"                               \
    "   AND (CAST(?3 AS TEXT) IS NULL OR e.subject_id = ?3)"                                 \
    "   AND (CAST(?4 AS BIGINT) IS NULL OR e.actor_id = ?4)"                                 \
    "   AND (CAST(?5 AS TEXT) IS NULL OR e.verb = ?5)"                                       \
    "   AND (CAST(?6 AS TEXT) IS NULL OR ?6 LIKE '% ' || e.subject_type || ' %')"            \
    "   AND e.at >= ?7 AND e.at < ?8"                                                        \
    "   AND (CAST(?9 AS BIGINT) IS NULL OR ?9 =" ACTOR_KIND ")"

/* The same again as a plain condition is what the engines find an index by. */
#define OF_ACTOR " AND e.actor_id = ?4"
#define OF_SUBJECT " AND e.subject_type = ?2 AND e.subject_id = ?3"

#define PAGE " ORDER BY e.seq DESC LIMIT ?10 OFFSET ?11"

enum lead { ALL, ACTOR, SUBJECT, LEADS };

static const char *const FEED[LEADS] = {
    [ALL] = COLUMNS WHERE PAGE,
    [ACTOR] = COLUMNS WHERE OF_ACTOR PAGE,
    [SUBJECT] = COLUMNS WHERE OF_SUBJECT PAGE,
};

static const char *const FEED_COUNT[LEADS] = {
    [ALL] = COUNT WHERE,
    [ACTOR] = COUNT WHERE OF_ACTOR,
    [SUBJECT] = COUNT WHERE OF_SUBJECT,
};

/* Of everything, without reading the log. */
static const char EVENTS_OF_ORG[] = "SELECT events FROM org_counters WHERE org_id = ?";

/* Whose address it is here; else anybody's, since strangers act too; else nobody's. */
static const char ACTOR_BY_EMAIL[] =
    "SELECT COALESCE("
    "  (SELECT m.user_id FROM users u JOIN members m ON m.user_id = u.id"
    "    WHERE m.org_id = ?1 AND u.email_folded = ?2),"
    "  (SELECT p.id FROM guests p WHERE p.org_id = ?1 AND p.email_folded = ?2),"
    "  (SELECT u.id FROM users u WHERE u.email_folded = ?2), -1)";

/* ---- the filter ---- */

/* What the statements take. */
struct plan {
    const char *entity_type, *entity_id, *verb, *types;
    int64_t actor; /* 0: anybody */
    int kind;      /* of actor: an index of actor_words; -1: any; another one: nobody's */
    int64_t from, to;
    enum lead lead;
    bool everything;
};

static const struct subject *subject_of(const char *word)
{
    for (int i = 0; i < SUBJECTS; i++)
        if (strcmp(subjects[i].word, word) == 0)
            return &subjects[i];
    return NULL;
}

/* " member account " for User: a list that a word is looked for in. */
static const char *words_of(struct ctx *c, int type)
{
    const char *words = " ";

    if (type < 0)
        return NULL;
    for (int i = 0; i < SUBJECTS; i++)
        if ((int)subjects[i].type == type)
            words = arena_printf(c->mem, "%s%s ", words, subjects[i].word);
    return words;
}

static void check_words(struct ctx *c, const struct activity_filter *f)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_-";

    if (f->entity_type != NULL && subject_of(f->entity_type) == NULL)
        fault(c, "entity_type", "The entity type is not known here.");
    if (f->verb != NULL && f->verb[strspn(f->verb, letters)] != '\0')
        fault(c, "verb", "The verb must be a word such as created.");
    if (f->actor_email != NULL && !text_is_email(f->actor_email))
        fault(c, "actor_email", "The actor email must be an e-mail address.");
}

static void plan_time(struct ctx *c, const struct activity_filter *f, struct plan *p)
{
    static const char how[] = "The %s must be a date such as 2030-01-31, "
                              "with a time or without.";
    int64_t start, end;

    p->to = INT64_MAX;
    if (f->created_after != NULL) {
        if (time_parse_span(f->created_after, &start, &end))
            p->from = start;
        else
            fault(c, "created_after", how, "created after");
    }
    if (f->created_before != NULL) {
        if (time_parse_span(f->created_before, &start, &end))
            p->to = end;
        else
            fault(c, "created_before", how, "created before");
    }
}

/* Two wishes that contradict each other are nobody's acts. */
static int64_t both(int64_t a, int64_t b)
{
    return a == 0 || a == b ? b : b == 0 ? a : NOBODY;
}

static enum err plan_actor(struct ctx *c, const struct activity_filter *f, struct plan *p)
{
    int64_t id;

    p->actor = f->actor_id < 0 ? 0 : f->actor_id == 0 ? NOBODY : f->actor_id;
    if (f->actor_email != NULL) {
        TRY(db_int(c, ACTOR_BY_EMAIL, &id, TEXT(c->org),
                   TEXT(text_fold_email(c->mem, f->actor_email))));
        p->actor = both(p->actor, id);
    }
    if (c->caller->role != ROLE_ADMIN)
        p->actor = both(p->actor, c->caller->user_id);
    return OK;
}

static enum err make_plan(struct ctx *c, const struct activity_filter *f, struct plan *p)
{
    *p = (struct plan){
        .entity_type = f->entity_type,
        .entity_id = f->entity_id,
        .verb = f->verb == NULL ? NULL : verb_stored(f->verb),
        .types = words_of(c, f->type),
        .kind = f->actor_type < 0 || f->source == f->actor_type ? f->source :
                f->source < 0 ? f->actor_type : ACTOR_KINDS,
    };
    check_words(c, f);
    plan_time(c, f, p);
    TRY(fields_ok(c));
    TRY(plan_actor(c, f, p));
    if (p->entity_type != NULL && p->entity_id != NULL)
        p->lead = SUBJECT;
    else if (p->actor != 0)
        p->lead = ACTOR;
    p->everything = p->lead == ALL && p->entity_type == NULL && p->entity_id == NULL &&
                    p->verb == NULL && p->types == NULL && p->kind < 0 && p->from == 0 &&
                    p->to == INT64_MAX;
    return OK;
}

/* ---- what a row says ---- */

static const char *quoted(struct ctx *c, const char *noun, const char *name)
{
    if (name == NULL || name[0] == '\0')
        return noun;
    return arena_printf(c->mem, "%s “%s”", noun, name);
}

/* NULL for what is gone. */
static enum err look_up(struct ctx *c, const char *sql, const char *id, const char **out)
{
    enum err e = db_text(c, sql, out, TEXT(c->org), TEXT(id));

    if (e == ERR_NOT_FOUND)
        *out = NULL;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* `was` is the name that an event has; NULL: none. */
static enum err name_person(struct ctx *c, const char *id, const char *was, const char **out)
{
    TRY(look_up(c, USER_NAME, id, out));
    if (*out == NULL)
        *out = was == NULL ? "somebody who is gone" : was;
    *out = text_trim(c->mem, *out);
    return OK;
}

/* Guests may have no name but their address. */
static const char *name_of(struct ctx *c, const char *first, const char *last, const char *email)
{
    const char *name = user_full_name(c->mem, first, last);

    return name[0] == '\0' ? email : name;
}

/* Who did it: a person, or the application whose token it was, or for which a token was made. */
static const char *who(struct ctx *c, const struct activity *a, const struct json *data)
{
    const char *application = a->application;

    if (a->user_id != 0 && a->email == NULL)
        return "Somebody who is gone";
    if (a->user_id != 0)
        return name_of(c, a->first_name, a->last_name, a->email);
    if (application == NULL && strcmp(a->event_verb, "created") == 0)
        application = json_get_text(data, "application");
    return application == NULL ? "Pawl" : quoted(c, "The application", application);
}

/* "the token “Payroll” of Sam Standard". Whose it is goes without saying where its owner acts, and
 * which application holds it where that acts. */
static enum err name_token(struct ctx *c, const struct activity *a, const struct json *data,
                           const char **out)
{
    const char *kind = json_get_text(data, "kind");
    const char *application = json_get_text(data, "application");
    const struct json *owner = json_get(data, "user_id");
    const char *name;

    if (application != NULL && a->user_id == 0 && strcmp(a->event_verb, "created") == 0)
        *out = "a token";
    else if (application != NULL)
        *out = quoted(c, "a token of the application", application);
    else if (kind != NULL && strcmp(kind, "personal") == 0)
        *out = "the personal token";
    else
        *out = quoted(c, "the token", json_get_text(data, "name"));
    if (owner == NULL || owner->kind != J_INT || owner->integer == a->user_id)
        return OK;
    TRY(name_person(c, arena_printf(c->mem, "%lld", (long long)owner->integer), NULL, &name));
    *out = arena_printf(c->mem, "%s %s %s", *out, application == NULL ? "of" : "for", name);
    return OK;
}

static enum err name_subject(struct ctx *c, const struct activity *a, const struct json *data,
                             const char **out)
{
    const struct subject *s = subject_of(a->auditable_type);
    const char *name = NULL;

    if (s == NULL) {
        *out = arena_printf(c->mem, "the %s", a->auditable_type);
        return OK;
    }
    if (s->type == T_TOKEN)
        return name_token(c, a, data, out);
    if (s->type == T_USER && a->user_id != 0 &&
        strcmp(a->auditable_id, arena_printf(c->mem, "%lld", (long long)a->user_id)) == 0) {
        *out = "their own account";
        return OK;
    }
    if (s->type == T_USER) {
        name = json_get_text(data, "title");
        return name_person(c, a->auditable_id, name, out);
    }
    if (s->name != NULL)
        TRY(look_up(c, s->name, a->auditable_id, &name));
    if (name == NULL)
        name = json_get_text(data, "title");
    *out = quoted(c, s->noun, name);
    return OK;
}

static const char *sentence_of(const struct activity *a)
{
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
        if (strcmp(sentences[i].subject, a->auditable_type) == 0 &&
            strcmp(sentences[i].verb, a->event_verb) == 0)
            return sentences[i].sentence;
    return strchr(a->event_verb, '_') == NULL ? "{who} {did} {it}" : "{It}: {did}, by {who}";
}

static void add_words(struct str *out, const char *verb)
{
    for (; *verb != '\0'; verb++)
        str_add_char(out, *verb == '_' ? ' ' : *verb);
}

static const char *fill_in(struct ctx *c, const char *sentence, const char *verb,
                           const char *actor, const char *it)
{
    struct str out = str_in(c->mem, SENTENCE_MAX);

    for (const char *p = sentence; *p != '\0';) {
        size_t n = strcspn(p, "}") + 1;

        if (*p != '{') {
            n = strcspn(p, "{");
            str_add_n(&out, p, n);
        } else if (strncmp(p, "{who}", n) == 0) {
            str_add(&out, actor);
        } else if (strncmp(p, "{did}", n) == 0) {
            add_words(&out, verb);
        } else {
            str_add_char(&out, p[1] == 'I' ? (char)toupper((unsigned char)*it) : *it);
            str_add(&out, it + 1);
        }
        p += n;
    }
    return str_ok(&out) ? str_text(&out) : verb;
}

static const char *json_one_text(struct ctx *c, const char *text)
{
    struct str out = str_in(c->mem, LIST_MAX);

    json_begin_list(&out);
    json_put_text(&out, text);
    json_end_list(&out);
    return str_text(&out);
}

static const char *json_actor(struct ctx *c, const struct activity *a)
{
    struct str out = str_in(c->mem, LIST_MAX);

    json_begin_list(&out);
    json_begin_object(&out);
    json_key_text(&out, "email", a->email);
    json_key_text(&out, "username", a->username);
    json_key_text(&out, "first_name", a->first_name);
    json_key_text(&out, "last_name", a->last_name);
    json_key_text(&out, "full_name", user_full_name(c->mem, a->first_name, a->last_name));
    json_key_text(&out, "profile_pic", a->profile_pic);
    json_key_text(&out, "resize_profile_pic", a->profile_pic);
    json_end_object(&out);
    json_end_list(&out);
    return str_text(&out);
}

static enum err finish(struct ctx *c, struct activity *a)
{
    const struct subject *s = subject_of(a->auditable_type);
    struct json *data;
    const char *it;

    TRY(json_parse(c, a->data, strlen(a->data), &data));
    TRY(name_subject(c, a, data, &it));
    a->description = fill_in(c, sentence_of(a), a->event_verb, who(c, a, data), it);
    a->verb = json_one_text(c, verb_told(a->event_verb));
    a->type = s == NULL ? a->auditable_type : type_words[s->type];
    a->audit = arena_printf(c->mem, "{\"data\":%s}", a->data);
    if (a->user_id == 0)
        return OK;
    a->source = json_one_text(c, a->by_guest ? "Guest" : "Member");
    a->actor_type = json_one_text(c, a->by_guest ? "App\\Models\\Guest" : "App\\Models\\User");
    a->actor_id = arena_printf(c->mem, "[%lld]", (long long)a->user_id);
    a->actor = json_actor(c, a);
    return OK;
}

/* ---- operations ---- */

#define ARGS(c, p)                                                                       \
    TEXT((c)->org), TEXT((p)->entity_type), TEXT((p)->entity_id), INT_OR_NULL((p)->actor), \
        TEXT((p)->verb), TEXT((p)->types), INT((p)->from), INT((p)->to), TRI((p)->kind)

enum err activity_list(struct ctx *c, const struct activity_filter *filter, int64_t limit,
                       int64_t offset, struct activity **out, size_t *count, int64_t *total)
{
    struct plan p;

    TRY(make_plan(c, filter, &p));
    if (p.everything)
        TRY(db_int(c, EVENTS_OF_ORG, total, TEXT(c->org)));
    else
        TRY(db_int(c, FEED_COUNT[p.lead], total, ARGS(c, &p)));
    TRY(db_all(c, FEED[p.lead], &activity_shape, out, count, ARGS(c, &p), INT(limit),
               INT(offset)));
    for (size_t i = 0; i < *count; i++)
        TRY(finish(c, &(*out)[i]));
    return OK;
}
