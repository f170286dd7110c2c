/* Every kind of mail, with all its values and with the worst of them. */
#include "model/letter.h"

#include <string.h>

#include "base/text.h"

#include "base/testing.h"

#define ISSUER "https://pawl.example.com:8443"
#define PATH "/somewhere#token=s3cret-s3cret-s3cret-s3cret-s3cret-s3cret-s3cret-s3cret-s3cret"

/* A mail of this kind; all values that any kind knows are `value`. */
static struct mail mail_of(const char *kind, const char *value)
{
    return (struct mail){
        .kind = kind,
        .to = "ada@example.com",
        .name = "Ada",
        .path = PATH,
        .expires_at = INT64_C(1796000000000),
        .values = { { "address", value }, { "organization", value }, { "inviter", value },
                    { "role", value }, { "email", value }, { "token", value },
                    { "days", value }, { "by", value }, { "when", value } },
    };
}

static void every_kind_is_complete(void **state)
{
    struct ctx *c = *state;

    for (const char *const *kind = letter_kinds(c->mem); *kind != NULL; kind++) {
        const struct mail mail = mail_of(*kind, "Value");
        struct letter letter;

        letter_write(c->mem, &mail, ISSUER, &letter);
        assert_true(letter.subject[0] != '\0');
        assert_non_null(strstr(letter.text, "Hello Ada,\n"));
        assert_non_null(strstr(letter.text, "\n" ISSUER PATH "\n"));
        assert_non_null(strstr(letter.text, "\n-- \nYou got this mail because "));
        assert_non_null(strstr(letter.text, "Sent by Pawl at pawl.example.com:8443"));
        assert_null(strchr(letter.text, '{'));
        assert_non_null(strstr(letter.html, "<p>Hello Ada,</p>"));
        assert_non_null(strstr(letter.html, "href=\"" ISSUER PATH "\""));
        assert_non_null(strstr(letter.html, "You got this mail because "));
        assert_null(strchr(letter.html, '{'));
        assert_null(strstr(letter.html, "src="));
        assert_null(strstr(letter.html, "url("));
    }
}

static void lines_of_text_are_short(void **state)
{
    struct ctx *c = *state;

    for (const char *const *kind = letter_kinds(c->mem); *kind != NULL; kind++) {
        const struct mail mail = mail_of(*kind, "Überaus große Schifffahrtsgesellschaft m. b. H.");
        struct letter letter;

        letter_write(c->mem, &mail, ISSUER, &letter);
        for (const char *line = letter.text; *line != '\0'; line += strcspn(line, "\n") + 1) {
            const char *copy = arena_dup_n(c->mem, line, strcspn(line, "\n"));

            assert_true(text_length(copy) <= 72 || strncmp(copy, "https:", 6) == 0);
        }
    }
}

static void values_stay_text(void **state)
{
    struct ctx *c = *state;

    for (const char *const *kind = letter_kinds(c->mem); *kind != NULL; kind++) {
        const struct mail mail = mail_of(*kind, "<b>\"x\"</b>\r\nBcc: a@b.c {to} \xe2\x80\xaeo'k");
        struct letter letter;

        letter_write(c->mem, &mail, ISSUER, &letter);
        assert_null(strpbrk(letter.subject, "\r\n"));
        assert_null(strchr(letter.text, '\r'));
        assert_null(strstr(letter.text, "\nBcc"));
        assert_null(strstr(letter.text, "\xe2\x80\xae"));
        assert_null(strstr(letter.html, "<b>"));
        assert_null(strstr(letter.html, "\"x\""));
        assert_null(strstr(letter.html, "o'k"));
    }
}

static void a_note_is_quoted(void **state)
{
    struct ctx *c = *state;
    struct mail mail = mail_of("invitation", "Value");
    struct letter letter;

    mail.note = "Dear <b>Ada</b>,\r\n\r\ncome & join us.\nhttps://example.com";
    letter_write(c->mem, &mail, ISSUER, &letter);
    assert_non_null(strstr(letter.text, "\n> Dear <b>Ada</b>,\n> \n> come & join us.\n> https:"));
    assert_non_null(strstr(letter.html, ">Dear &lt;b&gt;Ada&lt;/b&gt;,<br>\n<br>\n"));
    assert_non_null(strstr(letter.html, "come &amp; join us.<br>\n"));
    mail.note = "";
    letter_write(c->mem, &mail, ISSUER, &letter);
    assert_null(strstr(letter.text, "\n> "));
    assert_null(strstr(letter.html, "<blockquote"));
}

static void a_long_note_is_cut(void **state)
{
    struct ctx *c = *state;
    struct mail mail = mail_of("invitation", "Value");
    struct letter letter;
    char note[6001];

    memset(note, '"', sizeof(note) - 1);
    note[sizeof(note) - 1] = '\0';
    mail.note = note;
    letter_write(c->mem, &mail, ISSUER, &letter);
    assert_non_null(strstr(letter.text, "\"…\n"));
    assert_non_null(strstr(letter.html, "&quot;…</blockquote>"));
}

static void long_values_are_cut(void **state)
{
    struct ctx *c = *state;
    char *value = arena_alloc(c->mem, 100001);
    struct mail mail;
    struct letter letter;

    memset(value, 'x', 100000);
    mail = mail_of("invitation", value);
    letter_write(c->mem, &mail, ISSUER, &letter);
    assert_true(strlen(letter.subject) < 200);
    assert_non_null(strstr(letter.subject, "…"));
    assert_non_null(strstr(letter.html, "</html>"));
}

static void a_sentence_without_its_value_is_left_out(void **state)
{
    struct ctx *c = *state;
    struct mail mail = mail_of("invitation", "Acme");
    struct letter letter;

    mail.values[2].value = NULL;
    letter_write(c->mem, &mail, ISSUER, &letter);
    assert_null(strstr(letter.text, "The invitation comes from"));
    assert_non_null(strstr(letter.text, "You are invited to work with Acme."));
}

static void a_link_is_optional_where_there_is_nothing_to_do(void **state)
{
    struct ctx *c = *state;
    struct mail mail = mail_of("test", NULL);
    struct letter letter;

    mail.path = NULL;
    letter_write(c->mem, &mail, ISSUER, &letter);
    assert_null(strstr(letter.text, "Open Pawl"));
    assert_null(strstr(letter.html, "Open Pawl"));
}

static void only_names_are_greeted(void **state)
{
    static const struct {
        const char *name;
        bool greeted;
    } cases[] = {
        { "Ada", true },
        { "Zoë Ångström-Ōe", true },
        { "J. R. Smith", true },
        { "Smith Jr.", true },
        { "陳大文", true },
        { NULL, false },
        { "  ", false },
        { "evil.example", false },
        { "https://evil.example", false },
        { "Prize: call", false },
        { "me@evil", false },
    };
    struct ctx *c = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct mail mail = mail_of("verify", NULL);
        struct letter letter;

        mail.name = cases[i].name;
        letter_write(c->mem, &mail, ISSUER, &letter);
        assert_int_equal(strncmp(letter.text, "Hello ", 6) == 0, cases[i].greeted);
        assert_int_equal(strncmp(letter.text, "Hello,", 6) == 0, !cases[i].greeted);
    }
}

static void secrets_of_links_are_cut_off(void **state)
{
    struct ctx *c = *state;
    const struct mail mail = mail_of("reset", "192.0.2.1");
    struct letter letter;
    const char *text;

    letter_write(c->mem, &mail, ISSUER, &letter);
    text = letter_without_secrets(c->mem, letter.text);
    assert_null(strstr(text, "s3cret"));
    assert_non_null(strstr(text, ISSUER "/somewhere#…\n"));
    assert_string_equal(letter_without_secrets(c->mem, "a #1 b#"), "a #… b#…");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(every_kind_is_complete),
        WITH_CONTEXT(lines_of_text_are_short),
        WITH_CONTEXT(values_stay_text),
        WITH_CONTEXT(a_note_is_quoted),
        WITH_CONTEXT(a_long_note_is_cut),
        WITH_CONTEXT(long_values_are_cut),
        WITH_CONTEXT(a_sentence_without_its_value_is_left_out),
        WITH_CONTEXT(a_link_is_optional_where_there_is_nothing_to_do),
        WITH_CONTEXT(only_names_are_greeted),
        WITH_CONTEXT(secrets_of_links_are_cut_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
