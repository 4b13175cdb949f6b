/* Path and query: decoded once, per segment; tricks are refused, never "repaired". */
#include "base/arena.h"
#include "base/check.h"
#include "http/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void test_paths(void **state)
{
    static const struct {
        const char *raw, *path; /* NULL: refused */
    } rows[] = {
        {"/", "/"},
        {"/a/b", "/a/b"},
        {"/a//b/", "/a//b/"},
        {"/%E7%94%B3%e8%af%b7", "/申请"},
        {"/a+b", "/a+b"},
        {"/...", "/..."},
        {"/a.b/..c", "/a.b/..c"},
        {"/.", NULL},
        {"/..", NULL},
        {"/a/../b", NULL},
        {"/a/%2e%2e/b", NULL},
        {"/%2e", NULL},
        {"/.%2e/x", NULL},
        {"/..%2f..%2fetc/passwd", NULL},
        {"/a%2Fb", NULL},
        {"/a%5cb", NULL},
        {"/a\\..\\b", NULL},
        {"/a%00b", NULL},
        {"/a%0ab", NULL},
        {"/a%7f", NULL},
        {"/a%", NULL},
        {"/a%4", NULL},
        {"/a%zz", NULL},
        {"/%c0%ae%c0%ae", NULL},
        {"/%ff", NULL},
        {"/%ed%a0%80", NULL},
        {"/%e2%80%ae", NULL},
        {"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24",
         "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24"},
        {"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25", NULL},
    };
    struct arena *a = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct target t;
        bool good = target_parse(a, str_of(rows[i].raw), &t) == NULL;
        if (good != (rows[i].path != NULL) || (good && !str_eqz(t.path, rows[i].path))) {
            fail_msg("%s", rows[i].raw);
        }
    }
    arena_free(a);
}

static void test_query(void **state)
{
    static const struct {
        const char *raw, *a; /* value of "a"; NULL: refused */
        size_t n;
    } rows[] = {
        {"/?a=1&b=2", "1", 2},
        {"/?a=%E7%94%B3+x%2By", "申 x+y", 1},
        {"/?a", "", 1},
        {"/?a=", "", 1},
        {"/?a=b=c", "b=c", 1},
        {"/?a=1&a=2", "1", 2},
        {"/?&&a=1&", "1", 1},
        {"/?a=1?b", "1?b", 1},
        {"/?a=../..", "../..", 1},
        {"/?a=%00", NULL, 0},
        {"/?a=%", NULL, 0},
        {"/?a=%ff", NULL, 0},
        {"/?=1", NULL, 0},
    };
    struct arena *a = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct target t;
        bool good = target_parse(a, str_of(rows[i].raw), &t) == NULL;
        if (good != (rows[i].a != NULL) ||
            (good && (!str_eqz(target_query(&t, S("a")), rows[i].a) || t.n_pairs != rows[i].n))) {
            fail_msg("%s", rows[i].raw);
        }
    }
    arena_free(a);
}

static void test_query_limits(void **state)
{
    static char raw[4096];
    struct arena *a = arena_new(0);
    struct target t;
    size_t n = 2;

    (void)state;
    memcpy(raw, "/?", 2);
    for (size_t i = 0; i < TARGET_PAIRS_MAX; i++) {
        memcpy(raw + n, "a=&", 3);
        n += 3;
    }
    assert_null(target_parse(a, (struct str){raw, n}, &t));
    memcpy(raw + n, "a=", 2);
    assert_non_null(target_parse(a, (struct str){raw, n + 2}, &t));
    memset(raw, 'v', sizeof(raw));
    memcpy(raw, "/?a=", 4);
    assert_null(target_parse(a, (struct str){raw, 4 + TARGET_QUERY_VALUE_MAX}, &t));
    assert_non_null(target_parse(a, (struct str){raw, 5 + TARGET_QUERY_VALUE_MAX}, &t));
    arena_free(a);
}

/* Whatever comes: no fault of memory (run it under ASan), and what is let in keeps the promises. */
static void test_random(void **state)
{
    static const char letters[] = "/.%%%2efF05cCaA0?&=+;:@[]~-_\\xz\xe7\x94\xb3";
    struct arena *a = arena_new(0);
    uint64_t seed = 20261124;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        char raw[64] = "/";
        size_t n = 1;
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        for (size_t len = 1 + (seed >> 59); n <= len; n++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            raw[n] = letters[(seed >> 33) % (sizeof(letters) - 1)];
        }
        struct target t;
        if (target_parse(a, (struct str){raw, n}, &t) == NULL) {
            assert_true(t.n_seg >= 1 && t.n_seg <= TARGET_SEGMENTS_MAX && t.path.p[0] == '/');
            for (size_t i = 0; i < t.n_seg; i++) {
                assert_true(str_find_char(t.seg[i], '/') < 0 && str_find_char(t.seg[i], '\0') < 0);
                assert_false(str_eqz(t.seg[i], "..") || str_eqz(t.seg[i], "."));
            }
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
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_query_limits),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
