/* See custom_field_key.h. */
#include "model/custom_field_key.h"

#include <string.h>

#include "auth/event.h"
#include "base/ids.h"
#include "base/text.h"
#include "db/db.h"

enum { LABEL_MAX = 200, CHOICES_TEXT_MAX = 256 * 1024, EVENT_MAX = 4096 };

/* ---- shape ---- */

/* By the names of the interface first, which are stored; then by what people call them. */
static const char *const kind_words[] = {
    [CUSTOM_ON_TEMPLATE] = "checklist", [CUSTOM_ON_STEP] = "step",
    [CUSTOM_ON_CAPTURE] = "capture",    [CUSTOM_ON_PRERUN] = "prerun",
    [CUSTOM_ON_RUN] = "run",            [CUSTOM_ON_TASK] = "task",
    [CUSTOM_ON_USER] = "user",          [CUSTOM_ON_GUEST] = "guest",
    [CUSTOM_ON_FOLDER] = "folder",      [CUSTOM_ON_TAG] = "tag",
    [CUSTOM_KINDS] = "template",        "blueprint",
    "process",                          "member",
    NULL,
};

static const enum custom_kind other_kinds[] = {
    CUSTOM_ON_TEMPLATE, CUSTOM_ON_TEMPLATE, CUSTOM_ON_RUN, CUSTOM_ON_USER,
};

static const char *const key_type_words[] = { "organization", "system", NULL };

/* What is given when a key is made and stays as it is. */
#define KEY_IDENTITY(mode)                                                               \
    FIELD(custom_field_key, key, TEXT, mode, .max = CUSTOM_KEY_MAX,                      \
          .note = "Lower-case letters, digits, _ and -; one of its kind."),              \
        FIELD(custom_field_key, applies_to, WORD, mode, .words = kind_words),            \
        FIELD(custom_field_key, field_type, WORD, mode, .words = custom_type_words),     \
        FIELD(custom_field_key, key_type, WORD, OPTIONAL, .words = key_type_words)

#define KEY_REST                                                                         \
    FIELD(custom_field_key, label, TEXT, OPTIONAL, .max = LABEL_MAX,                     \
          .note = "The key if left out."),                                               \
        FIELD(custom_field_key, is_required, BOOL, OPTIONAL),                            \
        FIELD(custom_field_key, is_active, BOOL, OPTIONAL),                              \
        FIELD(custom_field_key, options, JSON, OPTIONAL,                                 \
              .note = "Of radio, dropdown and multiselect: texts, or {id, text}."),      \
        FIELD(custom_field_key, columns, JSON, OPTIONAL,                                 \
              .note = "Of a table: texts, or {id, label}."),                             \
        FIELD(custom_field_key, created_at, TIME, READONLY),                             \
        FIELD(custom_field_key, last_updated, TIME, READONLY),                           \
        FIELD(custom_field_key, last_choice, INT, HIDDEN)

static const struct field key_fields[] = {
    FIELD(custom_field_key, id, TEXT, READONLY), KEY_IDENTITY(OPTIONAL), KEY_REST, { 0 }
};
const struct shape custom_field_key_shape = SHAPE(custom_field_key, key_fields);

static const struct field create_fields[] = {
    FIELD(custom_field_key, id, TEXT, READONLY), KEY_IDENTITY(REQUIRED), KEY_REST, { 0 }
};
const struct shape custom_field_key_create_shape = SHAPE(custom_field_key, create_fields);

static const struct field filter_fields[] = {
    FIELD(custom_field_key_filter, applies_to, WORD, OPTIONAL, .words = kind_words),
    FIELD(custom_field_key_filter, key_type, WORD, OPTIONAL, .words = key_type_words),
    FIELD(custom_field_key_filter, field_type, WORD, OPTIONAL, .words = custom_type_words),
    FIELD(custom_field_key_filter, is_required, TRI, OPTIONAL),
    FIELD(custom_field_key_filter, is_active, TRI, OPTIONAL),
    FIELD(custom_field_key_filter, q, TEXT, OPTIONAL, .called = "search text", .max = LABEL_MAX),
    LIST_ORDER_FIELDS(custom_field_key_filter),
    { 0 },
};
const struct shape custom_field_key_filter_shape = SHAPE(custom_field_key_filter, filter_fields);

/* ---- SQL ---- */

#define KEY                                                                                  \
    "SELECT id, key, label, applies_to, field_type, key_type, is_required, is_active,"       \
    "       options, columns, last_choice, created_at, updated_at AS last_updated"           \
    "  FROM custom_field_keys"

#define NARROWED                                                                             \
    " WHERE org_id = ?1"                                                                     \
    "   AND (CAST(?2 AS TEXT) IS NULL OR applies_to = ?2)"                                   \
    "   AND (CAST(?3 AS TEXT) IS NULL OR key_type = ?3)"                                     \
    "   AND (CAST(?4 AS TEXT) IS NULL OR field_type = ?4)"                                   \
    "   AND (CAST(?5 AS BIGINT) IS NULL OR is_required = ?5)"                                \
    "   AND (CAST(?6 AS BIGINT) IS NULL OR is_active = ?6)"                                  \
    "   AND (CAST(?7 AS TEXT) IS NULL OR key LIKE ?7 ESCAPE '\\'"                            \
    "        OR label_folded LIKE ?7 ESCAPE '\\')"

/* An id begins with its time; so does the order of those that are equal. */
#define ORDERED(way)                                                                         \
    " ORDER BY CASE ?8 WHEN 'last_updated' THEN updated_at ELSE 0 END" way ","               \
    "          CASE ?8 WHEN 'key' THEN key WHEN 'label' THEN label_folded"                   \
    "                  WHEN 'applies_to' THEN applies_to"                                    \
    "                  WHEN 'field_type' THEN field_type ELSE id END" way ", id" way         \
    " LIMIT ?9 OFFSET ?10"

static const char KEYS_UP[] = KEY NARROWED ORDERED("");
static const char KEYS_DOWN[] = KEY NARROWED ORDERED(" DESC");
static const char KEYS_COUNT[] = "SELECT count(*) FROM custom_field_keys" NARROWED;

static const char KEY_GET[] = KEY " WHERE org_id = ? AND id = ?";
static const char KEYS_OF_KIND[] = KEY " WHERE org_id = ? AND applies_to = ? ORDER BY id";

static const char KEYS_OF_KIND_COUNT[] =
    "SELECT count(*) FROM custom_field_keys WHERE org_id = ? AND applies_to = ?";

static const char KEY_TAKEN[] =
    "SELECT count(*) FROM custom_field_keys WHERE org_id = ? AND applies_to = ? AND key = ?";

static const char KEY_INSERT[] =
    "INSERT INTO custom_field_keys (org_id, id, key, label, label_folded, applies_to, field_type,"
    "                               key_type, is_required, is_active, options, columns,"
    "                               last_choice, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char KEY_UPDATE[] =
    "UPDATE custom_field_keys"
    "   SET label = ?, label_folded = ?, is_required = ?, is_active = ?, options = ?,"
    "       columns = ?, last_choice = ?, updated_at = ?"
    " WHERE org_id = ? AND id = ?";

static const char KEY_DELETE[] = "DELETE FROM custom_field_keys WHERE org_id = ? AND id = ?";

/* ---- private ---- */

static const char NO_CHOICES[] = "[]";

/* A word of the list as a kind; -1 stays -1. */
static int kind_of(int word)
{
    return word < CUSTOM_KINDS ? word : (int)other_kinds[word - CUSTOM_KINDS];
}

static bool has_options(const struct custom_field_key *key)
{
    return key->field_type >= 0 && custom_type_has_options((enum custom_type)key->field_type);
}

/* What the row says of a list that the type has not is nothing. */
static void for_answer(struct custom_field_key *key)
{
    if (!has_options(key))
        key->options = NULL;
    if (key->field_type != CUSTOM_TABLE)
        key->columns = NULL;
}

static enum err record(struct ctx *c, const char *verb, const struct custom_field_key *key)
{
    struct str data = str_in(c->mem, EVENT_MAX);

    json_begin_object(&data);
    json_key_text(&data, "title", key->label);
    json_key_text(&data, "key", key->key);
    json_key_text(&data, "applies_to", kind_words[key->applies_to]);
    json_end_object(&data);
    return event_record(c, verb, "custom_field_key", key->id, str_text(&data));
}

static enum err refuse_system(struct ctx *c, const struct custom_field_key *key)
{
    if (key->key_type != CUSTOM_OF_SYSTEM)
        return OK;
    return fail(c, ERR_DENIED, NULL, "A custom field of the system cannot be changed or deleted.");
}

/* ---- private: checking ---- */

static enum err check_new(struct ctx *c, const struct custom_field_key *key)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    int64_t n;

    if (key->key_type == CUSTOM_OF_SYSTEM)
        fault(c, "key_type", "Only the server makes keys of the system.");
    if (key->key != NULL && key->key[strspn(key->key, letters)] != '\0')
        fault(c, "key", "The key may hold lower-case letters, digits, _ and - only.");
    if (key->applies_to < 0)
        return OK;
    TRY(db_int(c, KEYS_OF_KIND_COUNT, &n, TEXT(c->org), TEXT(kind_words[key->applies_to])));
    if (n >= CUSTOM_KEYS_MAX)
        fault(c, "applies_to", "There are %d custom fields of this kind, which is the most.",
              CUSTOM_KEYS_MAX);
    if (key->key == NULL)
        return OK;
    TRY(db_int(c, KEY_TAKEN, &n, TEXT(c->org), TEXT(kind_words[key->applies_to]),
               TEXT(key->key)));
    if (n > 0)
        fault(c, "key", "There is a custom field with this key already.");
    return OK;
}

static void check_same(struct ctx *c, const struct custom_field_key *was,
                       const struct custom_field_key *key)
{
    static const char why[] = "This cannot be changed. Make another custom field instead.";

    if (strcmp(key->key, was->key) != 0)
        fault(c, "key", why);
    if (key->applies_to != was->applies_to)
        fault(c, "applies_to", why);
    if (key->field_type != was->field_type)
        fault(c, "field_type", why);
    if (key->key_type != was->key_type)
        fault(c, "key_type", why);
}

/* A list as JSON text, parsed; NULL stands for null. */
static enum err parse(struct ctx *c, const char *text, struct json **out)
{
    return json_parse(c, text == NULL ? "null" : text, text == NULL ? 4 : strlen(text), out);
}

/* Brings one of the two lists that was sent into the form that is stored. Only its own type has
 * it; *list is what there is where none was sent. */
static enum err read_list(struct ctx *c, const char *field, bool has, const char *element,
                          const char *was, const char **list, int64_t *last)
{
    struct choices before = { .last = *last }, after;
    struct str text = str_in(c->mem, CHOICES_TEXT_MAX);
    struct json *sent, *stored;

    if (*list != NULL && *list == was)
        return OK;
    TRY(parse(c, *list, &sent));
    if (!has) {
        if (sent->kind != J_NULL && (sent->kind != J_LIST || sent->first != NULL))
            fault(c, field, "A custom field of this type has no %s.", field);
        *list = NULL;
        return OK;
    }
    TRY(parse(c, was, &stored));
    choices_parse(c->mem, stored, &before);
    choices_read(c, field, sent, &before, &after);
    choices_write(&text, &after, element);
    *list = str_text(&text);
    *last = after.last;
    return OK;
}

static enum err check_rest(struct ctx *c, const struct custom_field_key *was,
                           struct custom_field_key *key)
{
    if (key->label == NULL || key->label[0] == '\0')
        key->label = key->key;
    if (key->field_type < 0)
        return OK;
    TRY(read_list(c, "options", has_options(key), "text", was->options, &key->options,
                  &key->last_choice));
    return read_list(c, "columns", key->field_type == CUSTOM_TABLE, "label", was->columns,
                     &key->columns, &key->last_choice);
}

/* ---- operations ---- */

#define WORD(words, i) TEXT((i) < 0 ? NULL : (words)[i])
#define ARGS(c, f, kind, q)                                                              \
    TEXT((c)->org), WORD(kind_words, kind), WORD(key_type_words, (f)->key_type),         \
        WORD(custom_type_words, (f)->field_type), TRI((f)->is_required),                 \
        TRI((f)->is_active), TEXT(q)

enum err custom_field_key_list(struct ctx *c, const struct custom_field_key_filter *f,
                               int64_t limit, int64_t offset, struct custom_field_key **out,
                               size_t *count, int64_t *total)
{
    const char *q = text_search(c->mem, f->q);
    const char *order = list_order(c->mem, &f->order);
    bool down = order != NULL && order[0] == '-';
    int kind = kind_of(f->applies_to);

    TRY(db_int(c, KEYS_COUNT, total, ARGS(c, f, kind, q)));
    TRY(db_all(c, down ? KEYS_DOWN : KEYS_UP, &custom_field_key_shape, out, count,
               ARGS(c, f, kind, q), TEXT(order == NULL ? "" : order + down), INT(limit),
               INT(offset)));
    for (size_t i = 0; i < *count; i++)
        for_answer(&(*out)[i]);
    return OK;
}

enum err custom_field_key_get(struct ctx *c, const char *id, struct custom_field_key *out)
{
    enum err e;

    *out = CUSTOM_FIELD_KEY_NEW;
    e = db_one(c, KEY_GET, &custom_field_key_shape, out, TEXT(c->org), TEXT(id));
    if (e != OK)
        return e == ERR_NOT_FOUND ? fail(c, e, NULL, NULL) : e;
    for_answer(out);
    return OK;
}

enum err custom_field_key_create(struct ctx *c, struct custom_field_key *key)
{
    key->id = id_new(c->mem, c->now);
    key->applies_to = kind_of(key->applies_to);
    key->created_at = key->last_updated = c->now;
    TRY(check_new(c, key));
    TRY(check_rest(c, &(struct custom_field_key){ 0 }, key));
    TRY(fields_ok(c));
    TRY(db_change(c, KEY_INSERT, TEXT(c->org), TEXT(key->id), TEXT(key->key), TEXT(key->label),
                  TEXT(text_fold(c->mem, key->label)), TEXT(kind_words[key->applies_to]),
                  TEXT(custom_type_words[key->field_type]), TEXT(key_type_words[key->key_type]),
                  INT(key->is_required), INT(key->is_active),
                  TEXT(key->options == NULL ? NO_CHOICES : key->options),
                  TEXT(key->columns == NULL ? NO_CHOICES : key->columns), INT(key->last_choice),
                  INT(key->created_at), INT(key->last_updated)));
    return record(c, "created", key);
}

enum err custom_field_key_update(struct ctx *c, const struct custom_field_key *was,
                                 struct custom_field_key *key)
{
    TRY(refuse_system(c, was));
    key->applies_to = kind_of(key->applies_to);
    check_same(c, was, key);
    TRY(check_rest(c, was, key));
    TRY(fields_ok(c));
    if (shape_same(&custom_field_key_shape, was, key))
        return OK;
    key->last_updated = c->now;
    TRY(db_change_one(c, KEY_UPDATE, TEXT(key->label), TEXT(text_fold(c->mem, key->label)),
                      INT(key->is_required), INT(key->is_active),
                      TEXT(key->options == NULL ? NO_CHOICES : key->options),
                      TEXT(key->columns == NULL ? NO_CHOICES : key->columns),
                      INT(key->last_choice), INT(key->last_updated), TEXT(c->org),
                      TEXT(key->id)));
    return record(c, "updated", key);
}

enum err custom_field_key_delete(struct ctx *c, const char *id)
{
    struct custom_field_key key;

    TRY(custom_field_key_get(c, id, &key));
    TRY(refuse_system(c, &key));
    TRY(db_change_one(c, KEY_DELETE, TEXT(c->org), TEXT(id)));
    return record(c, "deleted", &key);
}

enum err custom_field_keys_of(struct ctx *c, enum custom_kind kind, struct custom_field_key **out,
                              size_t *count)
{
    return db_all(c, KEYS_OF_KIND, &custom_field_key_shape, out, count, TEXT(c->org),
                  TEXT(kind_words[kind]));
}

enum err custom_field_of(struct ctx *c, const struct custom_field_key *key,
                         struct custom_field *out)
{
    struct json *list;

    *out = (struct custom_field){ .type = (enum custom_type)key->field_type,
                                  .label = key->label };
    TRY(parse(c, key->field_type == CUSTOM_TABLE ? key->columns : key->options, &list));
    choices_parse(c->mem, list, &out->choices);
    return OK;
}
