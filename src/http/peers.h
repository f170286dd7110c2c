/* The open connections and their deadlines.
 *
 * libmicrohttpd knows only a time of inactivity, which a peer that sends one byte now and then
 * never reaches. Here every connection has one moment by which its present step must be over; a
 * thread of its own shuts down the sockets that are late, and drains those that were refused so
 * that the refusal arrives. */
#pragma once

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct MHD_Connection;
struct peers;

/* One connection. Belongs to its list; the fields below the line are the server's own. */
struct peer {
    struct peer *next;
    struct peer *prev;
    int fd;
    _Atomic int64_t deadline; /* clock_monotonic(); 0: none while we are the ones who work */
    atomic_bool idle;         /* between two requests: nobody loses anything by a close */
    bool drain;               /* refused: read what still comes before the socket is closed */
    /* ---- */
    char address[INET6_ADDRSTRLEN];
    bool trusted; /* a proxy whose word on the caller's address counts */
    char *target; /* of the request whose headers are being read; from malloc */
    struct MHD_Connection *connection;
    struct peer *next_reading; /* others of this thread whose headers are being read */
};

struct peers *peers_new(void);

/* Ends the thread. All connections must have been removed. */
void peers_free(struct peers *peers);

/* A new connection, idle and to be late in `seconds`. */
struct peer *peer_add(struct peers *peers, int fd, int seconds);

/* Before the socket is closed. */
void peer_remove(struct peers *peers, struct peer *peer);

void peer_due(struct peer *peer, int64_t milliseconds);
void peer_not_due(struct peer *peer);

/* Shuts down all connections. */
void peers_close(struct peers *peers);

/* Shuts down the idle ones, but for those on which a request has arrived that is not read yet:
 * these are counted. */
int peers_close_idle(struct peers *peers);
