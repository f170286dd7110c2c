/* See smtp.h. The only file that includes libcurl, which speaks SMTP and writes MIME. Each mail has
 * a connection of its own: there are few, and nothing is left open that must be ended later. */
#include "worker/smtp.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum {
    CONNECT_SECONDS = 10,
    TOTAL_SECONDS = 60,
    FAREWELL_MS = 2000, /* for the answer to QUIT, which changes nothing */
    REPLY_MAX = 400,
    VERB_LENGTH = 4,
};

/* What was said last before the farewell, from which the outcome is judged. Of commands only the
 * verb is kept, since they may hold a password. */
struct dialogue {
    struct sleeper *sleeper;
    char verb[VERB_LENGTH + 1];
    char reply[REPLY_MAX]; /* to that; empty: none yet */
    char error[CURL_ERROR_SIZE];
    bool accepted;    /* the server has taken the mail */
    int64_t quit_at;  /* when we said QUIT; monotonic; 0: not yet */
};

void smtp_begin(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
}

static void hear_command(struct dialogue *d, const char *data, size_t n)
{
    if (n < VERB_LENGTH)
        return;
    if (memcmp(data, "QUIT", VERB_LENGTH) == 0) {
        d->quit_at = clock_monotonic();
        return;
    }
    memcpy(d->verb, data, VERB_LENGTH);
    d->reply[0] = '\0';
}

/* The first reply to DATA is 354, the second says whether the mail is taken. */
static void hear_reply(struct dialogue *d, const char *data, size_t n)
{
    char line[REPLY_MAX] = "";

    memcpy(line, data, n < REPLY_MAX ? n : REPLY_MAX - 1);
    line[strcspn(line, "\r\n")] = '\0';
    if (strcmp(d->verb, "DATA") == 0 && d->reply[0] == '3' && line[0] == '2')
        d->accepted = true;
    text_ascii(d->reply, REPLY_MAX, line);
}

static int listen_in(CURL *curl, curl_infotype type, char *data, size_t n, void *arg)
{
    struct dialogue *d = arg;

    (void)curl;
    if (d->quit_at != 0)
        return 0;
    if (type == CURLINFO_HEADER_OUT)
        hear_command(d, data, n);
    else if (type == CURLINFO_HEADER_IN)
        hear_reply(d, data, n);
    return 0;
}

/* Called about once a second at least; anything but 0 ends the transfer. */
static int check_end(void *arg, curl_off_t a, curl_off_t b, curl_off_t e, curl_off_t f)
{
    const struct dialogue *d = arg;

    (void)a, (void)b, (void)e, (void)f;
    return sleeper_ended(d->sleeper) ||
           (d->quit_at != 0 && clock_monotonic() > d->quit_at + FAREWELL_MS);
}

static curl_usessl tls_of(const struct smtp_options *o)
{
    if (strcmp(o->tls, "no") == 0)
        return CURLUSESSL_NONE;
    return strcmp(o->tls, "try") == 0 ? CURLUSESSL_TRY : CURLUSESSL_ALL;
}

/* The path of such an address is how we introduce ourselves (EHLO). */
static const char *url_with_name(struct arena *mem, const char *url, const char *name)
{
    const char *host = strstr(url, "://") + 3;

    return strchr(host, '/') != NULL ? url : arena_printf(mem, "%s/%s", url, name);
}

static void set_server(CURL *curl, struct arena *mem, const struct smtp_options *o,
                       const struct message *m)
{
    curl_easy_setopt(curl, CURLOPT_URL, url_with_name(mem, o->url, m->host));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* nor one of the environment */
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)tls_of(o));
    if (o->user != NULL) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, o->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, o->password == NULL ? "" : o->password);
    }
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)TOTAL_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TOTAL_SECONDS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

static void set_ears(CURL *curl, struct dialogue *d)
{
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, listen_in);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, d);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, d->error);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_end);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, d);
}

static struct curl_slist *headers_of(struct arena *mem, const struct message *m)
{
    struct curl_slist *list = NULL;

    for (const char *const *h = message_headers(mem, m); *h != NULL; h++)
        list = curl_slist_append(list, *h);
    return curl_slist_append(list, "Content-Type: multipart/alternative");
}

static void add_part(curl_mime *mime, const char *type, const char *text)
{
    curl_mimepart *part = curl_mime_addpart(mime);

    curl_mime_data(part, text, CURL_ZERO_TERMINATED);
    curl_mime_type(part, type);
    curl_mime_encoder(part, "quoted-printable");
}

/* From RCPT on it is about this mail; what goes wrong before concerns all. */
static enum smtp_outcome judge(CURLcode code, const struct dialogue *d)
{
    bool about_mail = strcmp(d->verb, "RCPT") == 0 || strcmp(d->verb, "DATA") == 0;

    if (code == CURLE_OK || d->accepted)
        return SMTP_SENT;
    if (code == CURLE_ABORTED_BY_CALLBACK && d->quit_at == 0)
        return SMTP_STOPPED;
    if (!about_mail)
        return SMTP_DOWN;
    return d->reply[0] == '5' ? SMTP_REFUSED : SMTP_LATER;
}

static const char *explain(struct arena *mem, CURLcode code, const struct dialogue *d)
{
    if (d->reply[0] == '4' || d->reply[0] == '5')
        return arena_printf(mem, "The mail server said: %s", d->reply);
    return arena_printf(mem, "The mail server could not be used: %s",
                        d->error[0] != '\0' ? d->error : curl_easy_strerror(code));
}

enum smtp_outcome smtp_send(struct arena *mem, const struct smtp_options *options,
                            const struct message *message, struct sleeper *sleeper,
                            const char **why)
{
    struct dialogue d = { .sleeper = sleeper };
    CURL *curl = curl_easy_init();
    curl_mime *mime = curl == NULL ? NULL : curl_mime_init(curl);
    struct curl_slist *headers = headers_of(mem, message);
    struct curl_slist *recipients = curl_slist_append(NULL, message->to);
    CURLcode code;

    if (mime == NULL || headers == NULL || recipients == NULL)
        abort();
    set_server(curl, mem, options, message);
    set_ears(curl, &d);
    add_part(mime, "text/plain; charset=utf-8", message->text);
    add_part(mime, "text/html; charset=utf-8", message->html);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, message->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime);
    code = curl_easy_perform(curl);
    *why = explain(mem, code, &d);
    curl_mime_free(mime);
    curl_slist_free_all(headers);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    return judge(code, &d);
}
