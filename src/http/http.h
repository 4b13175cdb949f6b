/* The HTTP server: libmicrohttpd behind mhd.c, the strict gate, routes, sessions, uploads (tus),
 * SSE, static files. It sees no data base: everything goes through operation rows and lanes. */
#ifndef HUHANG_HTTP_HTTP_H
#define HUHANG_HTTP_HTTP_H

#include "run/app.h"

struct http;
struct embed_file;

struct http_static {
    const struct embed_file *files; /* web/dist, with .br and .gz twins */
    size_t n;
};

/* Listens on conf.listen (TLS when conf.tls_cert) and on DIR/admin.sock (0600). ERR_CONF with a
 * clear text when the port is taken. */
struct err *http_start(struct app *app,
                       struct arena *a,
                       const struct http_static *files,
                       struct http **ret) MUST_CHECK;
/* Port actually bound (conf may say 0). */
int http_port(const struct http *h);
/* Graceful: quiesce, drain lanes (lanes_stop is called inside, between), end streams, stop. */
void http_stop(struct http *h);

#endif
