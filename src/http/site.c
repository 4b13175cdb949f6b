/* Which route takes a request, and the small fixed answers: health, metrics, the contract. */
#include "base/buf.h"
#include "base/check.h"
#include "civil/date.h"
#include "http/inner.h"
#include "run/app.h"
#include "run/metrics.h"

static bool below(struct str path, struct str root)
{
    return str_eq(path, root) || (str_starts(path, root) && path.p[root.n] == '/');
}

static enum step only_reads(struct exchange *x)
{
    if (exchange_reads(x)) {
        return STEP_MORE;
    }
    x->reply.close = true;
    reply_problem(x,
                  ERROR(x->arena, ERR_METHOD, "此地址只能读取", "This address can only be read"));
    reply_add(x, S("Allow"), S("GET, HEAD"));
    return STEP_REPLY;
}

static enum step json(struct exchange *x, struct str text)
{
    reply_start(x, 200, GUARD_DATA);
    reply_add(x, S("Cache-Control"), S("no-store"));
    reply_body(x, S("application/json"), STR_NONE, str_bytes(text));
    return STEP_REPLY;
}

/* The process answers; nothing else is said. */
static enum step live_finish(struct exchange *x)
{
    return json(x, S("{\"status\":\"live\"}"));
}

/* A READ lane is free and the data base answers; work can come. */
static struct err *ping(struct call *c, void *ctx)
{
    (void)ctx;
    return db_script(c->db, c->arena, S("SELECT 1"));
}

static enum step ready_finish(struct exchange *x)
{
    exchange_job(x);
    x->job->fn = ping;
    return STEP_PARK;
}

static void ready_parked(struct exchange *x)
{
    exchange_post(x, LANE_READ);
}

/* {"status": "ready", "time": "trusted", "ledger": {signer, leaves, signed, last_checkpoint,
 * age_s}}. A signer that stopped is said, but keeps nobody from being served. */
static struct str ready_text(struct exchange *x)
{
    struct app *app = x->http->app;
    struct signer_view s;
    struct buf b;
    struct jw w;

    lane_signer_state(app->lanes, &s);
    buf_init(&b, x->arena, 256);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_kstr(&w, "status", S("ready"));
    jw_kstr(&w, "time", clock_trusted(app->clock) ? S("trusted") : S("untrusted"));
    jw_key(&w, S("ledger"));
    jw_obj(&w);
    jw_kstr(&w, "signer", s.well ? S("signing") : S("stopped"));
    jw_kint(&w, "leaves", (int64_t)s.size);
    jw_kint(&w, "signed", (int64_t)s.signed_size);
    jw_kstr(&w, "last_checkpoint",
            s.signed_ms > 0 ? civil_instant_text(x->arena, s.signed_ms) : STR_NONE);
    jw_key(&w, S("age_s"));
    if (s.signed_ms > 0) {
        jw_int(&w, (clock_real_ms(app->clock) - s.signed_ms) / 1000);
    } else {
        jw_null(&w);
    }
    jw_end_obj(&w);
    jw_end_obj(&w);
    return buf_str(&b);
}

static enum step ready_resumed(struct exchange *x)
{
    if (x->job->outcome.err != NULL) {
        return exchange_fail(
            x, ERROR(x->arena, ERR_BUSY, "数据库没有回答", "The database does not answer"));
    }
    return json(x, ready_text(x));
}

static enum step contract_finish(struct exchange *x)
{
    reply_start(x, 200, GUARD_DATA);
    reply_add(x, S("Cache-Control"), S("no-cache"));
    reply_body(x, S("application/json"), x->http->openapi_etag, str_bytes(x->http->openapi));
    return STEP_REPLY;
}

/* Only for this host: a proxy that passes requests on says so in its headers. */
static enum step metrics_head(struct exchange *x)
{
    bool passed_on = head_count(&x->head, S("Forwarded")) > 0 ||
                     head_count(&x->head, S("X-Forwarded-For")) > 0 ||
                     head_count(&x->head, S("X-Real-IP")) > 0;

    if (!x->head.local && (!x->head.loopback || passed_on)) {
        x->reply.close = true;
        return exchange_fail(
            x, ERROR(x->arena, ERR_NOT_FOUND, "没有这个地址", "There is no such address"));
    }
    return only_reads(x);
}

static enum step metrics_finish(struct exchange *x)
{
    struct buf text;

    buf_init(&text, x->arena, 16384);
    metrics_print(x->http->app, &text);
    reply_start(x, 200, GUARD_DATA);
    reply_add(x, S("Cache-Control"), S("no-store"));
    reply_body(x, S("application/openmetrics-text; version=1.0.0; charset=utf-8"), STR_NONE,
               buf_bytes(&text));
    return STEP_REPLY;
}

static enum step nothing_head(struct exchange *x)
{
    x->reply.close = !exchange_reads(x);
    return exchange_fail(
        x, ERROR(x->arena, ERR_NOT_FOUND, "没有这个接口地址", "There is no such address"));
}

/* clang-format off */
static const struct route live_route =     {.name = "live", .head = only_reads, .finish = live_finish};
static const struct route ready_route =    {.name = "ready", .head = only_reads, .finish = ready_finish, .parked = ready_parked, .resumed = ready_resumed};
static const struct route contract_route = {.name = "openapi", .head = only_reads, .finish = contract_finish};
static const struct route metrics_route =  {.name = "metrics", .head = metrics_head, .finish = metrics_finish};
static const struct route nothing_route =  {.name = "nothing", .head = nothing_head};

/* The first fitting row; `whole` rows want exactly that path. */
static const struct place {
    struct str path;
    bool whole;
    const struct route *route;
} places[] = {
    {S_INIT("/health/live"), true, &live_route},
    {S_INIT("/health/ready"), true, &ready_route},
    {S_INIT("/metrics"), true, &metrics_route},
    {S_INIT("/api/v1/openapi.json"), true, &contract_route},
    {S_INIT("/api/v1/events"), true, &events_route},
    {S_INIT("/api/v1/uploads"), false, &upload_route},
    {S_INIT("/api/v1"), false, &api_route},
    {S_INIT("/api"), false, &nothing_route},
    {S_INIT("/health"), false, &nothing_route},
    {S_INIT(""), false, &static_route},
};
/* clang-format on */

const struct route *http_route(struct exchange *x)
{
    struct str path = x->target.path;

    for (size_t i = 0; i < COUNT_OF(places); i++) {
        const struct place *p = &places[i];
        /* What lies in an upload is read by operations; tus itself knows HEAD of the upload only.
         */
        bool skip = p->route == &upload_route &&
                    (str_eq(x->head.method, S("GET")) ||
                     (str_eq(x->head.method, S("HEAD")) && x->target.n_seg > 4));
        if (!skip && (p->whole ? str_eq(path, p->path) : below(path, p->path))) {
            return p->route;
        }
    }
    UNREACHABLE();
}
