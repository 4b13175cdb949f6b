#include "civil_test.h"

static void test_parse(void **state)
{
    (void)state;
    struct duration d;
    assert_true(duration_parse(S("20wd"), &d) && d.unit == CIVIL_WD && d.amount == 20);
    assert_true(duration_parse(S("3cd"), &d) && d.unit == CIVIL_CD && d.amount == 3);
    assert_true(duration_parse(S("1mo"), &d) && d.unit == CIVIL_MO);
    assert_true(duration_parse(S("1y"), &d) && d.unit == CIVIL_Y);
    assert_true(duration_parse(S("8h"), &d) && d.unit == CIVIL_H);
    assert_true(duration_parse(S("4sh"), &d) && d.unit == CIVIL_SH);
    assert_true(duration_parse(S("0wd"), &d) && d.amount == 0);
    assert_true(duration_parse(S("100000cd"), &d) && d.amount == 100000);
    static const char *const bad[] = {
        "",     "wd",  "20",   "020wd", "-1wd", "100001wd", "5 wd",
        "5wds", "5WD", "1.5h", "5d",    "+5wd", "5wd ",     "99999999999999999999wd"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(duration_parse(str_of(bad[i]), &d));
    }
}

static void test_text(void **state)
{
    (void)state;
    static const struct {
        const char *code, *zh, *en;
    } cases[] = {
        {"20wd", "20个工作日", "20 working days"},
        {"1wd", "1个工作日", "1 working day"},
        {"0wd", "当场", "on the spot"},
        {"30cd", "30个自然日", "30 calendar days"},
        {"1mo", "1个月", "1 month"},
        {"3y", "3年", "3 years"},
        {"8h", "8小时", "8 hours"},
        {"1sh", "1个服务小时", "1 service hour"},
    };
    struct arena *a = arena_new(0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct duration d;
        assert_true(duration_parse(str_of(cases[i].code), &d));
        assert_true(str_eqz(duration_text(a, d), cases[i].code));
        assert_true(str_eqz(duration_text_zh(a, d), cases[i].zh));
        assert_true(str_eqz(duration_text_en(a, d), cases[i].en));
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse), cmocka_unit_test(test_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
