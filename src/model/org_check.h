/* What the settings of an organization may be, beyond what the shape says. */
#pragma once

#include "base/ctx.h"
#include "model/org.h"

/* The words of deadline_setting, and the formats of webhook_date_field_format; NULL-terminated. */
extern const char *const deadline_setting_words[];
extern const char *const webhook_date_formats[];

/* Notes what is wrong with those settings that become others than they were, each by its name: what
 * was kept under older rules stands in nobody's way. JSON nulls become what the setting is without
 * one. */
MUST_CHECK enum err org_check(struct ctx *c, const struct org *was, struct org *wanted);

/* Notes a fault of an address that is another than it was and none of a web page; NULL is none at
 * all. */
void org_check_address(struct ctx *c, const char *field, const char *was, const char *address);
