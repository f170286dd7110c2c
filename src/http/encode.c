/* See encode.h. */
#include "http/encode.h"

#include <stdbool.h>
#include <string.h>

void encode_query(struct str *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";

    for (; *text != '\0'; text++) {
        unsigned char ch = (unsigned char)*text;
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                     (ch >= '0' && ch <= '9') || strchr("-._~,:", ch) != NULL;

        if (plain) {
            str_add_char(out, (char)ch);
        } else {
            char code[] = { '%', hex[ch >> 4], hex[ch & 15] };

            str_add_n(out, code, sizeof(code));
        }
    }
}
