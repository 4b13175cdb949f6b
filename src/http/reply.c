/* See reply.h. */
#include "http/reply.h"

#include "base/check.h"
#include "http/exchange.h"
#include "http/fields.h"
#include "http/inner.h"
#include "run/app.h"
#include "wire/problem.h"

/* frontend.md 10, letter by letter. */
#define POLICY_HEAD "default-src 'none'; "
#define POLICY_TAIL                                                                                \
    "; style-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self'; "                  \
    "worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "                \
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types vue"

static const struct guard_row {
    struct str policy, referrer;
} guards[] = {
    /* clang-format off */
    [GUARD_PAGE]   = {S_INIT(POLICY_HEAD "script-src 'self'; img-src 'self' blob:" POLICY_TAIL), S_INIT("same-origin")},
    [GUARD_REPORT] = {S_INIT(POLICY_HEAD "script-src 'self' 'wasm-unsafe-eval'; img-src 'self'" POLICY_TAIL), S_INIT("no-referrer")},
    [GUARD_DATA]   = {S_INIT(POLICY_HEAD "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"), S_INIT("no-referrer")},
    [GUARD_PDF]    = {S_INIT("base-uri 'none'; form-action 'none'; frame-ancestors 'none'"), S_INIT("no-referrer")},
    /* clang-format on */
};

void reply_add(struct exchange *x, struct str name, struct str value)
{
    struct http_reply *r = &x->reply;

    CHECK(r->n_headers < REPLY_HEADERS_MAX);
    for (size_t i = 0; i < value.n; i++) {
        CHECK(value.p[i] != '\r' && value.p[i] != '\n' && value.p[i] != '\0');
    }
    r->headers[r->n_headers++] = (struct http_header){name, value};
}

void reply_start(struct exchange *x, int status, enum reply_guard guard)
{
    x->reply = (struct http_reply){.status = status, .close = x->reply.close};
    reply_add(x, S("X-Request-Id"), x->request_id);
    reply_add(x, S("Content-Security-Policy"), guards[guard].policy);
    reply_add(x, S("Referrer-Policy"), guards[guard].referrer);
    reply_add(x, S("X-Content-Type-Options"), S("nosniff"));
    reply_add(x, S("Permissions-Policy"),
              S("camera=(self), geolocation=(), microphone=(), payment=(), usb=()"));
    reply_add(x, S("Cross-Origin-Opener-Policy"), S("same-origin"));
    reply_add(x, S("Cross-Origin-Resource-Policy"), S("same-origin"));
    if (x->head.tls || str_starts(x->http->app->conf.origin, S("https://"))) {
        reply_add(x, S("Strict-Transport-Security"), S("max-age=31536000"));
    }
}

/* An If-Range that does not name this very version turns the range off (RFC 9110 13.1.5). */
static struct str range_header(const struct exchange *x, struct str etag)
{
    struct str if_range = head_get(&x->head, S("If-Range"));

    if (!exchange_reads(x) || (if_range.p != NULL && !str_eq(etag_single(if_range), etag))) {
        return STR_NONE;
    }
    return head_get(&x->head, S("Range"));
}

static void add_range(struct exchange *x, struct str etag, struct bytes body)
{
    uint64_t from;
    uint64_t n;

    reply_add(x, S("Accept-Ranges"), S("bytes"));
    switch (range_parse(range_header(x, etag), body.n, &from, &n)) {
    case RANGE_WHOLE:
        break;
    case RANGE_PART:
        x->reply.status = 206;
        x->reply.body = (struct bytes){body.p + from, (size_t)n};
        reply_add(x, S("Content-Range"),
                  str_fmt(x->arena, "bytes %llu-%llu/%zu", (unsigned long long)from,
                          (unsigned long long)(from + n - 1), body.n));
        break;
    case RANGE_OUTSIDE:
        reply_problem(x, ERROR(x->arena, ERR_RANGE, "所要的范围超出文件的长度",
                               "The range lies outside the file"));
        reply_add(x, S("Content-Range"), str_fmt(x->arena, "bytes */%zu", body.n));
        break;
    }
}

void reply_body(struct exchange *x, struct str media, struct str etag, struct bytes body)
{
    if (etag.p != NULL) {
        CHECK(etag_ok(etag));
        reply_add(x, S("ETag"), str_fmt(x->arena, "\"%.*s\"", STR_ARG(etag)));
        if (x->reply.status == 200 && exchange_reads(x) &&
            etag_listed(head_get(&x->head, S("If-None-Match")), etag)) {
            x->reply.status = 304;
            x->reply.body = body; /* not sent, but its length is said (RFC 9110 8.6) */
            return;
        }
    }
    x->reply.body = body;
    reply_add(x, S("Content-Type"), media);
    if (etag.p != NULL && x->reply.status == 200 && exchange_reads(x)) {
        add_range(x, etag, body);
    }
}

void reply_problem(struct exchange *x, const struct err *e)
{
    const struct err_info *info = err_info(e->code);
    struct str text = problem_text(x->arena, e, x->lang, x->request_id);

    reply_start(x, info->status, GUARD_DATA);
    reply_add(x, S("Cache-Control"), S("no-store"));
    reply_add(x, S("Content-Type"), S("application/problem+json"));
    reply_add(x, S("Content-Language"), x->lang == LANG_ZH ? S("zh-CN") : S("en"));
    if (e->retry_after_s > 0 || info->status == 503) {
        int64_t s = e->retry_after_s > 0 ? e->retry_after_s : 2;
        reply_add(x, S("Retry-After"), str_fmt(x->arena, "%lld", (long long)s));
    }
    if (info->status == 401) {
        /* RFC 9110 15.5.2 wants a challenge; no browser knows this one, so none pops up a window.
         */
        reply_add(x, S("WWW-Authenticate"), S("Session realm=\"huhang\""));
    }
    x->reply.body = str_bytes(text);
}

static enum reply_guard guard_of(struct str media)
{
    return str_starts(media, S("application/pdf")) ? GUARD_PDF : GUARD_DATA;
}

static void add_reply_headers(struct exchange *x, const struct reply *r)
{
    if (r->immutable) {
        reply_add(x, S("Cache-Control"), S("private, max-age=31536000, immutable"));
    } else if (r->no_store || r->etag.p == NULL) {
        reply_add(x, S("Cache-Control"), S("no-store"));
    } else {
        reply_add(x, S("Cache-Control"), S("private, no-cache"));
    }
    if (r->location.p != NULL) {
        reply_add(x, S("Location"), r->location);
    }
    if (r->file_name.p != NULL) {
        reply_add(x, S("Content-Disposition"), disposition(x->arena, r->file_name, r->inline_file));
    }
    if (r->set_cookie.p != NULL) {
        reply_add(x, S("Set-Cookie"), r->set_cookie);
    }
    if (r->set_cookie2.p != NULL) {
        reply_add(x, S("Set-Cookie"), r->set_cookie2);
    }
}

void reply_outcome(struct exchange *x, const struct outcome *o)
{
    const struct reply *r = &o->reply;
    struct str media = r->media.p != NULL ? r->media : S("application/json");

    if (o->err != NULL) {
        reply_problem(x, o->err);
        if (r->location.p != NULL) {
            reply_add(x, S("Location"), r->location);
        }
        return;
    }
    reply_start(x, o->status, guard_of(media));
    add_reply_headers(x, r);
    if (o->replayed) {
        reply_add(x, S("Idempotency-Replayed"), S("true"));
    }
    if (o->status == 204) {
        if (r->etag.p != NULL) {
            reply_add(x, S("ETag"), str_fmt(x->arena, "\"%.*s\"", STR_ARG(r->etag)));
        }
        return;
    }
    reply_body(x, media, r->etag, o->body.p != NULL ? str_bytes(o->body) : r->body);
}
