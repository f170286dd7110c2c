/* See color.h. */
#include "flow/color.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEX_LENGTH = 7 };

bool color_is_hex(const char *text)
{
    return strlen(text) == HEX_LENGTH && text[0] == '#' &&
           strspn(text + 1, "0123456789abcdefABCDEF") == HEX_LENGTH - 1;
}

/* One channel of sRGB, made linear. */
static double linear(long channel)
{
    const double c = (double)channel / 255;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(const char *color)
{
    const long rgb = strtol(color + 1, NULL, 16);

    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xff) +
           0.0722 * linear(rgb & 0xff);
}

double color_contrast(const char *a, const char *b)
{
    const double x = luminance(a), y = luminance(b);
    const double ratio = (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
    const double noise = 1e-9; /* or 21 might come out as 20.99 */

    return floor((ratio + noise) * 100) / 100;
}
