/* What reading one guest and reading lists of them share (guest.c, guest_list.c). */
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
