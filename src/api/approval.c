/* See approval.h. */
#include "api/approval.h"

#include <string.h>
#include <strings.h>

#include "api/answer.h"
#include "auth/scope.h"
#include "auth/words.h"

/* The host, with its port, of an address of the web. With an app's own scheme, that scheme: what
 * stands behind it is for the app to read, and says nothing of where it leads. */
static const char *host_of(struct arena *mem, const char *uri)
{
    static const char *const web[] = { "https://", "http://" };

    if (uri == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof(web) / sizeof(web[0]); i++)
        if (strncasecmp(uri, web[i], strlen(web[i])) == 0)
            return arena_dup_n(mem, uri + strlen(web[i]), strcspn(uri + strlen(web[i]), "/?"));
    return arena_dup_n(mem, uri, strcspn(uri, ":"));
}

static void write_client(struct str *out, const struct question *q)
{
    json_key(out, "client");
    json_begin_object(out);
    json_key_text(out, "id", arena_printf(out->mem, "%lld", (long long)q->client->id));
    json_key_text(out, "name", q->client->name);
    json_key_text(out, "origin", origin_words[q->client->origin]);
    json_key_text(out, "redirect_host", host_of(out->mem, q->redirect_uri));
    json_end_object(out);
}

static void write_places(struct str *out, const struct approval *a)
{
    json_key(out, "organizations");
    json_begin_list(out);
    for (size_t i = 0; i < a->place_count; i++)
        shape_write(out, &approval_place_shape, &a->places[i]);
    json_end_list(out);
}

static void write_scopes(struct str *out, const char *scopes)
{
    size_t n;

    json_key(out, "scopes");
    json_begin_list(out);
    for (const char *w = words_next(&scopes, &n); w != NULL; w = words_next(&scopes, &n)) {
        const char *word = arena_dup_n(out->mem, w, n);

        json_begin_object(out);
        json_key_text(out, "name", word);
        json_key_text(out, "title", scope_title(word));
        json_key_text(out, "text", scope_text(word));
        json_end_object(out);
    }
    json_end_list(out);
}

static void write_previous(struct str *out, const struct consent *previous)
{
    json_key(out, "previous");
    if (previous->client_id == 0) {
        json_put_null(out);
        return;
    }
    json_begin_object(out);
    json_key_time(out, "at", previous->updated_at);
    json_key(out, "scopes");
    json_put_raw(out, words_json(out->mem, previous->scopes));
    json_end_object(out);
}

static void write_refusal(struct str *out, const struct approval *a, const char *refused_url)
{
    const char *message, *code = approval_refusal(a, &message);

    json_key(out, "refusal");
    if (code == NULL) {
        json_put_null(out);
        return;
    }
    json_begin_object(out);
    json_key_text(out, "code", code);
    json_key_text(out, "message", message);
    json_key_text(out, "redirect_to", refused_url);
    json_end_object(out);
}

enum err answer_question(struct ctx *c, struct request *req, struct response *res,
                         const struct question *q)
{
    struct str *out = answer_begin(req, res);
    struct approval a;

    TRY(approval_get(c, q->client, &a));
    answer_never_cached(req, res);
    json_begin_object(out);
    json_key(out, "data");
    json_begin_object(out);
    write_client(out, q);
    write_places(out, &a);
    write_scopes(out, q->scopes);
    write_previous(out, &a.previous);
    write_refusal(out, &a, q->refused_url);
    json_end_object(out);
    json_end_object(out);
    return answer_end(c, res, 200);
}
