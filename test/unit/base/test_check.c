/* CHECK stops the process in every build, and only when it must. */
#include "base/check.h"
#include "test/unit/base/unit.h"

static void fails(void *arg)
{
    CHECK(arg != NULL);
}

static void unreachable(void *arg)
{
    (void)arg;
    UNREACHABLE();
}

static void test_check(void **state)
{
    static const int three[3] = {0};

    (void)state;
    CHECK(1 + 1 == 2);
    assert_dies(fails, NULL);
    assert_dies(unreachable, NULL);
    assert_int_equal(COUNT_OF(three), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_check)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
