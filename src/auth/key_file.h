/* Files that hold a key of this node, mode 0600: DIR/signing-key.pem and DIR/sealing-key. */
#pragma once

#include "base/ctx.h"

enum { KEY_FILE_MAX = 16 * 1024 };

/* Writes a new key file DIR/NAME, durable on return. When another process was faster, its file
 * stays and counts: read it. */
MUST_CHECK enum err key_file_make(struct ctx *c, const char *dir, const char *name,
                                  const char *text);

/* Reads one into `text`, with a final NUL, and warns when others may read it. ERR_NOT_FOUND,
 * without a recorded failure, when there is none. The caller wipes `text`. */
MUST_CHECK enum err key_file_read(struct ctx *c, const char *dir, const char *name,
                                  char text[KEY_FILE_MAX]);

/* Gives the file a second name, under which it stays when the first one is given away. That the
 * name is taken is no error: it was kept before. */
MUST_CHECK enum err key_file_keep(struct ctx *c, const char *dir, const char *name,
                                  const char *kept);

/* Lets DIR/NAME be the file `kept` from now on, in one step and durably. */
MUST_CHECK enum err key_file_replace(struct ctx *c, const char *dir, const char *name,
                                     const char *kept);

/* Removes a file, if there is one. */
void key_file_remove(struct ctx *c, const char *dir, const char *name);

/* Changes whenever the file does, or another takes its place; 0 without a file. */
int64_t key_file_stamp(struct ctx *c, const char *dir, const char *name);
