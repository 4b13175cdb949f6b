/* HTTP requests that we make: the command line to DIR/admin.sock, and the tests. Blocking; one
 * request a call; no redirects, no cookies, no proxy. libcurl stands behind http_client.c alone. */
#ifndef HUHANG_SYS_HTTP_CLIENT_H
#define HUHANG_SYS_HTTP_CLIENT_H

#include "base/err.h"
#include "base/str.h"

struct http_client_request {
    struct str method;         /* GET, POST … */
    struct str url;            /* http://host:port/path; with a socket the host is only a name */
    struct str unix_socket;    /* path of a Unix socket; none: TCP */
    const struct str *headers; /* "Name: value" each */
    size_t n_headers;
    struct bytes body;      /* none: no body */
    int64_t timeout_ms;     /* for all of it; 0: 60 s */
    size_t reply_max_bytes; /* 0: 32 MiB */
};

struct http_client_reply {
    int status;
    struct str content_type, location, etag; /* none when absent */
    struct bytes body;
};

/* Once, before any thread; in programs that make requests. */
struct err *http_client_init(struct arena *a) MUST_CHECK;
/* A reply of any status is a success. ERR_IO: could not connect, timed out, reply too large. */
struct err *http_client(struct arena *a,
                        const struct http_client_request *rq,
                        struct http_client_reply *ret) MUST_CHECK;

#endif
