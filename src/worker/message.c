/* See message.h. */
#include "worker/message.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"

enum {
    PLAIN_MAX = 60,   /* bytes of a text that needs no folding */
    ENCODED_MAX = 48, /* of one encoded word, so that a line keeps to 76 with the field's name */
    FIELD_MAX = 16 * 1024,
    FIELDS = 8,
};

const char *message_date(struct arena *mem, int64_t ms)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970 began on a Thursday */
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day = ms / DAY;
    char iso[TIME_TEXT_SIZE];

    time_format(ms, iso);
    return arena_printf(mem, "%.3s, %.2s %.3s %.4s %.8s +0000", days + day % 7 * 3, iso + 8,
                        months + (strtol(iso + 5, NULL, 10) - 1) * 3, iso, iso + 11);
}

/* Letters, digits and blanks mean nothing in any field. */
static bool is_plain(const char *text, const char *others)
{
    size_t n = strlen(text);

    for (const char *p = text; *p != '\0'; p++)
        if (!isascii((unsigned char)*p) ||
            (!isalnum((unsigned char)*p) && *p != ' ' && strchr(others, *p) == NULL))
            return false;
    return n <= PLAIN_MAX;
}

/* How many bytes the next character has, and appends its "Q" form (RFC 2047 section 4.2). */
static size_t encode_character(struct str *out, const char *text)
{
    size_t n = 1;

    if (*text == ' ') {
        str_add_char(out, '_');
        return 1;
    }
    if (isascii((unsigned char)*text) && isalnum((unsigned char)*text)) {
        str_add_char(out, *text);
        return 1;
    }
    while (((unsigned char)text[n] & 0xc0) == 0x80)
        n++;
    for (size_t i = 0; i < n; i++)
        str_printf(out, "=%02X", (unsigned char)text[i]);
    return n;
}

static const char *encoded_words(struct arena *mem, const char *text)
{
    struct str out = str_in(mem, FIELD_MAX);

    while (*text != '\0') {
        size_t begun;

        str_add(&out, out.len == 0 ? "=?UTF-8?Q?" : "\r\n =?UTF-8?Q?");
        begun = out.len;
        while (*text != '\0' && out.len - begun < ENCODED_MAX - 12 /* a character of four bytes */)
            text += encode_character(&out, text);
        str_add(&out, "?=");
    }
    return str_text(&out);
}

const char *message_words(struct arena *mem, const char *text)
{
    return is_plain(text, "!#$%&'()*+,-./:;@[]^_`{|}~\"") ? text : encoded_words(mem, text);
}

const char *message_mailbox(struct arena *mem, const char *name, const char *address)
{
    if (name == NULL || name[0] == '\0')
        return address;
    return is_plain(name, "") ? arena_printf(mem, "%s <%s>", name, address) :
                                arena_printf(mem, "%s\r\n <%s>", encoded_words(mem, name), address);
}

const char *const *message_headers(struct arena *mem, const struct message *m)
{
    const char **fields = arena_new_n(mem, const char *, FIELDS);
    size_t n = 0;

    fields[n++] = arena_printf(mem, "Date: %s", message_date(mem, m->written_at));
    fields[n++] = arena_printf(mem, "From: %s", message_mailbox(mem, m->from_name, m->from));
    fields[n++] = arena_printf(mem, "To: %s", message_mailbox(mem, m->to_name, m->to));
    fields[n++] = arena_printf(mem, "Subject: %s", message_words(mem, m->subject));
    fields[n++] = arena_printf(mem, "Message-ID: <%s@%s>", m->id, m->host);
    fields[n++] = "Auto-Submitted: auto-generated"; /* RFC 3834: nobody answers automatically */
    return fields;
}
