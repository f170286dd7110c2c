/* Values of custom fields: eleven types, what each takes from a request, how it is stored, and how
 * it is shown. Options and columns are stored by their ids and shown by their texts. */
#pragma once

#include "flow/custom_choice.h"

enum custom_type {
    CUSTOM_TEXT,     /* one line of 200 characters at most; numbers and flags become text */
    CUSTOM_TEXTAREA, /* 30,000 characters at most */
    CUSTOM_NUMBER,   /* or a text that is one */
    CUSTOM_BOOLEAN,  /* in any spelling */
    CUSTOM_DATE,     /* a date or a time, shown as YYYY-MM-DDTHH:MM:SSZ */
    CUSTOM_EMAIL,
    CUSTOM_URL,      /* http or https */
    CUSTOM_RADIO,    /* the text of an option, or {"id"} or {"id","text"}, where the id decides */
    CUSTOM_DROPDOWN, /* the same */
    CUSTOM_MULTISELECT, /* a list of the same, none twice; {"selected": false} is not chosen */
    CUSTOM_TABLE,    /* a list of rows, each an object by column or a list with all cells */
    CUSTOM_TYPES,
};

/* As on the wire, in this order. */
extern const char *const custom_type_words[];

bool custom_type_has_options(enum custom_type type);

enum {
    CUSTOM_TEXT_MAX = 200,
    CUSTOM_TEXTAREA_MAX = 30000,
    CUSTOM_URL_MAX = 2000,
    CUSTOM_CELL_MAX = 1000, /* characters */
    CUSTOM_ROWS_MAX = 500,
};

struct custom_field {
    enum custom_type type;
    const char *label;      /* what messages call it */
    struct choices choices; /* options or columns */
};

/* Reads a value that was sent into *out, as it is stored; NULL for one that clears the field: null,
 * a blank text, an empty list. False, when it is wrong: that is noted as a fault of `path`, or of a
 * row below it. Lives in the context's arena. */
bool custom_value_read(struct ctx *c, const char *path, const struct custom_field *field,
                       const struct json *in, const struct json **out);

/* A stored value as it is shown; NULL when nothing of it is left, since its options are gone. */
const struct json *custom_value_shown(struct arena *mem, const struct custom_field *field,
                                      const struct json *stored);
