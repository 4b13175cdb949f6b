/* Table of checks, run in order; the first fault is answered. See gate.h. */
#include "http/gate.h"

#include "base/check.h"
#include "base/num.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool ascii_same(struct str a, struct str b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

struct str head_get(const struct http_head *h, struct str name)
{
    for (size_t i = 0; i < h->n_headers; i++) {
        if (ascii_same(h->headers[i].name, name)) {
            return h->headers[i].value;
        }
    }
    return STR_NONE;
}

size_t head_count(const struct http_head *h, struct str name)
{
    size_t n = 0;

    for (size_t i = 0; i < h->n_headers; i++) {
        n += ascii_same(h->headers[i].name, name) ? 1 : 0;
    }
    return n;
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

/* RFC 9110 5.6.2 token. */
static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_alnum(s.p[i]) && str_find_char(S("!#$%&'*+-.^_`|~"), s.p[i]) < 0) {
            return false;
        }
    }
    return s.n > 0;
}

static bool shape_ok(const struct http_head *h, struct str origin)
{
    (void)origin;
    return h->exact;
}

static bool version_ok(const struct http_head *h, struct str origin)
{
    (void)origin;
    return str_eq(h->version, S("HTTP/1.1")) || str_eq(h->version, S("HTTP/1.0"));
}

static bool method_ok(const struct http_head *h, struct str origin)
{
    (void)origin;
    for (size_t i = 0; i < h->method.n; i++) {
        if (h->method.p[i] < 'A' || h->method.p[i] > 'Z') {
            return false;
        }
    }
    return h->method.n > 0 && h->method.n <= 16;
}

static bool target_short(const struct http_head *h, struct str origin)
{
    (void)origin;
    return h->target.n <= GATE_TARGET_MAX;
}

/* Origin form only: "/" and visible ASCII without "#"; no absolute form, no "*". */
static bool target_ok(const struct http_head *h, struct str origin)
{
    (void)origin;
    if (h->target.n == 0 || h->target.p[0] != '/') {
        return false;
    }
    for (size_t i = 0; i < h->target.n; i++) {
        char c = h->target.p[i];
        if (c <= 0x20 || c >= 0x7f || c == '#') {
            return false;
        }
    }
    return true;
}

static bool fields_few(const struct http_head *h, struct str origin)
{
    (void)origin;
    return h->n_headers <= GATE_FIELDS_MAX;
}

/* Proxies that turn "_" into "-" would read these as framing. */
static bool is_framing_in_disguise(struct str name)
{
    static const struct str names[] = {S_INIT("content-length"), S_INIT("transfer-encoding"),
                                       S_INIT("host")};

    for (size_t k = 0; k < COUNT_OF(names); k++) {
        bool same = name.n == names[k].n && str_find_char(name, '_') >= 0;
        for (size_t i = 0; same && i < name.n; i++) {
            char c = name.p[i] == '_' ? '-' : lower(name.p[i]);
            same = c == names[k].p[i];
        }
        if (same) {
            return true;
        }
    }
    return false;
}

static bool names_ok(const struct http_head *h, struct str origin)
{
    (void)origin;
    for (size_t i = 0; i < h->n_headers; i++) {
        if (!is_token(h->headers[i].name) || is_framing_in_disguise(h->headers[i].name)) {
            return false;
        }
    }
    return true;
}

static bool values_ok(const struct http_head *h, struct str origin)
{
    (void)origin;
    for (size_t i = 0; i < h->n_headers; i++) {
        struct str v = h->headers[i].value;
        if (v.n > GATE_VALUE_MAX) {
            return false;
        }
        for (size_t k = 0; k < v.n; k++) {
            unsigned char c = (unsigned char)v.p[k];
            if ((c < 0x20 && c != '\t') || c == 0x7f) {
                return false;
            }
        }
    }
    return true;
}

static bool one_framing(const struct http_head *h, struct str origin)
{
    (void)origin;
    return head_count(h, S("Content-Length")) + head_count(h, S("Transfer-Encoding")) <= 1;
}

static bool length_ok(const struct http_head *h, struct str origin)
{
    struct str v = head_get(h, S("Content-Length"));
    int64_t n;

    (void)origin;
    return v.p == NULL || num_parse(v, 0, INT64_MAX, &n);
}

static bool encoding_ok(const struct http_head *h, struct str origin)
{
    struct str v = head_get(h, S("Transfer-Encoding"));

    (void)origin;
    return v.p == NULL || (ascii_same(v, S("chunked")) && str_eq(h->version, S("HTTP/1.1")));
}

/* Host of "host:port" or "[v6]:port"; false when it is neither. */
static bool host_split(struct str v, struct str *ret_host)
{
    if (v.n == 0) {
        return false;
    }
    ptrdiff_t end = v.p[0] == '[' ? str_find_char(v, ']') + 1 : str_find_char(v, ':');
    size_t n = end < 0 ? v.n : (size_t)end;
    struct str port = str_sub(v, n, v.n);
    int64_t number;

    *ret_host = str_sub(v, 0, n);
    if (port.n > 0 &&
        (port.p[0] != ':' || !num_parse(str_sub(port, 1, port.n), 0, 65535, &number))) {
        return false;
    }
    bool literal = n > 2 && v.p[0] == '[';
    for (size_t i = literal ? 1 : 0; i < n - (literal ? 1 : 0); i++) {
        bool good = is_alnum(v.p[i]) || v.p[i] == '.' || v.p[i] == (literal ? ':' : '-');
        if (!good && (literal || v.p[i] != '_')) {
            return false;
        }
    }
    return n > 0 && n <= 255;
}

static bool host_present(const struct http_head *h, struct str origin)
{
    struct str host;

    (void)origin;
    return head_count(h, S("Host")) == 1 && host_split(head_get(h, S("Host")), &host);
}

static bool is_ip_or_localhost(struct str host)
{
    bool digits = true;

    for (size_t i = 0; i < host.n; i++) {
        digits = digits && ((host.p[i] >= '0' && host.p[i] <= '9') || host.p[i] == '.');
    }
    return digits || host.p[0] == '[' || ascii_same(host, S("localhost"));
}

static bool host_ours(const struct http_head *h, struct str origin)
{
    struct str value = head_get(h, S("Host"));
    struct str host;
    ptrdiff_t at = str_find(origin, S("://"));

    if (origin.n == 0 || h->local || !host_split(value, &host) || is_ip_or_localhost(host)) {
        return true;
    }
    return ascii_same(value, str_sub(origin, at < 0 ? 0 : (size_t)at + 3, origin.n));
}

static const struct gate_check_row {
    bool (*ok)(const struct http_head *h, struct str origin);
    struct gate_fault fault;
} checks[] = {
    /* clang-format off */
    {shape_ok,     {"请求行或请求头含有多余的空格、换行、折行或空字符", "the request line or a header has stray blanks, line ends, folding or NUL"}},
    {version_ok,   {"只接受 HTTP/1.1 和 HTTP/1.0", "only HTTP/1.1 and HTTP/1.0 are spoken here"}},
    {method_ok,    {"请求方法写得不对", "the request method is malformed"}},
    {target_short, {"请求地址太长", "the request target is too long"}},
    {target_ok,    {"请求地址须以 / 开头，且只含可见的 ASCII 字符", "the request target must start with / and be visible ASCII"}},
    {fields_few,   {"请求头太多", "there are too many header fields"}},
    {names_ok,     {"有请求头的名称不合规定", "a header field name is not allowed"}},
    {values_ok,    {"有请求头的内容不合规定或太长", "a header field value is not allowed or too long"}},
    {one_framing,  {"Content-Length 和 Transfer-Encoding 合计只能出现一次", "Content-Length and Transfer-Encoding may appear once between them"}},
    {length_ok,    {"Content-Length 不是一个数", "Content-Length is not a number"}},
    {encoding_ok,  {"Transfer-Encoding 只接受 chunked", "the only Transfer-Encoding is chunked"}},
    {host_present, {"须有且只有一个正确的 Host", "exactly one well-formed Host is needed"}},
    {host_ours,    {"Host 不是本站的名称", "Host is not a name of this site"}},
    /* clang-format on */
};

const struct gate_fault *gate_check(const struct http_head *h, struct str origin)
{
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        if (!checks[i].ok(h, origin)) {
            return &checks[i].fault;
        }
    }
    return NULL;
}
