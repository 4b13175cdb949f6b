/* Start and stop of the HTTP server.
 *
 * The order of stopping (c-models 4.1): accept nothing new; let the lanes finish, which answers
 * every parked request; end the event streams; give replies a moment to leave; only then stop the
 * library, which aborts the process when a connection is still parked. */
#include "http/http.h"

#include "base/check.h"
#include "crypto/crypto.h"
#include "http/inner.h"
#include "http/stream.h"
#include "run/app.h"
#include "sys/file.h"
#include "sys/log.h"
#include "sys/thread.h"

#include <unistd.h>

#define TICK_MS       1000
#define LEAVE_MS      3000 /* for the last replies */
#define PEM_MAX_BYTES 65536
#define ADMIN_MAX     32 /* connections on admin.sock */

static void nap(int64_t ms)
{
    struct queue *q = queue_new(1);
    void *nothing;

    (void)queue_take(q, &nothing, 1, ms);
    queue_free(q);
}

static void tick(void *arg)
{
    struct http *h = arg;
    void *nothing;

    while (!queue_closed(h->ticker_stop)) {
        int64_t now = clock_mono_ms(h->app->clock);
        size_t cut = watch_sweep(h->watch, now);
        if (cut > 0) {
            log_line(LOG_INFO, "http: %zu connections were too slow and cut", cut);
        }
        streams_tick(h->streams, now);
        (void)queue_take(h->ticker_stop, &nothing, 1, TICK_MS);
    }
}

static struct err *read_pem(struct arena *a, struct str path, const char **ret)
{
    struct bytes pem;

    TRY(file_read(a, str_z(a, path), PEM_MAX_BYTES, &pem));
    *ret = str_z(a, bytes_str(pem));
    return NULL;
}

static struct err *start_web(struct http *h, struct arena *a)
{
    const struct conf *conf = &h->app->conf;
    struct mhd_options o = {.http = h, .watch = h->watch};
    int64_t threads = conf->http_threads < 2 ? 2 : conf->http_threads;
    size_t room = listen_room((size_t)conf->connections_max);

    if (room < (size_t)conf->connections_max) {
        log_line(LOG_WARN, "http: only %zu connections, the limit of open files is low", room);
    }
    if (conf->tls_cert.n > 0) {
        TRY(read_pem(h->arena, conf->tls_cert, &o.tls_cert_pem));
        TRY(read_pem(h->arena, conf->tls_key, &o.tls_key_pem));
    }
    TRY(listen_tcp(a, conf->listen, &h->web_fd, &h->port));
    o.listen_fd = h->web_fd;
    o.threads = (unsigned)threads;
    o.connections_max = (unsigned)room;
    h->readers = readers_new(h->app, (size_t)threads);
    return mhd_start(h->arena, &o, &h->web);
}

static struct err *start_admin(struct http *h, struct arena *a)
{
    struct mhd_options o = {
        .http = h, .watch = h->watch, .local = true, .threads = 2, .connections_max = ADMIN_MAX};

    h->admin_path = str_fmt(h->arena, "%.*s/admin.sock", STR_ARG(h->app->conf.data));
    TRY(listen_local(a, h->admin_path, &h->admin_fd));
    o.listen_fd = h->admin_fd;
    return mhd_start(h->arena, &o, &h->admin);
}

static void describe(struct http *h)
{
    unsigned char digest[CRYPT_SHA256_LEN];

    h->openapi = op_openapi(h->app->ops, h->arena);
    crypt_sha256(str_bytes(h->openapi), digest);
    h->openapi_etag = str_hex(h->arena, (struct bytes){digest, 12});
}

static void close_down(struct http *h)
{
    mhd_stop(h->web);
    mhd_stop(h->admin);
    if (h->web_fd >= 0) {
        (void)close(h->web_fd);
    }
    if (h->admin_fd >= 0) {
        (void)close(h->admin_fd);
        (void)unlink(str_z(h->arena, h->admin_path));
    }
    readers_free(h->readers);
    streams_free(h->streams);
    watch_free(h->watch);
}

struct err *
http_start(struct app *app, struct arena *a, const struct http_static *files, struct http **ret)
{
    struct http *h = ARENA_NEW(app->arena, struct http);
    struct err *e;

    CHECK(app->lanes != NULL && app->ops != NULL);
    h->app = app;
    h->arena = app->arena;
    h->web_fd = -1;
    h->admin_fd = -1;
    h->watch = watch_new();
    h->streams = streams_new(h);
    h->assets = assets_new(h->arena, files);
    describe(h);
    e = start_web(h, a);
    if (e == NULL) {
        e = start_admin(h, a);
    }
    if (e != NULL) {
        close_down(h);
        return e;
    }
    h->ticker_stop = queue_new(1);
    h->ticker = thread_start("http-tick", tick, h);
    *ret = h;
    return NULL;
}

int http_port(const struct http *h)
{
    return h->port;
}

static void wait_for_replies(struct http *h)
{
    int64_t end = clock_mono_ms(h->app->clock) + LEAVE_MS;

    while (atomic_load(&h->exchanges) > 0 && clock_mono_ms(h->app->clock) < end) {
        nap(10);
    }
}

void http_stop(struct http *h)
{
    atomic_store(&h->stopping, true);
    mhd_quiesce(h->web);
    mhd_quiesce(h->admin);
    lanes_stop(h->app->lanes);
    streams_end(h->streams);
    wait_for_replies(h);
    queue_close(h->ticker_stop);
    thread_join(h->ticker);
    queue_free(h->ticker_stop);
    close_down(h);
}
