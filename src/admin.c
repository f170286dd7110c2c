/* See admin.h. Commands are a table; each takes its flags from a table too, so that a wrong flag
 * is told and help is complete. */
#include "admin.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "admin_check.h"
#include "model/client.h"
#include "auth/event.h"
#include "auth/password.h"
#include "auth/personal.h"
#include "auth/second_factor.h"
#include "auth/session.h"
#include "base/clock.h"
#include "base/json.h"
#include "model/invitation.h"
#include "model/mail.h"
#include "model/account.h"
#include "model/member.h"
#include "model/org.h"
#include "model/user.h"
#include "store.h"

enum { PASSWORD_INPUT_MAX = 1024, MANY = 16 };

/* Everything that a command may be told. */
struct flags {
    const char *name, *email, *first_name, *last_name, *timezone, *org, *role, *file;
    const char *grants[MANY], *redirect_uris[MANY], *scopes[MANY];
    size_t grant_count, redirect_uri_count, scope_count;
    bool password_stdin, password_hash_stdin, token, no_client_header, public;
};

struct job {
    const struct settings *settings;
    struct flags flags;
    const char *password_hash; /* of what came on standard input; NULL: none */
    struct db *db;
    struct auth *auth;
    struct str line; /* the answer; empty: the command has printed its own */
};

/* ---- commands ---- */

static void print_begin(struct ctx *c, struct job *j)
{
    j->line = str_in(c->mem, 64 * 1024);
    json_begin_object(&j->line);
}

static const struct user_input *new_user(struct ctx *c, struct job *j)
{
    struct user_input *in = arena_new(c->mem, struct user_input);
    const struct flags *f = &j->flags;

    /* Without a name the address lends one, so that a script needs nothing else. */
    in->email = f->email;
    in->first_name = f->first_name;
    in->last_name = f->last_name;
    member_name(c->mem, in->email, &in->first_name, &in->last_name);
    in->timezone = f->timezone;
    in->password_hash = j->password_hash;
    return in;
}

static enum err find_or_create(struct ctx *c, struct job *j, bool verified, struct user *out)
{
    enum err e = user_get_by_email(c, j->flags.email, out);

    if (e != ERR_NOT_FOUND)
        return e;
    ctx_forgive(c);
    TRY(user_create(c, new_user(c, j), verified, &out->id));
    out->email_verified_at = verified ? c->now : 0;
    return OK;
}

/* An account that exists already is taken as it is: a person may be in several organizations. But
 * one whose address is not proved may be anybody's. */
static enum err find_or_create_user(struct ctx *c, struct job *j, int64_t *id)
{
    struct user user;

    TRY(find_or_create(c, j, true, &user));
    if (user.email_verified_at == 0)
        return fail(c, ERR_CONFLICT, NULL,
                    "whoever made the account %s has not proved to have that address; "
                    "use 'pawl admin user invite'", j->flags.email);
    *id = user.id;
    return OK;
}

/* Adds the personal token of an account to the line. */
static enum err print_token(struct ctx *c, struct job *j, int64_t user_id)
{
    struct personal_token token;

    TRY(personal_token_show(c, j->auth, user_id, &token));
    json_key_text(&j->line, "access_token", token.access_token);
    json_key_int(&j->line, "expires_in", (token.expires_at - c->now) / SECOND);
    return OK;
}

static enum err org_create_command(struct ctx *c, void *arg)
{
    struct job *j = arg;
    const struct org_input in = { .name = j->flags.name, .timezone = j->flags.timezone };
    const char *org_id;
    int64_t user_id;

    TRY(find_or_create_user(c, j, &user_id));
    TRY(org_create(c, &in, user_id, &org_id));
    print_begin(c, j);
    json_key_text(&j->line, "org_id", org_id);
    json_key_int(&j->line, "user_id", user_id);
    return j->flags.token ? print_token(c, j, user_id) : OK;
}

static enum err find_org(struct ctx *c, const struct job *j)
{
    struct org org;

    c->org = j->flags.org;
    if (org_get(c, &org) != OK)
        return fail(c, ERR_NOT_FOUND, NULL, "there is no organization %s", j->flags.org);
    return OK;
}

static enum err user_create_command(struct ctx *c, void *arg)
{
    struct job *j = arg;
    int role = word_index(role_words, j->flags.role);
    int64_t user_id;

    if (role < 0)
        return fail(c, ERR_INVALID, NULL, "--role must be light, standard or admin");
    TRY(find_org(c, j));
    TRY(member_check_no_guest(c, j->flags.email));
    TRY(find_or_create_user(c, j, &user_id));
    TRY(link_withdraw(c, LINK_RESET, user_id, NULL)); /* as when an invitation is accepted */
    TRY(member_add(c, user_id, (enum role)role, false));
    print_begin(c, j);
    json_key_int(&j->line, "user_id", user_id);
    json_key_text(&j->line, "role", role_words[role]);
    return j->flags.token ? print_token(c, j, user_id) : OK;
}

/* Who is invited already gets a new link, to the role of now. */
static enum err user_invite_command(struct ctx *c, void *arg)
{
    struct job *j = arg;
    int role = word_index(role_words, j->flags.role);
    struct user user, member;
    const char *url;
    enum err e;

    if (role < 0)
        return fail(c, ERR_INVALID, NULL, "--role must be light, standard or admin");
    TRY(find_org(c, j));
    TRY(member_check_no_guest(c, j->flags.email));
    TRY(find_or_create(c, j, false, &user));
    e = user_get(c, user.id, &member);
    if (e == ERR_NOT_FOUND) {
        ctx_forgive(c);
        e = member_add_invited(c, user.id, (enum role)role, new_user(c, j));
    } else if (e == OK) {
        e = invitation_set_role(c, user.id, (enum role)role);
    }
    TRY(e);
    TRY(invitation_send(c, j->auth, user.id, NULL, &url));
    print_begin(c, j);
    json_key_int(&j->line, "user_id", user.id);
    json_key_text(&j->line, "link", url);
    return OK;
}

static enum err find_user(struct ctx *c, struct job *j, struct user *out)
{
    if (user_get_by_email(c, j->flags.email, out) != OK)
        return fail(c, ERR_NOT_FOUND, NULL, "nobody has the address %s", j->flags.email);
    return OK;
}

static enum err user_password_command(struct ctx *c, void *arg)
{
    struct job *j = arg;
    struct user user;

    TRY(find_user(c, j, &user));
    if (j->password_hash == NULL)
        return fail(c, ERR_INVALID, NULL, "give the new password with --password-stdin");
    TRY(auth_password_reset(c, user.id, j->password_hash, false));
    TRY(event_record_login(c, user.id, "password_changed"));
    print_begin(c, j);
    json_key_int(&j->line, "user_id", user.id);
    return OK;
}

static enum err token_create_command(struct ctx *c, void *arg)
{
    struct job *j = arg;
    struct user user;

    TRY(find_user(c, j, &user));
    print_begin(c, j);
    return print_token(c, j, user.id);
}

static enum err second_factor_remove_command(struct ctx *c, void *arg)
{
    struct job *j = arg;
    struct user user;
    bool had;

    TRY(find_user(c, j, &user));
    TRY(second_factor_remove(c, user.id, &had));
    if (!had)
        return fail(c, ERR_NOT_FOUND, NULL, "%s has no second factor", j->flags.email);
    TRY(account_notify(c, j->auth, &user, "second_factor_off", "/"));
    print_begin(c, j);
    json_key_int(&j->line, "user_id", user.id);
    return OK;
}

/* ["a","b"] of words from the command line; NULL for none. */
static const char *json_words(struct ctx *c, const char *const *words, size_t n)
{
    struct str out = str_in(c->mem, 64 * 1024);

    if (n == 0)
        return NULL;
    json_begin_list(&out);
    for (size_t i = 0; i < n; i++)
        json_put_text(&out, words[i]);
    json_end_list(&out);
    return str_text(&out);
}

static enum err client_create_command(struct ctx *c, void *arg)
{
    struct job *j = arg;
    struct client_input in = CLIENT_INPUT;
    struct client client;

    if (j->flags.org != NULL)
        TRY(find_org(c, j));
    in.name = j->flags.name;
    in.public = j->flags.public;
    in.grants = json_words(c, j->flags.grants, j->flags.grant_count);
    in.redirect_uris = json_words(c, j->flags.redirect_uris, j->flags.redirect_uri_count);
    in.scopes = json_words(c, j->flags.scopes, j->flags.scope_count);
    in.require_client_header = !j->flags.no_client_header;
    TRY(client_create(c, &in, &client));
    print_begin(c, j);
    json_key_text(&j->line, "client_id", arena_printf(c->mem, "%lld", (long long)client.id));
    if (client.client_secret != NULL)
        json_key_text(&j->line, "client_secret", client.client_secret);
    return OK;
}

/* Not a transaction of ours: files are part of it. */
static enum err key_rotate_command(struct ctx *c, struct job *j)
{
    const char *kid;

    TRY(auth_rotate_key(c, j->db, j->auth, &kid));
    print_begin(c, j);
    json_key_text(&j->line, "kid", kid);
    return OK;
}

/* Not a transaction of ours: the copy is made page by page while others write. */
static enum err backup_command(struct ctx *c, struct job *j)
{
    TRY(db_backup(c, j->db, j->flags.file));
    print_begin(c, j);
    json_key_text(&j->line, "backup", j->flags.file);
    return OK;
}

static enum err check_command(struct ctx *c, struct job *j)
{
    int faults;

    TRY(admin_check(c, j->db, &faults));
    if (faults > 0)
        return fail(c, ERR_INTERNAL, NULL, "the store is not sound: %d faults, listed above",
                    faults);
    print_begin(c, j);
    json_key_text(&j->line, "status", "sound");
    return OK;
}

struct waiting {
    struct auth *auth;
    const char *after; /* the last mail of the page before */
    struct queued_mail *mails;
    size_t count;
};

static enum err read_waiting(struct ctx *c, void *arg)
{
    struct waiting *w = arg;

    return mail_all_waiting(c, w->auth, w->after, &w->mails, &w->count);
}

/* A line for each. */
static enum err mail_list_command(struct ctx *c, struct job *j)
{
    struct waiting w = { .auth = j->auth, .after = "" };

    do {
        TRY(db_do(c, j->db, DB_READ, read_waiting, &w));
        for (size_t i = 0; i < w.count; i++) {
            struct str line = str_in(c->mem, 256 * 1024);

            shape_write(&line, &queued_mail_text_shape, &w.mails[i]);
            puts(str_text(&line));
            w.after = w.mails[i].id;
        }
    } while (w.count == MAIL_PAGE);
    return OK;
}

/* ---- the table ---- */

struct command {
    const char *noun, *verb;
    const char *needs; /* flags that must be given */
    const char *takes; /* flags that may be */
    enum err (*write)(struct ctx *c, void *job); /* one transaction */
    enum err (*other)(struct ctx *c, struct job *job);
    bool signs; /* needs the keys of this node; with --token every command does */
    const char *help;
};

#define PERSON "--first-name --last-name --timezone --password-stdin --password-hash-stdin"

static const struct command commands[] = {
    { "org", "create", "--name --email", PERSON " --token", org_create_command, NULL, false,
      "an organization and its first administrator; --token: prints their personal token too" },
    { "user", "create", "--org --email --role", PERSON " --token", user_create_command, NULL, false,
      "a member; --role light, standard or admin; --token: prints their personal token too" },
    { "user", "invite", "--org --email --role", "--first-name --last-name --timezone",
      user_invite_command, NULL, true,
      "mails somebody an invitation, and prints its link; again for a new link" },
    { "user", "password", "--email --password-stdin", "", user_password_command, NULL, false,
      "a new password; ends all sessions and the personal token" },
    { "second-factor", "remove", "--email", "", second_factor_remove_command, NULL, true,
      "lets somebody who lost it sign in with the password alone" },
    { "token", "create", "--email", "", token_create_command, NULL, true,
      "the personal token of an account" },
    { "client", "create", "--name",
      "--org --grant --redirect-uri --scope --public --no-client-header",
      client_create_command, NULL, false,
      "an OAuth client, without --org for everybody; --grant, --redirect-uri and --scope may be"
      " repeated" },
    { "key", "rotate", "", "", NULL, key_rotate_command, true,
      "a new key signs tokens from now on; the old one verifies until its last token has ended" },
    { "mail", "list", "", "", NULL, mail_list_command, true,
      "mail that waits to be sent, with its text: a line for each" },
    { "backup", NULL, "FILE", "", NULL, backup_command, false,
      "a copy of the embedded store, online" },
    { "check", NULL, "", "", NULL, check_command, false,
      "proves that the store is sound" },
};

static int help(FILE *to)
{
    fputs("pawl admin works on the store directly; it takes --data DIR or --db URL as serve "
          "does.\n\n", to);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const struct command *k = &commands[i];

        fprintf(to, "  pawl admin %s%s%s %s", k->noun, k->verb == NULL ? "" : " ",
                k->verb == NULL ? "" : k->verb, k->needs);
        if (k->takes[0] != '\0')
            fprintf(to, " [%s]", k->takes);
        fprintf(to, "\n      %s\n", k->help);
    }
    return to == stdout ? 0 : 2;
}

/* ---- reading the command line ---- */

static const struct {
    const char *flag;
    size_t offset;
} text_flags[] = {
    { "--name", offsetof(struct flags, name) },
    { "--email", offsetof(struct flags, email) },
    { "--first-name", offsetof(struct flags, first_name) },
    { "--last-name", offsetof(struct flags, last_name) },
    { "--timezone", offsetof(struct flags, timezone) },
    { "--org", offsetof(struct flags, org) },
    { "--role", offsetof(struct flags, role) },
};

static const struct {
    const char *flag;
    size_t offset;
} switch_flags[] = {
    { "--password-stdin", offsetof(struct flags, password_stdin) },
    { "--password-hash-stdin", offsetof(struct flags, password_hash_stdin) },
    { "--token", offsetof(struct flags, token) },
    { "--no-client-header", offsetof(struct flags, no_client_header) },
    { "--public", offsetof(struct flags, public) },
};

static const struct {
    const char *flag;
    size_t list, count;
} list_flags[] = {
    { "--grant", offsetof(struct flags, grants), offsetof(struct flags, grant_count) },
    { "--redirect-uri", offsetof(struct flags, redirect_uris),
      offsetof(struct flags, redirect_uri_count) },
    { "--scope", offsetof(struct flags, scopes), offsetof(struct flags, scope_count) },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* True when the blank-separated list holds the word. */
static bool listed(const char *list, const char *word)
{
    size_t n = strlen(word);

    for (const char *p = strstr(list, word); p != NULL; p = strstr(p + 1, word))
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

/* Sets one flag from word and its value; *used says how many words it took, 0: no such flag. */
static enum err set_flag(struct ctx *c, struct flags *f, const char *word, const char *value,
                         int *used)
{
    char *base = (char *)f;

    *used = 1;
    for (size_t i = 0; i < COUNT(switch_flags); i++) {
        if (strcmp(word, switch_flags[i].flag) == 0) {
            *(bool *)(base + switch_flags[i].offset) = true;
            return OK;
        }
    }
    *used = 2;
    if (value == NULL)
        return fail(c, ERR_INVALID, NULL, "%s needs a value", word);
    for (size_t i = 0; i < COUNT(text_flags); i++) {
        if (strcmp(word, text_flags[i].flag) == 0) {
            *(const char **)(base + text_flags[i].offset) = value;
            return OK;
        }
    }
    for (size_t i = 0; i < COUNT(list_flags); i++) {
        size_t *count = (size_t *)(base + list_flags[i].count);

        if (strcmp(word, list_flags[i].flag) == 0 && *count < MANY) {
            ((const char **)(base + list_flags[i].list))[(*count)++] = value;
            return OK;
        }
    }
    return fail(c, ERR_INVALID, NULL, "%s cannot be taken", word);
}

static enum err read_flags(struct ctx *c, const struct command *k, const char **words,
                           struct flags *f)
{
    int used;

    for (; *words != NULL; words += used) {
        if (strncmp(*words, "--", 2) != 0 && listed(k->needs, "FILE") && f->file == NULL) {
            f->file = *words;
            used = 1;
        } else if (!listed(k->needs, *words) && !listed(k->takes, *words)) {
            return fail(c, ERR_INVALID, NULL, "there is no option '%s' here", *words);
        } else {
            TRY(set_flag(c, f, words[0], words[1], &used));
        }
    }
    if (listed(k->needs, "FILE") && f->file == NULL)
        return fail(c, ERR_INVALID, NULL, "FILE is missing");
    for (size_t i = 0; i < COUNT(text_flags); i++)
        if (listed(k->needs, text_flags[i].flag) &&
            *(const char **)((char *)f + text_flags[i].offset) == NULL)
            return fail(c, ERR_INVALID, NULL, "%s is missing", text_flags[i].flag);
    return OK;
}

/* The first line of standard input, as a hash; the password itself is forgotten at once. */
static enum err read_password(struct ctx *c, const struct settings *s, struct job *j)
{
    char password[PASSWORD_INPUT_MAX];
    enum err e;

    if (!j->flags.password_stdin && !j->flags.password_hash_stdin)
        return OK;
    if (fgets(password, sizeof(password), stdin) == NULL)
        return fail(c, ERR_INVALID, NULL, "there is no password on standard input");
    password[strcspn(password, "\r\n")] = '\0';
    if (j->flags.password_hash_stdin) {
        j->password_hash = arena_dup(c->mem, password);
        return password_hash_valid(password) ?
                       OK : fail(c, ERR_INVALID, NULL, "that is no argon2id hash");
    }
    password_check(c, "password", password, j->flags.email, (int)s->password_min_length);
    e = fields_ok(c);
    if (e == OK)
        e = password_hash(c, password, &j->password_hash);
    explicit_bzero(password, sizeof(password));
    return e;
}

static enum err run(struct ctx *c, const struct command *k, struct job *j)
{
    TRY(read_password(c, j->settings, j));
    TRY(store_open(c, j->settings, &j->db));
    if (k->signs || j->flags.token)
        TRY(store_open_auth(c, j->settings, j->db, &j->auth));
    TRY(k->write != NULL ? db_do(c, j->db, DB_WRITE, k->write, j) : k->other(c, j));
    if (j->line.len > 0) {
        json_end_object(&j->line);
        puts(str_text(&j->line));
    }
    return OK;
}

/* One line for each thing that was wrong. */
static void print_failure(const struct ctx *c, enum err e)
{
    if (c->failure.fields == NULL)
        fprintf(stderr, "pawl admin: %s\n",
                c->failure.message != NULL ? c->failure.message : err_message(e));
    for (const struct field_error *f = c->failure.fields; f != NULL; f = f->next)
        fprintf(stderr, "pawl admin: %s: %s\n", f->field, f->message);
}

static const struct command *find_command(const char **words, int *used)
{
    for (size_t i = 0; i < COUNT(commands) && words[0] != NULL; i++) {
        const struct command *k = &commands[i];

        *used = k->verb == NULL ? 1 : 2;
        if (strcmp(k->noun, words[0]) == 0 &&
            (k->verb == NULL || (words[1] != NULL && strcmp(k->verb, words[1]) == 0)))
            return k;
    }
    return NULL;
}

int admin(struct ctx *c, const struct settings *settings, const char **words)
{
    struct job j = { .settings = settings };
    int used = 0;
    const struct command *k = find_command(words, &used);
    enum err e;

    if (k == NULL)
        return help(words[0] != NULL && strcmp(words[0], "help") == 0 ? stdout : stderr);
    c->now = clock_now();
    e = read_flags(c, k, words + used, &j.flags);
    if (e != OK) {
        print_failure(c, e);
        return 2;
    }
    e = run(c, k, &j);
    auth_close(j.auth);
    db_close(j.db);
    if (e != OK)
        print_failure(c, e);
    return e == OK ? 0 : 1;
}
