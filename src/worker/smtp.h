/* Sending one mail by SMTP. */
#pragma once

#include <stdatomic.h>

#include "base/sleeper.h"
#include "worker/message.h"

struct smtp_options {
    const char *url;      /* smtp://host:port or smtps://host:port */
    const char *user;     /* NULL: do not sign in */
    const char *password;
    const char *tls;      /* of smtp://: required, try or no */
};

enum smtp_outcome {
    SMTP_SENT,
    SMTP_REFUSED, /* for good: the recipient or what the mail says */
    SMTP_LATER,   /* this mail could not be sent now */
    SMTP_DOWN,    /* nor could any other: the server cannot be reached, or wants none from us */
    SMTP_STOPPED, /* the sleeper was ended meanwhile */
};

/* Once, before there are threads. */
void smtp_begin(void);

/* Takes a minute at most. *why, in the arena, says for people why it was not sent: the server's own
 * words when there are any, in ASCII. */
enum smtp_outcome smtp_send(struct arena *mem, const struct smtp_options *options,
                            const struct message *message, struct sleeper *sleeper,
                            const char **why);
