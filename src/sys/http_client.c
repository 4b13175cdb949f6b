/* See http_client.h. */
#include "sys/http_client.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"

#include <curl/curl.h>

#define TIMEOUT_MS ((int64_t)60000)
#define REPLY_MAX  ((size_t)32 << 20)

struct receiving {
    struct arena *arena;
    struct http_client_reply *reply;
    struct buf body;
    size_t max;
    bool too_large;
};

struct err *http_client_init(struct arena *a)
{
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);

    if (code != CURLE_OK) {
        return err_cause(ERROR(a, ERR_IO, "libcurl 不能启动", "libcurl cannot start"), "curl %d",
                         (int)code);
    }
    return NULL;
}

static size_t on_body(char *data, size_t size, size_t n, void *user)
{
    struct receiving *r = user;

    if (n > (r->max - r->body.n) / size) {
        r->too_large = true;
        return 0;
    }
    buf_put_bytes(&r->body, (struct bytes){(const unsigned char *)data, size * n});
    return size * n;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* The value of the line "name: value", or none. */
static struct str value_of(struct str line, struct str name)
{
    if (line.n <= name.n || line.p[name.n] != ':') {
        return STR_NONE;
    }
    for (size_t i = 0; i < name.n; i++) {
        if (lower(line.p[i]) != name.p[i]) {
            return STR_NONE;
        }
    }
    struct str value = str_sub(line, name.n + 1, line.n);
    while (value.n > 0 && (unsigned char)value.p[value.n - 1] <= ' ') {
        value.n--;
    }
    while (value.n > 0 && value.p[0] == ' ') {
        value = str_sub(value, 1, value.n);
    }
    return value;
}

static size_t on_header(char *data, size_t size, size_t n, void *user)
{
    struct receiving *r = user;
    struct http_client_reply *reply = r->reply;
    const struct {
        struct str name, *place;
    } wanted[] = {
        {S("content-type"), &reply->content_type},
        {S("location"), &reply->location},
        {S("etag"), &reply->etag},
    };

    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        struct str v = value_of((struct str){data, size * n}, wanted[i].name);
        if (v.p != NULL) {
            *wanted[i].place = str_dup(r->arena, v);
        }
    }
    return size * n;
}

static bool set_request(CURL *curl, struct arena *a, const struct http_client_request *rq)
{
    int64_t timeout = rq->timeout_ms > 0 ? rq->timeout_ms : TIMEOUT_MS;
    bool good = curl_easy_setopt(curl, CURLOPT_URL, str_z(a, rq->url)) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, str_z(a, rq->method)) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;

    if (good && str_eqz(rq->method, "HEAD")) {
        good = curl_easy_setopt(curl, CURLOPT_NOBODY, 1L) == CURLE_OK;
    }
    if (good && rq->unix_socket.p != NULL) {
        good =
            curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, str_z(a, rq->unix_socket)) == CURLE_OK;
    }
    if (good && rq->body.p != NULL) {
        good = curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.n) ==
                   CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)rq->body.p) == CURLE_OK;
    }
    return good;
}

static bool set_receiving(CURL *curl, struct receiving *r, const struct curl_slist *headers)
{
    return curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, r) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERDATA, r) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
}

static struct err *failed(const struct receiving *r, CURLcode code)
{
    if (r->too_large) {
        return ERROR(r->arena, ERR_IO, "答复大于 %zu 字节", "The reply is larger than %zu bytes",
                     r->max);
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return ERROR(r->arena, ERR_IO, "对方没有及时答复", "The other side did not answer in time");
    }
    return err_cause(ERROR(r->arena, ERR_IO, "不能连接", "Cannot connect"), "curl %d: %s",
                     (int)code, curl_easy_strerror(code));
}

struct err *
http_client(struct arena *a, const struct http_client_request *rq, struct http_client_reply *ret)
{
    CURL *curl = curl_easy_init();
    /* No "Expect: 100-continue": our server decides at once anyway. */
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    struct receiving r = {
        .arena = a, .reply = ret, .max = rq->reply_max_bytes > 0 ? rq->reply_max_bytes : REPLY_MAX};
    long status = 0;

    CHECK(curl != NULL && headers != NULL);
    *ret = (struct http_client_reply){0};
    buf_init(&r.body, a, 4096);
    for (size_t i = 0; i < rq->n_headers; i++) {
        headers = curl_slist_append(headers, str_z(a, rq->headers[i]));
        CHECK(headers != NULL);
    }
    CURLcode code = CURLE_BAD_FUNCTION_ARGUMENT;
    if (set_request(curl, a, rq) && set_receiving(curl, &r, headers)) {
        code = curl_easy_perform(curl);
    }
    if (code == CURLE_OK) {
        code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (code != CURLE_OK) {
        return failed(&r, code);
    }
    ret->status = (int)status;
    ret->body = buf_bytes(&r.body);
    return NULL;
}
