/* The gate: refuses every request that two parsers could read differently (c-models finding 4 and
 * 4.1), before anything else looks at it. A pure function over what arrived.
 *
 * RFC 9112 sections 2.2, 3.2, 5.1, 5.2, 6.1–6.3 say what a message is; where the RFC lets a server
 * be lenient, the gate is not. A refused request gets 400 and its connection is closed. */
#ifndef HUHANG_HTTP_GATE_H
#define HUHANG_HTTP_GATE_H

#include "base/str.h"

#define GATE_TARGET_MAX 4000 /* bytes of the request target */
#define GATE_VALUE_MAX  8000 /* bytes of one header value */
#define GATE_FIELDS_MAX 64

struct http_header {
    struct str name, value; /* the value without blanks at both ends */
};

/* The head of a request as it came over the wire. */
struct http_head {
    struct str method, target, version;
    const struct http_header *headers;
    size_t n_headers;
    bool exact; /* the parser's pieces cover the bytes without a gap: one blank between the parts of
                 * the first line, CRLF after each line, no folded line, no NUL */
    bool local; /* came over admin.sock */
    bool tls;
    bool loopback;   /* the peer is this host */
    struct str peer; /* its address (peer.h), none over admin.sock */
};

struct gate_fault {
    const char *zh, *en;
};

/* NULL: let it pass. `origin` is the public origin ("" = any Host): with one, Host must name it, or
 * be an IP literal or localhost, which no foreign page can make a browser send. */
const struct gate_fault *gate_check(const struct http_head *h, struct str origin);

/* First header of that name (ASCII case does not matter), or none. */
struct str head_get(const struct http_head *h, struct str name);
size_t head_count(const struct http_head *h, struct str name);
/* Same text but for ASCII case. */
bool ascii_same(struct str a, struct str b);

#endif
