/* UUID version 7: 48 bits of milliseconds, 12 random bits, 62 random bits. Within a millisecond
 * the order is random, which is enough to keep inserts at the right edge of an index. */
#include "base/ids.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/text.h"

const char *id_new(struct arena *mem, int64_t now)
{
    unsigned char b[16];

    if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
        abort();
    for (int i = 0; i < 6; i++)
        b[i] = (unsigned char)((uint64_t)now >> (40 - 8 * i));
    b[6] = (unsigned char)(0x70 | (b[6] & 0x0f));
    b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
    return text_hex(mem, b, sizeof(b));
}

bool id_valid(const char *text)
{
    size_t n = 0;

    for (; text[n] != '\0' && n <= ID_LENGTH; n++) {
        bool digit = text[n] >= '0' && text[n] <= '9';
        bool letter = text[n] >= 'a' && text[n] <= 'f';

        if (!digit && !letter)
            return false;
    }
    return n == ID_LENGTH;
}
