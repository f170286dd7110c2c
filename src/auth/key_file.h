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
