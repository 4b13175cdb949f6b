/* Our HTTP client (sys/http_client.h) against the probe: over TCP, over the Unix socket, and its
 * limits. Run by test_http_server.py, which starts the probe: http_client_probe PORT SOCKET. */
#include "base/arena.h"
#include "base/check.h"
#include "sys/http_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *port, *socket_path;

static struct http_client_reply get(struct arena *a, const char *path, bool local)
{
    struct http_client_request rq = {.method = S("GET"),
                                     .url = str_fmt(a, "http://127.0.0.1:%s%s", port, path)};
    struct http_client_reply reply;

    rq.unix_socket = local ? str_of(socket_path) : STR_NONE;
    assert_null(http_client(a, &rq, &reply));
    return reply;
}

static void test_get(void **state)
{
    struct arena *a = arena_new(0);
    struct http_client_reply r = get(a, "/api/v1/probe/tagged", false);

    (void)state;
    assert_int_equal(r.status, 200);
    assert_true(str_eqz(r.content_type, "application/json") && str_eqz(r.etag, "\"v1\""));
    assert_true(str_find(bytes_str(r.body), S("\"channel\":\"web\"")) > 0);
    assert_int_equal(get(a, "/api/v1/probe/host", false).status, 404);
    arena_free(a);
}

static void test_local(void **state)
{
    struct arena *a = arena_new(0);
    struct http_client_reply r = get(a, "/api/v1/probe/host", true);

    (void)state;
    assert_int_equal(r.status, 200);
    assert_true(str_find(bytes_str(r.body), S("\"channel\":\"cli\"")) > 0);
    arena_free(a);
}

static void test_post(void **state)
{
    static const struct str headers[] = {S_INIT("Content-Type: application/json"),
                                         S_INIT("Idempotency-Key: client-test-1")};
    struct arena *a = arena_new(0);
    struct http_client_request rq = {.method = S("POST"),
                                     .url =
                                         str_fmt(a, "http://127.0.0.1:%s/api/v1/probe/notes", port),
                                     .headers = headers,
                                     .n_headers = COUNT_OF(headers),
                                     .body = str_bytes(S("{\"text\":\"一\"}"))};
    struct http_client_reply r;

    (void)state;
    assert_null(http_client(a, &rq, &r));
    assert_int_equal(r.status, 201);
    assert_true(str_eqz(r.location, "/api/v1/probe/notes/1"));
    rq.method = S("HEAD");
    rq.body = (struct bytes){NULL, 0};
    rq.url = str_fmt(a, "http://127.0.0.1:%s/", port);
    assert_null(http_client(a, &rq, &r));
    assert_true(r.status == 200 && r.body.n == 0);
    arena_free(a);
}

static void test_failures(void **state)
{
    struct arena *a = arena_new(0);
    struct http_client_request rq = {
        .method = S("GET"),
        .url = str_fmt(a, "http://127.0.0.1:%s/api/v1/openapi.json", port),
        .reply_max_bytes = 100};
    struct http_client_reply r;

    (void)state;
    assert_int_equal(http_client(a, &rq, &r)->code, ERR_IO); /* too large */
    rq = (struct http_client_request){
        .method = S("GET"),
        .url = str_fmt(a, "http://127.0.0.1:%s/api/v1/probe/slow?wait_ms=3000", port),
        .timeout_ms = 100};
    assert_int_equal(http_client(a, &rq, &r)->code, ERR_IO); /* too slow */
    rq = (struct http_client_request){
        .method = S("GET"), .url = S("http://localhost/"), .unix_socket = S("/nowhere/x.sock")};
    assert_int_equal(http_client(a, &rq, &r)->code, ERR_IO);
    rq = (struct http_client_request){.method = S("GET"), .url = S("file:///etc/passwd")};
    assert_int_equal(http_client(a, &rq, &r)->code, ERR_IO);
    arena_free(a);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_local),
        cmocka_unit_test(test_post),
        cmocka_unit_test(test_failures),
    };
    struct arena *a = arena_new(0);

    CHECK(argc == 3);
    port = argv[1];
    socket_path = argv[2];
    CHECK(http_client_init(a) == NULL);
    arena_free(a);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
