/* See listen.h. */
#include "http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* getaddrinfo would take 99999 for 34463. */
static bool is_port(const char *s)
{
    size_t n = strspn(s, "0123456789");

    return n >= 1 && n <= 5 && s[n] == '\0' && strtol(s, NULL, 10) <= UINT16_MAX;
}

/* "host:port", "[v6]:port" or ":port", as getaddrinfo wants them. */
static enum err split(struct ctx *c, const char *listen, const char **host, const char **port)
{
    const char *colon = strrchr(listen, ':');
    size_t n;

    if (colon == NULL || !is_port(colon + 1))
        return fail(c, ERR_INVALID, NULL, "listen: \"%s\" is not ADDRESS:PORT", listen);
    n = (size_t)(colon - listen);
    *port = colon + 1;
    if (n >= 2 && listen[0] == '[' && listen[n - 1] == ']')
        *host = arena_dup_n(c->mem, listen + 1, n - 2);
    else
        *host = n == 0 ? NULL : arena_dup_n(c->mem, listen, n);
    return OK;
}

static int open_listener(const struct addrinfo *ai)
{
    const int on = 1;
    int fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    close(fd);
    return -1;
}

static int bound_port(int fd)
{
    struct sockaddr_storage sa;
    socklen_t n = sizeof(sa);

    if (getsockname(fd, (struct sockaddr *)&sa, &n) != 0)
        abort();
    return ntohs(sa.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)(void *)&sa)->sin6_port
                                          : ((struct sockaddr_in *)(void *)&sa)->sin_port);
}

enum err listen_on(struct ctx *c, const char *where, int *fd, int *port)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    struct addrinfo *list = NULL;
    const char *host = NULL, *service = NULL;
    int code;

    TRY(split(c, where, &host, &service));
    code = getaddrinfo(host, service, &hints, &list);
    if (code != 0)
        return fail(c, ERR_INVALID, NULL, "listen: %s: %s", where, gai_strerror(code));
    *fd = open_listener(list);
    code = errno;
    freeaddrinfo(list);
    if (*fd < 0)
        return fail(c, ERR_UNAVAILABLE, NULL, "cannot listen on %s: %s", where, strerror(code));
    *port = bound_port(*fd);
    return OK;
}
