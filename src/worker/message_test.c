/* Header fields of mail. */
#include "worker/message.h"

#include <string.h>

#include "base/testing.h"

static void dates_are_those_of_mail(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(message_date(c->mem, 0), "Thu, 01 Jan 1970 00:00:00 +0000");
    assert_string_equal(message_date(c->mem, INT64_C(951827696789)),
                        "Tue, 29 Feb 2000 12:34:56 +0000");
    assert_string_equal(message_date(c->mem, INT64_C(1798761599000)),
                        "Thu, 31 Dec 2026 23:59:59 +0000");
}

static void plain_text_stays(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(message_words(c->mem, "You are invited to Smith & Co."),
                        "You are invited to Smith & Co.");
    assert_string_equal(message_words(c->mem, ""), "");
}

static void other_text_is_encoded(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(message_words(c->mem, "Zoë & Co"), "=?UTF-8?Q?Zo=C3=AB_=26_Co?=");
    assert_string_equal(message_words(c->mem, "a\r\nBcc: b"), "=?UTF-8?Q?a=0D=0ABcc=3A_b?=");
    assert_string_equal(message_words(c->mem, "=?x?="), "=?UTF-8?Q?=3D=3Fx=3F=3D?=");
}

static void long_text_is_folded_between_characters(void **state)
{
    struct ctx *c = *state;
    char text[4 * 100 + 1] = "";
    const char *words;

    for (int i = 0; i < 100; i++)
        memcpy(text + 4 * i, "😀", 4);
    words = message_words(c->mem, text);
    for (const char *line = words; line != NULL; line = strstr(line + 1, "\r\n ")) {
        size_t n = strcspn(line + 2, "\r");

        assert_true(n + 2 <= 76 - strlen("Subject: "));
        assert_int_equal((n + 2 - (line == words ? 0 : 3) - 12) % 12, 0);
    }
}

static void mailboxes_have_names_where_there_are_any(void **state)
{
    struct ctx *c = *state;

    assert_string_equal(message_mailbox(c->mem, NULL, "a@b.c"), "a@b.c");
    assert_string_equal(message_mailbox(c->mem, "", "a@b.c"), "a@b.c");
    assert_string_equal(message_mailbox(c->mem, "Ada Bell", "a@b.c"), "Ada Bell <a@b.c>");
    assert_string_equal(message_mailbox(c->mem, "Bell, Ada <x@y.z>", "a@b.c"),
                        "=?UTF-8?Q?Bell=2C_Ada_=3Cx=40y=2Ez=3E?=\r\n <a@b.c>");
}

static void no_value_begins_a_field(void **state)
{
    static const char BAD[] = "x\r\nBcc: evil@example.com\r\n\r\nbody";
    struct ctx *c = *state;
    const struct message m = {
        .id = "1", .host = "h", .from_name = BAD, .from = "f@h.x", .to_name = BAD, .to = "t@h.x",
        .subject = BAD,
    };
    size_t n = 0;

    for (const char *const *h = message_headers(c->mem, &m); *h != NULL; h++, n++)
        for (const char *end = strpbrk(*h, "\r\n"); end != NULL; end = strpbrk(end + 3, "\r\n"))
            assert_memory_equal(end, "\r\n ", 3);
    assert_int_equal(n, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONTEXT(dates_are_those_of_mail),
        WITH_CONTEXT(plain_text_stays),
        WITH_CONTEXT(other_text_is_encoded),
        WITH_CONTEXT(long_text_is_folded_between_characters),
        WITH_CONTEXT(mailboxes_have_names_where_there_are_any),
        WITH_CONTEXT(no_value_begins_a_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
