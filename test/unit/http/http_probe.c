/* A small server for the HTTP tests, without any capability: `http_probe DIR [name=value…]` serves
 * a few operations over a fresh office and prints where it listens; SIGTERM ends it gracefully.
 *
 * Its "identity": cookie huhang=staff-N is person N with CSRF token csrf-N until POST
 * /probe/revoke, which ends every session. */
#include "base/check.h"
#include "base/embed.h"
#include "base/num.h"
#include "crypto/crypto.h"
#include "http/http.h"
#include "store/migrate.h"
#include "sys/file.h"
#include "sys/log.h"
#include "sys/signal.h"
#include "sys/thread.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OFFICE_ID 7

struct probe {
    int64_t id, number, wait_ms;
    struct str text;
    struct list tags;
    bool flag;
};

struct probe_out {
    int64_t id, number;
    struct str text, lang, host, channel;
    struct list tags;
    bool flag;
};

/* clang-format off */
static const struct field in_rows[] = {
    F_INT(struct probe, id, 0, 0, 1000000, "编号", "id"),
    F_INT(struct probe, number, 0, -5, 1000, "数", "number"),
    F_INT(struct probe, wait_ms, 0, 0, 5000, "等待", "wait"),
    F_TEXT(struct probe, text, 0, 0, 100000, "文字", "text"),
    F_TEXTS(struct probe, tags, 0, 0, 20, "标签", "tags"),
    F_BOOL(struct probe, flag, 0, "是否", "flag"),
    FIELD_END,
};
static const struct field out_rows[] = {
    F_INT(struct probe_out, id, 0, 0, 1000000, "编号", "id"),
    F_INT(struct probe_out, number, 0, -5, 1000, "数", "number"),
    F_TEXT(struct probe_out, text, 0, 0, 100000, "文字", "text"),
    F_TEXT(struct probe_out, lang, 0, 0, 2, "语言", "language"),
    F_TEXT(struct probe_out, host, 0, 0, 300, "主机", "host"),
    F_TEXT(struct probe_out, channel, 0, 0, 20, "渠道", "channel"),
    F_TEXTS(struct probe_out, tags, 0, 0, 20, "标签", "tags"),
    F_BOOL(struct probe_out, flag, 0, "是否", "flag"),
    FIELD_END,
};
/* clang-format on */

static atomic_bool revoked;

static struct err *authenticate(struct call *c)
{
    struct str token = c->session_token;
    int64_t person;

    if (token.p == NULL || atomic_load(&revoked) || !str_starts(token, S("staff-")) ||
        !num_parse(str_sub(token, 6, token.n), 1, 1000000, &person)) {
        return NULL;
    }
    c->actor = (struct actor){
        .kind = ACTOR_STAFF, .person_id = person, .session_id = person, .unit_id = 1};
    if (c->op != NULL && c->op->method != OP_GET &&
        !str_eq(c->csrf_header, str_fmt(c->arena, "csrf-%lld", (long long)person))) {
        return ERROR(c->arena, ERR_CSRF, "没有令牌", "no token");
    }
    return NULL;
}

static void fill(const struct call *c, const struct probe *p, struct probe_out *out)
{
    out->id = p->id;
    out->number = p->number;
    out->text = p->text;
    out->tags = p->tags;
    out->flag = p->flag;
    out->lang = c->lang == LANG_ZH ? S("zh") : S("en");
    out->host = c->host;
    out->channel = c->channel;
}

static void nap(int64_t ms)
{
    struct queue *q = queue_new(1);
    void *nothing;

    (void)queue_take(q, &nothing, 1, ms);
    queue_free(q);
}

static struct err *echo(struct call *c, const void *in, void *ret_out)
{
    const struct probe *p = in;

    if (p->wait_ms != FIELD_NO_INT) {
        nap(p->wait_ms);
    }
    fill(c, p, ret_out);
    return NULL;
}

static struct err *tagged(struct call *c, const void *in, void *ret_out)
{
    fill(c, in, ret_out);
    c->reply.etag = S("v1");
    return NULL;
}

static struct err *note(struct call *c, const void *in, void *ret_out)
{
    const struct probe *p = in;
    struct str audience = str_fmt(c->arena, "person:%lld", (long long)p->number);

    fill(c, p, ret_out);
    c->reply.location = S("/api/v1/probe/notes/1");
    c->reply.set_cookie = S("a=1; Path=/");
    c->reply.set_cookie2 = S("b=2; Path=/");
    return unit_outbox(c, "probe.note", 5, 6, p->number == FIELD_NO_INT ? S("office") : audience,
                       p->flag ? str_fmt(c->arena, "{\"pad\":\"%09000d\"}", 0) : S("{\"n\":1}"));
}

static struct err *file(struct call *c, const void *in, void *ret_out)
{
    (void)in;
    (void)ret_out;
    c->reply.media = S("application/pdf");
    c->reply.body = str_bytes(S("%PDF-0123456789"));
    c->reply.etag = S("pdf1");
    c->reply.file_name = S("受理.pdf");
    c->reply.inline_file = true;
    c->reply.immutable = true;
    return NULL;
}

static struct err *broken(struct call *c, const void *in, void *ret_out)
{
    (void)in;
    (void)ret_out;
    return err_cause(ERROR(c->arena, ERR_INTERNAL, "坏了", "broken"), "secret cause");
}

static struct err *revoke(struct call *c, const void *in, void *ret_out)
{
    (void)c;
    (void)in;
    (void)ret_out;
    atomic_store(&revoked, true);
    return NULL;
}

#define IN  .in = in_rows, .in_size = sizeof(struct probe)
#define OUT .out = out_rows, .out_size = sizeof(struct probe_out)

/* clang-format off */
static const struct op ops[] = {
    {.name = "probe.echo", .method = OP_GET, .path = "/probe/echo/{id}", .lane = LANE_READ, .perm = PERM_PUBLIC, .flags = OP_INLINE, IN, OUT, .fn = echo, .zh = "回声", .en = "Echo"},
    {.name = "probe.read", .method = OP_GET, .path = "/probe/read", .lane = LANE_READ, .perm = PERM_PUBLIC, IN, OUT, .fn = echo, .zh = "读", .en = "Read"},
    {.name = "probe.slow", .method = OP_GET, .path = "/probe/slow", .lane = LANE_SLOW, .perm = PERM_PUBLIC, IN, OUT, .fn = echo, .zh = "慢", .en = "Slow"},
    {.name = "probe.tagged", .method = OP_GET, .path = "/probe/tagged", .lane = LANE_READ, .perm = PERM_PUBLIC, IN, OUT, .fn = tagged, .zh = "标记", .en = "Tagged"},
    {.name = "probe.mine", .method = OP_GET, .path = "/probe/mine", .lane = LANE_READ, .perm = PERM_SIGNED_IN, IN, OUT, .fn = echo, .zh = "我的", .en = "Mine"},
    {.name = "probe.host", .method = OP_GET, .path = "/probe/host", .lane = LANE_READ, .perm = PERM_CLI, IN, OUT, .fn = echo, .zh = "主机", .en = "Host"},
    {.name = "probe.file", .method = OP_GET, .path = "/probe/file", .lane = LANE_READ, .perm = PERM_PUBLIC, .flags = OP_JSON_RAW, .fn = file, .reply_media = "application/pdf", .zh = "文件", .en = "File"},
    {.name = "probe.broken", .method = OP_GET, .path = "/probe/broken", .lane = LANE_READ, .perm = PERM_PUBLIC, .fn = broken, .zh = "坏", .en = "Broken"},
    {.name = "probe.note", .method = OP_POST, .path = "/probe/notes", .lane = LANE_WRITE, .perm = PERM_PUBLIC, IN, OUT, .fn = note, .zh = "记", .en = "Note"},
    {.name = "probe.change", .method = OP_PUT, .path = "/probe/notes/{id}", .lane = LANE_WRITE, .perm = PERM_SIGNED_IN, .flags = OP_IF_MATCH, IN, OUT, .fn = echo, .zh = "改", .en = "Change"},
    {.name = "probe.revoke", .method = OP_POST, .path = "/probe/revoke", .lane = LANE_WRITE, .perm = PERM_PUBLIC, .flags = OP_NO_KEY, .fn = revoke, .zh = "撤", .en = "Revoke"},
};

static const struct embed_file pages[] = {
    {"assets/app-Abcdef12.js", (const unsigned char *)"let plain = 1\n", 14},
    {"assets/app-Abcdef12.js.br", (const unsigned char *)"BROTLI", 6},
    {"assets/app-Abcdef12.js.gz", (const unsigned char *)"GZIP", 4},
    {"favicon.svg", (const unsigned char *)"<svg xmlns='http://www.w3.org/2000/svg'/>", 41},
    {"index.html", (const unsigned char *)"<!doctype html><title>probe</title>", 35},
    {"report.html", (const unsigned char *)"<!doctype html><title>report</title>", 36},
};
/* clang-format on */

static const struct module probe_module = {.name = "probe", .ops = ops, .n_ops = COUNT_OF(ops)};
static const struct module *const modules[] = {&probe_module};

static void stop_on(struct err *e)
{
    if (e != NULL) {
        log_err(LOG_ERROR, STR_NONE, e);
        (void)fprintf(stderr, "%.*s\n%.*s\n", STR_ARG(e->zh), STR_ARG(e->en));
        (void)fprintf(stderr, "%.*s\n%.*s\n", STR_ARG(e->hint_zh), STR_ARG(e->hint_en));
        exit(3);
    }
}

static void prepare(struct app *app)
{
    struct db_options options = {.write = true, .cache_kib = 1024};
    struct arena *a = app->arena;
    struct db *db;
    int applied;

    stop_on(file_mkdir(a, str_z(a, app->conf.data), 0700));
    stop_on(db_open(a, str_fmt(a, "%.*s/huhang.db", STR_ARG(app->conf.data)), &options, &db));
    stop_on(migrate_run(db, a, STR_NONE, 0, &applied));
    if (applied > 0) {
        stop_on(db_script(db, a,
                          S("INSERT INTO office (id, code, name) VALUES (7, 'T', '试验');"
                            "INSERT INTO setting (office_id, name, value) VALUES (7, "
                            "'ledger_origin', 'log.test')")));
    }
    db_close(db);
}

int main(int argc, char **argv)
{
    struct app app = {.arena = arena_new(0),
                      .office_id = OFFICE_ID,
                      .modules = modules,
                      .n_modules = 1,
                      .lock_fd = -1};
    struct http_static files = {pages, COUNT_OF(pages)};
    struct str overrides[16] = {S_INIT("listen=127.0.0.1:0")};
    size_t n = 1;
    struct http *h;

    CHECK(argc >= 2);
    signal_block();
    log_set(LOG_INFO, true);
    stop_on(crypt_init(app.arena));
    for (int i = 2; i < argc && n < COUNT_OF(overrides); i++) {
        overrides[n++] = str_of(argv[i]);
    }
    stop_on(file_mkdir(app.arena, argv[1], 0700));
    stop_on(conf_load(app.arena, str_of(argv[1]), overrides, n, &app.conf));
    app.clock = clock_real();
    app.authenticate = authenticate;
    memset(app.log_seed, 7, sizeof(app.log_seed));
    memset(&app.key, 9, sizeof(app.key));
    app.blobs = blob_store_new(str_z(app.arena, app.conf.data));
    prepare(&app);
    stop_on(lanes_start(&app, app.arena, &app.lanes));
    stop_on(http_start(&app, app.arena, &files, &h));
    printf("listening on http://127.0.0.1:%d\n", http_port(h));
    (void)fflush(stdout);
    while (signal_wait(60000) == 0) {
    }
    http_stop(h);
    arena_free(app.arena);
    clock_free(app.clock);
    blob_store_free(app.blobs);
    return 0;
}
