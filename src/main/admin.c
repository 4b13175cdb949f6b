/* Talking to the running server (admin.h). */
#include "main/admin.h"

#include "base/arena.h"
#include "base/check.h"
#include "crypto/crypto.h"
#include "sys/file.h"
#include "sys/http_client.h"
#include "wire/jval.h"

static struct str socket_of(struct arena *a, struct str data)
{
    return str_fmt(a, "%.*s/admin.sock", STR_ARG(data));
}

static struct err *
ask(struct arena *a, struct str data, struct http_client_request *rq, struct http_client_reply *ret)
{
    static bool ready;
    if (!ready) {
        TRY(http_client_init(a));
        ready = true;
    }
    rq->unix_socket = socket_of(a, data);
    return http_client(a, rq, ret);
}

bool admin_running(struct arena *a, struct str data)
{
    struct http_client_request rq = {
        .method = S("GET"), .url = S("http://localhost/health/live"), .timeout_ms = 3000};
    struct http_client_reply reply;
    return file_exists(str_z(a, socket_of(a, data))) && ask(a, data, &rq, &reply) == NULL;
}

static struct err *problem(struct arena *a, const struct http_client_reply *r)
{
    struct jval v;
    struct err *e = jread(a, r->body, &v);
    struct str detail = e == NULL ? jval_str(jval_get(&v, S("detail"))) : STR_NONE;
    if (detail.p == NULL) {
        return ERROR(a, ERR_IO, "服务器答复了状态 %d。", "The server answered with status %d.",
                     r->status);
    }
    e = ERROR_TEXT(a, ERR_REQUEST_MALFORMED, detail, detail);
    const struct jval *fields = jval_get(&v, S("errors"));
    for (size_t i = 0; fields != NULL && i < fields->n; i++) {
        const struct jval *f = &fields->list[i];
        struct str what = jval_str(jval_get(f, S("detail")));
        e = err_field(e, jval_str(jval_get(f, S("pointer"))), "invalid", what, what);
    }
    return e;
}

struct err *admin_post(
    struct arena *a, struct str data, const char *path, struct str body, struct str *ret_body)
{
    unsigned char id[16];
    struct http_client_reply reply;
    crypt_random(id, sizeof id);
    struct str headers[] = {
        S("Content-Type: application/json"),
        str_fmt(a, "Idempotency-Key: %.*s", STR_ARG(str_hex(a, (struct bytes){id, sizeof id}))),
    };
    struct http_client_request rq = {
        .method = S("POST"),
        .url = str_fmt(a, "http://localhost/api/v1%s", path),
        .headers = headers,
        .n_headers = COUNT_OF(headers),
        .body = str_bytes(body),
        .timeout_ms = 600000,
    };
    TRY(ask(a, data, &rq, &reply));
    if (reply.status >= 300) {
        return problem(a, &reply);
    }
    *ret_body = bytes_str(reply.body);
    return NULL;
}
