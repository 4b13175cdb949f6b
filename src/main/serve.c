/* huhang serve: open, start the lanes, listen, wait for a signal, stop in order. */
#include "base/arena.h"
#include "base/check.h"
#include "base/embed.h"
#include "http/http.h"
#include "main/cli.h"
#include "main/commands.h"
#include "main/open.h"
#include "run/timer.h"
#include "store/migrate.h"
#include "sys/log.h"
#include "sys/signal.h"

#include <signal.h>
#include <stdio.h>

extern const struct embed_file embed_web[];
extern const size_t embed_web_n;

/* In a production folder an operator runs `huhang migrate`; a demo brings itself up to date. */
static struct err *check_schema(struct arena *a, const struct app *app)
{
    struct db_options o = {.write = true, .cache_kib = 16384};
    struct db *db = NULL;
    int n = 0;
    TRY(db_open(a, app_db_target(a, &app->conf), &o, &db));
    struct err *e = app->conf.demo
                        ? migrate_run(db, a, app->conf.data, clock_real_ms(app->clock), &n)
                        : migrate_check(db, a);
    db_close(db);
    return e;
}

/* The port may have been chosen by the system. */
static void say_address(const struct app *app, int port)
{
    struct str host = app->conf.listen;
    while (host.n > 0 && host.p[host.n - 1] != ':') {
        host.n--;
    }
    host.n -= host.n > 0;
    (void)printf("listening on %s://%.*s:%d\n", app->conf.tls_cert.n > 0 ? "https" : "http",
                 STR_ARG(host.n > 0 ? host : S("127.0.0.1")), port);
}

static struct err *serve(struct arena *a, const struct open_options *o)
{
    struct app *app = NULL;
    struct http *http = NULL;
    struct timer *timer = NULL;
    struct http_static files = {embed_web, embed_web_n};
    TRY(app_open(a, o, &app));
    TRY(check_schema(a, app));
    TRY(lanes_start(app, a, &app->lanes));
    struct err *e = http_start(app, a, &files, &http);
    if (e != NULL) {
        lanes_stop(app->lanes);
        return e;
    }
    timer = timer_start(app);
    say_address(app, http_port(http));
    (void)fflush(stdout);
    int sig = 0;
    while (sig != SIGTERM && sig != SIGINT) {
        sig = signal_wait(60000);
    }
    log_line(LOG_INFO, "stopping");
    timer_stop(timer);
    http_stop(http);
    app_close(app);
    return NULL;
}

int cmd_serve(int argc, char **argv)
{
    struct cli_option options[] = {{.name = "data"},   {.name = "listen"},   {.name = "db"},
                                   {.name = "origin"}, {.name = "tls-cert"}, {.name = "tls-key"}};
    static const char *const SETTINGS[] = {NULL, "listen", "db", "origin", "tls_cert", "tls_key"};
    signal_block();
    struct arena *a = arena_new(0);
    struct str *rest = ARENA_ARRAY(a, struct str, (size_t)argc);
    struct str overrides[COUNT_OF(options)];
    size_t n_rest = 0, n = 0;
    if (!cli_options(argc, argv, options, COUNT_OF(options), rest, &n_rest)) {
        return CLI_USE;
    }
    if (options[0].value.p == NULL || n_rest > 0) {
        return cli_use("用法：huhang serve --data 目录 [--listen 地址:端口] [--db …]",
                       "usage: huhang serve --data DIR [--listen ADDR:PORT] [--db …]");
    }
    for (size_t i = 1; i < COUNT_OF(options); i++) {
        if (options[i].value.p != NULL) {
            overrides[n++] = str_fmt(a, "%s=%.*s", SETTINGS[i], STR_ARG(options[i].value));
        }
    }
    struct open_options o = {
        .data = options[0].value, .overrides = overrides, .n_overrides = n, .lock = true};
    struct err *e = serve(a, &o);
    if (e != NULL) {
        return cli_failed(e);
    }
    return cli_end(CLI_DONE);
}
