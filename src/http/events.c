/* GET /api/v1/events: the route of the event stream. It finds out on the READ lane who asks and
 * from where on, then opens a stream (stream.c). */
#include "base/num.h"
#include "http/inner.h"
#include "http/stream.h"
#include "run/app.h"
#include "run/hub.h"

/* What the opening job finds out on the READ lane. */
struct opening {
    struct str token;
    int64_t at; /* -1: from now on */
};

static enum step events_head(struct exchange *x)
{
    struct str last = head_get(&x->head, S("Last-Event-ID"));
    struct opening *o = ARENA_NEW(x->arena, struct opening);

    last = last.p != NULL ? last : target_query(&x->target, S("last_id"));
    o->at = -1;
    if (!str_eq(x->head.method, S("GET"))) {
        x->reply.close = true;
        reply_problem(
            x, ERROR(x->arena, ERR_METHOD, "此地址只能用 GET", "This address takes GET only"));
        reply_add(x, S("Allow"), S("GET"));
        return STEP_REPLY;
    }
    if (last.n > 0 && !num_parse(last, 0, INT64_MAX, &o->at)) {
        return exchange_fail(x, ERROR(x->arena, ERR_REQUEST_MALFORMED, "Last-Event-ID 须是编号",
                                      "Last-Event-ID must be a number"));
    }
    x->state = o;
    return STEP_MORE;
}

/* Who is it, and from where on? */
static struct err *open_stream(struct call *c, void *ctx)
{
    struct opening *o = ctx;

    if (c->actor.kind == ACTOR_NONE && c->app->authenticate != NULL) {
        TRY(c->app->authenticate(c));
    }
    if (c->actor.kind != ACTOR_APPLICANT && c->actor.kind != ACTOR_STAFF) {
        return ERROR(c->arena, ERR_SIGN_IN, "登录后才有事件流",
                     "The event stream is for people who signed in");
    }
    o->token = c->session_token;
    return o->at < 0 ? hub_last(c, &o->at) : NULL;
}

static enum step events_finish(struct exchange *x)
{
    exchange_job(x);
    x->job->call.channel = S("events"); /* a browser reconnects by itself: no use of the session */
    x->job->fn = open_stream;
    x->job->ctx = x->state;
    return STEP_PARK;
}

static void events_parked(struct exchange *x)
{
    exchange_post(x, LANE_READ);
}

static enum step events_resumed(struct exchange *x)
{
    const struct opening *o = x->state;

    if (x->job->outcome.err != NULL) {
        reply_outcome(x, &x->job->outcome);
        return STEP_REPLY;
    }
    struct stream *s =
        stream_open(x->http->streams, &(struct stream_options){x->conn, &x->job->call.actor,
                                                               o->token, x->request_id, o->at});
    if (s == NULL) {
        struct err *e = ERROR(x->arena, ERR_TOO_MANY, "同时打开的事件流太多",
                              "Too many event streams are open");
        e->retry_after_s = 30;
        return exchange_fail(x, e);
    }
    reply_start(x, 200, GUARD_DATA);
    reply_add(x, S("Content-Type"), S("text/event-stream"));
    reply_add(x, S("Cache-Control"), S("no-store"));
    reply_add(x, S("X-Accel-Buffering"), S("no"));
    x->reply.stream = s;
    return STEP_REPLY;
}

const struct route events_route = {
    .name = "events",
    .head = events_head,
    .finish = events_finish,
    .parked = events_parked,
    .resumed = events_resumed,
};
