/* Inside http/: the server's parts and its routes. */
#ifndef HUHANG_HTTP_INNER_H
#define HUHANG_HTTP_INNER_H

#include "http/exchange.h"
#include "http/http.h"

#include <stdatomic.h>

struct readers;
struct assets;
struct streams;

struct http {
    struct app *app;
    struct arena *arena;
    struct mhd *web, *admin;
    struct watch *watch;
    struct readers *readers;
    struct assets *assets;
    struct streams *streams;
    struct thread *ticker;
    struct queue *ticker_stop; /* closed to end the ticker */
    atomic_bool stopping;
    atomic_int exchanges; /* requests under way */
    struct str openapi, openapi_etag;
    struct str admin_path;
    int web_fd, admin_fd, port;
};

/* The route of a request whose target is parsed (site.c). Never NULL. */
const struct route *http_route(struct exchange *x);

/* Below /api/v1: operation rows (api.c), uploads (upload.c), the event stream (events.c). */
extern const struct route api_route;
extern const struct route upload_route;
extern const struct route events_route;
/* The web pages (static.c). */
extern const struct route static_route;

/* Index of the embedded files (static.c). */
struct assets *assets_new(struct arena *a, const struct http_static *files);

/* Read connections for OP_INLINE (readers.c): as many as HTTP threads, opened on first use. */
struct readers *readers_new(struct app *app, size_t n);
void readers_free(struct readers *r);
/* NULL: all taken, or the data base is away; the caller goes through the lane. */
struct db *readers_take(struct readers *r);
/* broken: its connection was lost; it is closed. */
void readers_give(struct readers *r, struct db *d, bool broken);

/* A listening TCP socket on "address:port" ("[v6]:port"); *ret_port is the port bound. ERR_CONF
 * with the way out when it is taken (listen.c). */
struct err *listen_tcp(struct arena *a, struct str address, int *ret_fd, int *ret_port) MUST_CHECK;
/* A listening Unix socket, mode 0600 from the first moment; an old socket file is removed. */
struct err *listen_local(struct arena *a, struct str path, int *ret_fd) MUST_CHECK;
/* Lets the process hold that many connections, if the machine allows; returns the number it may. */
size_t listen_room(size_t connections);

#endif
