/* Keyed hashes, sealing, signatures, passwords: published vectors, and every altered byte refused.
 */
#include "base/arena.h"
#include "base/check.h"
#include "crypto/crypto.h"
#include "test/unit/base/unit.h"

#include <string.h>

static int begin(void **state)
{
    struct arena *a = arena_new(0);

    *state = a;
    return crypt_init(a) == NULL ? 0 : -1;
}

static int end(void **state)
{
    arena_free(*state);
    return 0;
}

static struct bytes unhex(struct arena *a, const char *hex)
{
    struct bytes b = {NULL, 0};

    assert_true(str_unhex(a, str_of(hex), &b));
    return b;
}

/* RFC 4231, cases 1, 2, 3 and 6. */
static void test_hmac(void **state)
{
    static const struct {
        const char *key, *data, *mac;
    } cases[] = {
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    };
    unsigned char key[131], data[50], mac[32];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct bytes text = unhex(*state, cases[i].data);
        const struct bytes parts[] = {{text.p, 3}, {text.p + 3, text.n - 3}};

        crypt_hmac(unhex(*state, cases[i].key), parts, 2, mac);
        assert_memory_equal(mac, unhex(*state, cases[i].mac).p, 32);
    }
    memset(key, 0xAA, sizeof(key));
    memset(data, 0xDD, sizeof(data));
    struct bytes part = {data, sizeof(data)};
    crypt_hmac((struct bytes){key, 20}, &part, 1, mac);
    assert_memory_equal(
        mac, unhex(*state, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe").p,
        32);
    part = str_bytes(S("Test Using Larger Than Block-Size Key - Hash Key First"));
    crypt_hmac((struct bytes){key, 131}, &part, 1, mac);
    assert_memory_equal(
        mac, unhex(*state, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54").p,
        32);
}

static void test_random_wipe_equal(void **state)
{
    unsigned char a[32], b[32], zero[32] = {0};

    (void)state;
    crypt_random(a, sizeof(a));
    crypt_random(b, sizeof(b));
    assert_memory_not_equal(a, b, 32);
    assert_false(crypt_equal(a, b, 32));
    memcpy(b, a, 32);
    assert_true(crypt_equal(a, b, 32));
    b[31] ^= 1;
    assert_false(crypt_equal(a, b, 32));
    assert_true(crypt_equal(a, b, 0));
    crypt_wipe(a, sizeof(a));
    assert_memory_equal(a, zero, 32);
}

static void test_seal(void **state)
{
    struct arena *a = *state;
    unsigned char key[32] = {1}, other[32] = {2};
    struct bytes context = str_bytes(S("matter/7/body")), opened;
    struct bytes plain = str_bytes(S("身份证号")), sealed = crypt_seal(a, key, context, plain);

    assert_int_equal(sealed.n, plain.n + CRYPT_SEAL_EXTRA);
    assert_null(crypt_open(a, key, context, sealed, &opened));
    assert_str(bytes_str(opened), "身份证号");
    assert_memory_not_equal(sealed.p, crypt_seal(a, key, context, plain).p, 24); /* fresh nonce */
    assert_int_equal(crypt_open(a, other, context, sealed, &opened)->code, ERR_CRYPTO);
    assert_non_null(crypt_open(a, key, str_bytes(S("matter/8/body")), sealed, &opened));
    for (size_t i = 0; i < sealed.n; i++) {
        unsigned char *bad = arena_alloc(a, sealed.n, 1);

        memcpy(bad, sealed.p, sealed.n);
        bad[i] ^= 0x20;
        assert_non_null(crypt_open(a, key, context, (struct bytes){bad, sealed.n}, &opened));
        assert_non_null(crypt_open(a, key, context, (struct bytes){sealed.p, i}, &opened));
    }
    struct bytes none = {NULL, 0};
    assert_null(crypt_open(a, key, none, crypt_seal(a, key, none, none), &opened));
    assert_int_equal(opened.n, 0);
}

static void test_stream(void **state)
{
    static unsigned char plain[CRYPT_CHUNK], out[CRYPT_CHUNK];
    static unsigned char sealed[3][CRYPT_CHUNK + CRYPT_CHUNK_EXTRA];
    const size_t lens[] = {CRYPT_CHUNK, CRYPT_CHUNK, 10};
    unsigned char key[32] = {3}, header[CRYPT_STREAM_HEADER];
    struct crypt_stream *s = crypt_stream_seal(key, header);
    size_t n;
    bool last;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        memset(plain, (int)i + 1, sizeof(plain));
        n = crypt_stream_push(s, (struct bytes){plain, lens[i]}, i == 2, sealed[i]);
        assert_int_equal(n, lens[i] + CRYPT_CHUNK_EXTRA);
    }
    crypt_stream_free(s);

    s = crypt_stream_open(key, header);
    for (size_t i = 0; i < 3; i++) {
        struct bytes chunk = {sealed[i], lens[i] + CRYPT_CHUNK_EXTRA};

        assert_true(crypt_stream_pull(s, chunk, out, &n, &last));
        assert_int_equal(n, lens[i]);
        assert_int_equal(out[n - 1], i + 1);
        assert_int_equal(last, i == 2);
    }
    crypt_stream_free(s);

    /* Out of order, cut, too long, altered. */
    s = crypt_stream_open(key, header);
    struct bytes second = {sealed[1], sizeof(sealed[1])};
    assert_false(crypt_stream_pull(s, second, out, &n, &last));
    assert_false(crypt_stream_pull(s, (struct bytes){sealed[0], 16}, out, &n, &last));
    sealed[0][100] ^= 1;
    assert_false(
        crypt_stream_pull(s, (struct bytes){sealed[0], sizeof(sealed[0])}, out, &n, &last));
    sealed[0][100] ^= 1;
    assert_true(crypt_stream_pull(s, (struct bytes){sealed[0], sizeof(sealed[0])}, out, &n, &last));
    crypt_stream_free(s);
    crypt_stream_free(NULL);
}

/* RFC 8032, 7.1, tests 1 to 3. */
static void test_sign(void **state)
{
    static const struct {
        const char *seed, *key, *msg, *sig;
    } cases[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
         "c"
         "f9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
         "0"
         "f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7609"
         "8"
         "4dc6594a7c15e9716ed28dc027beceea1ec40a"},
    };
    unsigned char key[32], sig[64];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct bytes seed = unhex(*state, cases[i].seed), msg = unhex(*state, cases[i].msg);

        crypt_sign_public(seed.p, key);
        assert_memory_equal(key, unhex(*state, cases[i].key).p, 32);
        crypt_sign(seed.p, msg, sig);
        assert_memory_equal(sig, unhex(*state, cases[i].sig).p, 64);
        assert_true(crypt_verify(key, msg, sig));
        assert_false(crypt_verify(key, str_bytes(S("other")), sig));
        sig[i * 20] ^= 1;
        assert_false(crypt_verify(key, msg, sig));
    }
}

static void test_password(void **state)
{
    struct str phc = crypt_password_hash(*state, S("密码 correct horse"));

    assert_true(str_starts(phc, S("$argon2id$v=19$m=65536,t=2,p=1$")));
    assert_true(crypt_password_check(phc, S("密码 correct horse")));
    assert_false(crypt_password_check(phc, S("密码 correct horsf")));
    assert_false(crypt_password_check(phc, S("")));
    assert_false(crypt_password_check(S(""), S("")));
    assert_false(crypt_password_check(STR_NONE, STR_NONE));
    assert_false(crypt_password_check(S("$argon2id$nonsense"), S("x")));
    char longer[200];
    memset(longer, 'a', sizeof(longer));
    assert_false(crypt_password_check((struct str){longer, sizeof(longer)}, S("x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hmac), cmocka_unit_test(test_random_wipe_equal),
        cmocka_unit_test(test_seal), cmocka_unit_test(test_stream),
        cmocka_unit_test(test_sign), cmocka_unit_test(test_password),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
