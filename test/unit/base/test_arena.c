/* Arenas: alignment, zeroing, growth, reset, cap, deferred calls. */
#include "base/arena.h"
#include "test/unit/base/unit.h"

#include <stdbool.h>
#include <string.h>

static bool all_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != 0) {
            return false;
        }
    }
    return true;
}

static void test_aligned_and_zero(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    for (size_t align = 1; align <= 256; align *= 2) {
        unsigned char *p = arena_alloc(a, 13, align);

        assert_int_equal((uintptr_t)p % align, 0);
        assert_true(all_zero(p, 13));
        memset(p, 0xFF, 13);
    }
    arena_free(a);
}

static void test_blocks_do_not_overlap(void **state)
{
    enum { N = 500 };
    struct arena *a = arena_new(0);
    unsigned char *p[N];

    (void)state;
    for (int i = 0; i < N; i++) {
        p[i] = arena_alloc(a, (size_t)i * 7, 8);
        memset(p[i], i & 255, (size_t)i * 7);
    }
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < i * 7; k++) {
            assert_int_equal(p[i][k], i & 255);
        }
    }
    arena_free(a);
}

static void test_reset_zeroes_again(void **state)
{
    struct arena *a = arena_new(0);
    unsigned char *p = arena_alloc(a, 100, 1);

    (void)state;
    memset(p, 0xEE, 100);
    arena_alloc(a, 1 << 20, 1);
    assert_int_equal(arena_used(a), 100 + (1 << 20));
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    assert_true(all_zero(arena_alloc(a, 100, 1), 100));
    arena_free(a);
}

static void test_empty_blocks_differ(void **state)
{
    struct arena *a = arena_new(0);
    void *p = arena_alloc(a, 0, 1);

    (void)state;
    assert_non_null(p);
    assert_ptr_not_equal(p, arena_alloc(a, 0, 1));
    assert_non_null(ARENA_ARRAY(a, int64_t, 0));
    arena_free(a);
}

struct trace {
    char text[8];
    size_t n;
};
struct mark {
    struct trace *trace;
    char name;
};

static void note_end(void *arg)
{
    struct mark *m = arg;

    m->trace->text[m->trace->n++] = m->name;
}

static void test_deferred_newest_first(void **state)
{
    struct arena *a = arena_new(0);
    struct trace trace = {{0}, 0};

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (char name = 'a'; name <= 'c'; name++) {
            struct mark *m = ARENA_NEW(a, struct mark);

            *m = (struct mark){&trace, name};
            arena_defer(a, note_end, m);
        }
        if (round == 0) {
            arena_reset(a);
            assert_string_equal(trace.text, "cba");
        }
    }
    arena_free(a);
    assert_string_equal(trace.text, "cbacba");
    arena_free(NULL);
}

static void over_cap(void *arg)
{
    arena_alloc(arg, 1001, 1);
}

static void over_sum(void *arg)
{
    arena_alloc(arg, 600, 1);
    arena_alloc(arg, 401, 1);
}

static void over_product(void *arg)
{
    arena_array(arg, SIZE_MAX / 2, 3, 1);
}

static void odd_alignment(void *arg)
{
    arena_alloc(arg, 8, 3);
}

static void test_mistakes_stop(void **state)
{
    struct arena *a = arena_new(1000);

    (void)state;
    arena_alloc(a, 600, 1);
    arena_alloc(a, 400, 1); /* exactly the cap */
    arena_reset(a);
    assert_dies(over_cap, a);
    assert_dies(over_sum, a);
    assert_dies(over_product, a);
    assert_dies(odd_alignment, a);
    arena_free(a);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
static void read_after_reset(void *arg)
{
    struct arena *a = arg;
    volatile unsigned char *p = arena_alloc(a, 32, 1);

    arena_reset(a);
    (void)p[0];
}

static void read_past_end(void *arg)
{
    volatile unsigned char *p = arena_alloc(arg, 32, 1);

    (void)p[32];
}

static void test_poisoned(void **state)
{
    struct arena *a = arena_new(0);

    (void)state;
    assert_dies(read_after_reset, a);
    assert_dies(read_past_end, a);
    arena_free(a);
}
#endif

static void test_mem(void **state)
{
    int64_t *p = mem_new(2, sizeof(*p));

    (void)state;
    assert_int_equal(p[1], 0);
    p[1] = 7;
    p = mem_grow(p, 2, 100, sizeof(*p));
    assert_int_equal(p[1], 7);
    assert_int_equal(p[99], 0);
    mem_free(p);
    mem_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aligned_and_zero),
        cmocka_unit_test(test_blocks_do_not_overlap),
        cmocka_unit_test(test_reset_zeroes_again),
        cmocka_unit_test(test_empty_blocks_differ),
        cmocka_unit_test(test_deferred_newest_first),
        cmocka_unit_test(test_mistakes_stop),
#ifdef __SANITIZE_ADDRESS__
        cmocka_unit_test(test_poisoned),
#endif
        cmocka_unit_test(test_mem),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
