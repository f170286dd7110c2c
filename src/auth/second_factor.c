/* See second_factor.h. That no code is taken twice rests on single statements that change the row
 * only when the code is later than the last one, or not used yet. */
#include "auth/second_factor.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#include "auth/base32.h"
#include "auth/event.h"
#include "auth/seal.h"
#include "auth/secret.h"
#include "auth/totp.h"
#include "base/text.h"
#include "db/db.h"

enum { RECOVERY_SIZE = 10 /* bytes of a recovery code */, GROUP = 4, CODE_MAX = 100 };

/* ---- shape ---- */

static const struct field second_factor_fields[] = {
    FIELD(second_factor, enabled, BOOL, READONLY),
    FIELD(second_factor, confirmed_at, TIME, READONLY),
    FIELD(second_factor, recovery_codes_left, INT, READONLY),
    { 0 },
};
const struct shape second_factor_shape = SHAPE(second_factor, second_factor_fields);

static const struct field second_factor_key_fields[] = {
    FIELD(second_factor_key, secret, TEXT, READONLY),
    FIELD(second_factor_key, uri, TEXT, READONLY),
    { 0 },
};
const struct shape second_factor_key_shape = SHAPE(second_factor_key, second_factor_key_fields);

static const struct field recovery_codes_fields[] = {
    FIELD(recovery_codes, recovery_codes, JSON, READONLY),
    { 0 },
};
const struct shape recovery_codes_shape = SHAPE(recovery_codes, recovery_codes_fields);

/* A row of second_factors, as far as codes are checked against it. */
struct stored {
    const char *sealed;
    int64_t last_step;
    int64_t confirmed_at;
};

static const struct field stored_fields[] = {
    FIELD(stored, sealed, TEXT, HIDDEN),
    FIELD(stored, last_step, INT, HIDDEN),
    FIELD(stored, confirmed_at, TIME, HIDDEN),
    { 0 },
};
static const struct shape stored_shape = SHAPE(stored, stored_fields);

/* ---- SQL ---- */

static const char IN_FORCE[] =
    "SELECT count(*) FROM second_factors WHERE user_id = ? AND confirmed_at IS NOT NULL";

static const char GET[] =
    "SELECT 1 AS enabled, confirmed_at,"
    "       (SELECT count(*) FROM recovery_codes r"
    "         WHERE r.user_id = f.user_id AND r.used_at IS NULL) AS recovery_codes_left"
    "  FROM second_factors f WHERE user_id = ? AND confirmed_at IS NOT NULL";

static const char FIND[] =
    "SELECT sealed, last_step, confirmed_at FROM second_factors WHERE user_id = ?";

static const char BEGIN[] =
    "INSERT INTO second_factors (user_id, sealed, created_at) VALUES (?, ?, ?)"
    " ON CONFLICT (user_id) DO UPDATE"
    "   SET sealed = excluded.sealed, created_at = excluded.created_at, last_step = 0"
    " WHERE second_factors.confirmed_at IS NULL";

static const char CONFIRM[] =
    "UPDATE second_factors SET confirmed_at = ?, last_step = ?"
    " WHERE user_id = ? AND confirmed_at IS NULL";

static const char USE_STEP[] =
    "UPDATE second_factors SET last_step = ?1"
    " WHERE user_id = ?2 AND last_step < ?1 AND confirmed_at IS NOT NULL";

static const char USE_RECOVERY_CODE[] =
    "UPDATE recovery_codes SET used_at = ?"
    " WHERE user_id = ? AND digest = ? AND used_at IS NULL";

static const char RECOVERY_CODE_INSERT[] =
    "INSERT INTO recovery_codes (user_id, digest) VALUES (?, ?)";

static const char RECOVERY_CODES_DELETE[] = "DELETE FROM recovery_codes WHERE user_id = ?";

static const char DELETE_FACTOR[] = "DELETE FROM second_factors WHERE user_id = ?";

/* ---- private ---- */

/* Letters and digits as they are compared: without what people put between them. */
static const char *plain(struct arena *mem, const char *code)
{
    char *out = arena_alloc(mem, CODE_MAX + 1);
    size_t n = 0;

    for (; *code != '\0' && n < CODE_MAX; code++)
        if (*code != ' ' && *code != '\t' && *code != '-')
            out[n++] = (char)tolower((unsigned char)*code);
    return out;
}

/* Something of the sort "Pawl:ada%2B1@example.com"; everything but letters, digits and @.-_~ is
 * escaped. */
static const char *label(struct arena *mem, const char *email)
{
    struct str out = str_in(mem, 4096);

    str_add(&out, "Pawl:");
    for (; *email != '\0'; email++) {
        unsigned char byte = (unsigned char)*email;

        if (byte < 0x80 && (isalnum(byte) || strchr("@.-_~", byte) != NULL))
            str_add_char(&out, *email);
        else
            str_printf(&out, "%%%02X", byte);
    }
    return str_text(&out);
}

static const char *key_uri(struct arena *mem, const char *email, const char *secret)
{
    return arena_printf(mem,
                        "otpauth://totp/%s?secret=%s&issuer=Pawl&algorithm=SHA1&digits=%d"
                        "&period=%d", label(mem, email), secret, TOTP_DIGITS, TOTP_STEP_SECONDS);
}

/* The step whose code this is; 0: none, or one that was taken before. */
static enum err match(struct ctx *c, struct auth *auth, const struct stored *s, const char *code,
                      int64_t *step)
{
    unsigned char key[TOTP_KEY_SIZE];
    const char *hex;
    size_t n;

    TRY(unseal(c, auth, s->sealed, &hex));
    if (sodium_hex2bin(key, sizeof(key), hex, strlen(hex), NULL, &n, NULL) != 0 ||
        n != TOTP_KEY_SIZE)
        return fail(c, ERR_INTERNAL, NULL, "the sealed key of a second factor is no key");
    *step = totp_match(key, sizeof(key), c->now, s->last_step, plain(c->mem, code));
    explicit_bzero(key, sizeof(key));
    return OK;
}

/* "abcd-efgh-ijkl-mnop", its digest stored. */
static enum err make_recovery_code(struct ctx *c, int64_t user_id, struct str *list)
{
    unsigned char bytes[RECOVERY_SIZE];
    const char *code;

    randombytes_buf(bytes, sizeof(bytes));
    code = plain(c->mem, base32_encode(c->mem, bytes, sizeof(bytes)));
    json_put_text(list, arena_printf(c->mem, "%.*s-%.*s-%.*s-%s", GROUP, code, GROUP,
                                     code + GROUP, GROUP, code + 2 * GROUP, code + 3 * GROUP));
    return db_change(c, RECOVERY_CODE_INSERT, INT(user_id), TEXT(secret_digest(c->mem, code)));
}

static enum err make_recovery_codes(struct ctx *c, int64_t user_id, struct recovery_codes *out)
{
    struct str list = str_in(c->mem, 4096);

    TRY(db_change(c, RECOVERY_CODES_DELETE, INT(user_id)));
    json_begin_list(&list);
    for (int i = 0; i < RECOVERY_CODES; i++)
        TRY(make_recovery_code(c, user_id, &list));
    json_end_list(&list);
    out->recovery_codes = str_text(&list);
    return OK;
}

/* ---- operations ---- */

enum err second_factor_in_force(struct ctx *c, int64_t user_id, bool *out)
{
    int64_t n;

    TRY(db_int(c, IN_FORCE, &n, INT(user_id)));
    *out = n > 0;
    return OK;
}

enum err second_factor_get(struct ctx *c, int64_t user_id, struct second_factor *out)
{
    enum err e;

    *out = (struct second_factor){ 0 };
    e = db_one(c, GET, &second_factor_shape, out, INT(user_id));
    return e == ERR_NOT_FOUND ? ctx_forgive(c) : e;
}

enum err second_factor_begin(struct ctx *c, struct auth *auth, int64_t user_id, const char *email,
                             struct second_factor_key *out)
{
    unsigned char key[TOTP_KEY_SIZE];
    const char *sealed;
    int64_t begun;

    randombytes_buf(key, sizeof(key));
    sealed = seal(c, auth, text_hex(c->mem, key, sizeof(key)));
    out->secret = base32_encode(c->mem, key, sizeof(key));
    out->uri = key_uri(c->mem, email, out->secret);
    explicit_bzero(key, sizeof(key));
    TRY(db_change_n(c, BEGIN, &begun, INT(user_id), TEXT(sealed), INT(c->now)));
    return begun > 0 ? OK : fail_code(c, ERR_CONFLICT, "SECOND_FACTOR_ENABLED",
                                      "There is a second factor already. Disable it first.");
}

enum err second_factor_confirm(struct ctx *c, struct auth *auth, int64_t user_id, const char *code,
                               struct recovery_codes *out)
{
    struct stored s = { 0 };
    enum err e = db_one(c, FIND, &stored_shape, &s, INT(user_id));
    int64_t step, confirmed;

    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || s.confirmed_at != 0)
        return fail_code(c, ERR_CONFLICT, "SECOND_FACTOR_NOT_BEGUN",
                         "There is no second factor to confirm. Begin again.");
    TRY(match(c, auth, &s, code, &step));
    if (step == 0)
        return fail(c, ERR_INVALID, "code", "This code is not right.");
    TRY(db_change_n(c, CONFIRM, &confirmed, INT(c->now), INT(step), INT(user_id)));
    if (confirmed == 0)
        return ERR_RETRY;
    TRY(event_record_login(c, user_id, "second_factor_enabled"));
    return make_recovery_codes(c, user_id, out);
}

enum err second_factor_take(struct ctx *c, struct auth *auth, int64_t user_id, const char *code,
                            bool *right)
{
    struct stored s;
    int64_t step, used = 0;

    TRY(db_one(c, FIND, &stored_shape, &s, INT(user_id)));
    TRY(match(c, auth, &s, code, &step));
    if (step != 0) {
        TRY(db_change_n(c, USE_STEP, &used, INT(step), INT(user_id)));
    } else {
        const char *digest = secret_digest(c->mem, plain(c->mem, code));

        TRY(db_change_n(c, USE_RECOVERY_CODE, &used, INT(c->now), INT(user_id), TEXT(digest)));
        if (used > 0)
            TRY(event_record_login(c, user_id, "recovery_code_used"));
    }
    *right = used > 0;
    return OK;
}

enum err second_factor_new_codes(struct ctx *c, int64_t user_id, struct recovery_codes *out)
{
    bool enabled;

    TRY(second_factor_in_force(c, user_id, &enabled));
    if (!enabled)
        return fail_code(c, ERR_CONFLICT, "SECOND_FACTOR_DISABLED", "There is no second factor.");
    TRY(event_record_login(c, user_id, "recovery_codes_made"));
    return make_recovery_codes(c, user_id, out);
}

enum err second_factor_remove(struct ctx *c, int64_t user_id, bool *had)
{
    TRY(second_factor_in_force(c, user_id, had));
    TRY(db_change(c, DELETE_FACTOR, INT(user_id)));
    TRY(db_change(c, RECOVERY_CODES_DELETE, INT(user_id)));
    return *had ? event_record_login(c, user_id, "second_factor_disabled") : OK;
}
