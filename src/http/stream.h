/* Event streams: opened by the route events.c, fed from the outbox, read by mhd.c. */
#ifndef HUHANG_HTTP_STREAM_H
#define HUHANG_HTTP_STREAM_H

#include "run/call.h"

struct http;
struct mhd_conn;
struct stream;
struct streams;

struct streams *streams_new(struct http *h);
void streams_free(struct streams *all); /* none left */
/* Once a second: heartbeats, checks of sessions. */
void streams_tick(struct streams *all, int64_t now_ms);
/* Ends them all; the library then closes their connections. */
void streams_end(struct streams *all);
size_t streams_count(struct streams *all);

struct stream_options {
    struct mhd_conn *conn;
    const struct actor *actor; /* copied, like the texts */
    struct str token, request_id;
    int64_t at; /* outbox id after which it begins */
};

/* NULL: too many, of this session or in all. Ended by stream_gone. */
struct stream *stream_open(struct streams *all, const struct stream_options *o);
/* The library asks for bytes: > 0 bytes put, 0 parked, -1 the end. */
ptrdiff_t stream_read(struct stream *s, char *buf, size_t max);
/* The reply is over, or could not be sent. */
void stream_gone(struct stream *s);

#endif
