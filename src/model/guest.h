/* Guests: people without an account, known by their address, who do their tasks by way of a link.
 * An address is the same guest, by number, in every organization; what is known of a guest is each
 * organization's own. A deleted guest comes back when the address is added again.
 *
 * To callers who may see only guests they work with (SEE_GUESTS), the others do not exist.
 * Everything returned lives in the caller's arena. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/auth.h"
#include "base/ctx.h"
#include "base/shape.h"

/* A guest of c->org. The shape is the guest object of the API. */
struct guest {
    int64_t id; /* of the numbers that members have too */
    const char *email; /* as typed */
    const char *first_name, *last_name;
    int64_t last_accessed_at;
    const char *last_known_ip, *last_known_country;
    int64_t created_at, deleted_at, disabled_at;
    const char *link;    /* after guest_describe, for who may hand it out; else NULL */
    const char *details; /* JSON, after guest_describe */

    /* Hidden: what details is made of, and what guests decide themselves. */
    const char *status; /* free text of the organization's */
    const char *phone_1, *phone_2;
    const char *timezone;
    const char *image_url, *contact_url, *company_url, *opportunity_url;
    const char *company_name, *opportunity_name;
    const char *external_sync_source;
    int64_t external_date_creation;
    const char *cadence_days;       /* JSON list of days; NULL: as the organization has it */
    const char *associated_members; /* JSON list of ids, ascending, after guest_describe */
    const char *locale;             /* NULL: not said */
    int64_t disabled_by, reactivated_at, reactivated_by, updated_at;
    int64_t code_version;     /* of the code in the link (auth/guest_code.h) */
    const char *email_folded; /* what the address is compared by */
    const char *search_text;  /* what people_index.h has of the guest */

    const char *stats; /* JSON, after guest_load_stats */
};

extern const struct shape guest_shape;

/* Id, address and names. */
extern const struct shape guest_brief_shape;

/* What a request may say of a guest. Start from { 0 }, or for a change from guest_edit; texts and
 * times that are not said are NULL and 0. */
extern const struct shape guest_create_shape; /* over struct guest */
extern const struct shape guest_change_shape; /* the same without the address */

/* ---- reading ---- */

/* The guest of c->org with this address, whatever its case. ERR_NOT_FOUND for an unknown, deleted
 * or unseen one. */
MUST_CHECK enum err guest_get(struct ctx *c, const char *email, struct guest *out);
MUST_CHECK enum err guest_get_by_id(struct ctx *c, int64_t id, struct guest *out);

/* Fills link, details and associated members: before guests are answered. A few statements,
 * however many guests. */
MUST_CHECK enum err guest_describe(struct ctx *c, struct auth *auth, struct guest *guests,
                                   size_t count);

/* Fills stats: what these guests have done. */
MUST_CHECK enum err guest_load_stats(struct ctx *c, struct guest *guests, size_t count);

/* ---- adding and changing ---- */

/* A guest with this address: a new one, one that was deleted and comes back with what `in` says,
 * or the one that c->org has, which stays as it is. ERR_INVALID with each wrong field, also when
 * the address is a member's; ERR_LIMITED when too many were added within an hour. */
MUST_CHECK enum err guest_add(struct ctx *c, struct auth *auth, const struct guest *in,
                              struct guest *out);

/* The same for a member who becomes one: that is not limited. */
MUST_CHECK enum err guest_add_converted(struct ctx *c, struct auth *auth, const struct guest *in,
                                        struct guest *out);

/* The guest with this address, for who assigns one: added if there is none and the caller may add
 * guests. What is wrong with the address is noted as a fault of `field`, and *id is 0. */
MUST_CHECK enum err guest_need(struct ctx *c, struct auth *auth, const char *field,
                               const char *email, int64_t *id);

/* Begins a change: the guest as it is, with its associated members. */
MUST_CHECK enum err guest_edit(struct ctx *c, const char *email, struct guest *out);

/* Ends it: the guest becomes what is wanted. ERR_INVALID with each wrong field. */
MUST_CHECK enum err guest_update(struct ctx *c, const struct guest *wanted, struct guest *out);

/* ---- coming and going ---- */

/* Disabling takes that no task is open (ERR_DENIED); a disabled guest's link opens nothing. Again
 * is OK without effects. */
MUST_CHECK enum err guest_disable(struct ctx *c, const char *email, struct guest *out);
MUST_CHECK enum err guest_enable(struct ctx *c, const char *email, struct guest *out);

/* The guest leaves all tasks, groups and members of c->org; its link is dead. *out is as it then
 * is. ERR_INVALID on field email for an unknown address. */
MUST_CHECK enum err guest_delete(struct ctx *c, const char *email, struct guest *out);

/* The same for a guest that guest_get gave, whose tasks and groups have been seen to; the verb is
 * what the log says: deleted, or converted for one who becomes a member. */
MUST_CHECK enum err guest_remove(struct ctx *c, const char *verb, struct guest *guest);

/* No guest belongs to this member any more. */
MUST_CHECK enum err guest_forget_member(struct ctx *c, int64_t user_id);
