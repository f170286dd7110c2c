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
    DOCUMENT_MAX = 64 * 1024, /* bytes of a record's values as they are stored */
    SHOWN_MAX = 1024 * 1024,  /* with texts of options instead of ids, and names of columns */
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

/* One record, with all keys of its kind and what it has under each, as it is stored. */
struct record {
    const struct kind *kind;
    const char *id;
    struct custom_field_key *keys;
    size_t count;
    const struct json **values; /* beside the keys; NULL: none */
};

/* Puts the stored values beside their keys. */
static enum err spread(struct ctx *c, const struct custom_field_key *keys, size_t count,
                       const char *stored, const struct json **values)
{
    struct json *by_id;

    TRY(json_parse(c, stored, strlen(stored), &by_id));
    for (size_t i = 0; i < count; i++)
        values[i] = json_get(by_id, keys[i].id);
    return OK;
}

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
    TRY(custom_field_keys_of(c, kind, &out->keys, &out->count));
    out->values = arena_new_n(c->mem, const struct json *, out->count);
    return spread(c, out->keys, out->count, stored, out->values);
}

static const struct custom_field_key *find_key(const struct custom_field_key *keys, size_t count,
                                               const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i].key, key) == 0)
            return &keys[i];
    return NULL;
}

static const struct custom_field_key *key_of(const struct record *r, const char *key)
{
    return find_key(r->keys, r->count, key);
}

/* ---- private: showing ---- */

static enum err shown(struct ctx *c, const struct custom_field_key *keys, size_t count,
                      const struct json *const *values, const char **out)
{
    struct str text = str_in(c->mem, SHOWN_MAX);

    json_begin_object(&text);
    for (size_t i = 0; i < count; i++) {
        struct custom_field field;
        const struct json *value;

        if (values[i] == NULL || !keys[i].is_active)
            continue;
        TRY(custom_field_of(c, &keys[i], &field));
        value = custom_value_shown(c->mem, &field, values[i]);
        if (value == NULL)
            continue;
        json_key(&text, keys[i].key);
        json_put_tree(&text, value);
    }
    json_end_object(&text);
    if (!str_ok(&text))
        return fail(c, ERR_INTERNAL, NULL, "custom fields exceed %d bytes", SHOWN_MAX);
    *out = str_text(&text);
    return OK;
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

static void refuse_others(struct ctx *c, const struct record *r, const struct json *sent)
{
    for (const struct json *v = sent->first; v != NULL; v = v->next) {
        const struct custom_field_key *key = key_of(r, v->key);

        if (key == NULL)
            fault(c, path_of(c, v->key), "There is no custom field with this key.");
        else if (key->key_type == CUSTOM_OF_SYSTEM)
            fault(c, path_of(c, v->key), "%s is kept by the system.", key->label);
        else if (!key->is_active)
            fault(c, path_of(c, v->key), "%s is not in use.", key->label);
    }
}

/* What a field of which `sent` was said is to have; NULL: nothing. */
static enum err read_value(struct ctx *c, const struct custom_field_key *key,
                           const struct json *sent, const struct json **out)
{
    const char *path = path_of(c, key->key);
    struct custom_field field;

    *out = NULL;
    if (sent != NULL) {
        TRY(custom_field_of(c, key, &field));
        if (!custom_value_read(c, path, &field, sent, out))
            return OK;
    }
    if (*out == NULL && key->is_required)
        fault(c, path, "%s is required.", key->label);
    return OK;
}

static const char *value_text(struct ctx *c, const struct json *value)
{
    struct str text = str_in(c->mem, SHOWN_MAX);

    json_put_tree(&text, value);
    return str_ok(&text) ? str_text(&text) : "";
}

static bool is_same(struct ctx *c, const struct json *a, const struct json *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(value_text(c, a), value_text(c, b)) == 0);
}

/* Brings the record's values to what was sent; the names of those that change become a list. */
static enum err read_values(struct ctx *c, struct record *r, const struct json *sent, bool all,
                            struct str *changed)
{
    refuse_others(c, r, sent);
    for (size_t i = 0; i < r->count; i++) {
        const struct custom_field_key *key = &r->keys[i];
        const struct json *value = json_get(sent, key->key), *wanted;

        if (!is_settable(key) || (value == NULL && !all))
            continue;
        TRY(read_value(c, key, value, &wanted));
        if (!is_same(c, r->values[i], wanted))
            json_put_text(changed, key->key);
        r->values[i] = wanted;
    }
    return OK;
}

static const char *document_of(struct ctx *c, const struct record *r)
{
    struct str text = str_in(c->mem, DOCUMENT_MAX);

    json_begin_object(&text);
    for (size_t i = 0; i < r->count; i++) {
        if (r->values[i] == NULL)
            continue;
        json_key(&text, r->keys[i].id);
        json_put_tree(&text, r->values[i]);
    }
    json_end_object(&text);
    if (str_ok(&text))
        return str_text(&text);
    fault(c, "custom_fields", "The custom fields of one record may not be larger than %d KB.",
          DOCUMENT_MAX / 1024);
    return NULL;
}

static enum err change(struct ctx *c, struct record *r, const struct json *sent, bool all,
                       const char **out)
{
    struct str changed = str_in(c->mem, NAMES_MAX);
    const char *document;

    TRY(read_values(c, r, sent, all, &changed));
    document = document_of(c, r);
    TRY(fields_ok(c));
    if (changed.len > 0) {
        TRY(db_change_one(c, r->kind->write, TEXT(document), INT(c->now), TEXT(c->org),
                          TEXT(r->id)));
        TRY(event_record(c, "updated", r->kind->subject, r->id,
                         arena_printf(c->mem, "{\"custom_fields\":[%s]}", str_text(&changed))));
    }
    return shown(c, r->keys, r->count, r->values, out);
}

/* ---- operations ---- */

enum err custom_fields_show(struct ctx *c, enum custom_kind kind, const struct shape *shape,
                            void *records, size_t count)
{
    size_t offset = shape_field(shape, "custom_fields")->offset;
    bool guest = c->caller != NULL && c->caller->guest_id != 0;
    struct custom_field_key *keys = NULL;
    const struct json **values = NULL;
    size_t key_count;

    for (size_t i = 0; i < count; i++) {
        const char **text = (const char **)((char *)records + i * shape->size + offset);

        if (guest)
            *text = NULL;
        if (*text == NULL || strcmp(*text, "{}") == 0)
            continue;
        if (values == NULL) {
            TRY(custom_field_keys_of(c, kind, &keys, &key_count));
            values = arena_new_n(c->mem, const struct json *, key_count);
        }
        TRY(spread(c, keys, key_count, *text, values));
        TRY(shown(c, keys, key_count, values, text));
    }
    return OK;
}

enum err custom_fields_get(struct ctx *c, enum custom_kind kind, const char *id, const char **out)
{
    struct record r;

    TRY(load(c, kind, id, false, &r));
    return shown(c, r.keys, r.count, r.values, out);
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
    const struct custom_field_key *known;
    struct record r;

    TRY(load(c, kind, id, true, &r));
    known = key_of(&r, key);
    if (known != NULL && known->key_type == CUSTOM_OF_SYSTEM)
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
    const struct custom_field_key *known;
    struct custom_field_key *keys;
    struct custom_field field;
    const struct json *wanted;
    size_t count;

    *out = NULL;
    TRY(custom_field_keys_of(c, kind, &keys, &count));
    known = find_key(keys, count, key);
    if (known == NULL || !known->is_active)
        return OK;
    TRY(custom_field_of(c, known, &field));
    if (field.type == CUSTOM_MULTISELECT || field.type == CUSTOM_TABLE) {
        fault(c, "custom_field_key", "A %s cannot be looked for.", custom_type_words[field.type]);
        return OK;
    }
    if (!custom_value_read(c, "custom_field_value", &field, json_new_text(c->mem, value),
                           &wanted) || wanted == NULL)
        return OK;
    json_key(&member, known->id);
    json_put_tree(&member, wanted);
    str_add_char(&member, ',');
    if (str_ok(&member))
        *out = text_like(c->mem, str_text(&member));
    return OK;
}
