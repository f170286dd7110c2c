/* The keys of custom fields: what an organization adds to its records, kind by kind. What the
 * records say under these keys is custom_field.h's.
 *
 * Keys of the organization are its administrators'. System keys are made by the server alone:
 * people read them and what stands under them, and change neither. With a key its values are gone;
 * those of an inactive one are kept, unseen, until it is active again.
 *
 * Everything returned lives in the caller's arena. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/shape.h"
#include "flow/custom_value.h"
#include "model/list_order.h"

/* Kinds of records that can have custom fields. */
enum custom_kind {
    CUSTOM_ON_TEMPLATE,
    CUSTOM_ON_STEP,
    CUSTOM_ON_CAPTURE, /* a form field of a step */
    CUSTOM_ON_PRERUN,  /* a form field of a kick-off form */
    CUSTOM_ON_RUN,
    CUSTOM_ON_TASK,
    CUSTOM_ON_USER,
    CUSTOM_ON_GUEST,
    CUSTOM_ON_FOLDER,
    CUSTOM_ON_TAG,
    CUSTOM_KINDS,
};

enum custom_key_type { CUSTOM_OF_ORGANIZATION, CUSTOM_OF_SYSTEM };

enum { CUSTOM_KEYS_MAX = 100 /* of one kind */, CUSTOM_KEY_MAX = 64 /* characters */ };

struct custom_field_key {
    const char *id;
    const char *key; /* its name in custom_fields; one of a kind */
    const char *label;
    int applies_to; /* enum custom_kind */
    int field_type; /* enum custom_type */
    int key_type;   /* enum custom_key_type */
    bool is_required, is_active;
    const char *options; /* JSON list of {"id","text"}; NULL: not of this type */
    const char *columns; /* JSON list of {"id","label"}; NULL: not of this type */
    int64_t created_at, last_updated;
    int64_t last_choice; /* hidden: the highest id of an option or column so far */
};

extern const struct shape custom_field_key_shape;        /* also what a change may say */
extern const struct shape custom_field_key_create_shape; /* over the same struct, from NEW */

#define CUSTOM_FIELD_KEY_NEW                                           \
    ((struct custom_field_key){                                        \
        .applies_to = -1, .field_type = -1, .is_active = true })

/* What a list is asked for by; the query's parameters have the same names. Start from ANY. */
struct custom_field_key_filter {
    int applies_to, key_type, field_type; /* -1: all */
    int is_required, is_active;           /* -1: both */
    const char *q;                        /* in key or label, without regard to case and accents */
    struct list_order order; /* key, label, applies_to, field_type, created_at, last_updated */
};
#define CUSTOM_FIELD_KEY_ANY                                           \
    ((struct custom_field_key_filter){                                 \
        .applies_to = -1, .key_type = -1, .field_type = -1, .is_required = -1, .is_active = -1 })
extern const struct shape custom_field_key_filter_shape;

MUST_CHECK enum err custom_field_key_list(struct ctx *c, const struct custom_field_key_filter *f,
                                          int64_t limit, int64_t offset,
                                          struct custom_field_key **out, size_t *count,
                                          int64_t *total);

MUST_CHECK enum err custom_field_key_get(struct ctx *c, const char *id,
                                         struct custom_field_key *out);

/* ERR_INVALID with each wrong field, those that body_read noted among them. */
MUST_CHECK enum err custom_field_key_create(struct ctx *c, struct custom_field_key *key);

/* `key` becomes what is wanted of `was`. ERR_INVALID also for another key, kind or type;
 * ERR_DENIED for a system key. */
MUST_CHECK enum err custom_field_key_update(struct ctx *c, const struct custom_field_key *was,
                                            struct custom_field_key *key);

/* ERR_DENIED for a system key. */
MUST_CHECK enum err custom_field_key_delete(struct ctx *c, const char *id);

/* All keys of a kind, oldest first. */
MUST_CHECK enum err custom_field_keys_of(struct ctx *c, enum custom_kind kind,
                                         struct custom_field_key **out, size_t *count);

/* The key as the rules see it. */
MUST_CHECK enum err custom_field_of(struct ctx *c, const struct custom_field_key *key,
                                    struct custom_field *out);
