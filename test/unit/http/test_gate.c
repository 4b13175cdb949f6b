/* The gate: every known way to make two parsers disagree is refused; ordinary requests pass. */
#include "base/check.h"
#include "http/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define H(n, v) {S_INIT(n), S_INIT(v)}
#define HOST    H("Host", "hall.example:8080")

struct row {
    const char *what;
    const char *method, *target, *version;
    struct http_header headers[5];
    bool good;
};

static const struct row rows[] = {
    /* clang-format off */
    {"plain get", "GET", "/", "HTTP/1.1", {HOST}, true},
    {"HTTP/1.0 with Host", "GET", "/a?b=c", "HTTP/1.0", {HOST}, true},
    {"body by length", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "5")}, true},
    {"body in chunks", "POST", "/x", "HTTP/1.1", {HOST, H("transfer-encoding", "Chunked")}, true},
    {"chinese value", "GET", "/", "HTTP/1.1", {HOST, H("X-A", "申请\t1")}, true},
    {"IPv6 host", "GET", "/", "HTTP/1.1", {H("Host", "[::1]:80")}, true},
    {"length and chunks", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "5"), H("Transfer-Encoding", "chunked")}, false},
    {"two lengths", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "5"), H("Content-Length", "6")}, false},
    {"the same length twice", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "5"), H("content-length", "5")}, false},
    {"list of lengths", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "5, 5")}, false},
    {"negative length", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "-1")}, false},
    {"signed length", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "+1")}, false},
    {"hex length", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "0x10")}, false},
    {"length with a blank", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "3 1")}, false},
    {"length of 2^64", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "18446744073709551616")}, false},
    {"empty length", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length", "")}, false},
    {"two encodings", "POST", "/x", "HTTP/1.1", {HOST, H("Transfer-Encoding", "chunked"), H("Transfer-Encoding", "identity")}, false},
    {"xchunked", "POST", "/x", "HTTP/1.1", {HOST, H("Transfer-Encoding", "xchunked")}, false},
    {"gzip, chunked", "POST", "/x", "HTTP/1.1", {HOST, H("Transfer-Encoding", "gzip, chunked")}, false},
    {"identity", "POST", "/x", "HTTP/1.1", {HOST, H("Transfer-Encoding", "identity")}, false},
    {"chunks in HTTP/1.0", "POST", "/x", "HTTP/1.0", {HOST, H("Transfer-Encoding", "chunked")}, false},
    {"blank before the colon", "POST", "/x", "HTTP/1.1", {HOST, H("Content-Length ", "5")}, false},
    {"name with a tab", "GET", "/", "HTTP/1.1", {HOST, H("X\tA", "5")}, false},
    {"name beyond ASCII", "GET", "/", "HTTP/1.1", {HOST, H("Content-Length\xc3\x9f", "3")}, false},
    {"empty name", "GET", "/", "HTTP/1.1", {HOST, H("", "3")}, false},
    {"underscore for dash", "POST", "/x", "HTTP/1.1", {HOST, H("Transfer_Encoding", "chunked")}, false},
    {"underscore in another name", "GET", "/", "HTTP/1.1", {HOST, H("X_A", "1")}, true},
    {"control character in a value", "GET", "/", "HTTP/1.1", {HOST, H("X-A", "a\x01")}, false},
    {"carriage return in a value", "GET", "/", "HTTP/1.1", {HOST, H("X-A", "a\rb")}, false},
    {"no Host", "GET", "/", "HTTP/1.1", {H("X-A", "1")}, false},
    {"no Host in HTTP/1.0", "GET", "/", "HTTP/1.0", {H("X-A", "1")}, false},
    {"two Hosts", "GET", "/", "HTTP/1.1", {HOST, HOST}, false},
    {"empty Host", "GET", "/", "HTTP/1.1", {H("Host", "")}, false},
    {"Host with a path", "GET", "/", "HTTP/1.1", {H("Host", "a/b")}, false},
    {"Host with a user", "GET", "/", "HTTP/1.1", {H("Host", "a@b")}, false},
    {"Host with a bad port", "GET", "/", "HTTP/1.1", {H("Host", "a:99999")}, false},
    {"Host with an equals sign", "GET", "/", "HTTP/1.1", {H("Host", "0.0.0.0=5000")}, false},
    {"unclosed IPv6", "GET", "/", "HTTP/1.1", {H("Host", "[::1")}, false},
    {"absolute form", "GET", "http://hall.example/", "HTTP/1.1", {HOST}, false},
    {"asterisk form", "OPTIONS", "*", "HTTP/1.1", {HOST}, false},
    {"authority form", "CONNECT", "a:80", "HTTP/1.1", {HOST}, false},
    {"empty target", "GET", "", "HTTP/1.1", {HOST}, false},
    {"fragment", "GET", "/a#b", "HTTP/1.1", {HOST}, false},
    {"raw bytes in the target", "GET", "/\xc3\x84", "HTTP/1.1", {HOST}, false},
    {"lower-case method", "get", "/", "HTTP/1.1", {HOST}, false},
    {"method with a colon", "GET:", "/", "HTTP/1.1", {HOST}, false},
    {"long method", "ABCDEFGHIJKLMNOPQ", "/", "HTTP/1.1", {HOST}, false},
    {"HTTP/2.0", "GET", "/", "HTTP/2.0", {HOST}, false},
    {"HTTP/0.99", "GET", "/", "HTTP/0.99", {HOST}, false},
    {"no version", "GET", "/", "", {HOST}, false},
    {"version with a blank", "GET", "/", "HTTP/1.1 ", {HOST}, false},
    {"FTP", "GET", "/", "FTP/1.1", {HOST}, false},
    /* clang-format on */
};

static struct http_head head_of(const struct row *r)
{
    struct http_head h = {.method = str_of(r->method),
                          .target = str_of(r->target),
                          .version = str_of(r->version),
                          .headers = r->headers,
                          .exact = true};

    while (h.n_headers < COUNT_OF(r->headers) && r->headers[h.n_headers].name.p != NULL) {
        h.n_headers++;
    }
    return h;
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_head h = head_of(&rows[i]);
        if ((gate_check(&h, S("")) == NULL) != rows[i].good) {
            fail_msg("%s: wrongly %s", rows[i].what, rows[i].good ? "refused" : "let in");
        }
    }
}

static void test_limits(void **state)
{
    static char text[GATE_VALUE_MAX + 2];
    static struct http_header many[GATE_FIELDS_MAX + 1];
    struct http_head h = head_of(&rows[0]);

    (void)state;
    memset(text, 'a', sizeof(text));
    text[0] = '/';
    h.target = (struct str){text, GATE_TARGET_MAX};
    assert_null(gate_check(&h, S("")));
    h.target.n++;
    assert_non_null(gate_check(&h, S("")));

    h = head_of(&rows[0]);
    many[0] = h.headers[0];
    for (size_t i = 1; i < COUNT_OF(many); i++) {
        many[i] = (struct http_header){S("X"), S("1")};
    }
    h.headers = many;
    h.n_headers = GATE_FIELDS_MAX;
    assert_null(gate_check(&h, S("")));
    h.n_headers++;
    assert_non_null(gate_check(&h, S("")));
    h.n_headers = 2;
    many[1].value = (struct str){text, GATE_VALUE_MAX + 1};
    assert_non_null(gate_check(&h, S("")));
}

static void test_folded_or_stray(void **state)
{
    struct http_head h = head_of(&rows[0]);

    (void)state;
    h.exact = false;
    assert_non_null(gate_check(&h, S("")));
}

static void test_origin(void **state)
{
    static const struct {
        struct str host, origin;
        bool good;
    } cases[] = {
        {S_INIT("hall.example"), S_INIT("https://hall.example"), true},
        {S_INIT("HALL.example"), S_INIT("https://hall.example"), true},
        {S_INIT("hall.example:8443"), S_INIT("https://hall.example:8443"), true},
        {S_INIT("evil.example"), S_INIT("https://hall.example"), false},
        {S_INIT("hall.example.evil"), S_INIT("https://hall.example"), false},
        {S_INIT("127.0.0.1:8080"), S_INIT("https://hall.example"), true},
        {S_INIT("localhost:1"), S_INIT("https://hall.example"), true},
        {S_INIT("[::1]"), S_INIT("https://hall.example"), true},
        {S_INIT("evil.example"), S_INIT(""), true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_header host = {S_INIT("Host"), cases[i].host};
        struct http_head h = head_of(&rows[0]);
        h.headers = &host;
        h.n_headers = 1;
        assert_int_equal(gate_check(&h, cases[i].origin) == NULL, cases[i].good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_folded_or_stray),
        cmocka_unit_test(test_origin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
