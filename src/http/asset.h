/* The files of the web app, compiled into the binary.
 * `script/embed` writes the table at build time; everything in it is constant and lives as long as
 * the process. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "http/request.h"

struct asset {
    const char *path;          /* as requested: "/index.html", "/assets/index-1a2b3c.js" */
    const char *type;          /* value of Content-Type */
    const char *etag;          /* quoted and weak, so that it holds for both encodings */
    const unsigned char *body;
    size_t size;
    const unsigned char *gzip; /* NULL where compressing does not make it smaller */
    size_t gzip_size;
    bool immutable;            /* its name changes with its content: cache it for ever */
};

extern const struct asset web_assets[]; /* sorted by path, bytewise */
extern const size_t web_asset_count;

/* Answers with the file at this path, or ERR_NO_ROUTE. Knows ETags, gzip and what a browser must
 * be told about a page. */
MUST_CHECK enum err asset_answer(const char *path, struct request *req, struct response *res);
