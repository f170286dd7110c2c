/* What a member prefers in an organization: which mails they want, when their digest comes, how
 * the pages look. Stored as JSON beside the membership; what is not stored is as it comes.
 * Everything returned lives in the caller's arena. */
#pragma once

#include "base/ctx.h"
#include "base/shape.h"

struct preferences {
    bool mail_assigned, mail_updates, mail_comments, mail_mentions, mail_process_completed;
    bool mail_deadline_changed;
    const char *digest_days; /* JSON list of names of days; "null": as the organization has it */
    int64_t digest_hour;     /* in the member's own zone */
    int theme;               /* system, light, dark */
    int density;             /* comfortable, compact */
    bool sounds;
    bool relative_dates;
    bool shortcuts; /* single letters */
    bool step_preferences;
};
extern const struct shape preferences_shape;

/* As it comes. */
extern const struct preferences preferences_standard;

/* From what is stored. */
MUST_CHECK enum err preferences_parse(struct ctx *c, const char *stored, struct preferences *out);

/* Those of a member of c->org; ERR_NOT_FOUND for who is none. */
MUST_CHECK enum err preferences_get(struct ctx *c, int64_t user_id, struct preferences *out);

/* Stores them; start from preferences_get or preferences_standard. */
MUST_CHECK enum err preferences_set(struct ctx *c, int64_t user_id,
                                    const struct preferences *wanted);
