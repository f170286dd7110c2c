/* See folder.h. An organization has FOLDERS_MAX folders at most, so what is shown as a tree is read
 * whole, once for each type. */
#include "model/folder.h"

#include <string.h>

#include "base/ids.h"
#include "base/include.h"
#include "base/json.h"
#include "base/text.h"
#include "db/db.h"
#include "model/custom_field.h"

/* ---- the types ---- */

static const char *const type_words[] = { "checklist", "run", "task", NULL };

static const enum subject_kind kind_of_type[FOLDER_TYPES] = {
    [FOLDER_CHECKLIST] = SUBJECT_CHECKLIST, [FOLDER_RUN] = SUBJECT_RUN, [FOLDER_TASK] = SUBJECT_TASK
};

/* Whatever is no other type means templates, as clients expect. */
static enum folder_type type_of(const char *word)
{
    int type = word == NULL ? -1 : word_index(type_words, word);

    return type < 0 ? FOLDER_CHECKLIST : (enum folder_type)type;
}

/* ---- shape ---- */

#define FOLDER_FIELDS                                                                         \
    FIELD(folder, id, TEXT, READONLY), FIELD(folder, name, TEXT, READONLY),                   \
    FIELD(folder, parent_id, TEXT, READONLY_NULL),                                            \
    FIELD(folder, folder_type, WORD, READONLY, .words = type_words)

static const struct field folder_fields[] = {
    FOLDER_FIELDS,
    FIELD(folder, position, INT, READONLY),
    FIELD(folder, custom_fields, JSON, READONLY),
    FIELD(folder, created_at, TIME, READONLY),
    FIELD(folder, last_updated, TIME, READONLY),
    { 0 },
};
const struct shape folder_shape = SHAPE(folder, folder_fields);

/* A folder as an include tells it. */
static const struct field brief_fields[] = {
    FOLDER_FIELDS,
    FIELD(folder, relation_id, INT, READONLY),
    { 0 },
};
static const struct shape brief_shape = SHAPE(folder, brief_fields);

static const struct field input_fields[] = {
    FIELD(folder_input, name, TEXT, REQUIRED, .max = 32),
    FIELD(folder_input, parent_id, TEXT, NULLABLE, .max = 40, .note = "null: at the top."),
    FIELD(folder_input, folder_type, TEXT, OPTIONAL, .max = 40,
          .note = "run, task or else checklist; if absent, that of the parent."),
    FIELD(folder_input, position, INT, OPTIONAL, .max = 100000,
          .note = "Among its siblings, from 1."),
    { 0 },
};
const struct shape folder_input_shape =
    SHAPE(folder_input, input_fields, .answer = &folder_shape);

static const struct field filter_fields[] = {
    FIELD(folder_filter, q, TEXT, OPTIONAL, .called = "search text", .max = 200),
    FIELD(folder_filter, folder_type, TEXT, OPTIONAL, .max = 40),
    FIELD(folder_filter, parent_id, TEXT, OPTIONAL, .max = 40),
    LIST_ORDER_FIELDS(folder_filter),
    { 0 },
};
const struct shape folder_filter_shape = SHAPE(folder_filter, filter_fields);

static const struct field place_fields[] = {
    FIELD(folder_place, id, INT, READONLY),
    FIELD(folder_place, folder_id, TEXT, READONLY),
    FIELD(folder_place, subject_type, TEXT, READONLY),
    FIELD(folder_place, subject_id, TEXT, READONLY),
    FIELD(folder_place, created_at, TIME, READONLY),
    { 0 },
};
const struct shape folder_place_shape = SHAPE(folder_place, place_fields);

static const struct field place_input_fields[] = {
    FIELD(folder_place_input, folder_id, TEXT, REQUIRED, .max = 40),
    FIELD(folder_place_input, subject_id, TEXT, REQUIRED, .max = 40),
    FIELD(folder_place_input, subject_type, TEXT, REQUIRED, .max = 40,
          .note = "Checklist, Run or Task."),
    { 0 },
};
const struct shape folder_place_input_shape = SHAPE(folder_place_input, place_input_fields);

/* ---- SQL ---- */

#define FOLDER                                                                            \
    "SELECT id, name, parent_id, folder_type, position, custom_fields, created_at,"       \
    "       updated_at AS last_updated FROM folders"

static const char FOLDER_GET[] = FOLDER " WHERE org_id = ? AND id = ?";

#define FOLDER_MATCHES                                                                    \
    " WHERE org_id = ?1"                                                                  \
    "   AND (CAST(?2 AS TEXT) IS NULL OR name_folded LIKE ?2 ESCAPE '\\')"                \
    "   AND (CAST(?3 AS TEXT) IS NULL OR folder_type = ?3)"                               \
    "   AND (CAST(?4 AS TEXT) IS NULL OR parent_id = ?4)"
#define FOLDER_LIST(order) FOLDER FOLDER_MATCHES " ORDER BY " order " LIMIT ?5 OFFSET ?6"

static const struct {
    const char *order, *sql;
} lists[] = {
    { "position", FOLDER_LIST("position, id") },
    { "-position", FOLDER_LIST("position DESC, id DESC") },
    { "name", FOLDER_LIST("name_folded, id") },
    { "-name", FOLDER_LIST("name_folded DESC, id DESC") },
    { "created_at", FOLDER_LIST("created_at, id") },
    { "-created_at", FOLDER_LIST("created_at DESC, id DESC") },
};

static const char FOLDER_COUNT[] = "SELECT count(*) FROM folders" FOLDER_MATCHES;

/* Ids are digits and small letters, which every collation sorts as strcmp does. */
static const char TREE[] =
    FOLDER " WHERE org_id = ? AND folder_type = ?"
           " ORDER BY COALESCE(parent_id, ''), position, id";

/* How many levels a folder and what lies below it take. */
static const char HEIGHT[] =
    "WITH RECURSIVE below (id, level) AS ("
    " SELECT CAST(?3 AS TEXT), 1"
    " UNION ALL"
    " SELECT f.id, b.level + 1 FROM below b CROSS JOIN folders f"
    "  WHERE f.org_id = ?1 AND f.folder_type = ?2 AND f.parent_id = b.id)"
    " SELECT MAX(level) FROM below";

static const char LAST_POSITION[] =
    "SELECT COALESCE(MAX(position), 0) FROM folders"
    " WHERE org_id = ?1 AND folder_type = ?2 AND COALESCE(parent_id, '') = ?3 AND id <> ?4";

static const char FOLDER_INSERT[] =
    "INSERT INTO folders (org_id, id, name, name_folded, folder_type, parent_id, position,"
    "                     created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?8, ?8)";

static const char FOLDER_UPDATE[] =
    "UPDATE folders SET name = ?, name_folded = ?, parent_id = ?, position = ?, updated_at = ?"
    " WHERE org_id = ? AND id = ?";

/* Siblings make room. */
static const char FOLDERS_SHIFT[] =
    "UPDATE folders SET position = position + 1"
    " WHERE org_id = ?1 AND folder_type = ?2 AND COALESCE(parent_id, '') = ?3 AND id <> ?4"
    "   AND position >= ?5";

static const char CHILDREN_MOVE_OUT[] =
    "UPDATE folders SET parent_id = ?, position = position + ? WHERE org_id = ? AND parent_id = ?";

/* Records that are in the parent already keep their place there. */
static const char PLACES_MOVE_OUT[] =
    "UPDATE folder_objects SET folder_id = ?1"
    " WHERE org_id = ?2 AND folder_id = ?3"
    "   AND NOT EXISTS (SELECT 1 FROM folder_objects x"
    "                    WHERE x.org_id = folder_objects.org_id"
    "                      AND x.subject_type = folder_objects.subject_type"
    "                      AND x.subject_id = folder_objects.subject_id AND x.folder_id = ?1)";

static const char PLACES_DELETE[] =
    "DELETE FROM folder_objects WHERE org_id = ? AND folder_id = ?";

static const char FOLDER_DELETE[] = "DELETE FROM folders WHERE org_id = ? AND id = ?";

#define PLACE "SELECT id, folder_id, subject_type, subject_id, created_at FROM folder_objects"

static const char PLACE_GET[] = PLACE " WHERE org_id = ? AND id = ?";

static const char PLACE_FIND[] =
    PLACE " WHERE org_id = ? AND subject_type = ? AND subject_id = ? AND folder_id = ?";

static const char PLACE_INSERT[] =
    "INSERT INTO folder_objects (org_id, id, folder_id, subject_type, subject_id, created_at)"
    " VALUES (?, ?, ?, ?, ?, ?)";

static const char PLACE_DELETE[] = "DELETE FROM folder_objects WHERE org_id = ? AND id = ?";

static const char FOLDERS_OF_SUBJECT[] =
    "SELECT f.id, f.name, f.parent_id, f.folder_type, o.id AS relation_id"
    "  FROM folder_objects o JOIN folders f ON f.org_id = o.org_id AND f.id = o.folder_id"
    " WHERE o.org_id = ? AND o.subject_type = ? AND o.subject_id = ?"
    " ORDER BY f.name_folded, f.id";

/* ---- private ---- */

static const char *or_top(const char *parent_id)
{
    return parent_id == NULL ? "" : parent_id;
}

static enum err show(struct ctx *c, struct folder *folders, size_t count)
{
    return custom_fields_show(c, CUSTOM_ON_FOLDER, &folder_shape, folders, count);
}

static enum err record(struct ctx *c, const char *verb, const struct folder *folder,
                       const struct folder_place *place)
{
    return subject_event(c, verb, "folder", folder->id, folder->name,
                         place == NULL ? NULL : place->subject_type,
                         place == NULL ? NULL : place->subject_id);
}

/* How many folders lie above `id`, itself counted; and whether `avoid` is one of them. */
static enum err climb(struct ctx *c, const char *id, const char *avoid, int *depth, bool *met)
{
    *depth = 0;
    *met = false;
    while (id != NULL && *depth <= FOLDER_DEPTH_MAX) {
        struct folder f = { 0 };

        *met = *met || strcmp(id, avoid) == 0;
        TRY(db_one(c, FOLDER_GET, &folder_shape, &f, TEXT(c->org), TEXT(id)));
        id = f.parent_id;
        (*depth)++;
    }
    return OK;
}

/* The folder that another one is to lie in; NULL for the top, and where there is none, which is a
 * fault. Type NULL: of any type. */
static enum err find_parent(struct ctx *c, const char *id, const enum folder_type *type,
                            struct folder *found, struct folder **out)
{
    enum err e;

    *out = NULL;
    if (id == NULL)
        return OK;
    *found = (struct folder){ 0 };
    e = db_one(c, FOLDER_GET, &folder_shape, found, TEXT(c->org), TEXT(id));
    if (e == OK && (type == NULL || found->folder_type == (int)*type))
        *out = found;
    else if (e != OK && e != ERR_NOT_FOUND)
        return e;
    else if (type == NULL)
        fault(c, "parent_id", "There is no such folder.");
    else
        fault(c, "parent_id", "There is no such folder in %s.",
              subject_plural(kind_of_type[*type]));
    return OK;
}

/* Whether a folder of so many levels may come to lie in the parent. */
static enum err check_depth(struct ctx *c, const char *id, const char *parent_id, int64_t height)
{
    bool met;
    int depth;

    TRY(climb(c, parent_id, id, &depth, &met));
    if (met)
        fault(c, "parent_id", "A folder cannot lie in itself or in a folder that it holds.");
    else if (depth + height > FOLDER_DEPTH_MAX)
        fault(c, "parent_id", "Folders can lie %d deep at most.", FOLDER_DEPTH_MAX);
    return OK;
}

static enum err check_move(struct ctx *c, const struct folder *folder, const char *parent_id)
{
    const enum folder_type type = (enum folder_type)folder->folder_type;
    struct folder found, *parent;
    int64_t height;

    TRY(find_parent(c, parent_id, &type, &found, &parent));
    if (parent == NULL)
        return OK;
    TRY(db_int(c, HEIGHT, &height, TEXT(c->org), TEXT(type_words[type]), TEXT(folder->id)));
    return check_depth(c, folder->id, parent_id, height);
}

/* Where the folder comes to lie among the others there; they make room. */
static enum err find_position(struct ctx *c, const char *id, enum folder_type type,
                              const char *parent_id, int64_t wanted, int64_t *out)
{
    const char *parent = or_top(parent_id);

    TRY(db_int(c, LAST_POSITION, out, TEXT(c->org), TEXT(type_words[type]), TEXT(parent),
               TEXT(id)));
    (*out)++;
    if (wanted <= 0 || wanted >= *out)
        return OK;
    *out = wanted;
    return db_change(c, FOLDERS_SHIFT, TEXT(c->org), TEXT(type_words[type]), TEXT(parent),
                     TEXT(id), INT(wanted));
}

/* ---- private: trees ---- */

/* All folders of a type, those with the same parent together, in their order. */
struct tree {
    struct folder *folders;
    size_t count;
    bool loaded;
};

static enum err tree_load(struct ctx *c, int type, struct tree *tree)
{
    if (tree->loaded)
        return OK;
    TRY(db_all(c, TREE, &folder_shape, &tree->folders, &tree->count, TEXT(c->org),
               TEXT(type_words[type])));
    tree->loaded = true;
    return show(c, tree->folders, tree->count);
}

/* The first folder of this parent, or the first of a later one. */
static size_t first_child(const struct tree *tree, const char *parent_id)
{
    size_t low = 0, high = tree->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(or_top(tree->folders[middle].parent_id), parent_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* [{…,"children":{"data":[…]}},…]; stops when there is no room left. */
static void write_children(struct str *out, const struct tree *tree, const char *parent_id)
{
    json_begin_list(out);
    for (size_t i = first_child(tree, parent_id);
         i < tree->count && str_ok(out) &&
         strcmp(or_top(tree->folders[i].parent_id), parent_id) == 0; i++) {
        json_begin_object(out);
        shape_write_members(out, &folder_shape, &tree->folders[i]);
        json_key(out, "children");
        json_begin_object(out);
        json_key(out, "data");
        write_children(out, tree, tree->folders[i].id);
        json_end_object(out);
        json_end_object(out);
    }
    json_end_list(out);
}

/* ---- operations: folders ---- */

enum err folder_list(struct ctx *c, const struct folder_filter *filter, int64_t limit,
                     int64_t offset, struct folder **out, size_t *count, int64_t *total)
{
    const char *like = text_search(c->mem, filter->q);
    const char *type =
        filter->folder_type == NULL ? NULL : type_words[type_of(filter->folder_type)];
    const char *sql = LIST_ORDER_ROW(c->mem, &filter->order, lists)->sql;

    TRY(db_int(c, FOLDER_COUNT, total, TEXT(c->org), TEXT(like), TEXT(type),
               TEXT(filter->parent_id)));
    TRY(db_all(c, sql, &folder_shape, out, count, TEXT(c->org), TEXT(like), TEXT(type),
               TEXT(filter->parent_id), INT(limit), INT(offset)));
    return show(c, *out, *count);
}

enum err folder_get(struct ctx *c, const char *id, struct folder *out)
{
    *out = (struct folder){ 0 };
    TRY(db_one(c, FOLDER_GET, &folder_shape, out, TEXT(c->org), TEXT(id)));
    return show(c, out, 1);
}

enum err folder_load_children(struct ctx *c, struct folder *folders, size_t count)
{
    struct tree trees[FOLDER_TYPES] = { 0 };

    for (size_t i = 0; i < count; i++) {
        struct tree *tree = &trees[folders[i].folder_type];
        struct str out = include_begin(c);

        TRY(tree_load(c, folders[i].folder_type, tree));
        write_children(&out, tree, folders[i].id);
        TRY(include_end(c, &out, &folders[i].children));
    }
    return OK;
}

/* The type that is asked for, or else the parent's. */
static enum err choose_place(struct ctx *c, const struct folder_input *in, const char *id,
                             enum folder_type *type)
{
    const bool said = in->folder_type != NULL && in->folder_type[0] != '\0';
    struct folder found, *parent;

    *type = type_of(in->folder_type);
    TRY(find_parent(c, in->parent_id, said ? type : NULL, &found, &parent));
    if (parent == NULL)
        return OK;
    *type = (enum folder_type)parent->folder_type;
    return check_depth(c, id, parent->id, 1);
}

enum err folder_create(struct ctx *c, const struct folder_input *in, struct folder *out)
{
    const char *id = id_new(c->mem, c->now);
    enum folder_type type;
    int64_t n, position;

    TRY(choose_place(c, in, id, &type));
    TRY(db_int(c, FOLDER_COUNT, &n, TEXT(c->org), TEXT(NULL), TEXT(NULL), TEXT(NULL)));
    if (n >= FOLDERS_MAX)
        fault(c, "name", "An organization can have %d folders at most.", FOLDERS_MAX);
    TRY(fields_ok(c));
    TRY(find_position(c, id, type, in->parent_id, in->position, &position));
    TRY(db_change(c, FOLDER_INSERT, TEXT(c->org), TEXT(id), TEXT(in->name),
                  TEXT(text_fold(c->mem, in->name)), TEXT(type_words[type]),
                  TEXT(in->parent_id), INT(position), INT(c->now)));
    TRY(folder_get(c, id, out));
    return record(c, "created", out, NULL);
}

enum err folder_update(struct ctx *c, const char *id, const struct folder_input *in,
                       struct folder *out)
{
    enum folder_type type;
    int64_t position;
    bool moves;

    TRY(folder_get(c, id, out));
    type = (enum folder_type)out->folder_type;
    moves = strcmp(or_top(in->parent_id), or_top(out->parent_id)) != 0;
    if (in->folder_type != NULL && type_of(in->folder_type) != type)
        fault(c, "folder_type", "The type of a folder cannot be changed.");
    if (moves)
        TRY(check_move(c, out, in->parent_id));
    TRY(fields_ok(c));
    position = in->position;
    if (!moves && position == out->position && strcmp(in->name, out->name) == 0)
        return OK;
    if (moves || position != out->position)
        TRY(find_position(c, id, type, in->parent_id,
                          position == out->position ? 0 : position, &position));
    TRY(db_change(c, FOLDER_UPDATE, TEXT(in->name), TEXT(text_fold(c->mem, in->name)),
                  TEXT(in->parent_id), INT(position), INT(c->now), TEXT(c->org), TEXT(id)));
    TRY(folder_get(c, id, out));
    return record(c, "updated", out, NULL);
}

enum err folder_delete(struct ctx *c, const char *id)
{
    struct folder folder;
    int64_t last;

    TRY(folder_get(c, id, &folder));
    TRY(db_int(c, LAST_POSITION, &last, TEXT(c->org), TEXT(type_words[folder.folder_type]),
               TEXT(or_top(folder.parent_id)), TEXT(id)));
    TRY(db_change(c, CHILDREN_MOVE_OUT, TEXT(folder.parent_id), INT(last), TEXT(c->org),
                  TEXT(id)));
    if (folder.parent_id != NULL)
        TRY(db_change(c, PLACES_MOVE_OUT, TEXT(folder.parent_id), TEXT(c->org), TEXT(id)));
    TRY(db_change(c, PLACES_DELETE, TEXT(c->org), TEXT(id)));
    TRY(db_change(c, FOLDER_DELETE, TEXT(c->org), TEXT(id)));
    return record(c, "deleted", &folder, NULL);
}

/* ---- operations: records in folders ---- */

static enum err find_folder(struct ctx *c, const char *id, enum subject_kind kind,
                            struct folder *out)
{
    enum err e = folder_get(c, id, out);

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && kind_of_type[out->folder_type] == kind)
        return OK;
    e = fail(c, ERR_INVALID, NULL, "No such a folder exists in %s.", subject_plural(kind));
    fault(c, "folder_id", "There is no such folder in %s.", subject_plural(kind));
    return e;
}

static enum err place_find(struct ctx *c, enum subject_kind kind,
                           const struct folder_place_input *in, struct folder_place *out)
{
    TRY(db_one(c, PLACE_FIND, &folder_place_shape, out, TEXT(c->org), TEXT(subject_words[kind]),
               TEXT(in->subject_id), TEXT(in->folder_id)));
    out->subject_type = subject_name(kind);
    return OK;
}

enum err folder_add(struct ctx *c, const struct folder_place_input *in, struct folder_place *out)
{
    enum subject_kind kind = subject_kind_read(c, in->subject_type);
    struct folder folder;
    int64_t id;
    enum err e;

    TRY(fields_ok(c));
    TRY(find_folder(c, in->folder_id, kind, &folder));
    TRY(subject_find(c, kind, in->subject_id));
    *out = (struct folder_place){ 0 };
    e = place_find(c, kind, in, out);
    if (e != ERR_NOT_FOUND)
        return e;
    TRY(subject_next_relation(c, &id));
    TRY(db_change(c, PLACE_INSERT, TEXT(c->org), INT(id), TEXT(in->folder_id),
                  TEXT(subject_words[kind]), TEXT(in->subject_id), INT(c->now)));
    TRY(place_find(c, kind, in, out));
    return record(c, "linked", &folder, out);
}

enum err folder_remove(struct ctx *c, int64_t relation_id)
{
    struct folder_place place = { 0 };
    struct folder folder;

    TRY(db_one(c, PLACE_GET, &folder_place_shape, &place, TEXT(c->org), INT(relation_id)));
    TRY(subject_see(c, (enum subject_kind)word_index(subject_words, place.subject_type),
                    place.subject_id));
    TRY(folder_get(c, place.folder_id, &folder));
    TRY(db_change(c, PLACE_DELETE, TEXT(c->org), INT(relation_id)));
    return record(c, "unlinked", &folder, &place);
}

enum err folder_load_of_subjects(struct ctx *c, enum subject_kind kind, const char *const *ids,
                                 size_t count, const char **out)
{
    for (size_t i = 0; i < count; i++) {
        struct folder *folders;
        size_t n;

        TRY(db_all(c, FOLDERS_OF_SUBJECT, &brief_shape, &folders, &n, TEXT(c->org),
                   TEXT(subject_words[kind]), TEXT(ids[i])));
        TRY(include_list(c, &brief_shape, folders, n, &out[i]));
    }
    return OK;
}
