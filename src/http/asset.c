/* See asset.h. Answers point into the binary; nothing is copied. */
#include "http/asset.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct pair page_headers[] = {
    { .name = "Content-Security-Policy",
      .value = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
               "font-src 'self'; connect-src 'self'; form-action 'self'; "
               "frame-ancestors 'none'; base-uri 'none'" },
    { .name = "X-Frame-Options", .value = "DENY" },
    { .name = "Referrer-Policy", .value = "same-origin" },
};

static int compare(const void *path, const void *asset)
{
    return strcmp(path, ((const struct asset *)asset)->path);
}

/* True when If-None-Match holds this tag. Tags are weak, so only what is in quotes counts. */
static bool matches(const char *header, const char *etag)
{
    const char *quoted = strchr(etag, '"');

    return header != NULL && (strcmp(header, "*") == 0 || strstr(header, quoted) != NULL);
}

/* True when Accept-Encoding names gzip and does not give it the weight 0. */
static bool takes_gzip(const char *header)
{
    for (const char *at = header; at != NULL && *at != '\0';) {
        size_t n, q;

        at += strspn(at, ", \t");
        n = strcspn(at, ",; \t");
        if (n == 4 && strncasecmp(at, "gzip", 4) == 0) {
            at += n + strspn(at + n, "; \t");
            if (strncasecmp(at, "q=", 2) != 0)
                return true;
            q = strspn(at + 2, "0.");
            return at[2 + q] >= '1' && at[2 + q] <= '9';
        }
        at += strcspn(at, ",");
    }
    return false;
}

enum err asset_answer(const char *path, struct request *req, struct response *res)
{
    const struct asset *asset =
        bsearch(path, web_assets, web_asset_count, sizeof(web_assets[0]), compare);

    if (asset == NULL)
        return ERR_NO_ROUTE;
    for (size_t i = 0; i < sizeof(page_headers) / sizeof(page_headers[0]); i++)
        response_header(req, res, page_headers[i].name, page_headers[i].value);
    response_header(req, res, "ETag", asset->etag);
    response_header(req, res, "Cache-Control",
                    asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (asset->gzip != NULL)
        response_header(req, res, "Vary", "Accept-Encoding");
    if (matches(request_header(req, "If-None-Match"), asset->etag)) {
        res->status = 304;
        return OK;
    }
    res->status = 200;
    res->type = asset->type;
    res->fixed = asset->body;
    res->fixed_size = asset->size;
    if (asset->gzip != NULL && takes_gzip(request_header(req, "Accept-Encoding"))) {
        response_header(req, res, "Content-Encoding", "gzip");
        res->fixed = asset->gzip;
        res->fixed_size = asset->gzip_size;
    }
    return OK;
}
