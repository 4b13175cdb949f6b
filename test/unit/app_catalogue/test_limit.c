/* Limits of different units are compared over the calendar (limit.h). */
#include "shop.h"

#include "app/catalogue/limit.h"
#include "procedure/almanac.h"

static struct limit_compared compare(struct shop *s, const char *x, const char *than)
{
    struct duration a = {0}, b = {0};
    assert_true(duration_parse(str_of(x), &a) && duration_parse(str_of(than), &b));
    return limit_compare(almanac_of(&s->app)->calendar, a, b);
}

static void same_unit(void **state)
{
    struct shop *s = *state;
    assert_false(compare(s, "8wd", "20wd").longer);
    assert_false(compare(s, "20wd", "20wd").longer);
    assert_true(compare(s, "21wd", "20wd").longer);
    assert_false(compare(s, "0wd", "0wd").longer);
}

static void other_unit(void **state)
{
    struct shop *s = *state;
    struct limit_compared r = compare(s, "15wd", "3mo");
    assert_false(r.longer);
    assert_true(r.units_differ);
    assert_true(r.days_tried > 1000);
    /* Ten working days are two weeks, but over a long holiday more than fifteen days. */
    r = compare(s, "10wd", "15cd");
    assert_true(r.longer);
    assert_true(r.due_day > r.other_due);
    assert_false(compare(s, "10wd", "1mo").longer);
    assert_true(compare(s, "30wd", "1mo").longer);
    /* A day off at the end rolls the calendar-day limit, so one working day is never later than it.
     */
    assert_false(compare(s, "0wd", "15cd").longer);
}

int test_limit(void)
{
    const struct CMUnitTest tests[] = {CASE(same_unit), CASE(other_unit)};
    return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
