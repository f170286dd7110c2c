/* Records that tags are put on and that folders hold: what clients call them, and whether one is
 * there for the caller. */
#pragma once

#include "base/ctx.h"

enum subject_kind { SUBJECT_CHECKLIST, SUBJECT_RUN, SUBJECT_STEP, SUBJECT_TASK, SUBJECT_KINDS };

extern const char *const subject_words[]; /* as stored: checklist, run, step, task */

/* What answers call it: Checklist, Run, Step, Task. */
const char *subject_name(enum subject_kind kind);

/* What people call several of them: Templates, Processes, Steps, Tasks. */
const char *subject_plural(enum subject_kind kind);

/* The kind that a client names, in any case, by the word of the interface or of the product. Notes
 * a fault of the field subject_type, and answers SUBJECT_KINDS, for a word that is none. */
enum subject_kind subject_kind_read(struct ctx *c, const char *word);

/* ERR_INVALID, "Subject not found", unless there is such a record which is not archived and which
 * the caller may see. */
MUST_CHECK enum err subject_find(struct ctx *c, enum subject_kind kind, const char *id);

/* OK when the caller may see the record, archived or not; else ERR_NOT_FOUND. */
MUST_CHECK enum err subject_see(struct ctx *c, enum subject_kind kind, const char *id);

/* A record is gone for good, and what hung on it: taggings, places in folders. */
MUST_CHECK enum err subject_forget(struct ctx *c, enum subject_kind kind, const char *id);

/* Appends an event of a tag or a folder (`type`), told with its title, since it may be gone when
 * the log is read; with the record that joins or leaves it, or NULL. */
MUST_CHECK enum err subject_event(struct ctx *c, const char *verb, const char *type,
                                  const char *id, const char *title, const char *record_type,
                                  const char *record_id);

/* The next number of a tagging or of a place in a folder. */
MUST_CHECK enum err subject_next_relation(struct ctx *c, int64_t *out);
