/* Colours, as people enter them, and how well they can be read. Pure functions. */
#pragma once

#include <stdbool.h>

/* The grounds of the web app's two themes (web/src/ui/tokens.css). */
#define COLOR_WHITE "#ffffff"
#define COLOR_DARK "#121413"

/* "#0b6b5f": six hex digits in either case. */
bool color_is_hex(const char *text);

/* The contrast ratio of two colours that color_is_hex takes (WCAG 2.2, "contrast ratio"): from 1 to
 * 21, cut after two decimals, so that what seems enough is. Text takes 4.5, large text 3. */
double color_contrast(const char *a, const char *b);
