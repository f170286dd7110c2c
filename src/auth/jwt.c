/* See jwt.h. A token is header.payload.signature, each part in base64url. Its claims stand in the
 * order that clients of the API know. A personal token has no issuer: the address of a server may
 * change, and that token must be shown again letter by letter. */
#include "auth/jwt.h"

#include <stdlib.h>
#include <string.h>

#include "auth/base64.h"
#include "auth/digest.h"
#include "auth/dead.h"
#include "auth/keys.h"
#include "auth/scope.h"
#include "auth/verified.h"
#include "base/clock.h"
#include "base/json.h"

enum { JWT_MAX = 4096, SCOPES_MAX = 1024 };

/* ---- signing ---- */

static void write_scopes(struct str *out, const char *key, const char *scopes)
{
    json_key(out, key);
    json_begin_list(out);
    for (const char *word = scopes; *word != '\0';) {
        size_t n = strcspn(word, " ");

        if (n > 0)
            json_put_text(out, arena_dup_n(out->mem, word, n));
        word += n + (word[n] == ' ');
    }
    json_end_list(out);
}

static void write_number(struct str *out, const char *key, int64_t number)
{
    json_key_text(out, key, arena_printf(out->mem, "%lld", (long long)number));
}

static void write_claims(struct str *out, const struct claims *claims)
{
    json_begin_object(out);
    write_number(out, "aud", claims->client_id == 0 ? 1 : claims->client_id);
    json_key_text(out, "jti", claims->jti);
    json_key_int(out, "iat", claims->issued_at / SECOND);
    json_key_int(out, "nbf", claims->issued_at / SECOND);
    json_key_int(out, "exp", claims->expires_at / SECOND);
    if (claims->user_id != 0)
        write_number(out, "sub", claims->user_id);
    write_scopes(out, "scopes", claims->scopes);
    if (claims->org_id != NULL)
        json_key_text(out, "org_id", claims->org_id);
    if (scopes_gated(claims->scopes))
        write_scopes(out, "mcp_scopes", claims->scopes);
    if (claims->resource != NULL)
        json_key_text(out, "mcp_resource", claims->resource);
    if (claims->issuer != NULL)
        json_key_text(out, "iss", claims->issuer);
    json_end_object(out);
}

enum err jwt_sign(struct ctx *c, struct keys *keys, struct claims *claims, const char **token)
{
    const struct key *key =
        claims->kid == NULL ? keys_signer(keys) : keys_private(keys, claims->kid);
    struct str payload = str_in(c->mem, JWT_MAX / 2);
    unsigned char *signature;
    const char *signed_part;
    size_t size;

    if (key == NULL)
        return fail(c, ERR_NOT_FOUND, NULL, "the key of this token is not on this server any more");
    write_claims(&payload, claims);
    if (!str_ok(&payload))
        return fail(c, ERR_INTERNAL, NULL, "the claims of a token are too long");
    signed_part = arena_printf(c->mem, "%s.%s", key_header(key),
                               base64url_encode(c->mem, payload.data, payload.len));
    TRY(key_sign(c, key, signed_part, strlen(signed_part), &signature, &size));
    *token = arena_printf(c->mem, "%s.%s", signed_part, base64url_encode(c->mem, signature, size));
    claims->kid = arena_dup(c->mem, key_id(key));
    return OK;
}

/* ---- verifying ---- */

static enum err refuse(struct ctx *c)
{
    ctx_forgive(c);
    return fail(c, ERR_UNAUTHENTICATED, NULL, "%s", err_message(ERR_UNAUTHENTICATED));
}

/* A number written as text; 0 when absent. */
static int64_t read_number(const struct json *claims, const char *key)
{
    const char *text = json_get_text(claims, key);

    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

static int64_t read_time(const struct json *claims, const char *key)
{
    const struct json *v = json_get(claims, key);

    return v == NULL || v->kind != J_INT ? 0 : v->integer * SECOND;
}

static const char *read_scopes(struct arena *mem, const struct json *claims)
{
    const struct json *list = json_get(claims, "scopes");
    struct str out = str_in(mem, SCOPES_MAX);

    for (const struct json *e = list == NULL ? NULL : list->first; e != NULL; e = e->next)
        if (e->kind == J_TEXT)
            str_printf(&out, "%s%s", out.len == 0 ? "" : " ", e->text);
    return str_text(&out);
}

/* The payload has our signature, so it is what write_claims wrote. */
static enum err read_claims(struct ctx *c, const char *payload, size_t n, struct claims *out)
{
    int64_t client_id;
    struct json *claims;

    TRY(json_parse(c, payload, n, &claims));
    client_id = read_number(claims, "aud");
    *out = (struct claims){
        .jti = json_get_text(claims, "jti"),
        .user_id = read_number(claims, "sub"),
        .client_id = client_id == 1 ? 0 : client_id,
        .org_id = json_get_text(claims, "org_id"),
        .scopes = read_scopes(c->mem, claims),
        .issued_at = read_time(claims, "iat"),
        .expires_at = read_time(claims, "exp"),
    };
    return out->jti == NULL || out->issued_at == 0 ? ERR_MALFORMED : OK;
}

/* Any failure here is told to the client as one and the same. *known says whether the key is one
 * of ours: then a failure is for good. */
static enum err verify(struct ctx *c, struct keys *keys, const char *token, struct claims *out,
                       bool *known)
{
    const char *payload = strchr(token, '.');
    const char *signature = payload == NULL ? NULL : strchr(++payload, '.');
    const struct key *key = NULL;
    unsigned char *bytes;
    size_t n;

    if (signature++ != NULL)
        key = keys_find(c, keys, token, (size_t)(payload - 1 - token));
    *known = key != NULL;
    if (key == NULL ||
        (bytes = base64url_decode(c->mem, signature, strlen(signature), &n)) == NULL ||
        !key_verifies(key, token, (size_t)(signature - 1 - token), bytes, n) ||
        (bytes = base64url_decode(c->mem, payload, (size_t)(signature - 1 - payload), &n)) == NULL)
        return ERR_UNAUTHENTICATED;
    TRY(read_claims(c, (const char *)bytes, n, out));
    out->kid = arena_dup(c->mem, key_id(key));
    return OK;
}

enum err jwt_verify(struct ctx *c, struct keys *keys, const char *token,
                    const unsigned char digest[DIGEST_SIZE], struct claims *out)
{
    bool known;

    if (strnlen(token, JWT_MAX + 1) > JWT_MAX)
        return refuse(c);
    if (verified_find(keys_verified(keys), c->mem, digest, out))
        return OK;
    if (verify(c, keys, token, out, &known) != OK) {
        if (known)
            dead_add(keys_dead(keys), digest);
        return refuse(c);
    }
    verified_add(keys_verified(keys), digest, out);
    return OK;
}
