/* One request and its reply, through three phases: head, body (any number of pieces), finish
 * (c-models 4.1 "handler is called many times").
 *
 * mhd.c calls exchange_head, exchange_body and exchange_finish on an HTTP thread. Each says what
 * comes next. STEP_PARK: the caller suspends the connection and only then calls exchange_parked,
 * which publishes the job; whoever finishes it resumes the connection, and exchange_finish is
 * called again. While parked, the exchange and its arena belong to the lane. */
#ifndef HUHANG_HTTP_EXCHANGE_H
#define HUHANG_HTTP_EXCHANGE_H

#include "base/arena.h"
#include "http/gate.h"
#include "http/mhd.h"
#include "http/reply.h"
#include "http/target.h"
#include "run/lane.h"
#include "run/op.h"
#include "wire/jval.h"

struct stream;

enum step {
    STEP_MORE,  /* go on receiving */
    STEP_REPLY, /* x->reply is ready */
    STEP_PARK,  /* see above */
    STEP_DROP,  /* cut the connection */
};

/* What a kind of request does in each phase. NULL members do nothing special. */
struct route {
    const char *name; /* for the log and the metrics where no operation is known */
    enum step (*head)(struct exchange *x);                     /* STEP_MORE or STEP_REPLY */
    enum step (*body)(struct exchange *x, struct bytes piece); /* STEP_MORE or STEP_DROP */
    enum step (*finish)(struct exchange *x);
    void (*parked)(struct exchange *x);
    enum step (*resumed)(struct exchange *x);
    void (*end)(struct exchange *x); /* also when the client went away at any point */
};

struct exchange {
    struct http *http;
    struct mhd_conn *conn;
    struct arena *arena;
    struct http_head head;
    struct target target;
    const struct route *route;
    struct str request_id;
    enum lang lang;
    int64_t start_ms; /* monotonic */
    bool headed, parked;
    /* Body: collected by the default body handler, at most body_max. */
    int64_t content_length; /* -1: not said (chunked, or none) */
    uint64_t body_seen, body_max;
    struct buf body;
    bool body_over;
    struct http_reply reply;
    /* Operation. */
    const struct op *op;
    struct jval params;
    struct job *job;
    void *state; /* the route's own */
};

struct exchange *exchange_new(struct http *h, struct mhd_conn *c, struct str raw_target);
/* Ends and frees it. */
void exchange_free(struct exchange *x);
enum step exchange_head(struct exchange *x);
enum step exchange_body(struct exchange *x, struct bytes piece);
enum step exchange_finish(struct exchange *x);
void exchange_parked(struct exchange *x);

/* For the routes: a call as this request makes it (op may be NULL). */
void exchange_call(struct exchange *x, struct call *c);
/* Fills x->job with such a call; done resumes the connection. */
void exchange_job(struct exchange *x);
/* Publishes x->job; from exchange_parked only. */
void exchange_post(struct exchange *x, enum lane_kind lane);
/* Answers with the problem. */
enum step exchange_fail(struct exchange *x, struct err *e);
/* The same for a body over x->body_max, ending the connection. */
enum step exchange_too_large(struct exchange *x);
/* True for GET and HEAD. */
bool exchange_reads(const struct exchange *x);

#endif
