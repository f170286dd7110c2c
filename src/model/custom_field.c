/* See custom_field.h. Records differ in how they are found and in who may change them: one table.
 * All else is the same for every kind. */
#include "model/custom_field.h"

#include <stdlib.h>
#include <string.h>

#include "auth/caller.h"
#include "auth/event.h"
#include "auth/permission.h"
#include "base/text.h"
#include "db/db.h"
#include "model/guest.h"
#include "model/task.h"

enum {
    DOCUMENT_MAX = 64 * 1024, /* bytes of a record's values, as they are stored and as shown */
    SHOWN_MAX = 256 * 1024,   /* the same after options and columns got longer names */
    NAMES_MAX = 16 * 1024,
};

/* ---- shape ---- */

static const struct field values_fields[] = {
    FIELD(custom_fields_input, custom_fields, JSON, REQUIRED, .note = "Values by key."), { 0 }
};
const struct shape custom_fields_shape = SHAPE(custom_fields_input, values_fields);

static const struct field value_fields[] = {
    FIELD(custom_field_input, value, JSON, REQUIRED, .note = "null clears it."), { 0 }
};
const struct shape custom_field_value_shape = SHAPE(custom_field_input, value_fields);

/* ---- SQL ---- */

/* ?1 organization, ?2 record. The inner cast tells PostgreSQL that the argument is text. */
static const char TASK_READ[] = "SELECT custom_fields FROM tasks WHERE org_id = ? AND id = ?";
static const char FOLDER_READ[] = "SELECT custom_fields FROM folders WHERE org_id = ? AND id = ?";
static const char TAG_READ[] = "SELECT custom_fields FROM tags WHERE org_id = ? AND id = ?";
static const char USER_READ[] =
    "SELECT custom_fields FROM members"
    " WHERE org_id = ? AND user_id = CAST(CAST(? AS TEXT) AS BIGINT)"
    "   AND deleted_at IS NULL AND is_bot = 0";
static const char GUEST_READ[] =
    "SELECT custom_fields FROM guests"
    " WHERE org_id = ? AND id = CAST(CAST(? AS TEXT) AS BIGINT) AND deleted_at IS NULL";

/* ?1 values, ?2 now, ?3 organization, ?4 record. */
static const char TASK_WRITE[] =
    "UPDATE tasks SET custom_fields = ?, updated_at = ?, version = version + 1"
    " WHERE org_id = ? AND id = ?";
static const char FOLDER_WRITE[] =
    "UPDATE folders SET custom_fields = ?, updated_at = ? WHERE org_id = ? AND id = ?";
static const char TAG_WRITE[] =
    "UPDATE tags SET custom_fields = ?, updated_at = ? WHERE org_id = ? AND id = ?";
static const char GUEST_WRITE[] =
    "UPDATE guests SET custom_fields = ?, updated_at = ?"
    " WHERE org_id = ? AND id = CAST(CAST(? AS TEXT) AS BIGINT)";
/* A membership has no time of its last change. */
static const char USER_WRITE[] =
    "UPDATE members SET custom_fields = ?1"
    " WHERE org_id = ?3 AND user_id = CAST(CAST(?4 AS TEXT) AS BIGINT)"
    "   AND (deleted_at IS NULL OR deleted_at > ?2)";

/* ---- private: records ---- */

/* What permissions alone do not say: whether the caller may see this record and, `changing`, change
 * it. Turns its name in a path into its id. */
typedef enum err finder(struct ctx *c, bool changing, const char **id);

static enum err find_task(struct ctx *c, bool changing, const char **id)
{
    struct task t;

    return changing ? task_get_editable(c, *id, &t) : task_get(c, *id, &t);
}

static enum err find_user(struct ctx *c, bool changing, const char **id)
{
    size_t digits = strspn(*id, "0123456789");

    (void)changing;
    if (digits == 0 || digits > 18 || (*id)[digits] != '\0')
        return fail(c, ERR_NOT_FOUND, NULL, NULL);
    return permit_own(c, KEEP_PROFILES, strtoll(*id, NULL, 10) == c->caller->user_id);
}

static enum err find_guest(struct ctx *c, bool changing, const char **id)
{
    struct guest guest;

    (void)changing;
    TRY(guest_get(c, *id, &guest));
    *id = arena_printf(c->mem, "%lld", (long long)guest.id);
    return OK;
}

/* A kind without a row has keys, and no records yet. */
static const struct kind {
    enum action see, change;
    finder *find;             /* NULL: the name is the id, and who may see one may see all */
    const char *read, *write; /* SQL */
    const char *subject;      /* of its events */
} kinds[CUSTOM_KINDS] = {
    [CUSTOM_ON_TASK] = { SEE_TASKS, WORK_ON_TASKS, find_task, TASK_READ, TASK_WRITE, "task" },
    [CUSTOM_ON_USER] = { KEEP_PROFILES, KEEP_PROFILES, find_user, USER_READ, USER_WRITE,
                         "member" },
    [CUSTOM_ON_GUEST] = { SEE_GUESTS, ADD_GUESTS, find_guest, GUEST_READ, GUEST_WRITE, "guest" },
    [CUSTOM_ON_FOLDER] = { SEE_FOLDERS, MANAGE_FOLDERS, NULL, FOLDER_READ, FOLDER_WRITE,
                           "folder" },
    [CUSTOM_ON_TAG] = { SEE_TAGS, MANAGE_TAGS, NULL, TAG_READ, TAG_WRITE, "tag" },
};

/* ---- private: keys and values ---- */

/* All keys of a kind, and beside each the field as the rules see it. */
struct catalog {
    struct custom_field_key *keys;
    struct custom_field *fields;
    size_t count;
};

static enum err load_catalog(struct ctx *c, enum custom_kind kind, struct catalog *out)
{
    TRY(custom_field_keys_of(c, kind, &out->keys, &out->count));
    out->fields = arena_new_n(c->mem, struct custom_field, out->count);
    for (size_t i = 0; i < out->count; i++)
        TRY(custom_field_of(c, &out->keys[i], &out->fields[i]));
    return OK;
}

/* The place of a key in the catalog, or its count. */
static size_t place_of(const struct catalog *catalog, const char *key)
{
    size_t i = 0;

    while (i < catalog->count && strcmp(catalog->keys[i].key, key) != 0)
        i++;
    return i;
}

/* Puts stored values beside their keys; NULL: none. */
static enum err spread(struct ctx *c, const struct catalog *catalog, const char *stored,
                       const struct json **values)
{
    struct json *by_id;

    TRY(json_parse(c, stored, strlen(stored), &by_id));
    for (size_t i = 0; i < catalog->count; i++)
        values[i] = json_get(by_id, catalog->keys[i].id);
    return OK;
}

/* One record, and what it has under each key of its kind, as it is stored. */
struct record {
    const struct kind *kind;
    const char *id;
    struct catalog catalog;
    const struct json **values;
};

static enum err load(struct ctx *c, enum custom_kind kind, const char *id, bool changing,
                     struct record *out)
{
    const struct kind *k = &kinds[kind];
    const char *stored;
    enum err e;

    *out = (struct record){ .kind = k, .id = id };
    TRY(permit(c, changing ? k->change : k->see));
    if (k->find != NULL)
        TRY(k->find(c, changing, &out->id));
    e = db_text(c, k->read, &stored, TEXT(c->org), TEXT(out->id));
    if (e != OK)
        return e == ERR_NOT_FOUND ? fail(c, e, NULL, NULL) : e;
    TRY(load_catalog(c, kind, &out->catalog));
    out->values = arena_new_n(c->mem, const struct json *, out->catalog.count);
    return spread(c, &out->catalog, stored, out->values);
}

/* ---- private: showing ---- */

/* NULL when it is larger than anything that is shown. */
static const char *value_text(struct ctx *c, const struct json *value)
{
    struct str text = str_in(c->mem, SHOWN_MAX);

    json_put_tree(&text, value);
    return str_ok(&text) ? str_text(&text) : NULL;
}

/* A value for which longer names have left no room is left out: a list of records must not fail
 * because of one. False: one was. */
static bool show(struct ctx *c, const struct catalog *catalog, const struct json *const *values,
                 const char **out)
{
    struct str text = str_in(c->mem, SHOWN_MAX);
    bool whole = true;

    json_begin_object(&text);
    for (size_t i = 0; i < catalog->count; i++) {
        const struct custom_field_key *key = &catalog->keys[i];
        const struct json *value = NULL;
        const char *json;

        if (values[i] != NULL && key->is_active)
            value = custom_value_shown(c->mem, &catalog->fields[i], values[i]);
        if (value == NULL)
            continue;
        json = value_text(c, value);
        if (json == NULL || text.len + strlen(json) + CUSTOM_KEY_MAX + 8 > SHOWN_MAX) {
            whole = false;
            continue;
        }
        json_key(&text, key->key);
        json_put_raw(&text, json);
    }
    json_end_object(&text);
    *out = str_text(&text);
    return whole;
}

/* ---- private: changing ---- */

static const char *path_of(struct ctx *c, const char *key)
{
    return arena_printf(c->mem, "custom_fields.%s", key);
}

static bool is_settable(const struct custom_field_key *key)
{
    return key->is_active && key->key_type == CUSTOM_OF_ORGANIZATION;
}

static void refuse_others(struct ctx *c, const struct catalog *catalog, const struct json *sent)
{
    for (const struct json *v = sent->first; v != NULL; v = v->next) {
        size_t i = place_of(catalog, v->key);
        const struct custom_field_key *key = i < catalog->count ? &catalog->keys[i] : NULL;

        if (key == NULL)
            fault(c, path_of(c, v->key), "There is no custom field with this key.");
        else if (key->key_type == CUSTOM_OF_SYSTEM)
            fault(c, path_of(c, v->key), "%s is kept by the system.", key->label);
        else if (!key->is_active)
            fault(c, path_of(c, v->key), "%s is not in use.", key->label);
    }
}

/* What a field of which `sent` was said is to have; NULL: nothing. */
static const struct json *read_value(struct ctx *c, const struct custom_field_key *key,
                                     const struct custom_field *field, const struct json *sent)
{
    const char *path = path_of(c, key->key);
    const struct json *value = NULL;

    if (sent != NULL && !custom_value_read(c, path, field, sent, &value))
        return NULL;
    if (value == NULL && key->is_required)
        fault(c, path, "%s is required.", key->label);
    return value;
}

static bool is_same(struct ctx *c, const struct json *a, const struct json *b)
{
    const char *s, *t;

    if (a == NULL || b == NULL)
        return a == b;
    s = value_text(c, a);
    t = value_text(c, b);
    return s != NULL && t != NULL && strcmp(s, t) == 0;
}

/* Brings the record's values to what was sent; the names of those that change become a list. */
static void read_values(struct ctx *c, struct record *r, const struct json *sent, bool all,
                        struct str *changed)
{
    for (size_t i = 0; i < r->catalog.count; i++) {
        const struct custom_field_key *key = &r->catalog.keys[i];
        const struct json *value = json_get(sent, key->key), *wanted;

        if (!is_settable(key) || (value == NULL && !all))
            continue;
        wanted = read_value(c, key, &r->catalog.fields[i], value);
        if (!is_same(c, r->values[i], wanted))
            json_put_text(changed, key->key);
        r->values[i] = wanted;
    }
}

/* NULL when it is too large. */
static const char *document_of(struct ctx *c, const struct record *r)
{
    struct str text = str_in(c->mem, DOCUMENT_MAX);

    json_begin_object(&text);
    for (size_t i = 0; i < r->catalog.count; i++) {
        if (r->values[i] == NULL)
            continue;
        json_key(&text, r->catalog.keys[i].id);
        json_put_tree(&text, r->values[i]);
    }
    json_end_object(&text);
    return str_ok(&text) ? str_text(&text) : NULL;
}

static enum err store(struct ctx *c, const struct record *r, const char *document,
                      struct str *changed)
{
    TRY(db_change_one(c, r->kind->write, TEXT(document), INT(c->now), TEXT(c->org), TEXT(r->id)));
    return event_record(c, "updated", r->kind->subject, r->id,
                        arena_printf(c->mem, "{\"custom_fields\":[%s]}", str_text(changed)));
}

static enum err change(struct ctx *c, struct record *r, const struct json *sent, bool all,
                       const char **out)
{
    struct str changed = str_in(c->mem, NAMES_MAX);
    const char *document;
    bool whole;

    refuse_others(c, &r->catalog, sent);
    read_values(c, r, sent, all, &changed);
    document = document_of(c, r);
    whole = show(c, &r->catalog, r->values, out);
    if (changed.len == 0)
        return fields_ok(c);
    if (document == NULL || !whole || strlen(*out) > DOCUMENT_MAX)
        fault(c, "custom_fields", "The custom fields of one record may not be larger than %d KB.",
              DOCUMENT_MAX / 1024);
    TRY(fields_ok(c));
    return store(c, r, document, &changed);
}

/* ---- operations ---- */

enum err custom_fields_show(struct ctx *c, enum custom_kind kind, const struct shape *shape,
                            void *records, size_t count)
{
    size_t offset = shape_field(shape, "custom_fields")->offset;
    bool guest = c->caller != NULL && c->caller->guest_id != 0;
    const struct json **values = NULL;
    struct catalog catalog;

    for (size_t i = 0; i < count; i++) {
        const char **text = (const char **)((char *)records + i * shape->size + offset);

        if (guest)
            *text = NULL;
        if (*text == NULL || strcmp(*text, "{}") == 0)
            continue;
        if (values == NULL) {
            TRY(load_catalog(c, kind, &catalog));
            values = arena_new_n(c->mem, const struct json *, catalog.count);
        }
        TRY(spread(c, &catalog, *text, values));
        (void)show(c, &catalog, values, text);
    }
    return OK;
}

enum err custom_fields_get(struct ctx *c, enum custom_kind kind, const char *id, const char **out)
{
    struct record r;

    TRY(load(c, kind, id, false, &r));
    (void)show(c, &r.catalog, r.values, out);
    return OK;
}

enum err custom_fields_set(struct ctx *c, enum custom_kind kind, const char *id,
                           const char *values, bool all, const char **out)
{
    struct record r;
    struct json *sent;

    TRY(load(c, kind, id, true, &r));
    TRY(json_parse(c, values, strlen(values), &sent));
    if (sent->kind != J_OBJECT)
        return fail(c, ERR_INVALID, "custom_fields", "The custom fields must be an object: values"
                                                     " by key.");
    return change(c, &r, sent, all, out);
}

/* An object of one member. */
static struct json *object_of(struct ctx *c, const char *key, struct json *value)
{
    struct json *object = json_new(c->mem, J_OBJECT);

    json_append(c->mem, object, key, value);
    return object;
}

enum err custom_field_set(struct ctx *c, enum custom_kind kind, const char *id, const char *key,
                          const char *value, const char **out)
{
    struct record r;
    struct json *sent;

    TRY(load(c, kind, id, true, &r));
    TRY(json_parse(c, value, strlen(value), &sent));
    return change(c, &r, object_of(c, key, sent), false, out);
}

enum err custom_field_clear(struct ctx *c, enum custom_kind kind, const char *id, const char *key,
                            const char **out)
{
    struct record r;
    size_t i;

    TRY(load(c, kind, id, true, &r));
    i = place_of(&r.catalog, key);
    if (i < r.catalog.count && r.catalog.keys[i].key_type == CUSTOM_OF_SYSTEM)
        return fail(c, ERR_DENIED, NULL, "This custom field is kept by the system.");
    return change(c, &r, object_of(c, key, json_new(c->mem, J_NULL)), false, out);
}

/* A member as document_of writes it. What ends it is a comma, or the end of the object, for which
 * the statement has put one. No text can hold what the pattern does, since the quotes of texts are
 * escaped in JSON. */
enum err custom_field_pattern(struct ctx *c, enum custom_kind kind, const char *key,
                              const char *value, const char **out)
{
    struct str member = str_in(c->mem, DOCUMENT_MAX);
    const struct json *wanted;
    struct catalog catalog;
    enum custom_type type;
    size_t i;

    *out = NULL;
    TRY(load_catalog(c, kind, &catalog));
    i = place_of(&catalog, key);
    if (i == catalog.count || !catalog.keys[i].is_active)
        return OK;
    type = catalog.fields[i].type;
    if (type == CUSTOM_MULTISELECT || type == CUSTOM_TABLE) {
        fault(c, "custom_field_key", "A %s cannot be looked for.", custom_type_words[type]);
        return OK;
    }
    if (!custom_value_read(c, "custom_field_value", &catalog.fields[i],
                           json_new_text(c->mem, value), &wanted) || wanted == NULL)
        return OK;
    json_key(&member, catalog.keys[i].id);
    json_put_tree(&member, wanted);
    str_add_char(&member, ',');
    if (str_ok(&member))
        *out = text_like(c->mem, str_text(&member));
    return OK;
}
