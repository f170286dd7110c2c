/* What mail says: one table of kinds in letter.c, from which the subject, the plain text and the
 * HTML of every mail are made. Every mail looks the same: greeting, a few sentences, at most one
 * link, and at the end why the reader got it and from where. Nothing in it is remote. */
#pragma once

#include "model/mail.h"

/* In the arena it was made in. Lines end in \n. */
struct letter {
    const char *subject;
    const char *text;
    const char *html;
};

/* Writes it. `issuer` is the address of this server, which links begin with and the footer names.
 * Values are cut to a length and to one line, a note to a length, and are data: neither becomes
 * markup or a header.
 * A sentence is left out when one of its values is given as NULL. Aborts for an unknown kind, for a
 * value that the kind needs and that is not there, and for a missing link: bugs. */
void letter_write(struct arena *mem, const struct mail *mail, const char *issuer,
                  struct letter *out);

/* The text with what follows each # cut off, and without the codes of guests, as far as it may be
 * shown to a log. */
const char *letter_without_secrets(struct arena *mem, const char *text);

/* The names of all kinds, NULL-terminated; for tests. */
const char *const *letter_kinds(struct arena *mem);
