/* See password_guess.h. */
#include "api/password_guess.h"

#include "api/app.h"
#include "auth/caller.h"
#include "auth/password.h"
#include "auth/throttle.h"
#include "model/user.h"

struct look_up {
    const char *email;
    struct user user;
};

static enum err look_up(struct ctx *c, void *arg)
{
    struct look_up *l = arg;
    enum err e;

    if (l->email == NULL) {
        TRY(user_get(c, c->caller->user_id, &l->user));
        return throttle_check(c, l->user.email);
    }
    TRY(throttle_check(c, l->email));
    e = user_get_by_email(c, l->email, &l->user);
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err password_guess_judge(struct ctx *c, struct request *req, const char *email,
                              const char *password, struct password_guess **out)
{
    struct look_up l = { .email = email };
    struct password_guess *guess = arena_new(c->mem, struct password_guess);

    TRY(db_do(c, app_of(req)->db, DB_READ, look_up, &l));
    guess->email = email == NULL ? l.user.email : email;
    guess->user_id = l.user.id;
    guess->right = password_matches(l.user.password_hash, password);
    *out = guess;
    return OK;
}

enum err password_guess_count(struct ctx *c, const struct password_guess *guess)
{
    return guess->right ? throttle_passed(c, guess->email) : throttle_failed(c, guess->email);
}
