/* Branding: how an organization looks, to its members and to those whom it sends mail and links.
 * Everything returned lives in the caller's arena. */
#pragma once

#include "base/ctx.h"
#include "base/shape.h"

/* Colours are "#rrggbb"; NULL everywhere: Pawl's own look. */
struct branding {
    const char *logo;      /* address; the same as org_logo of the organization */
    const char *logo_dark; /* address, for dark grounds; NULL: logo */
    const char *primary_color;
    const char *accent_color;
    const char *link_color; /* NULL: primary_color */
    const char *email_footer;
    bool show_powered_by;
    const char *contrast; /* JSON: of primary_color, on white and on the dark theme's ground */
};

extern const struct shape branding_shape;

/* The branding of c->org. */
MUST_CHECK enum err branding_get(struct ctx *c, struct branding *out);

/* Stores another; both start from branding_get. ERR_INVALID with each wrong field. */
MUST_CHECK enum err branding_update(struct ctx *c, const struct branding *was,
                                    struct branding *wanted);
