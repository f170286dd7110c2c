/* JSON in and out.
 *
 * In: one parse gives a tree in the arena, within limits of depth and size. Forms and multipart
 * bodies become the same tree (an object of strings), so that everything after this point is
 * written once.
 *
 * Out: values are appended to a struct str; commas and quotes are this module's business.
 *
 * No name here may be one of jansson's: ours would take its place inside the shared library. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/str.h"

enum json_kind { J_NULL, J_BOOL, J_INT, J_REAL, J_TEXT, J_LIST, J_OBJECT };
enum { JSON_MAX_DEPTH = 32, JSON_MAX_MEMBERS = 1000 /* of one object */ };

struct json {
    enum json_kind kind;
    const char *key;    /* in an object; else NULL */
    struct json *next;  /* the next member or element */
    struct json *first; /* of a list or object */
    struct json *last;
    union {
        bool boolean;
        int64_t integer;
        double real;
        const char *text;
    };
};

/* Parses RFC 8259 text: strict UTF-8, no duplicate keys, no NUL, depth at most JSON_MAX_DEPTH,
 * objects of at most JSON_MAX_MEMBERS members, since these are looked for one by one.
 * ERR_MALFORMED with the position in the message. */
MUST_CHECK enum err json_parse(struct ctx *c, const char *text, size_t n, struct json **out);

struct json *json_new(struct arena *mem, enum json_kind kind);
struct json *json_new_text(struct arena *mem, const char *text);

/* Appends to a list or object; with a key, to an object. */
void json_append(struct arena *mem, struct json *parent, const char *key, struct json *child);

/* The member of an object, or NULL (also when o is NULL or no object). */
const struct json *json_get(const struct json *o, const char *key);

/* The text of a member, or NULL when absent or not text. */
const char *json_get_text(const struct json *o, const char *key);

/* A whole number, or a text of nothing but its digits: clients send both. */
bool json_as_int(const struct json *v, int64_t *out);

/* true, false, 1 or 0, as such or as text in any case: clients send them all. */
bool json_as_bool(const struct json *v, bool *out);

/* The same in place: what was spelled otherwise becomes a plain number or flag. False, and nothing
 * changed, for what is none. */
bool json_make_int(struct json *v);
bool json_make_bool(struct json *v);

/* ---- out ---- */

void json_begin_object(struct str *out);
void json_end_object(struct str *out);
void json_begin_list(struct str *out);
void json_end_list(struct str *out);
void json_key(struct str *out, const char *key);
/* As json_key, for a name of our own that needs no escaping: most of a long list is names. */
void json_key_plain(struct str *out, const char *key);
void json_put_text(struct str *out, const char *value); /* NULL: null */
void json_put_int(struct str *out, int64_t value);
void json_put_real(struct str *out, double value);
void json_put_bool(struct str *out, bool value);
void json_put_time(struct str *out, int64_t ms); /* 0: null */
void json_put_null(struct str *out);

/* A value that is JSON text already (from the store). NULL: null. */
void json_put_raw(struct str *out, const char *value);

/* A tree, as it is. */
void json_put_tree(struct str *out, const struct json *value);

/* Shorthands for members. */
void json_key_text(struct str *out, const char *key, const char *value);
void json_key_int(struct str *out, const char *key, int64_t value);
void json_key_bool(struct str *out, const char *key, bool value);
void json_key_time(struct str *out, const char *key, int64_t ms);
