/* The event encoding, byte for byte. The expected bytes were computed once by an independent
 * program (Python: struct, hmac, hashlib) and are frozen here: changing them means a new domain
 * string. */
#include "base/arena.h"
#include "base/check.h"
#include "crypto/crypto.h"
#include "ledger/event.h"
#include "ledger/tree.h"
#include "test/unit/base/unit.h"

#include <string.h>

#define OFFICE   ((int64_t)7)
#define ID(n)    (OFFICE * ((int64_t)1 << 40) + (n))
#define BODY     "{\"title\":\"食品经营许可\"}"
#define COMMIT   "026a70b24ed4adffdd9521f638bde0ef9527ad8a2bab7d4e5ca1b0cd8a7dab57"
#define DEFINED  "cb8379ac2098aa165029e3938a51da0bcecfc008fd6795f401178647f96c5b34"
#define NO_HASH  "0000000000000000000000000000000000000000000000000000000000000000"
#define ALL_ONES "ffffffffffffffff"

static const unsigned char salt[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const unsigned char body_salt[16] = {16, 17, 18, 19, 20, 21, 22, 23,
                                            24, 25, 26, 27, 28, 29, 30, 31};

static struct event first_event(void)
{
    struct event e = {.office = OFFICE,
                      .matter = ID(1),
                      .seq = 1,
                      .act = S("submit"),
                      .from_state = STR_NONE,
                      .to_state = S("submitted"),
                      .role = S("applicant"),
                      .actor = ID(33),
                      .occurred_ms = 1772416800000,
                      .recorded_ms = 1772416800123,
                      .effective_on = S("2026-03-02"),
                      .cause = -1,
                      .corrects = -1,
                      .due_on = STR_NONE};

    crypt_sha256(str_bytes(S("def")), e.definition_sha256);
    event_body_commit(body_salt, str_bytes(S(BODY)), e.body_commit);
    return e;
}

static void test_first_event(void **state)
{
    struct arena *a = arena_new(0);
    struct event e = first_event();
    unsigned char leaf[LEAF_EVENT_LEN];

    (void)state;
    assert_str(str_hex(a, (struct bytes){e.body_commit, 32}), COMMIT);
    assert_str(str_hex(a, event_encode(a, &e)), "0000000000000007"         /* office */
                                                "0000070000000001"         /* matter */
                                                "0000000000000001"         /* seq */
               DEFINED                                                     /* definition */
                                                "00067375626d6974"         /* act */
                                                "0000"                     /* from: none */
                                                "00097375626d6974746564"   /* to */
                                                "00096170706c6963616e74"   /* role */
                                                "0000070000000021"         /* actor */
                                                "0000019cac461500"         /* occurred */
                                                "0000019cac46157b"         /* recorded */
                                                "000a323032362d30332d3032" /* effective */
               ALL_ONES ALL_ONES                                           /* cause, corrects */
                                                "0000"                     /* due: none */
               NO_HASH                                                     /* previous leaf */
                   COMMIT);
    event_leaf(salt, e.recorded_ms, event_encode(a, &e), leaf);
    assert_str(str_hex(a, (struct bytes){leaf, sizeof(leaf)}),
               "0001c2bfb8c0b7bdf7c823811d3d7bb9c9e6099ae69cfd76b00713aceaca2710bb5323aead");
    arena_free(a);
}

static void test_second_event(void **state)
{
    struct arena *a = arena_new(0);
    struct event first = first_event(), e = first;
    unsigned char leaf[LEAF_EVENT_LEN];

    (void)state;
    event_leaf(salt, first.recorded_ms, event_encode(a, &first), leaf);
    tree_leaf_hash((struct bytes){leaf, sizeof(leaf)}, e.prev_leaf_hash);
    e.has_prev = true;
    e.seq = 2;
    e.act = S("accept");
    e.from_state = S("submitted");
    e.to_state = S("受理");
    e.role = S("clerk");
    e.actor = 0;
    e.occurred_ms = e.recorded_ms = 1772416861000;
    e.cause = ID(5);
    e.corrects = ID(4);
    e.due_on = S("2026-03-16");
    assert_str(str_hex(a, event_encode(a, &e)),
               "000000000000000700000700000000010000000000000002" DEFINED "0006616363657074"
               "00097375626d6974746564"
               "0006e58f97e79086"
               "0005636c65726b"
               "0000000000000000"
               "0000019cac4703480000019cac470348"
               "000a323032362d30332d3032"
               "00000700000000050000070000000004"
               "000a323032362d30332d3136"
               "f003dff3c6c058d7b76decd368c9a8e5446587f05a555bdc53c3a7ef12614e24" COMMIT);
    event_leaf(salt, e.recorded_ms, event_encode(a, &e), leaf);
    assert_str(str_hex(a, (struct bytes){leaf, sizeof(leaf)}),
               "0001c2bfb93d82becff4b1304b95a6f1e64b1453e54a4cafaa64e63bded372b58477626442");
    arena_free(a);
}

/* Without has_prev the hash is zero whatever the field holds; moved text changes the bytes. */
static void test_unambiguous(void **state)
{
    struct arena *a = arena_new(0);
    struct event e = first_event(), f = first_event();

    (void)state;
    memset(f.prev_leaf_hash, 0xEE, 32);
    assert_str(str_hex(a, event_encode(a, &f)), str_hex(a, event_encode(a, &e)).p);
    e.act = S("ab");
    e.from_state = S("c");
    f = e;
    f.act = S("a");
    f.from_state = S("bc");
    assert_int_equal(event_encode(a, &e).n, event_encode(a, &f).n);
    assert_false(str_eq(bytes_str(event_encode(a, &e)), bytes_str(event_encode(a, &f))));
    arena_free(a);
}

static void too_long(void *arg)
{
    struct event e = first_event();

    e.act = (struct str){arena_alloc(arg, 65536, 1), 65536};
    (void)event_encode(arg, &e);
}

static void before_1970(void *arg)
{
    unsigned char leaf[LEAF_EVENT_LEN];

    (void)arg;
    event_leaf(salt, -1, (struct bytes){NULL, 0}, leaf);
}

static void statement_too_long(void *arg)
{
    (void)statement_leaf(arg, STATEMENT_KEY, (struct str){arena_alloc(arg, 65532, 1), 65532});
}

static void test_misuse(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    assert_dies(too_long, a);
    assert_dies(before_1970, a);
    assert_dies(statement_too_long, a);
    arena_free(a);
}

static void test_statement(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    assert_str(str_hex(a, statement_leaf(a, STATEMENT_CALENDAR, S("国办发明电〔2025〕7号"))),
               "0103001de59bbde58a9ee58f91e6988ee794b5e3809432303235e3809537e58fb7");
    assert_str(str_hex(a, statement_leaf(a, STATEMENT_LOG_START, S(""))), "01010000");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_event), cmocka_unit_test(test_second_event),
        cmocka_unit_test(test_unambiguous), cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_statement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
