/* What the files about guests share among themselves. */
#pragma once

#include "model/guest.h"

/* What people_index.h has of a guest. */
#define GUEST_TEXT "p.name_key || ' ' || p.email_folded"

/* The columns of `guests p`. */
#define GUEST_COLUMNS                                                                          \
    " p.id, p.email, p.first_name, p.last_name, p.last_accessed_at, p.last_known_ip,"          \
    " p.last_known_country, p.created_at, p.deleted_at, p.disabled_at, p.status, p.phone_1,"   \
    " p.phone_2, p.timezone, p.image_url, p.contact_url, p.company_url, p.opportunity_url,"    \
    " p.company_name, p.opportunity_name, p.external_sync_source, p.external_date_creation,"   \
    " p.cadence_days, p.locale, p.disabled_by, p.reactivated_at, p.reactivated_by,"            \
    " p.updated_at, p.code_version, p.email_folded, " GUEST_TEXT " AS search_text"

/* The numbers of the guests of organization ?1 whom person `who` works with: those who belong to
 * them, and those whom they have a task with. */
#define GUESTS_OF(who)                                                                         \
    "SELECT s.guest_id FROM guest_members s WHERE s.org_id = ?1 AND s.user_id = " who          \
    " UNION SELECT b.user_id FROM task_owners a"                                               \
    "         JOIN task_owners b ON b.org_id = a.org_id AND b.task_id = a.task_id"             \
    "        WHERE a.org_id = ?1 AND a.user_id = " who " AND b.is_guest = 1"

/* Whose eyes a list or a guest is read with: a person's number; 0: who sees all guests. */
int64_t guest_viewer(const struct ctx *c);

/* As guest_get, with these eyes. */
MUST_CHECK enum err guest_find(struct ctx *c, const char *email, int64_t viewer,
                               struct guest *out);

/* Notes all that is wrong with what is wanted of a guest, and unifies what can be said in more than
 * one way. */
MUST_CHECK enum err guest_check(struct ctx *c, struct guest *wanted);

/* Whether the address can be a guest's: it is one, and no member of c->org has it. Notes a fault of
 * `field` if it cannot. */
MUST_CHECK enum err guest_check_address(struct ctx *c, const char *field, const char *email,
                                        bool *ok);

/* Stores whom a guest belongs to: a JSON list of ids, instead of all before. */
MUST_CHECK enum err guest_write_members(struct ctx *c, int64_t id, const char *members);

/* Writes all that may be changed of a guest, whom search knows as `was` (NULL: not at all). */
MUST_CHECK enum err guest_write(struct ctx *c, const struct guest *wanted, const char *was);

/* Records an event about a guest; data as in event_record. */
MUST_CHECK enum err guest_record(struct ctx *c, const char *verb, int64_t id, const char *data);
