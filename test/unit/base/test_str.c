/* Slices: comparing, finding, cutting, trimming, splitting, copying. */
#include "base/arena.h"
#include "base/str.h"
#include "test/unit/base/unit.h"

#include <string.h>

static void test_equal_and_order(void **state)
{
    (void)state;
    assert_true(str_eq(STR_NONE, STR_NONE));
    assert_false(str_eq(STR_NONE, S("")));
    assert_false(str_eq(S(""), STR_NONE));
    assert_true(str_eq(S(""), S("")));
    assert_true(str_eq(S("事项"), S("事项")));
    assert_false(str_eq(S("ab"), S("abc")));
    assert_true(str_eqz(S("ab"), "ab"));
    assert_true(str_eqz(STR_NONE, NULL));
    assert_true(str_cmp(STR_NONE, S("")) < 0);
    assert_true(str_cmp(S(""), STR_NONE) > 0);
    assert_true(str_cmp(S("ab"), S("abc")) < 0);
    assert_true(str_cmp(S("b"), S("abc")) > 0);
    assert_true(str_cmp(S("\x7f"), S("\x80")) < 0); /* bytes, not signed chars */
    assert_int_equal(str_cmp(S("x"), S("x")), 0);
    assert_null(str_of(NULL).p);
}

static void test_find(void **state)
{
    (void)state;
    assert_true(str_starts(S("huhang"), S("hu")));
    assert_true(str_starts(STR_NONE, S("")));
    assert_false(str_starts(S("h"), S("hu")));
    assert_true(str_ends(S("huhang"), S("ang")));
    assert_false(str_ends(S("g"), S("ang")));
    assert_int_equal(str_find(S("a,b,c"), S(",c")), 3);
    assert_int_equal(str_find(S("a"), S("ab")), -1);
    assert_int_equal(str_find(STR_NONE, S("a")), -1);
    assert_int_equal(str_find(S("a"), S("")), 0);
    assert_int_equal(str_find_char(S("a=b"), '='), 1);
    assert_int_equal(str_find_char(S(""), '='), -1);
}

static void test_cut(void **state)
{
    (void)state;
    assert_str(str_sub(S("abcdef"), 1, 3), "bc");
    assert_str(str_sub(S("abc"), 2, 99), "c");
    assert_str(str_sub(S("abc"), 9, 99), "");
    assert_str(str_sub(S("abc"), 2, 1), "");
    assert_null(str_sub(STR_NONE, 0, 1).p);
    assert_str(str_trim(S(" \t\r\n　申请　 人　 ")), "申请　 人");
    assert_str(str_trim(S(" 　 ")), "");
    assert_null(str_trim(STR_NONE).p);
    /* A character that ends in the bytes of U+3000 is not a blank. */
    assert_str(str_trim(S("\xE4\x80\x80")), "\xE4\x80\x80");
}

static void test_split(void **state)
{
    struct str rest = S("a,,b,");
    const char *want[] = {"a", "", "b", ""};
    size_t n = 0;

    (void)state;
    while (rest.p != NULL) {
        assert_true(n < 4);
        assert_str(str_split(&rest, ','), want[n++]);
    }
    assert_int_equal(n, 4);
}

static void nul_inside(void *arg)
{
    str_z(arg, (struct str){"a\0b", 3});
}

static void test_copies(void **state)
{
    struct arena *a = arena_new(0);
    char text[] = "中心";
    struct str copy = str_dup(a, str_of(text));

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    assert_str(copy, "中心");
    assert_null(str_dup(a, STR_NONE).p);
    assert_non_null(str_dup(a, S("")).p);
    assert_null(bytes_dup(a, (struct bytes){NULL, 0}).p);
    assert_string_equal(str_z(a, (struct str){"abc", 2}), "ab");
    assert_string_equal(str_z(a, STR_NONE), "");
    assert_dies(nul_inside, a);
    assert_str(str_fmt(a, "%s-%d", "办件", 7), "办件-7");
    assert_str(str_fmt(a, "%s", ""), "");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_and_order),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
