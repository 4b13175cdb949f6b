/* Maps: against a plain model under random puts and deletions, and order of insertion. */
#include "base/arena.h"
#include "base/map.h"
#include "test/unit/base/unit.h"

static void test_basics(struct map *m)
{
    int one = 1, two = 2;
    struct str key = STR_NONE;

    assert_int_equal(map_count(m), 0);
    assert_null(map_get(m, S("a")));
    assert_null(map_put(m, S("a"), &one));
    assert_null(map_put(m, S(""), &two));
    assert_ptr_equal(map_put(m, S("a"), &two), &one);
    assert_ptr_equal(map_get(m, S("a")), &two);
    assert_ptr_equal(map_get(m, S("")), &two);
    assert_null(map_get(m, (struct str){"a\0", 2}));
    assert_int_equal(map_count(m), 2);
    assert_ptr_equal(map_at(m, 0, &key), &two);
    assert_str(key, "a");
    assert_ptr_equal(map_at(m, 1, NULL), &two);
    assert_ptr_equal(map_del(m, S("a")), &two);
    assert_null(map_del(m, S("a")));
    assert_int_equal(map_count(m), 1);
    assert_ptr_equal(map_at(m, 0, &key), &two);
    assert_str(key, "");
    /* Numbers and texts of the same bytes are different keys. */
    assert_null(map_put_int(m, 0, &one));
    assert_null(map_put_int(m, INT64_MIN, &two));
    assert_ptr_equal(map_get_int(m, 0), &one);
    assert_ptr_equal(map_get_int(m, INT64_MIN), &two);
    assert_null(map_get(m, (struct str){"\0\0\0\0\0\0\0\0", 8}));
    assert_ptr_equal(map_del_int(m, 0), &one);
    assert_null(map_get_int(m, 0));
}

static void test_both_homes(void **state)
{
    struct arena *a = arena_new(0);
    struct map *m = map_new(NULL);

    (void)state;
    test_basics(map_new(a));
    test_basics(m);
    map_free(m);
    map_free(NULL);
    arena_free(a);
}

static void test_keys_are_copied(void **state)
{
    struct map *m = map_new(NULL);
    char key[] = "token";

    (void)state;
    map_put(m, str_of(key), m);
    key[0] = 'x';
    assert_ptr_equal(map_get(m, S("token")), m);
    map_free(m);
}

/* Keys 0..N-1 with a value or NULL each, and a count; random steps by a fixed generator. */
static void test_against_model(void **state)
{
    enum { N = 300, STEPS = 60000 };
    static char values[N];
    bool there[N] = {false};
    struct map *m = map_new(NULL);
    size_t count = 0;
    uint32_t seed = 1;

    (void)state;
    for (int i = 0; i < STEPS; i++) {
        seed = seed * 1664525 + 1013904223;
        unsigned k = (seed >> 8) % N;
        /* Phases of growth and of shrinking, so the table passes through all its sizes. */
        bool put = (seed >> 28) < (i / 5000 % 2 == 0 ? 12 : 4);

        if (put) {
            assert_ptr_equal(map_put_int(m, (int64_t)k - 5, &values[k]),
                             there[k] ? &values[k] : NULL);
            count += !there[k];
        } else {
            assert_ptr_equal(map_del_int(m, (int64_t)k - 5), there[k] ? &values[k] : NULL);
            count -= there[k];
        }
        there[k] = put;
        assert_int_equal(map_count(m), count);
        if (i % 97 == 0) {
            for (unsigned q = 0; q < N; q++) {
                assert_ptr_equal(map_get_int(m, (int64_t)q - 5), there[q] ? &values[q] : NULL);
            }
        }
    }
    map_free(m);
}

static void test_order(void **state)
{
    enum { N = 1000 };
    static char values[N];
    struct arena *a = arena_new(0);
    struct map *m = map_new(a);
    size_t at = 0, n = 0;
    void *value;
    struct str key;

    (void)state;
    for (int i = 0; i < N; i++) {
        map_put(m, str_fmt(a, "k%d", i), &values[i]);
    }
    for (int i = 0; i < N; i += 3) {
        map_del(m, str_fmt(a, "k%d", i));
    }
    map_put(m, S("k0"), &values[0]); /* again: now the newest */
    for (int i = 0; i < N; i++) {
        if (i % 3 != 0) {
            assert_ptr_equal(map_at(m, n, &key), &values[i]);
            assert_true(map_next(m, &at, &key, &value));
            assert_ptr_equal(value, &values[i]);
            assert_true(str_eq(key, str_fmt(a, "k%d", i)));
            n++;
        }
    }
    assert_true(map_next(m, &at, NULL, &value));
    assert_ptr_equal(value, &values[0]);
    assert_false(map_next(m, &at, NULL, &value));
    assert_int_equal(map_count(m), n + 1);
    arena_free(a);
}

static void past_the_end(void *arg)
{
    map_at(arg, 0, NULL);
}

static void no_key(void *arg)
{
    map_put(arg, STR_NONE, arg);
}

static void test_misuse(void **state)
{
    struct map *m = map_new(NULL);

    (void)state;
    assert_dies(past_the_end, m);
    assert_dies(no_key, m);
    map_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_homes),    cmocka_unit_test(test_keys_are_copied),
        cmocka_unit_test(test_against_model), cmocka_unit_test(test_order),
        cmocka_unit_test(test_misuse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
