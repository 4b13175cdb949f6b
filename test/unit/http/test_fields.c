/* Cookies, tags, ranges, media types, codings, file names. */
#include "base/arena.h"
#include "base/check.h"
#include "http/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_cookies(void **state)
{
    static const struct {
        const char *header, *value; /* of "huhang"; NULL: none */
    } rows[] = {
        {"huhang=abc", "abc"},
        {"a=1; huhang=abc; b=2", "abc"},
        {"a=1;huhang=abc", "abc"},
        {"huhang=", ""},
        {"huhang=a=b", "a=b"},
        {"huhang=abc; huhang=def", NULL},
        {"huhang=a b", NULL},
        {"huhang=\"abc\"", NULL},
        {"huhang=a,b", NULL},
        {"Huhang=abc", NULL},
        {"xhuhang=abc", NULL},
        {"huhang", NULL},
        {"", NULL},
        {NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str v = cookie_get(str_of(rows[i].header), S("huhang"));
        if (!str_eq(v, str_of(rows[i].value))) {
            fail_msg("%s", rows[i].header);
        }
    }
}

static void test_etags(void **state)
{
    (void)state;
    assert_true(etag_listed(S("\"a\""), S("a")));
    assert_true(etag_listed(S("\"b\", \"a\""), S("a")));
    assert_true(etag_listed(S("W/\"a\""), S("a")));
    assert_true(etag_listed(S(" * "), S("a")));
    assert_false(etag_listed(S("\"b\""), S("a")));
    assert_false(etag_listed(S("a"), S("a")));
    assert_false(etag_listed(S("\"a"), S("a")));
    assert_false(etag_listed(STR_NONE, S("a")));

    assert_true(str_eqz(etag_single(S("\"7\"")), "7"));
    assert_true(str_eqz(etag_single(S("*")), "*"));
    assert_null(etag_single(S("W/\"7\"")).p);
    assert_null(etag_single(S("\"7\", \"8\"")).p);
    assert_null(etag_single(S("7")).p);
    assert_null(etag_single(S("\"\"")).p);
    assert_null(etag_single(STR_NONE).p);
    assert_true(etag_ok(S("a-1")));
    assert_false(etag_ok(S("a\"b")));
    assert_false(etag_ok(S("a b")));
}

static void test_ranges(void **state)
{
    static const struct {
        const char *range;
        uint64_t size;
        enum range_result want;
        uint64_t from, n;
    } rows[] = {
        /* clang-format off */
        {NULL,                10, RANGE_WHOLE, 0, 10},
        {"bytes=0-4",         10, RANGE_PART, 0, 5},
        {"bytes=4-",          10, RANGE_PART, 4, 6},
        {"bytes=-3",          10, RANGE_PART, 7, 3},
        {"bytes=-30",         10, RANGE_PART, 0, 10},
        {"bytes=0-99",        10, RANGE_PART, 0, 10},
        {"bytes=9-9",         10, RANGE_PART, 9, 1},
        {"bytes=10-",         10, RANGE_OUTSIDE, 0, 10},
        {"bytes=-0",          10, RANGE_OUTSIDE, 0, 10},
        {"bytes=0-0",          0, RANGE_OUTSIDE, 0, 0},
        {"bytes=-5",           0, RANGE_OUTSIDE, 0, 0},
        {"bytes=5-4",         10, RANGE_WHOLE, 0, 10},
        {"bytes=0-1,3-4",     10, RANGE_WHOLE, 0, 10},
        {"bytes=-",           10, RANGE_WHOLE, 0, 10},
        {"bytes=a-b",         10, RANGE_WHOLE, 0, 10},
        {"bytes=0-18446744073709551615", 10, RANGE_PART, 0, 10},
        {"bytes=0-18446744073709551616", 10, RANGE_WHOLE, 0, 10},
        {"items=0-4",         10, RANGE_WHOLE, 0, 10},
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t from;
        uint64_t n;
        enum range_result r = range_parse(str_of(rows[i].range), rows[i].size, &from, &n);
        if (r != rows[i].want || from != rows[i].from || n != rows[i].n) {
            fail_msg("%s of %lu", rows[i].range, (unsigned long)rows[i].size);
        }
    }
}

static void test_media(void **state)
{
    bool utf8;

    (void)state;
    assert_true(str_eqz(media_type(S("application/json"), &utf8), "application/json") && utf8);
    assert_true(
        str_eqz(media_type(S("application/json; charset=UTF-8"), &utf8), "application/json") &&
        utf8);
    assert_true(
        str_eqz(media_type(S("application/json;charset=\"utf-8\""), &utf8), "application/json") &&
        utf8);
    (void)media_type(S("application/json; charset=gbk"), &utf8);
    assert_false(utf8);

    assert_true(media_accepted(STR_NONE, S("application/json")));
    assert_true(media_accepted(S("text/html, */*;q=0.1"), S("application/json")));
    assert_true(media_accepted(S("application/*"), S("application/json")));
    assert_false(media_accepted(S("text/html"), S("application/json")));
    assert_false(media_accepted(S("*/*, application/json;q=0"), S("application/json")));
    assert_false(media_accepted(S("application/json;q=0.000"), S("application/json")));

    assert_true(coding_accepted(S("gzip, deflate, br"), S("br")));
    assert_true(coding_accepted(S("br;q=0.5"), S("br")));
    assert_false(coding_accepted(S("gzip, br;q=0"), S("br")));
    assert_false(coding_accepted(S("*"), S("br")));
    assert_false(coding_accepted(STR_NONE, S("br")));
}

static void test_disposition(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    assert_true(str_eqz(disposition(a, S("受理通知书1.pdf"), true),
                        "inline; filename=\"_____1.pdf\"; "
                        "filename*=UTF-8''%E5%8F%97%E7%90%86%E9%80%9A%E7%9F%A5%E4%B9%A61.pdf"));
    assert_true(str_eqz(disposition(a, S("a\"b\r\n.txt"), false),
                        "attachment; filename=\"a_b__.txt\"; filename*=UTF-8''a%22b%0D%0A.txt"));
    arena_free(a);
}

/* Whatever comes: no fault of memory (run it under ASan), and ranges stay inside. */
static void test_random(void **state)
{
    static const char letters[] = "bytes=0123456789-,; \t\"W/*q=.huang%\\\x80";
    struct arena *a = arena_new(0);
    uint64_t seed = 20261124;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        char raw[64];
        size_t n = 0;
        bool utf8;
        uint64_t from;
        uint64_t part;
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        for (size_t len = seed >> 59; n < len; n++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            raw[n] = letters[(seed >> 33) % (sizeof(letters) - 1)];
        }
        struct str s = {raw, n};
        (void)cookie_get(s, S("huhang"));
        (void)etag_listed(s, S("1"));
        (void)etag_single(s);
        (void)media_type(s, &utf8);
        (void)media_accepted(s, S("application/json"));
        (void)coding_accepted(s, S("br"));
        (void)disposition(a, s, true);
        uint64_t size = seed >> 60;
        if (range_parse(s, size, &from, &part) == RANGE_PART) {
            assert_true(part > 0 && from < size && part <= size - from);
        }
        if (round % 1000 == 0) {
            arena_reset(a);
        }
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cookies),     cmocka_unit_test(test_etags),
        cmocka_unit_test(test_ranges),      cmocka_unit_test(test_media),
        cmocka_unit_test(test_disposition), cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
