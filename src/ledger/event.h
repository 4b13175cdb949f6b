/* The event encoding and the leaf (design.md 6, trust.md 3.1 and 10.2). Pure: bytes in, bytes out.
 *
 * An act's event is one fixed big-endian encoding; the leaf is
 *   0x00 ‖ uint32 minute since 1970 of recorded_at ‖ HMAC-SHA-256(act.salt, "huhang/act/1" ‖ event)
 * (37 bytes), so nothing personal is public. `body_commit` = HMAC-SHA-256(body salt, plaintext body
 * as first written). Numbers are 64-bit big-endian, absent ones (-1) all ones; texts are uint16
 * length ‖ UTF-8, none as length 0; the order is that of struct event (has_prev has no byte of its
 * own). A public statement leaf is 0x01 ‖ type u8 ‖ uint16 len ‖ UTF-8 text. */
#ifndef HUHANG_LEDGER_EVENT_H
#define HUHANG_LEDGER_EVENT_H

#include "base/str.h"

struct arena;

#define EVENT_DOMAIN   "huhang/act/1"
#define LEAF_EVENT_LEN 37

struct event {
    int64_t office, matter;
    int64_t seq; /* act's running number in the matter, from 1 */
    unsigned char definition_sha256[32];
    struct str act, from_state /* none: start */, to_state, role;
    int64_t actor; /* person id, 0 = system */
    int64_t occurred_ms, recorded_ms;
    struct str effective_on; /* YYYY-MM-DD */
    int64_t cause;           /* act id or -1 */
    int64_t corrects;        /* act id or -1 */
    struct str due_on;       /* earliest running legal due date after the act, none if none */
    bool has_prev;
    unsigned char prev_leaf_hash[32]; /* leaf hash of the matter's previous act; zero when first */
    unsigned char body_commit[32];
};

struct bytes event_encode(struct arena *a, const struct event *e);
void event_leaf(const unsigned char salt[16],
                int64_t recorded_ms,
                struct bytes event,
                unsigned char ret[LEAF_EVENT_LEN]);
void event_body_commit(const unsigned char salt[16], struct bytes body, unsigned char ret[32]);

enum statement_type {
    STATEMENT_LOG_START = 1, /* origin, and after a restore the old log's last checkpoint */
    STATEMENT_CLOCK_STEP =
        2, /* demo: the clock was advanced; or an administrator confirmed the date */
    STATEMENT_CALENDAR = 3,   /* a notice was imported */
    STATEMENT_DEFINITION = 4, /* a definition was loaded */
    STATEMENT_KEY = 5,
    STATEMENT_ERASURE = 6,
};
struct bytes statement_leaf(struct arena *a, enum statement_type type, struct str text);

#endif
