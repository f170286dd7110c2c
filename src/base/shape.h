/* Shapes: one table a record that says what its fields are called, of which type, and where they
 * stand in the struct. The same table loads rows, writes answers, checks input (naming the field
 * in the error) and documents the API. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/json.h"

enum field_type {
    FIELD_TEXT, /* const char * */
    FIELD_INT,  /* int64_t */
    FIELD_BOOL, /* bool */
    FIELD_TRI,  /* int: 0, 1, or -1 for null */
    FIELD_TIME, /* int64_t milliseconds; 0 for null */
    FIELD_REAL, /* double; NAN for null */
    FIELD_WORD, /* int: index into words; -1 for null */
    FIELD_JSON, /* const char *: JSON text, passed through on output; any value on input */
    FIELD_FIXED, /* nothing in the struct: always answered as `fixed` */
};

enum field_flag {
    FIELD_READONLY = 1, /* answered; on input ignored without a warning */
    FIELD_REQUIRED = 2, /* must be given and not blank on a full input */
    FIELD_NULLABLE = 4, /* text NULL and integer 0 are answered as null; null clears on input */
    FIELD_HIDDEN = 8,   /* loaded from the store, never answered, not accepted */
    FIELD_ID = 16,      /* an integer that is answered as a string of digits */
};

struct field {
    const char *name; /* in JSON and of the column */
    enum field_type type;
    size_t offset;
    unsigned flags;
    const char *called;       /* in messages; NULL: its name, with blanks for underscores */
    int64_t max;              /* text: characters, 0: 30,000; up to 200 it is one line without
                                 control characters. int: largest value, 0: no limit */
    const char *const *words; /* FIELD_WORD: NULL-terminated */
    const char *fixed;        /* FIELD_FIXED: JSON text */
    const char *note;         /* one sentence for the API description */
};

struct shape {
    const char *name;
    size_t size;
    const struct field *fields; /* ends with a field without a name */
    const struct shape *answer; /* of an input: how the same record is answered, of which everything
                                   may be sent back and is ignored. NULL: the shape is both */
};

/* One line of a table: FIELD(task, title, TEXT, REQUIRED, .max = 600). */
#define FIELD(record, member, kind, mode, ...)                                        \
    {                                                                                 \
        .name = #member, .type = FIELD_##kind,                                        \
        .offset = offsetof(struct record, member), .flags = FIELD_MODE_##mode,        \
        ##__VA_ARGS__                                                                 \
    }
#define FIELD_MODE_READONLY FIELD_READONLY
#define FIELD_MODE_READONLY_NULL (FIELD_READONLY | FIELD_NULLABLE)
#define FIELD_MODE_REQUIRED FIELD_REQUIRED
#define FIELD_MODE_OPTIONAL 0
#define FIELD_MODE_NULLABLE FIELD_NULLABLE
#define FIELD_MODE_HIDDEN FIELD_HIDDEN
#define SHAPE(record, table, ...) \
    { .name = #record, .size = sizeof(struct record), .fields = (table), ##__VA_ARGS__ }

enum shape_read_mode { READ_FULL, READ_PARTIAL };

/* Reads an object into a struct. Members that are absent keep their value, so a struct that holds
 * the present state becomes the wanted state; READ_FULL refuses absent REQUIRED fields. Strings of
 * digits are taken for integers and true/false/1/0 in any case for flags, since clients send them.
 * Every wrong field is recorded; ERR_INVALID if there was one. Texts are trimmed copies. */
MUST_CHECK enum err shape_read(struct ctx *c, const struct shape *shape, const struct json *in,
                               enum shape_read_mode mode, void *record);

/* Names of the members of `in` that neither the shape nor its answer knows, appended to the list
 * `unknown`. */
void shape_unknown(struct arena *mem, const struct shape *shape, const struct json *in,
                   struct json *unknown);

/* Writes `{…}`; shape_write_members only the members, for answers that add some. */
void shape_write(struct str *out, const struct shape *shape, const void *record);
void shape_write_members(struct str *out, const struct shape *shape, const void *record);

const struct field *shape_field(const struct shape *shape, const char *name);

/* The words of a field's name, for messages: "task_type" is said as "task type". */
const char *field_words(struct ctx *c, const char *name);

/* Whether two records are the same in one field, and in all that a shape has. */
bool field_same(const struct field *f, const void *a, const void *b);
bool shape_same(const struct shape *shape, const void *a, const void *b);

/* Setters by type, used by the store when it loads a row; texts are copied into the arena. */
void field_set_text(struct arena *mem, const struct field *f, void *record, const char *value,
                    size_t n);
void field_set_int(const struct field *f, void *record, int64_t value);
void field_set_real(const struct field *f, void *record, double value);
void field_set_null(const struct field *f, void *record);

/* The index of a word, or -1. */
int word_index(const char *const *words, const char *text);
