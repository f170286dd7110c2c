/* See branding.h. The logo is the organization's, in a column of its own; the rest is one JSON
 * object, read and written by the shape that answers it too. */
#include "model/branding.h"

#include <string.h>

#include "auth/event.h"
#include "base/json.h"
#include "db/db.h"
#include "flow/color.h"
#include "model/org_check.h"

enum { STORED_MAX = 16 * 1024 };

/* ---- shape ---- */

#define STORED_FIELDS                                                                           \
    FIELD(branding, logo_dark, TEXT, NULLABLE, .max = 2000, .note = "For dark grounds."),       \
    FIELD(branding, primary_color, TEXT, NULLABLE, .max = 100, .note = "Such as #0b6b5f."),     \
    FIELD(branding, accent_color, TEXT, NULLABLE, .max = 100),                                  \
    FIELD(branding, link_color, TEXT, NULLABLE, .max = 100),                                    \
    FIELD(branding, email_footer, TEXT, NULLABLE, .max = 500),                                  \
    FIELD(branding, show_powered_by, BOOL, OPTIONAL)

static const struct field stored_fields[] = { STORED_FIELDS, { 0 } };
static const struct shape stored_shape = SHAPE(branding, stored_fields);

static const struct field branding_fields[] = {
    FIELD(branding, logo, TEXT, NULLABLE, .max = 2000, .note = "The same as org_logo."),
    STORED_FIELDS,
    FIELD(branding, contrast, JSON, READONLY,
          .note = "Of primary_color on white (light) and on the dark theme's ground (dark)."),
    { 0 },
};
const struct shape branding_shape = SHAPE(branding, branding_fields);

struct row {
    const char *org_logo, *branding;
};

static const struct field row_fields[] = {
    FIELD(row, org_logo, TEXT, HIDDEN),
    FIELD(row, branding, TEXT, HIDDEN),
    { 0 },
};
static const struct shape row_shape = SHAPE(row, row_fields);

/* ---- SQL ---- */

static const char BRANDING_GET[] = "SELECT org_logo, branding FROM organizations WHERE id = ?";

static const char BRANDING_SET[] =
    "UPDATE organizations SET org_logo = ?, branding = ?, updated_at = ? WHERE id = ?";

/* ---- private ---- */

static const char *contrast_of(struct ctx *c, const char *color)
{
    struct str out = str_in(c->mem, 200);

    if (color == NULL)
        return NULL;
    json_begin_object(&out);
    json_key(&out, "light");
    json_put_real(&out, color_contrast(color, COLOR_WHITE));
    json_key(&out, "dark");
    json_put_real(&out, color_contrast(color, COLOR_DARK));
    json_end_object(&out);
    return str_text(&out);
}

static void check_color(struct ctx *c, const char *field, const char *color)
{
    if (color != NULL && !color_is_hex(color))
        fault(c, field, "The colour must be # and six hex digits, such as #0b6b5f.");
}

static const char *stored(struct ctx *c, const struct branding *b)
{
    struct str out = str_in(c->mem, STORED_MAX);

    shape_write(&out, &stored_shape, b);
    return str_text(&out);
}

/* ---- operations ---- */

enum err branding_get(struct ctx *c, struct branding *out)
{
    struct row row;
    struct json *in;

    *out = (struct branding){ .show_powered_by = true };
    TRY(db_one(c, BRANDING_GET, &row_shape, &row, TEXT(c->org)));
    TRY(json_parse(c, row.branding, strlen(row.branding), &in));
    TRY(shape_read(c, &stored_shape, in, READ_PARTIAL, out));
    out->logo = row.org_logo;
    out->contrast = contrast_of(c, out->primary_color);
    return OK;
}

enum err branding_update(struct ctx *c, const struct branding *was, struct branding *w)
{
    org_check_address(c, "logo", was->logo, w->logo);
    org_check_address(c, "logo_dark", was->logo_dark, w->logo_dark);
    check_color(c, "primary_color", w->primary_color);
    check_color(c, "accent_color", w->accent_color);
    check_color(c, "link_color", w->link_color);
    TRY(fields_ok(c));
    if (shape_same(&branding_shape, was, w))
        return OK;
    TRY(db_change_one(c, BRANDING_SET, TEXT(w->logo), TEXT(stored(c, w)), INT(c->now),
                      TEXT(c->org)));
    TRY(event_record(c, "updated", "organization", c->org, "{\"part\":\"branding\"}"));
    return branding_get(c, w);
}
