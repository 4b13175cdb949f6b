/* Numbers: what must be read and, above all, what must not. */
#include "base/num.h"
#include "test/unit/base/unit.h"

static void test_parse(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"7", true, 7},
        {"-1", true, -1},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"18446744073709551616", false, 0},
        {"99999999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"--1", false, 0},
        {"-0", false, 0},
        {"+1", false, 0},
        {"01", false, 0},
        {"00", false, 0},
        {"-01", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1\n", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"0x10", false, 0},
        {"１", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t v = 0;

        assert_int_equal(num_parse(str_of(cases[i].text), INT64_MIN, INT64_MAX, &v), cases[i].ok);
        assert_true(v == cases[i].value);
    }
    int64_t v = 5;
    assert_false(num_parse(STR_NONE, 0, 9, &v));
    assert_false(num_parse(S("10"), 0, 9, &v));
    assert_false(num_parse(S("-1"), 0, 9, &v));
    assert_int_equal(v, 5);
    assert_false(num_parse((struct str){"1\0", 2}, 0, 9, &v));
}

static void test_digits(void **state)
{
    int64_t v = 0;

    (void)state;
    assert_true(num_digits(S("007"), &v) && v == 7);
    assert_true(num_digits(S("2026"), &v) && v == 2026);
    assert_false(num_digits(S(""), &v));
    assert_false(num_digits(STR_NONE, &v));
    assert_false(num_digits(S("-7"), &v));
    assert_false(num_digits(S("1a"), &v));
    assert_false(num_digits(S("99999999999999999999"), &v));
}

static void test_u64(void **state)
{
    uint64_t v = 0;

    (void)state;
    assert_true(num_parse_u64(S("18446744073709551615"), UINT64_MAX, &v) && v == UINT64_MAX);
    assert_false(num_parse_u64(S("18446744073709551616"), UINT64_MAX, &v));
    assert_false(num_parse_u64(S("9223372036854775808"), INT64_MAX, &v));
    assert_false(num_parse_u64(S("-1"), UINT64_MAX, &v));
    assert_false(num_parse_u64(S("007"), UINT64_MAX, &v));
}

static void overflow_add(void *arg)
{
    (void)arg;
    (void)size_add(SIZE_MAX, 1);
}

static void overflow_mul(void *arg)
{
    (void)arg;
    (void)size_mul(SIZE_MAX / 2, 3);
}

static void test_sums(void **state)
{
    int64_t v;

    (void)state;
    assert_true(num_add(1, 2, &v) && v == 3);
    assert_false(num_add(INT64_MAX, 1, &v));
    assert_true(num_mul(-3, 7, &v) && v == -21);
    assert_false(num_mul(INT64_MIN, -1, &v));
    assert_true(num_add_sat(INT64_MAX, 5) == INT64_MAX);
    assert_true(num_add_sat(INT64_MIN, -5) == INT64_MIN);
    assert_true(num_add_sat(INT64_MIN, 5) == INT64_MIN + 5);
    assert_int_equal(size_add(2, 3), 5);
    assert_int_equal(size_mul(2, 3), 6);
    assert_dies(overflow_add, NULL);
    assert_dies(overflow_mul, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_u64),
        cmocka_unit_test(test_sums),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
