/* The only file that knows libmicrohttpd 0.9.75. What it works around, with the tests that keep it:
 *
 * - The library decodes %2f and %00 in paths: the unescape callback does nothing, and the raw
 * target is taken from the log callback (c-models finding 5; test_http_raw.py, path tricks).
 * - It joins folded lines, takes a bare LF for a line end and stops at a NUL, all without a trace
 *   (finding 4). But it parses in place: each piece must begin where the last one ended, so `exact`
 *   (gate.h) compares the pointers. A later library that copies would fail every request, not let
 *   one through (test_http_raw.py, raw files).
 * - Its strict mode checks two things, Host and blanks in the target, and sends the head of that
 * error twice. The gate checks both and answers properly, so the mode is off. Errors of
 * Content-Length and of chunks stay the library's, in HTML.
 * - A parked connection has no time-out and must not exist when the daemon stops: jobs have
 * deadlines, http_stop drains first (finding 6).
 * - A reply before the whole body came ends the connection; in the middle of a body none is
 * possible. */
#include "http/mhd.h"

#include "base/check.h"
#include "http/inner.h"
#include "http/peer.h"
#include "http/stream.h"
#include "sys/log.h"

#include <microhttpd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define IDLE_S       30
#define HEAD_MS      30000 /* for the next head, keep-alive pause included */
#define BODY_MS      30000 /* plus a second for each SLOWEST bytes */
#define SLOWEST      16384
#define POOL_BYTES   ((size_t)64 * 1024)
#define STREAM_BLOCK 4096

struct mhd {
    struct MHD_Daemon *daemon;
    struct http *http;
    struct watch *watch;
    bool local, tls;
};

static struct MHD_Connection *theirs(struct mhd_conn *c)
{
    return (struct MHD_Connection *)c;
}

static struct mhd_conn *ours(struct MHD_Connection *c)
{
    return (struct mhd_conn *)c;
}

void mhd_suspend(struct mhd_conn *c)
{
    MHD_suspend_connection(theirs(c));
}

void mhd_resume(struct mhd_conn *c)
{
    MHD_resume_connection(theirs(c));
}

static struct watch_place *place_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return i != NULL ? i->socket_context : NULL;
}

static int64_t now_ms(const struct mhd *m)
{
    return clock_mono_ms(m->http->app->clock);
}

/* Time to move n bytes by the slowest client we wait for. */
static void allow(struct mhd *m, struct MHD_Connection *c, uint64_t bytes)
{
    struct watch_place *p = place_of(c);

    if (p != NULL) {
        watch_set(m->watch, p, now_ms(m) + BODY_MS + (int64_t)(bytes / SLOWEST) * 1000);
    }
}

static void allow_for_ever(struct mhd *m, struct MHD_Connection *c)
{
    struct watch_place *p = place_of(c);

    if (p != NULL) {
        watch_set(m->watch, p, 0);
    }
}

static void on_connection(void *cls,
                          struct MHD_Connection *c,
                          void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct mhd *m = cls;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *i =
            MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_context = watch_add(m->watch, i->connect_fd, now_ms(m) + HEAD_MS);
    } else if (*socket_context != NULL) {
        watch_del(m->watch, *socket_context);
        *socket_context = NULL;
    }
}

/* The first line is parsed; its target is still whole. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *c)
{
    struct mhd *m = cls;

    return exchange_new(m->http, ours(c), target != NULL ? str_of(target) : S(""));
}

static void on_completed(void *cls,
                         struct MHD_Connection *c,
                         void **context,
                         enum MHD_RequestTerminationCode why)
{
    struct mhd *m = cls;
    struct watch_place *p = place_of(c);

    (void)why;
    if (*context != NULL) {
        exchange_free(*context);
        *context = NULL;
    }
    if (p != NULL) {
        watch_set(m->watch, p, now_ms(m) + HEAD_MS);
    }
}

static size_t leave_escaped(void *cls, struct MHD_Connection *c, char *s)
{
    (void)cls;
    (void)c;
    return strlen(s);
}

static void on_message(void *cls, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));
static void on_message(void *cls, const char *fmt, va_list args)
{
    char line[256];

    (void)cls;
    if (vsnprintf(line, sizeof(line), fmt, args) > 0) {
        line[strcspn(line, "\n")] = '\0';
        log_line(LOG_DEBUG, "libmicrohttpd: %s", line);
    }
}

struct gathering {
    struct http_header *headers;
    size_t n, cap;
    struct arena *arena;
    const char *next; /* where the next line must begin */
    bool exact;
};

static enum MHD_Result on_header(void *cls,
                                 enum MHD_ValueKind kind,
                                 const char *name,
                                 size_t name_n,
                                 const char *value,
                                 size_t value_n)
{
    struct gathering *g = cls;

    (void)kind;
    if (g->n == g->cap) {
        return MHD_NO; /* more than the gate takes: it counts one too many */
    }
    value = value != NULL ? value : "";
    g->exact = g->exact && name == g->next && value > name + name_n;
    for (const char *p = name + name_n + 1; g->exact && p < value; p++) {
        g->exact = *p == ' ' || *p == '\t';
    }
    g->exact = g->exact && value[value_n] == '\0' && value[value_n + 1] == '\0';
    g->next = value + value_n + 2;
    while (value_n > 0 && (value[value_n - 1] == ' ' || value[value_n - 1] == '\t')) {
        value_n--;
    }
    g->headers[g->n].name = str_dup(g->arena, (struct str){name, name_n});
    g->headers[g->n].value = str_dup(g->arena, (struct str){value, value_n});
    g->n++;
    return MHD_YES;
}

static void gather_peer(struct MHD_Connection *c, struct exchange *x)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";

    if (i == NULL || i->client_addr == NULL) {
        return;
    }
    if (i->client_addr->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, i->client_addr, sizeof(v4));
        x->head.loopback = ntohl(v4.sin_addr.s_addr) >> 24 == 127;
        (void)inet_ntop(AF_INET, &v4.sin_addr, text, sizeof(text));
    } else if (i->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, i->client_addr, sizeof(v6));
        x->head.loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
        (void)inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof(text));
    } else {
        x->head.loopback = i->client_addr->sa_family == AF_UNIX;
    }
    x->head.peer = peer_of_text(x->arena, str_of(text));
}

static void gather_head(const struct mhd *m,
                        struct MHD_Connection *c,
                        struct exchange *x,
                        const char *const line[3]) /* method, path, version */
{
    size_t cap = GATE_FIELDS_MAX + 1;
    struct gathering g = {.arena = x->arena, .cap = cap};
    size_t method_n = strlen(line[0]);
    size_t version_n = strlen(line[2]);

    g.headers = ARENA_ARRAY(x->arena, struct http_header, cap);
    g.exact = line[1] == line[0] + method_n + 1 && line[2] == line[1] + x->head.target.n + 1 &&
              line[2][version_n + 1] == '\0';
    g.next = line[2] + version_n + 2;
    (void)MHD_get_connection_values_n(c, MHD_HEADER_KIND, on_header, &g);
    x->head.method = str_dup(x->arena, str_of(line[0]));
    x->head.version = str_dup(x->arena, str_of(line[2]));
    x->head.headers = g.headers;
    x->head.n_headers = g.n;
    x->head.exact = g.exact;
    x->head.local = m->local;
    x->head.tls = m->tls;
    gather_peer(c, x);
}

static ssize_t on_read(void *cls, uint64_t pos, char *buf, size_t max)
{
    ptrdiff_t n = stream_read(cls, buf, max);

    (void)pos;
    return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void on_read_end(void *cls)
{
    stream_gone(cls);
}

static struct MHD_Response *make_response(const struct http_reply *r)
{
    if (r->stream != NULL) {
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_read, r->stream,
                                                 on_read_end);
    }
    /* The library takes the body as writable, but only reads it. */
    return MHD_create_response_from_buffer(r->body.n, (void *)(uintptr_t)r->body.p,
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_reply(struct mhd *m, struct MHD_Connection *c, struct exchange *x)
{
    const struct http_reply *r = &x->reply;
    struct MHD_Response *response = make_response(r);
    enum MHD_Result result;

    CHECK(response != NULL);
    for (size_t i = 0; i < r->n_headers; i++) {
        CHECK(MHD_add_response_header(response, str_z(x->arena, r->headers[i].name),
                                      str_z(x->arena, r->headers[i].value)) == MHD_YES);
    }
    if (r->close) {
        CHECK(MHD_add_response_header(response, "Connection", "close") == MHD_YES);
    }
    if (r->stream != NULL) {
        allow_for_ever(m, c);
    } else {
        allow(m, c, r->body.n);
    }
    result = MHD_queue_response(c, (unsigned)r->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result
take(struct mhd *m, struct MHD_Connection *c, struct exchange *x, enum step s)
{
    switch (s) {
    case STEP_MORE:
        return MHD_YES;
    case STEP_REPLY:
        return send_reply(m, c, x);
    case STEP_PARK:
        allow_for_ever(m, c);
        mhd_suspend(ours(c));
        exchange_parked(x);
        return MHD_YES;
    case STEP_DROP:
        return MHD_NO;
    }
    UNREACHABLE();
}

/* The head is dealt with; when it goes on, the body has its time. */
static enum MHD_Result
expect_body(struct mhd *m, struct MHD_Connection *c, struct exchange *x, enum step s)
{
    if (s == STEP_MORE) {
        allow(m, c, x->content_length > 0 ? (uint64_t)x->content_length : x->body_max);
    }
    return take(m, c, x, s);
}

/* The library's callback. NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result on_request(void *cls,
                                  struct MHD_Connection *c,
                                  const char *url,
                                  const char *method,
                                  const char *version,
                                  const char *data,
                                  size_t *data_n,
                                  void **context)
{
    struct mhd *m = cls;
    struct exchange *x = *context;

    if (!x->headed) {
        const char *const line[3] = {method, url, version};
        gather_head(m, c, x, line);
        return expect_body(m, c, x, exchange_head(x));
    }
    if (*data_n > 0) {
        enum step s = exchange_body(x, (struct bytes){(const unsigned char *)data, *data_n});
        *data_n = 0;
        return take(m, c, x, s);
    }
    return expect_body(m, c, x, exchange_finish(x));
}

static struct MHD_Daemon *start(struct mhd *m, const struct mhd_options *o)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                     MHD_USE_ERROR_LOG | (m->tls ? (unsigned)MHD_USE_TLS : 0U);
    void *cert = (void *)(uintptr_t)o->tls_cert_pem;
    void *key = (void *)(uintptr_t)o->tls_key_pem;
    struct MHD_OptionItem options[] = {
        /* clang-format off */
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_message, NULL},
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)o->threads, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)o->connections_max, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)POOL_BYTES, NULL},
        {MHD_OPTION_LISTEN_SOCKET, o->listen_fd, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 0, NULL}, /* see above */
        {MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, m},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_escaped, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, m},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, m},
        {m->tls ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END, 0, cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL},
        /* clang-format on */
    };

    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, m, MHD_OPTION_ARRAY, options,
                            MHD_OPTION_END);
}

struct err *mhd_start(struct arena *a, const struct mhd_options *o, struct mhd **ret)
{
    struct mhd *m = ARENA_NEW(a, struct mhd);

    CHECK(o->threads >= 2);
    m->http = o->http;
    m->watch = o->watch;
    m->local = o->local;
    m->tls = o->tls_cert_pem != NULL;
    if (m->tls && MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
        return ERROR(a, ERR_CONF, "libmicrohttpd 没有 TLS 功能，不能使用 tls_cert",
                     "libmicrohttpd was built without TLS; tls_cert cannot be used");
    }
    m->daemon = start(m, o);
    if (m->daemon == NULL) {
        return err_hint(ERROR(a, ERR_CONF, "HTTP 服务不能启动", "The HTTP service cannot start"),
                        "请检查 tls_cert 和 tls_key 是否是一对 PEM 文件，http_threads 是否太大",
                        "Check that tls_cert and tls_key are a PEM pair and that http_threads is "
                        "not too large");
    }
    *ret = m;
    return NULL;
}

void mhd_quiesce(struct mhd *m)
{
    (void)MHD_quiesce_daemon(m->daemon); /* gives back our own socket */
}

void mhd_stop(struct mhd *m)
{
    if (m != NULL) {
        MHD_stop_daemon(m->daemon);
    }
}
