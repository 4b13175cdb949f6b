/* Digests: FIPS 180-4 and GB/T 32905 vectors, parts and streams, several threads. */
#include "base/arena.h"
#include "crypto/crypto.h"
#include "test/unit/base/unit.h"

#include <pthread.h>
#include <string.h>

static void assert_hex(const unsigned char *p, const char *hex)
{
    struct arena *a = arena_new(0);

    assert_str(str_hex(a, (struct bytes){p, strlen(hex) / 2}), hex);
    arena_free(a);
}

static void test_init(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    assert_null(crypt_init(a));
    assert_null(crypt_init(a)); /* again is harmless */
    arena_free(a);
}

static void test_sha256(void **state)
{
    unsigned char d[32];

    (void)state;
    crypt_sha256((struct bytes){NULL, 0}, d);
    assert_hex(d, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    crypt_sha256(str_bytes(S("abc")), d);
    assert_hex(d, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    crypt_sha256(str_bytes(S("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")), d);
    assert_hex(d, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void test_parts(void **state)
{
    const struct bytes parts[] = {
        str_bytes(S("a")), {NULL, 0}, str_bytes(S("b")), str_bytes(S("c"))};
    unsigned char whole[32], joined[32];

    (void)state;
    crypt_sha256(str_bytes(S("abc")), whole);
    crypt_sha256_parts(parts, 4, joined);
    assert_memory_equal(whole, joined, 32);
    crypt_sha256_parts(NULL, 0, joined);
    assert_hex(joined, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void test_stream(void **state)
{
    struct crypt_hash *h = crypt_hash_new();
    unsigned char d[32], piece[997];
    size_t left = 1000000;

    (void)state;
    memset(piece, 'a', sizeof(piece));
    while (left > 0) {
        size_t n = left < sizeof(piece) ? left : sizeof(piece);
        unsigned char between[32];

        crypt_hash_add(h, (struct bytes){piece, n});
        crypt_sha256(str_bytes(S("other")), between); /* the one-shot context is another one */
        left -= n;
    }
    crypt_hash_end(h, d);
    assert_hex(d, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    crypt_hash_free(crypt_hash_new());
    crypt_hash_free(NULL);
}

static void test_sm3(void **state)
{
    unsigned char d[32];

    (void)state;
    crypt_sm3(str_bytes(S("abc")), d); /* GB/T 32905-2016, A.1 */
    assert_hex(d, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    crypt_sm3(str_bytes(S("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd")), d);
    assert_hex(d, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

static void *hash_much(void *arg)
{
    unsigned char d[32];

    for (int i = 0; i < 2000; i++) {
        crypt_sha256(str_bytes(S("abc")), d);
        if (memcmp(d, arg, 32) != 0) {
            return arg;
        }
    }
    return NULL;
}

static void test_threads(void **state)
{
    pthread_t t[4];
    unsigned char want[32];

    (void)state;
    crypt_sha256(str_bytes(S("abc")), want);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&t[i], NULL, hash_much, want), 0);
    }
    for (int i = 0; i < 4; i++) {
        void *wrong = NULL;

        assert_int_equal(pthread_join(t[i], &wrong), 0);
        assert_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256), /* works before crypt_init too */
        cmocka_unit_test(test_init),    cmocka_unit_test(test_parts),
        cmocka_unit_test(test_stream),  cmocka_unit_test(test_sm3),
        cmocka_unit_test(test_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
