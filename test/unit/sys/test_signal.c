/* Signals arrive where somebody waits, and nowhere else. */
#include "sys/signal.h"
#include "test/unit/base/unit.h"

static void test_wait(void **state)
{
    (void)state;
    signal_block();
    assert_int_equal(signal_wait(0), 0);
    assert_int_equal(signal_wait(30), 0);
    assert_int_equal(kill(getpid(), SIGTERM), 0);
    assert_int_equal(signal_wait(1000), SIGTERM);
    assert_int_equal(kill(getpid(), SIGHUP), 0);
    assert_int_equal(signal_wait(1000), SIGHUP);
    assert_int_equal(kill(getpid(), SIGUSR1), 0); /* blocked, and nobody's business */
    assert_int_equal(signal_wait(10), 0);
}

static void test_broken_pipe(void **state)
{
    int ends[2];

    (void)state;
    signal_block();
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(write(ends[1], "x", 1), -1); /* an error, not the end of the process */
    assert_int_equal(close(ends[1]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wait),
        cmocka_unit_test(test_broken_pipe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
