/* See letter.h. A sentence may hold {names}: of the caller's values, and of three that are always
 * there: {to}, the address of the reader; {host}, this server's; {until}, when the link ends. */
#include "model/letter.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "auth/secret.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/text.h"

enum {
    SENTENCES_MAX = 5,
    VALUE_MAX = 120,  /* characters of one value */
    NOTE_MAX = 5000,  /* characters of what somebody wrote to the reader */
    LINE_WIDTH = 72,  /* columns of the plain text; only links are longer */
    LETTER_MAX = 64 * 1024,
};

/* ---- the kinds ---- */

#define ONCE "The link works once, until {until}."
#define UNTIL_REPLACED                                                                        \
    "The link works until it is replaced, and opens your tasks for everybody who has it. Keep " \
    "it to yourself."
#define NOT_YOU "If this was not you, choose a new password now and tell your administrator."
#define ABOUT_ACCOUNT "because something changed in the account of {to}"

static const struct kind {
    const char *name;
    const char *subject;
    const char *before[SENTENCES_MAX]; /* the link */
    const char *button;                /* what the link is called */
    bool needs_link;
    const char *after[SENTENCES_MAX];
    const char *why;                   /* You got this … */
} kinds[] = {
    { "verify", "Confirm your e-mail address",
      { "Please confirm that {to} is your address. Then your account is ready." },
      "Confirm the address", true,
      { ONCE, "If you did not make an account, do nothing: without this link it cannot be used." },
      "because somebody made an account with the address {to}" },
    { "already_registered", "You have an account already",
      { "Somebody, probably you, wanted to make an account with the address {to}. There is one "
        "already, so nothing was changed.",
        "Sign in as usual. If you do not remember your password, you can choose a new one." },
      "Go there", false,
      { "If this was not you, there is nothing to do." },
      "because somebody gave the address {to} to make an account" },
    { "reset", "Choose a new password",
      { "Somebody, probably you, asked for a new password for the account of {to}.",
        "The request came from the network address {address}." },
      "Choose a new password", true,
      { ONCE, "If this was not you, do nothing: your password stays as it is." },
      "because somebody asked for a new password for the account of {to}" },
    { "password_changed", "Your password was changed",
      { "The password of your account {to} was changed, and you were signed out elsewhere.",
        NOT_YOU },
      "Choose a new password", false, { NULL }, ABOUT_ACCOUNT },
    { "email_confirm", "Confirm your new e-mail address",
      { "Please confirm that {to} is to be the new address of your account. Until you do, "
        "the old one stays." },
      "Confirm the new address", true,
      { ONCE, "If you did not ask for this, do nothing." },
      "because somebody wants to use the address {to} for an account" },
    { "email_changed", "Your e-mail address was changed",
      { "The address of your account was changed from {to} to {email}. From now on you sign in "
        "with the new address, and mail goes there.",
        "If this was not you, tell your administrator now." },
      "Go there", false, { NULL }, "because {to} was the address of an account" },
    { "invitation", "You are invited to {organization}",
      { "You are invited to work with {organization}.", "The invitation comes from {inviter}.",
        "Your role there: {role}." },
      "Accept the invitation", true,
      { ONCE, "If you do not want to, do nothing." },
      "because somebody in {organization} invited {to}" },
    { "welcome", "Welcome to {organization}",
      { "You have joined {organization}, where people keep their procedures and their tasks "
        "together.",
        "Your role there: {role}.",
        "What you have to do, and by when, is on your dashboard. You sign in as {to}, at {host}." },
      "Open your dashboard", true, { NULL },
      "because {to} has joined {organization}" },
    { "member_disabled", "Your access to {organization} has ended",
      { "Your membership of {organization} was disabled.", "This was done by {by}.",
        "It was done on {when}.",
        "If you think that this is a mistake, talk to an administrator there." },
      "Go there", false, { NULL },
      "because {to} was a member there" },
    { "member_enabled", "You are back in {organization}",
      { "Your membership of {organization} was restored.", "This was done by {by}.",
        "It was done on {when}.",
        "You sign in as {to}, at {host}, with the password that you had. If you do not remember "
        "it, you can choose a new one there." },
      "Sign in", true, { NULL },
      "because {to} is a member there" },
    { "member_to_guest", "You are now a guest of {organization}",
      { "Your membership of {organization} became that of a guest.", "This was done by {by}.",
        "It was done on {when}.",
        "Guests need no account: what you have to do there comes to you as a link by mail." },
      "Go there", false, { NULL },
      "because {to} was a member there" },
    { "guest_link", "Access to your tasks at {organization}",
      { "{organization} has tasks for you. This link shows them all; you need no account and no "
        "password." },
      "See my tasks", true,
      { UNTIL_REPLACED },
      "because {to} was given a task there, or the link was asked for" },
    { "guest_new_link", "Your new link to your tasks at {organization}",
      { "The link to your tasks at {organization} was replaced. The old link opens nothing any "
        "more; this one shows them all." },
      "See my tasks", true,
      { UNTIL_REPLACED },
      "because {to} is the address of a guest there, whose link was replaced" },
    { "second_factor_on", "Two-step sign-in is on",
      { "From now on signing in to your account {to} takes your password and a code from your "
        "authenticator app. Keep the recovery codes in a safe place.",
        NOT_YOU },
      "Open the settings", false, { NULL }, ABOUT_ACCOUNT },
    { "second_factor_off", "Two-step sign-in is off",
      { "From now on signing in to your account {to} takes only your password.", NOT_YOU },
      "Open the settings", false, { NULL }, ABOUT_ACCOUNT },
    { "recovery_codes_made", "You have new recovery codes",
      { "New recovery codes were made for your account {to}. The old ones no longer work.",
        NOT_YOU },
      "Open the settings", false, { NULL }, ABOUT_ACCOUNT },
    { "token_expiring", "The access token {token} ends soon",
      { "Your access token “{token}” will stop working soon. Days left: {days}.",
        "Replace it in time, so that whatever uses it goes on working." },
      "Open your tokens", false, { NULL },
      "because the token belongs to the account of {to}" },
    { "test", "Mail from Pawl arrives",
      { "This is a test. Since you can read it, the mail settings are right." },
      "Open Pawl", false, { NULL },
      "because an administrator with the address {to} asked for a test" },
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

/* ---- how it looks: readable in every client, in light and dark, without images ---- */

static const char HTML_HEAD[] =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>";
static const char HTML_BODY[] =
    "</title>\n</head>\n"
    "<body style=\"margin:0 auto;padding:24px;max-width:36em;font:16px/1.5 sans-serif\">\n";
static const char HTML_BUTTON[] =
    " style=\"display:inline-block;padding:10px 20px;border:1px solid #ffffff;"
    "border-radius:6px;background:#14532d;color:#ffffff;text-decoration:none\">";
static const char HTML_NOTE[] =
    "<blockquote style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #14532d\">";
static const char HTML_FOOTER[] = "<hr>\n<p style=\"font-size:14px\">";
static const char HTML_END[] = "</p>\n</body>\n</html>\n";

/* ---- private: values ---- */

struct letter_job {
    struct arena *mem;
    const struct mail *mail;
    const struct kind *kind;
    const char *issuer;
    const char *host;
};

/* A bidirectional override or another sign that hides what a line says: U+200E, U+200F, U+2028 to
 * U+202E, U+2066 to U+2069, all three bytes long. */
static bool is_trick(const char *s)
{
    const unsigned char *p = (const unsigned char *)s;

    if (p[0] != 0xe2)
        return false;
    return (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xa8 && p[2] <= 0xae))) ||
           (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
}

/* At most so many characters of it, and nothing that hides what it says; its lines stay lines only
 * where they may. */
static const char *tame_text(struct arena *mem, const char *value, size_t max, bool lines)
{
    struct str out = str_in(mem, LETTER_MAX);
    size_t characters = 0;

    for (const char *p = value; *p != '\0'; p++) {
        if (((unsigned char)*p & 0xc0) != 0x80 && ++characters > max) {
            str_add(&out, "…");
            break;
        }
        if (is_trick(p)) {
            str_add_char(&out, ' ');
            p += 2;
        } else if (*p == '\n' && lines) {
            str_add_char(&out, '\n');
        } else {
            str_add_char(&out, iscntrl((unsigned char)*p) ? ' ' : *p);
        }
    }
    return text_trim(mem, str_text(&out));
}

/* One line of at most VALUE_MAX characters, whatever it was. */
static const char *tame(struct arena *mem, const char *value)
{
    return tame_text(mem, value, VALUE_MAX, false);
}

/* The lines of the mail's note, each without its end; NULL after the last one. */
static const char *note_line(struct arena *mem, const char **rest)
{
    const char *line = *rest;
    size_t n;

    if (line == NULL)
        return NULL;
    n = strcspn(line, "\n");
    *rest = line[n] == '\0' ? NULL : line + n + 1;
    return text_trim(mem, arena_dup_n(mem, line, n));
}

static const char *note_of(const struct letter_job *j)
{
    const char *note = j->mail->note;

    return note == NULL || note[0] == '\0' ? NULL : tame_text(j->mem, note, NOTE_MAX, true);
}

static const char *until_text(const struct letter_job *j)
{
    char when[TIME_TEXT_SIZE];

    time_format(j->mail->expires_at, when);
    return arena_printf(j->mem, "%.10s %.5s UTC", when, when + 11);
}

/* The value of that name, `n` bytes; NULL when it is given as NULL. */
static const char *value_of(const struct letter_job *j, const char *name, size_t n)
{
    if (n == 2 && strncmp(name, "to", n) == 0)
        return j->mail->to;
    if (n == 4 && strncmp(name, "host", n) == 0)
        return j->host;
    if (n == 5 && strncmp(name, "until", n) == 0)
        return until_text(j);
    for (size_t i = 0; i < MAIL_VALUES_MAX && j->mail->values[i].name != NULL; i++)
        if (strlen(j->mail->values[i].name) == n &&
            strncmp(j->mail->values[i].name, name, n) == 0)
            return j->mail->values[i].value;
    abort(); /* the caller forgot one */
}

/* The sentence with its values; NULL: leave it out. */
static const char *fill(const struct letter_job *j, const char *sentence)
{
    struct str out = str_in(j->mem, LETTER_MAX);

    while (*sentence != '\0') {
        size_t plain = strcspn(sentence, "{"), n;
        const char *value;

        str_add_n(&out, sentence, plain);
        sentence += plain;
        if (*sentence == '\0')
            break;
        n = strcspn(sentence, "}") - 1;
        value = value_of(j, sentence + 1, n);
        if (value == NULL)
            return NULL;
        str_add(&out, tame(j->mem, value));
        sentence += n + 2;
    }
    return str_text(&out);
}

/* A stranger who makes an account chooses the name that we greet. One that a mail program might
 * turn into a link is not repeated. */
static const char *greeting(const struct letter_job *j)
{
    const char *name = j->mail->name == NULL ? "" : tame(j->mem, j->mail->name);
    bool is_name = name[0] != '\0' && strpbrk(name, "/:@<>") == NULL;

    for (const char *p = name; is_name && *p != '\0'; p++)
        if (*p == '.' && p[1] != ' ' && p[1] != '\0')
            is_name = false;
    return is_name ? arena_printf(j->mem, "Hello %s,", name) : "Hello,";
}

/* ---- private: plain text ---- */

/* Columns of the word that begins at s, blanks in front included. */
static size_t word_width(const char *s, size_t *bytes)
{
    size_t blanks = strspn(s, " "), n = blanks + strcspn(s + blanks, " "), width = 0;

    for (size_t i = 0; i < n; i++)
        width += ((unsigned char)s[i] & 0xc0) != 0x80;
    *bytes = n;
    return width;
}

/* The sentence in lines of LINE_WIDTH, each of which begins with `mark`. */
static void text_lines(struct str *out, const char *mark, const char *sentence)
{
    size_t column = 0, bytes;

    str_add(out, mark);
    while (*sentence != '\0') {
        size_t width = word_width(sentence, &bytes);

        if (column > 0 && column + width > LINE_WIDTH - strlen(mark)) {
            str_add_char(out, '\n');
            str_add(out, mark);
            sentence += strspn(sentence, " ");
            column = 0;
            continue;
        }
        str_add_n(out, sentence, bytes);
        column += width;
        sentence += bytes;
    }
    str_add_char(out, '\n');
}

static void text_paragraph(struct str *out, const char *sentence)
{
    text_lines(out, "", sentence);
    str_add_char(out, '\n');
}

/* As mail quotes what others wrote. */
static void text_note(const struct letter_job *j, struct str *out)
{
    const char *rest = note_of(j), *line;

    if (rest == NULL)
        return;
    while ((line = note_line(j->mem, &rest)) != NULL)
        text_lines(out, "> ", line);
    str_add_char(out, '\n');
}

static void text_sentences(const struct letter_job *j, struct str *out,
                           const char *const sentences[])
{
    for (size_t i = 0; i < SENTENCES_MAX && sentences[i] != NULL; i++) {
        const char *filled = fill(j, sentences[i]);

        if (filled != NULL)
            text_paragraph(out, filled);
    }
}

static const char *why(const struct letter_job *j)
{
    return arena_printf(j->mem, "You got this mail %s.", fill(j, j->kind->why));
}

static const char *write_text(const struct letter_job *j)
{
    struct str out = str_in(j->mem, LETTER_MAX);

    text_paragraph(&out, greeting(j));
    text_sentences(j, &out, j->kind->before);
    text_note(j, &out);
    if (j->mail->path != NULL)
        str_printf(&out, "%s:\n%s%s\n\n", j->kind->button, j->issuer, j->mail->path);
    text_sentences(j, &out, j->kind->after);
    str_add(&out, "-- \n");
    text_paragraph(&out, why(j));
    str_printf(&out, "Sent by Pawl at %s (%s)\n", j->host, j->issuer);
    return str_text(&out);
}

/* ---- private: HTML ---- */

static void html_text(struct str *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&': str_add(out, "&amp;"); break;
        case '<': str_add(out, "&lt;"); break;
        case '>': str_add(out, "&gt;"); break;
        case '"': str_add(out, "&quot;"); break;
        case '\'': str_add(out, "&#39;"); break;
        default: str_add_char(out, *text);
        }
    }
}

static void html_paragraph(struct str *out, const char *text)
{
    str_add(out, "<p>");
    html_text(out, text);
    str_add(out, "</p>\n");
}

static void html_sentences(const struct letter_job *j, struct str *out,
                           const char *const sentences[])
{
    for (size_t i = 0; i < SENTENCES_MAX && sentences[i] != NULL; i++) {
        const char *filled = fill(j, sentences[i]);

        if (filled != NULL)
            html_paragraph(out, filled);
    }
}

static void html_note(const struct letter_job *j, struct str *out)
{
    const char *rest = note_of(j), *line;
    const char *between = HTML_NOTE;

    if (rest == NULL)
        return;
    while ((line = note_line(j->mem, &rest)) != NULL) {
        str_add(out, between);
        html_text(out, line);
        between = "<br>\n";
    }
    str_add(out, "</blockquote>\n");
}

static void html_link(struct str *out, const char *url, const char *style, const char *label)
{
    str_add(out, "<a href=\"");
    html_text(out, url);
    str_add(out, "\"");
    str_add(out, style);
    html_text(out, label);
    str_add(out, "</a>");
}

/* The button, and its address for those who rather see or copy it. */
static void html_button(const struct letter_job *j, struct str *out)
{
    const char *url = arena_printf(j->mem, "%s%s", j->issuer, j->mail->path);

    str_add(out, "<p>");
    html_link(out, url, HTML_BUTTON, j->kind->button);
    str_add(out, "</p>\n<p style=\"font-size:14px;word-break:break-all\">");
    html_link(out, url, ">", url);
    str_add(out, "</p>\n");
}

static const char *write_html(const struct letter_job *j, const char *subject)
{
    struct str out = str_in(j->mem, LETTER_MAX);

    str_add(&out, HTML_HEAD);
    html_text(&out, subject);
    str_add(&out, HTML_BODY);
    html_paragraph(&out, greeting(j));
    html_sentences(j, &out, j->kind->before);
    html_note(j, &out);
    if (j->mail->path != NULL)
        html_button(j, &out);
    html_sentences(j, &out, j->kind->after);
    str_add(&out, HTML_FOOTER);
    html_text(&out, why(j));
    str_add(&out, "<br>\nSent by Pawl at ");
    html_link(&out, j->issuer, ">", j->host);
    str_add(&out, HTML_END);
    return str_text(&out);
}

/* ---- operations ---- */

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    abort();
}

/* "https://pawl.example.com:8443/x" is at pawl.example.com:8443. */
static const char *host_of(struct arena *mem, const char *issuer)
{
    const char *scheme = strstr(issuer, "://");
    const char *host = scheme == NULL ? issuer : scheme + 3;

    return arena_dup_n(mem, host, strcspn(host, "/"));
}

void letter_write(struct arena *mem, const struct mail *mail, const char *issuer,
                  struct letter *out)
{
    const struct letter_job j = {
        .mem = mem,
        .mail = mail,
        .kind = find_kind(mail->kind),
        .issuer = issuer,
        .host = host_of(mem, issuer),
    };

    if (j.kind->needs_link && mail->path == NULL)
        abort();
    out->subject = fill(&j, j.kind->subject);
    out->text = write_text(&j);
    out->html = write_html(&j, out->subject);
}

const char *letter_without_secrets(struct arena *mem, const char *text)
{
    struct str out = str_in(mem, LETTER_MAX);

    while (*text != '\0') {
        size_t n = strcspn(text, "#");

        str_add_n(&out, text, n);
        text += n;
        if (*text == '\0')
            break;
        str_add(&out, "#…");
        text += strcspn(text, " \n");
    }
    return secret_masked(mem, str_text(&out));
}

const char *const *letter_kinds(struct arena *mem)
{
    const char **names = arena_new_n(mem, const char *, KIND_COUNT + 1);

    for (size_t i = 0; i < KIND_COUNT; i++)
        names[i] = kinds[i].name;
    return names;
}
