/* Deadlines of connections: a client that dawdles over a request head, a body or a reply is cut
 * off.
 *
 * The library has only an idle time-out, which one byte every ten seconds never meets. Each
 * connection has a place here with the instant by which its present phase must end; once a second
 * the watch shuts down the sockets that are over. The library then sees an ordinary disconnection.
 * A place is taken out before its socket is closed, so a shutdown never hits a stranger. */
#ifndef HUHANG_HTTP_WATCH_H
#define HUHANG_HTTP_WATCH_H

#include <stddef.h>
#include <stdint.h>

struct watch;
struct watch_place;

struct watch *watch_new(void);
void watch_free(struct watch *w); /* empty by then */
struct watch_place *watch_add(struct watch *w, int fd, int64_t deadline_ms);
/* 0: no deadline (the request waits for us, or an event stream). */
void watch_set(struct watch *w, struct watch_place *p, int64_t deadline_ms);
void watch_del(struct watch *w, struct watch_place *p);
/* Shuts down what is over; returns how many. */
size_t watch_sweep(struct watch *w, int64_t now_ms);
size_t watch_count(struct watch *w);

#endif
