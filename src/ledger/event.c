/* Events and leaves. The encoding has a fixed order and no optional parts, so two different events
 * never encode alike: numbers are 64-bit two's complement, big-endian (-1, "absent", is all ones),
 * texts carry their length, hashes stand as they are. */
#include "ledger/event.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "crypto/crypto.h"

#define LEAF_EVENT     0x00
#define LEAF_STATEMENT 0x01
#define MINUTE_MS      60000
/* A leaf fits an entry bundle's uint16 length (trust.md 3.6), less type, kind and length. */
#define STATEMENT_MAX_BYTES (UINT16_MAX - 4)

static void put_number(struct buf *b, int64_t v)
{
    CHECK(v >= -1);
    buf_u64(b, (uint64_t)v);
}

static void put_text(struct buf *b, struct str s)
{
    CHECK(s.n <= UINT16_MAX);
    buf_u16(b, (uint16_t)s.n);
    buf_put(b, s);
}

static void put_hash(struct buf *b, const unsigned char hash[32])
{
    buf_put_bytes(b, (struct bytes){hash, 32});
}

struct bytes event_encode(struct arena *a, const struct event *e)
{
    static const unsigned char no_hash[32] = {0};
    struct buf b;

    buf_init(&b, a, 320);
    put_number(&b, e->office);
    put_number(&b, e->matter);
    put_number(&b, e->seq);
    put_hash(&b, e->definition_sha256);
    put_text(&b, e->act);
    put_text(&b, e->from_state);
    put_text(&b, e->to_state);
    put_text(&b, e->role);
    put_number(&b, e->actor);
    put_number(&b, e->occurred_ms);
    put_number(&b, e->recorded_ms);
    put_text(&b, e->effective_on);
    put_number(&b, e->cause);
    put_number(&b, e->corrects);
    put_text(&b, e->due_on);
    put_hash(&b, e->has_prev ? e->prev_leaf_hash : no_hash);
    put_hash(&b, e->body_commit);
    return buf_bytes(&b);
}

void event_leaf(const unsigned char salt[16],
                int64_t recorded_ms,
                struct bytes event,
                unsigned char ret[LEAF_EVENT_LEN])
{
    const struct bytes parts[] = {str_bytes(S(EVENT_DOMAIN)), event};
    int64_t minute = recorded_ms / MINUTE_MS;

    CHECK(recorded_ms >= 0 && minute <= UINT32_MAX);
    ret[0] = LEAF_EVENT;
    for (int i = 0; i < 4; i++) {
        ret[1 + i] = (unsigned char)(minute >> (24 - 8 * i) & 255);
    }
    crypt_hmac((struct bytes){salt, 16}, parts, COUNT_OF(parts), ret + 5);
}

void event_body_commit(const unsigned char salt[16], struct bytes body, unsigned char ret[32])
{
    crypt_hmac((struct bytes){salt, 16}, &body, 1, ret);
}

struct bytes statement_leaf(struct arena *a, enum statement_type type, struct str text)
{
    struct buf b;

    CHECK(text.n <= STATEMENT_MAX_BYTES);
    buf_init(&b, a, text.n + 4);
    buf_u8(&b, LEAF_STATEMENT);
    buf_u8(&b, (uint8_t)type);
    buf_u16(&b, (uint16_t)text.n);
    buf_put(&b, text);
    return buf_bytes(&b);
}
