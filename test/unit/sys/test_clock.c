/* Time and its trust (design.md 4): the rules at their edges, and reading from many threads. */
#include "base/check.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/thread.h"
#include "test/unit/base/unit.h"

#include <time.h>

#define START  ((int64_t)1772416800000) /* 2026-03-02 10:00 +08:00 */
#define MINUTE ((int64_t)60000)
#define DAY    (24 * 60 * MINUTE)

static void test_simulated(void **state)
{
    struct clock_source *c = clock_simulated(START);

    (void)state;
    assert_int_equal(clock_office_ms(c), START);
    assert_int_equal(clock_real_ms(c), START);
    assert_int_equal(clock_mono_ms(c), 0);
    assert_int_equal(clock_office_ms(c), START); /* stands still */
    clock_set(c, START + 5000);
    assert_int_equal(clock_office_ms(c), START + 5000);
    assert_int_equal(clock_mono_ms(c), 5000);
    clock_set_offset(c, DAY);
    assert_int_equal(clock_offset(c), DAY);
    assert_int_equal(clock_office_ms(c), START + 5000 + DAY);
    assert_int_equal(clock_real_ms(c), START + 5000); /* sessions do not jump */
    clock_set(c, START + 2 * DAY);
    assert_int_equal(clock_office_ms(c), START + 2 * DAY);
    assert_int_equal(clock_real_ms(c), START + DAY);
    clock_free(c);
    clock_free(NULL);
}

static void test_real(void **state)
{
    struct clock_source *c = clock_real();
    int64_t mono = clock_mono_ms(c), wall = clock_real_ms(c);
    struct timespec t = {0, 20000000};

    (void)state;
    assert_true(wall > START - 5000 * DAY);
    assert_true(wall / 1000 - (int64_t)time(NULL) < 2);
    (void)nanosleep(&t, NULL);
    assert_true(clock_mono_ms(c) >= mono + 19);
    clock_watch(c);
    assert_true(clock_trusted(c));
    clock_set_offset(c, 100 * DAY);
    assert_true(clock_office_ms(c) >= wall + 100 * DAY);
    clock_watch(c);
    assert_true(clock_trusted(c)); /* a demo's step is not a step of the clock */
    clock_free(c);
}

static void test_steps(void **state)
{
    static const struct {
        int64_t step_ms;
        bool trusted;
    } cases[] = {
        {0, true},         {10 * MINUTE, true}, {10 * MINUTE + 1, false},
        {40 * DAY, false}, {-1000, true}, /* a leap second */
        {-2001, false},    {-DAY, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct clock_source *c = clock_simulated(START);

        clock_set(c, START + 30 * DAY); /* time that simply passes is trusted */
        clock_watch(c);
        assert_true(clock_trusted(c));
        clock_step(c, cases[i].step_ms);
        clock_watch(c);
        assert_int_equal(clock_trusted(c), cases[i].trusted);
        clock_watch(c);
        assert_int_equal(clock_trusted(c), cases[i].trusted); /* no healing by waiting */
        clock_confirm(c);
        assert_true(clock_trusted(c));
        clock_watch(c);
        assert_true(clock_trusted(c)); /* the confirmed date is the new measure */
        clock_step(c, -3000);
        clock_watch(c);
        assert_false(clock_trusted(c));
        clock_free(c);
    }
}

/* Eleven steps of one minute are a step of eleven minutes. */
static void test_small_steps_add_up(void **state)
{
    struct clock_source *c = clock_simulated(START);

    (void)state;
    for (int i = 1; i <= 11; i++) {
        clock_step(c, MINUTE);
        clock_watch(c);
        assert_int_equal(clock_trusted(c), i <= 10);
    }
    clock_free(c);
}

static void test_start(void **state)
{
    static const struct {
        int64_t last_act_ms;
        bool trusted;
    } cases[] = {
        {0, true}, /* an empty folder */
        {START, true},
        {START - 3 * DAY, true},
        {START - 3 * DAY - 1, false},
        {START + 1000, true},
        {START + MINUTE, false}, /* the clock stands before the last act */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct clock_source *c = clock_simulated(START);

        clock_start_check(c, cases[i].last_act_ms);
        assert_int_equal(clock_trusted(c), cases[i].trusted);
        clock_confirm(c);
        assert_true(clock_trusted(c));
        clock_free(c);
    }
}

static void set_backward(void *arg)
{
    clock_set(arg, START - 1);
}

static void shrink_offset(void *arg)
{
    clock_set_offset(arg, -1);
}

static void set_real(void *arg)
{
    (void)arg;
    clock_set(clock_real(), INT64_MAX / 2);
}

static void test_misuse(void **state)
{
    struct clock_source *c = clock_simulated(START);

    (void)state;
    assert_dies(set_backward, c);
    assert_dies(shrink_offset, c);
    assert_dies(set_real, NULL);
    clock_free(c);
}

static void read_forward(void *arg)
{
    int64_t last = 0;

    for (int i = 0; i < 5000; i++) {
        int64_t now = clock_office_ms(arg);

        CHECK(now >= last);
        last = now;
        clock_watch(arg);
        CHECK(clock_trusted(arg)); /* never sees half of a clock_set */
    }
}

static void test_threads(void **state)
{
    struct clock_source *c = clock_simulated(START);
    struct thread *t[3];

    (void)state;
    for (int i = 0; i < 3; i++) {
        t[i] = thread_start("read", read_forward, c);
    }
    for (int i = 1; i <= 5000; i++) {
        clock_set(c, START + i * DAY);
        clock_set_offset(c, 0);
    }
    for (int i = 0; i < 3; i++) {
        thread_join(t[i]);
    }
    assert_int_equal(clock_office_ms(c), START + 5000 * DAY);
    clock_watch(c);
    assert_true(clock_trusted(c));
    clock_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_simulated),
        cmocka_unit_test(test_real),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_small_steps_add_up),
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_threads),
    };

    log_set(LOG_ERROR, true); /* the warnings are expected here */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
