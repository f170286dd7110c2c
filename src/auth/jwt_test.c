/* Signed tokens: what is made is accepted, and nothing else. */
#include "auth/jwt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "auth/base64.h"
#include "auth/keys.h"

static struct arena *mem;
static struct keys *keys;

static const char *new_folder(void)
{
    char *path = arena_dup(mem, "/tmp/pawl-jwt-test-XXXXXX");

    assert_non_null(mkdtemp(path));
    return path;
}

static void remove_folder(const char *path)
{
    unlink(arena_printf(mem, "%s/signing-key.pem", path));
    assert_int_equal(rmdir(path), 0);
}

static struct claims some_claims(void)
{
    return (struct claims){
        .jti = "0190a1b2c3d4e5f60718293a4b5c6d7e",
        .user_id = 1001,
        .scopes = "tasks.read users.read",
        .issued_at = 1700000000000,
        .expires_at = 1715778800000,
    };
}

static const char *sign(struct claims claims)
{
    struct ctx c = { .mem = mem };
    const char *token;

    assert_int_equal(jwt_sign(&c, keys, &claims, &token), OK);
    return token;
}

static enum err verify_with(struct ctx *ctx, const char *token, struct claims *out)
{
    unsigned char digest[DIGEST_SIZE];

    digest_of(token, strlen(token), digest);
    return jwt_verify(ctx, keys, token, digest, out);
}

static enum err verify(const char *token)
{
    struct ctx c = { .mem = mem };
    struct claims claims;
    enum err e = verify_with(&c, token, &claims);

    if (e != OK)
        assert_int_equal(c.failure.err, ERR_UNAUTHENTICATED);
    return e;
}

/* A token of three given texts; the signature as it stands. */
static const char *forged(const char *header, const char *payload, const char *signature)
{
    return arena_printf(mem, "%s.%s.%s", base64url_encode(mem, header, strlen(header)),
                        base64url_encode(mem, payload, strlen(payload)), signature);
}

static const char *signature_of(const char *token)
{
    return strrchr(token, '.') + 1;
}

static void what_is_signed_is_read_back(void **unused)
{
    struct ctx c = { .mem = mem };
    struct claims in = some_claims(), out;

    (void)unused;
    in.client_id = 1007;
    in.org_id = "0190a1b2c3d4e5f60718293a4b5c6d7f";
    for (int i = 0; i < 2; i++) { /* the second time from memory */
        assert_int_equal(verify_with(&c, sign(in), &out), OK);
        assert_string_equal(out.jti, in.jti);
        assert_int_equal(out.user_id, 1001);
        assert_int_equal(out.client_id, 1007);
        assert_string_equal(out.org_id, in.org_id);
        assert_string_equal(out.scopes, "tasks.read users.read");
        assert_int_equal(out.issued_at, in.issued_at);
        assert_int_equal(out.expires_at, in.expires_at);
        assert_string_equal(out.kid, key_id(keys_signer(keys)));
    }
}

static void absent_claims_stay_absent(void **unused)
{
    struct ctx c = { .mem = mem };
    struct claims in = some_claims(), out;

    (void)unused;
    in.user_id = 0;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(verify_with(&c, sign(in), &out), OK);
        assert_int_equal(out.user_id, 0);
        assert_int_equal(out.client_id, 0);
        assert_null(out.org_id);
    }
}

static void signing_again_gives_the_same_text(void **unused)
{
    struct claims claims = some_claims();
    const char *first = sign(claims);

    (void)unused;
    claims.kid = key_id(keys_signer(keys));
    assert_string_equal(sign(claims), first);
    claims.jti = "0190a1b2c3d4e5f60718293a4b5c6d70";
    assert_string_not_equal(sign(claims), first);
}

static void the_form_is_the_one_clients_know(void **unused)
{
    const char *token = sign(some_claims());
    const char *payload = strchr(token, '.') + 1;
    size_t n;

    (void)unused;
    assert_memory_equal(token, "eyJ0eXAiOiJKV1Q", 15);
    assert_string_equal(
        (const char *)base64url_decode(mem, token, (size_t)(payload - 1 - token), &n),
        arena_printf(mem, "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"%s\"}",
                     key_id(keys_signer(keys))));
    assert_string_equal(
        (const char *)base64url_decode(mem, payload, strcspn(payload, "."), &n),
        "{\"aud\":\"1\",\"jti\":\"0190a1b2c3d4e5f60718293a4b5c6d7e\",\"iat\":1700000000,"
        "\"nbf\":1700000000,\"exp\":1715778800,\"sub\":\"1001\","
        "\"scopes\":[\"tasks.read\",\"users.read\"]}");
}

static void other_headers_are_refused(void **unused)
{
    const char *payload = "{\"aud\":\"1\",\"jti\":\"x\",\"iat\":1700000000,\"exp\":1715778800}";
    const char *kid = key_id(keys_signer(keys));
    const char *signature = signature_of(sign(some_claims()));
    const char *const headers[] = {
        "{\"typ\":\"JWT\",\"alg\":\"none\"}",
        arena_printf(mem, "{\"typ\":\"JWT\",\"alg\":\"none\",\"kid\":\"%s\"}", kid),
        arena_printf(mem, "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"%s\"}", kid),
        arena_printf(mem, "{\"typ\":\"JWT\",\"alg\":\"RS512\",\"kid\":\"%s\"}", kid),
        arena_printf(mem, "{\"alg\":\"RS256\",\"kid\":\"%s\",\"crit\":[\"b64\"]}", kid),
        "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"other\"}",
        "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"alg\":\"none\"}",
        "{}", "[]", "null", "", "\x01",
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        assert_int_equal(verify(forged(headers[i], payload, signature)), ERR_UNAUTHENTICATED);
        assert_int_equal(verify(forged(headers[i], payload, "")), ERR_UNAUTHENTICATED);
    }
}

/* A payload signed by us is trusted to be ours; one with a key twice is still refused. */
static void signed_nonsense_is_refused(void **unused)
{
    static const char *const payloads[] = {
        "", "nonsense", "[]", "{}", "{\"jti\":\"x\"}", "{\"jti\":7,\"iat\":1700000000}",
        "{\"jti\":\"x\",\"jti\":\"y\",\"iat\":1700000000}",
        "{\"jti\":\"x\",\"iat\":\"1700000000\"}",
    };
    struct ctx c = { .mem = mem };

    (void)unused;
    for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
        const struct key *key = keys_signer(keys);
        const char *text = arena_printf(mem, "%s.%s", key_header(key),
                                        base64url_encode(mem, payloads[i], strlen(payloads[i])));
        unsigned char *signature;
        size_t n;

        assert_int_equal(key_sign(&c, key, text, strlen(text), &signature, &n), OK);
        assert_int_equal(
            verify(arena_printf(mem, "%s.%s", text, base64url_encode(mem, signature, n))),
            ERR_UNAUTHENTICATED);
    }
}

static void any_change_is_refused(void **unused)
{
    const char *token = sign(some_claims());
    size_t n = strlen(token);

    (void)unused;
    assert_int_equal(verify(token), OK);
    for (size_t i = 0; i < n; i++) {
        char *wrong = arena_dup(mem, token);

        wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
        assert_int_equal(verify(wrong), ERR_UNAUTHENTICATED);
        wrong[i] = '\0';
        assert_int_equal(verify(wrong), ERR_UNAUTHENTICATED);
    }
    assert_int_equal(verify(arena_printf(mem, "%s=", token)), ERR_UNAUTHENTICATED);
    assert_int_equal(verify(arena_printf(mem, "%s.", token)), ERR_UNAUTHENTICATED);
    assert_int_equal(verify(arena_printf(mem, "%sA", token)), ERR_UNAUTHENTICATED);
    assert_int_equal(verify(arena_printf(mem, " %s", token)), ERR_UNAUTHENTICATED);
}

static void garbage_is_refused(void **unused)
{
    char *huge = arena_alloc(mem, 1024 * 1024 + 1);

    (void)unused;
    memset(huge, 'A', 1024 * 1024);
    assert_int_equal(verify(huge), ERR_UNAUTHENTICATED);
    huge[5] = huge[10] = '.';
    assert_int_equal(verify(huge), ERR_UNAUTHENTICATED);
    assert_int_equal(verify(""), ERR_UNAUTHENTICATED);
    assert_int_equal(verify("."), ERR_UNAUTHENTICATED);
    assert_int_equal(verify(".."), ERR_UNAUTHENTICATED);
    assert_int_equal(verify("..."), ERR_UNAUTHENTICATED);
    assert_int_equal(verify("\xff\xfe.\xff.\xff"), ERR_UNAUTHENTICATED);
    assert_int_equal(verify(arena_printf(mem, "%s..", key_header(keys_signer(keys)))),
                     ERR_UNAUTHENTICATED);
}

static void the_key_of_another_server_counts_for_nothing(void **unused)
{
    struct ctx c = { .mem = mem };
    const char *folder = new_folder();
    struct claims claims = some_claims();
    struct keys *other;
    const char *token;

    (void)unused;
    assert_int_equal(keys_open(&c, folder, true, &other), OK);
    assert_int_equal(jwt_sign(&c, other, &claims, &token), OK);
    assert_int_equal(verify(token), ERR_UNAUTHENTICATED);
    /* … also under our key's name. */
    assert_int_equal(verify(arena_printf(mem, "%s%s", key_header(keys_signer(keys)),
                                         strchr(token, '.'))),
                     ERR_UNAUTHENTICATED);
    /* And what it has signed cannot be signed again by us. */
    assert_int_equal(jwt_sign(&c, keys, &claims, &token), ERR_NOT_FOUND);
    keys_close(other);
    remove_folder(folder);
}

static void the_key_is_made_once_and_kept_private(void **unused)
{
    struct ctx c = { .mem = mem };
    const char *folder = new_folder();
    struct keys *first, *second;
    struct stat info;

    (void)unused;
    assert_int_equal(keys_open(&c, folder, false, &first), ERR_INTERNAL);
    ctx_forgive(&c);
    assert_int_equal(keys_open(&c, folder, true, &first), OK);
    assert_int_equal(keys_open(&c, folder, false, &second), OK);
    assert_string_equal(key_id(keys_signer(first)), key_id(keys_signer(second)));
    assert_int_equal(stat(arena_printf(mem, "%s/signing-key.pem", folder), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    keys_close(first);
    keys_close(second);
    remove_folder(folder);
}

static void the_key_set_has_exactly_the_public_members(void **unused)
{
    struct str out = str_in(mem, 10000);
    const char *text;

    (void)unused;
    jwks_write(keys, &out);
    text = str_text(&out);
    assert_ptr_equal(strstr(text, "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\","
                                  "\"kid\":\""), text);
    assert_non_null(strstr(text, key_id(keys_signer(keys))));
    assert_non_null(strstr(text, "\",\"e\":\"AQAB\"}]}"));
    assert_null(strstr(text, "\"d\""));
}

static const char *own_folder;

static int set_up(void **unused)
{
    struct ctx c;

    (void)unused;
    mem = arena_new_arena();
    c = (struct ctx){ .mem = mem };
    own_folder = new_folder();
    return keys_open(&c, own_folder, true, &keys) == OK ? 0 : -1;
}

static int tear_down(void **unused)
{
    (void)unused;
    keys_close(keys);
    remove_folder(own_folder);
    arena_free(mem);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_signed_is_read_back),
        cmocka_unit_test(absent_claims_stay_absent),
        cmocka_unit_test(signing_again_gives_the_same_text),
        cmocka_unit_test(the_form_is_the_one_clients_know),
        cmocka_unit_test(other_headers_are_refused),
        cmocka_unit_test(signed_nonsense_is_refused),
        cmocka_unit_test(any_change_is_refused),
        cmocka_unit_test(garbage_is_refused),
        cmocka_unit_test(the_key_of_another_server_counts_for_nothing),
        cmocka_unit_test(the_key_is_made_once_and_kept_private),
        cmocka_unit_test(the_key_set_has_exactly_the_public_members),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
