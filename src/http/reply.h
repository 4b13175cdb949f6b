/* Replies: status, headers, body; problems in the reader's language; conditional and partial
 * answers; the security headers of frontend.md 10 on everything. */
#ifndef HUHANG_HTTP_REPLY_H
#define HUHANG_HTTP_REPLY_H

#include "base/err.h"
#include "http/gate.h"
#include "run/call.h"

struct exchange;
struct outcome;
struct stream;

#define REPLY_HEADERS_MAX 32

struct http_reply {
    int status;
    struct http_header headers[REPLY_HEADERS_MAX];
    size_t n_headers;
    struct bytes body;     /* lives as long as the exchange */
    struct stream *stream; /* event stream instead of a body */
    bool close;            /* close the connection after it */
};

/* How a reply is to be treated by the browser. */
enum reply_guard {
    GUARD_PAGE,   /* our own pages and their parts: the full policy */
    GUARD_REPORT, /* report.html: its own policy */
    GUARD_DATA,   /* JSON, texts, images: nothing may load from it */
    GUARD_PDF,    /* the browser's viewer must be able to start */
};

/* Starts a reply: status, X-Request-Id and the guard's headers. */
void reply_start(struct exchange *x, int status, enum reply_guard guard);
/* Texts are not copied; values must be free of line ends (CHECK). */
void reply_add(struct exchange *x, struct str name, struct str value);
/* A whole body of that type, with conditional and range handling when `etag` (without quotes) is
 * some: 304, 206, 416. The reply was started with 200. */
void reply_body(struct exchange *x, struct str media, struct str etag, struct bytes body);
void reply_problem(struct exchange *x, const struct err *e);
/* From what a lane left. */
void reply_outcome(struct exchange *x, const struct outcome *o);

#endif
