/* See exchange.h. The order of checks in the head phase: gate, target, route; what they refuse is
 * answered at once and the connection closed, so an unread body is never taken for a request. */
#include "http/exchange.h"

#include "base/check.h"
#include "base/num.h"
#include "crypto/crypto.h"
#include "http/fields.h"
#include "http/inner.h"
#include "http/peer.h"
#include "run/app.h"
#include "sys/log.h"

#define JOB_PATIENCE_MS 15000 /* the page gives up then (frontend.md 4) */

/* Twelve characters, 60 bits, easily read aloud (no i, l, o, u). */
static struct str new_request_id(struct arena *a)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char raw[12];
    char *p = ARENA_ARRAY(a, char, sizeof(raw));

    crypt_random(raw, sizeof(raw));
    for (size_t i = 0; i < sizeof(raw); i++) {
        p[i] = letters[raw[i] & 31];
    }
    return (struct str){p, sizeof(raw)};
}

struct exchange *exchange_new(struct http *h, struct mhd_conn *c, struct str raw_target)
{
    struct arena *a = arena_new(0);
    struct exchange *x = ARENA_NEW(a, struct exchange);

    x->arena = a;
    x->http = h;
    x->conn = c;
    x->head.target = str_dup(a, raw_target);
    x->request_id = new_request_id(a);
    x->start_ms = clock_mono_ms(h->app->clock);
    x->content_length = -1;
    atomic_fetch_add(&h->exchanges, 1);
    return x;
}

/* One line a request; no address, no query, no path of an operation: its name says enough. */
static void log_access(const struct exchange *x)
{
    const char *what = x->op != NULL ? x->op->name : x->route != NULL ? x->route->name : "refused";

    log_line(LOG_INFO, "request id=%.*s method=%.*s what=%s status=%d bytes=%zu ms=%lld",
             STR_ARG(x->request_id), STR_ARG(x->head.method), what, x->reply.status,
             x->reply.body.n, (long long)(clock_mono_ms(x->http->app->clock) - x->start_ms));
}

void exchange_free(struct exchange *x)
{
    if (x->route != NULL && x->route->end != NULL) {
        x->route->end(x);
    }
    if (x->headed) {
        log_access(x);
    }
    atomic_fetch_sub(&x->http->exchanges, 1);
    arena_free(x->arena);
}

bool exchange_reads(const struct exchange *x)
{
    return str_eq(x->head.method, S("GET")) || str_eq(x->head.method, S("HEAD"));
}

enum step exchange_fail(struct exchange *x, struct err *e)
{
    if (err_info(e->code)->status >= 500) {
        log_err(LOG_WARN, x->request_id, e);
    }
    reply_problem(x, e);
    return STEP_REPLY;
}

static enum step refuse(struct exchange *x, const char *zh, const char *en)
{
    x->reply.close = true;
    return exchange_fail(x, ERROR_TEXT(x->arena, ERR_REQUEST_MALFORMED, str_of(zh), str_of(en)));
}

/* ?lang=, then the cookie, then Accept-Language. */
static enum lang find_lang(const struct exchange *x)
{
    struct str asked = target_query(&x->target, S("lang"));

    if (asked.p == NULL) {
        asked = cookie_get(head_get(&x->head, S("Cookie")), S("lang"));
    }
    if (asked.p != NULL) {
        return str_starts(asked, S("en")) ? LANG_EN : LANG_ZH;
    }
    return lang_of_header(head_get(&x->head, S("Accept-Language")));
}

enum step exchange_head(struct exchange *x)
{
    const struct gate_fault *fault = gate_check(&x->head, x->http->app->conf.origin);
    struct str length = head_get(&x->head, S("Content-Length"));

    x->headed = true;
    x->lang = lang_of_header(head_get(&x->head, S("Accept-Language")));
    if (fault != NULL) {
        return refuse(x, fault->zh, fault->en);
    }
    const struct target_fault *bad = target_parse(x->arena, x->head.target, &x->target);
    if (bad != NULL) {
        return refuse(x, bad->zh, bad->en);
    }
    x->lang = find_lang(x);
    if (length.p != NULL && !num_parse(length, 0, INT64_MAX, &x->content_length)) {
        UNREACHABLE(); /* the gate has looked */
    }
    if (atomic_load(&x->http->stopping)) {
        x->reply.close = true;
        return exchange_fail(
            x, ERROR(x->arena, ERR_STOPPING, "服务正在停止", "The service is stopping"));
    }
    x->route = http_route(x);
    if (x->route->head == NULL) {
        return STEP_MORE;
    }
    enum step s = x->route->head(x);
    x->parked = s == STEP_PARK;
    return s;
}

/* Collects; over the limit it only counts, and past eight times the limit it cuts the line. */
static enum step collect(struct exchange *x, struct bytes piece)
{
    if (x->body_seen > x->body_max) {
        x->body_over = true;
        return x->body_seen > x->body_max * 8 + 65536 ? STEP_DROP : STEP_MORE;
    }
    if (x->body.arena == NULL) {
        size_t n = x->content_length > 0 ? (size_t)x->content_length : piece.n;
        buf_init(&x->body, x->arena, n + 1);
    }
    buf_put_bytes(&x->body, piece);
    return STEP_MORE;
}

enum step exchange_body(struct exchange *x, struct bytes piece)
{
    x->body_seen += piece.n;
    return x->route->body != NULL ? x->route->body(x, piece) : collect(x, piece);
}

enum step exchange_finish(struct exchange *x)
{
    enum step s;

    if (x->parked) {
        x->parked = false;
        s = x->route->resumed(x);
    } else if (x->body_over) {
        s = exchange_too_large(x);
    } else {
        s = x->route->finish(x);
    }
    x->parked = s == STEP_PARK;
    return s;
}

void exchange_parked(struct exchange *x)
{
    x->route->parked(x);
}

enum step exchange_too_large(struct exchange *x)
{
    struct err *e = ERROR(x->arena, ERR_BODY_TOO_LARGE, "内容大于 %llu 字节，未保存",
                          "The content is larger than %llu bytes and was not saved",
                          (unsigned long long)x->body_max);

    x->reply.close = true;
    return exchange_fail(x, e);
}

void exchange_call(struct exchange *x, struct call *c)
{
    struct app *app = x->http->app;
    struct str cookies = head_get(&x->head, S("Cookie"));

    call_init(c, app, x->arena, x->head.local ? ACTOR_CLI : ACTOR_NONE);
    c->op = x->op;
    c->lang = x->lang;
    c->channel = x->head.local ? S("cli") : S("web");
    c->request_id = x->request_id;
    c->session_token =
        cookie_get(cookies, app->conf.secure_cookies ? S("__Host-huhang") : S("huhang"));
    c->csrf_header = head_get(&x->head, S("X-CSRF-Token"));
    c->idempotency_key = head_get(&x->head, S("Idempotency-Key"));
    c->if_match = etag_single(head_get(&x->head, S("If-Match")));
    c->host = head_get(&x->head, S("Host"));
    c->peer = x->head.local ? STR_NONE
                            : peer_of_client(x->arena, x->head.peer, x->head.loopback,
                                             head_get(&x->head, S("X-Forwarded-For")));
}

static void job_done(struct job *j)
{
    const struct exchange *x = j->user;

    mhd_resume(x->conn);
}

void exchange_post(struct exchange *x, enum lane_kind lane)
{
    if (!lane_post_to(x->http->app->lanes, lane, x->job)) {
        job_done(x->job); /* the outcome says why */
    }
}

void exchange_job(struct exchange *x)
{
    struct job *j = ARENA_NEW(x->arena, struct job);

    exchange_call(x, &j->call);
    j->done = job_done;
    j->user = x;
    j->deadline_mono_ms = clock_mono_ms(x->http->app->clock) + JOB_PATIENCE_MS;
    x->job = j;
}
