/* Text is UTF-8. Lengths that people see are counted in characters (code points). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

bool text_is_utf8(const char *s, size_t n);
size_t text_length(const char *s);

/* The form that searches compare: case folded, accents and other marks removed, compatibility
 * forms unified. Stored beside the text, so that both stores find the same. */
const char *text_fold(struct arena *mem, const char *s);

/* What addresses are compared by: without regard to case and to blanks around them, and to nothing
 * else: people of almost the same name have mailboxes of their own. NULL stays NULL. */
const char *text_fold_email(struct arena *mem, const char *s);

/* Without blanks at both ends. */
const char *text_trim(struct arena *mem, const char *s);

/* A LIKE pattern (escape character '\') that matches s literally anywhere: "%" s "%". */
const char *text_like(struct arena *mem, const char *s);

/* The pattern that finds what somebody searches for in folded text. Nothing to search for, NULL or
 * empty, is NULL. */
const char *text_search(struct arena *mem, const char *q);

/* Whether every character of it is seen: no control characters, none that order text about (as
 * U+202E), break a line or take no place. For names that a person decides by. */
bool text_is_visible(const char *s);

/* Whether there is an ASCII control character in it, line breaks and tabs among them. */
bool text_has_control(const char *s);

/* Looks like an e-mail address: one @, a local part, a domain with a dot, at most 254 bytes,
 * no blanks or control characters. Delivery is the only real test. */
bool text_is_email(const char *s);

/* What a stranger sent, cut to fit into `size` bytes, with '?' for all that is not printable ASCII:
 * a name to show, and sure to be valid text. from may be NULL. */
void text_ascii(char *to, size_t size, const char *from);

/* Lower-case hex of bytes. */
const char *text_hex(struct arena *mem, const unsigned char *bytes, size_t n);
