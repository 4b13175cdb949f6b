/* Hexadecimal and base64: RFC 4648 section 10, and every non-canonical form refused. */
#include "base/arena.h"
#include "base/str.h"
#include "test/unit/base/unit.h"

#include <string.h>

static void test_base64_vectors(void **state)
{
    static const struct {
        const char *plain, *coded;
    } cases[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xff\xfe\xfd", "//79"},
        {"\xfb\xef", "++8="},
    };
    struct arena *a = arena_new(0);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes back;

        assert_str(str_base64(a, str_bytes(str_of(cases[i].plain))), cases[i].coded);
        assert_true(str_unbase64(a, str_of(cases[i].coded), &back));
        assert_str(bytes_str(back), cases[i].plain);
    }
    assert_str(str_base64url(a, str_bytes(S("\xff\xfe\xfd"))), "__79");
    assert_str(str_base64url(a, str_bytes(S("\xfb\xef"))), "--8");
    arena_free(a);
}

static void test_base64_refused(void **state)
{
    static const char *const bad[] = {"Z",          "Zg",    "Zg=",  "Zg===",    "Z===", "====",
                                      "=",          "Zh==",  "Zm9=", "Zg==Zg==", "Z=g=", "Zm9v\n",
                                      "Zm9v\nYg==", " Zm9v", "__79", "Zm9v====", "Zm9*"};
    struct arena *a = arena_new(0);
    struct bytes b;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (str_unbase64(a, str_of(bad[i]), &b)) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
    assert_false(str_unbase64(a, STR_NONE, &b));
    assert_false(str_unbase64(a, (struct str){"AA\0A", 4}, &b));
    arena_free(a);
}

static void test_base64_all_lengths(void **state)
{
    struct arena *a = arena_new(0);
    unsigned char data[100];

    (void)state;
    for (size_t n = 0; n < sizeof(data); n++) {
        data[n] = (unsigned char)(n * 37 + 200);
        struct bytes back;
        assert_true(str_unbase64(a, str_base64(a, (struct bytes){data, n}), &back));
        assert_int_equal(back.n, n);
        assert_memory_equal(back.p, data, n);
    }
    arena_free(a);
}

static void test_hex(void **state)
{
    struct arena *a = arena_new(0);
    struct bytes b;

    (void)state;
    assert_str(str_hex(a, str_bytes(S("\x01\xaf\xff"))), "01afff");
    assert_str(str_hex(a, (struct bytes){NULL, 0}), "");
    assert_true(str_unhex(a, S("01aFfF"), &b) && b.n == 3);
    assert_memory_equal(b.p, "\x01\xaf\xff", 3);
    assert_true(str_unhex(a, S(""), &b) && b.n == 0);
    assert_false(str_unhex(a, S("0"), &b));
    assert_false(str_unhex(a, S("0g"), &b));
    assert_false(str_unhex(a, S("0x"), &b));
    assert_false(str_unhex(a, STR_NONE, &b));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64_vectors),
        cmocka_unit_test(test_base64_refused),
        cmocka_unit_test(test_base64_all_lengths),
        cmocka_unit_test(test_hex),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
