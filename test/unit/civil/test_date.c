/* Dates against a day-by-day walk over all years that may be typed, and against written examples.
 */
#include "civil_test.h"

#include <string.h>

/* Leap years and month lengths once more, in another way. */
static int length_of(int year, int month)
{
    static const int plain[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    return month == 2 && leap ? 29 : plain[month - 1];
}

static void test_walk(void **state)
{
    (void)state;
    int32_t number = day("1900-01-01");
    assert_int_equal(number, -25567);
    int weekday = 1; /* 1 January 1900 was a Monday */
    for (int y = 1900; y <= 2199; y++) {
        for (int m = 1; m <= 12; m++) {
            assert_int_equal(civil_month_days(y, m), length_of(y, m));
            for (int d = 1; d <= length_of(y, m); d++) {
                struct ymd want = {y, m, d};
                struct ymd got = civil_ymd(number);
                assert_true(civil_ymd_ok(want));
                assert_int_equal(civil_day(want), number);
                assert_true(got.year == y && got.month == m && got.day == d);
                assert_int_equal(civil_weekday(number), weekday);
                char text[11];
                int32_t back = 0;
                civil_format(number, text);
                assert_true(civil_parse(str_of(text), &back) && back == number);
                weekday = weekday % 7 + 1;
                number++;
            }
            assert_false(civil_ymd_ok((struct ymd){y, m, length_of(y, m) + 1}));
        }
    }
    assert_day(number, "2200-01-01");
}

static void test_far_days(void **state)
{
    (void)state;
    struct ymd d = civil_ymd(-719468);
    assert_true(d.year == 0 && d.month == 3 && d.day == 1);
    assert_day(2932896, "9999-12-31");
    assert_day(-719468, "0000-03-01");
    assert_int_equal(civil_weekday(-4), 7);
    assert_int_equal(civil_weekday(INT32_MIN) >= 1 && civil_weekday(INT32_MIN) <= 7, 1);
}

static void test_parse_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "2026-02-29", "2026-02-30", "2026-04-31", "2026-13-01",  "2026-00-10",
        "2026-01-00", "2026-1-01",  "20260101",   "2026/01/01", "2026-01-01 ", " 2026-01-01",
        "2026-01-0x", "+026-01-01", "1899-12-31", "2200-01-01", "2026-01-1:",  "２０２６-01-01",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int32_t d = 7;
        assert_false(civil_parse(str_of(bad[i]), &d));
        assert_int_equal(d, 7);
    }
    int32_t d = 0;
    assert_false(civil_parse(STR_NONE, &d));
}

static void test_months(void **state)
{
    (void)state;
    assert_day(civil_add_months(day("2026-01-31"), 1), "2026-02-28");
    assert_day(civil_add_months(day("2024-01-31"), 1), "2024-02-29");
    assert_day(civil_add_months(day("2024-02-29"), 12), "2025-02-28");
    assert_day(civil_add_months(day("2026-12-15"), 1), "2027-01-15");
    assert_day(civil_add_months(day("2026-03-31"), -1), "2026-02-28");
    assert_day(civil_add_months(day("2026-01-15"), -25), "2023-12-15");
    assert_day(civil_month_end(day("2028-02-01")), "2028-02-29");
    assert_day(civil_quarter_end(day("2026-01-01")), "2026-03-31");
    assert_day(civil_quarter_end(day("2026-06-30")), "2026-06-30");
    assert_day(civil_quarter_end(day("2026-11-02")), "2026-12-31");
    assert_day(civil_year_end(day("2026-11-02")), "2026-12-31");
}

static void test_instants(void **state)
{
    (void)state;
    /* 16:00 UTC is midnight in China. */
    assert_int_equal(civil_day_of(-CIVIL_OFFSET_MS), 0);
    assert_int_equal(civil_day_of(-CIVIL_OFFSET_MS - 1), -1);
    assert_int_equal(civil_day_of(CIVIL_DAY_MS - CIVIL_OFFSET_MS - 1), 0);
    assert_int_equal(civil_day_of(CIVIL_DAY_MS - CIVIL_OFFSET_MS), 1);
    assert_int_equal(civil_day_end(5), civil_day_start(6));
    assert_int_equal(civil_minute_of_day(civil_day_start(-3)), 0);
    assert_int_equal(civil_minute_of_day(civil_day_end(-3) - 1), 1439);
    assert_int_equal(civil_minute_of_day(civil_day_start(20000) + 61 * INT64_C(60000)), 61);
    assert_int_equal(civil_day_of(CIVIL_NEVER), INT32_MAX);
    assert_int_equal(civil_day_of(INT64_MIN), -INT32_MAX);
}

static void test_rfc3339(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    int64_t ms = 0;
    assert_true(civil_instant_parse(S("1970-01-01T08:00:00+08:00"), &ms));
    assert_int_equal(ms, 0);
    assert_true(civil_instant_parse(S("1970-01-01T00:00:00.5Z"), &ms));
    assert_int_equal(ms, 500);
    assert_true(civil_instant_parse(S("2026-03-02T09:30:00.123456789-05:30"), &ms));
    assert_true(str_eq(civil_instant_text(a, ms), S("2026-03-02T23:00:00.123+08:00")));
    assert_true(str_eq(civil_instant_text(a, -1), S("1970-01-01T07:59:59.999+08:00")));
    assert_null(civil_instant_text(a, CIVIL_NEVER).p);
    static const char *const bad[] = {
        "2026-03-02",
        "2026-03-02T09:30:00",
        "2026-03-02 09:30:00Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T09:60:00Z",
        "2026-03-02T09:30:60Z",
        "2026-03-02T09:30:00.Z",
        "2026-03-02T09:30:00.1234567890Z",
        "2026-03-02T09:30:00+0800",
        "2026-03-02T09:30:00+24:00",
        "2026-03-02T09:30:00+08:60",
        "2026-02-30T09:30:00Z",
        "2026-03-02T09:30:00Zx",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(civil_instant_parse(str_of(bad[i]), &ms));
    }
    arena_free(a);
}

static void test_text(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    assert_true(str_eq(civil_text(a, day("2026-03-02")), S("2026-03-02")));
    assert_true(str_eq(civil_text_zh(a, day("2026-03-02")), S("2026年3月2日")));
    assert_null(civil_text(a, CIVIL_NO_DAY).p);
    assert_null(civil_text_zh(a, CIVIL_NO_DAY).p);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk),          cmocka_unit_test(test_far_days),
        cmocka_unit_test(test_parse_refuses), cmocka_unit_test(test_months),
        cmocka_unit_test(test_instants),      cmocka_unit_test(test_rfc3339),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
