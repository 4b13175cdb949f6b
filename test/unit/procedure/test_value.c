/* Values: keys of elements, in, within, JSON and back. */
#include "definition_test.h"

static struct value read_list(struct arena *a, const char *json)
{
    struct jval *v = ARENA_NEW(a, struct jval);
    assert_null(jread(a, str_bytes(str_of(json)), v));
    return value_list(v);
}

static void compares_lists_by_key(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct value verdicts =
        read_list(a, "[{\"code\":\"03\",\"result\":\"fix\"},{\"code\":\"05\",\"result\":\"fix\"}]");
    struct value materials =
        read_list(a, "[{\"code\":\"05\",\"files\":[]},{\"code\":\"03\"},{\"code\":\"07\"}]");
    struct value codes = read_list(a, "[\"03\",\"05\"]");
    assert_true(value_within(a, verdicts, materials));
    assert_false(value_within(a, materials, verdicts));
    assert_true(value_within(a, verdicts, codes) && value_within(a, codes, verdicts));
    assert_true(value_within(a, read_list(a, "[]"), codes));
    assert_true(value_in(a, value_text(S("03")), verdicts));
    assert_false(value_in(a, value_text(S("04")), verdicts));
    assert_false(value_in(a, value_none(), verdicts));
    assert_true(value_in(a, value_int(7), read_list(a, "[5,7]")));
    /* an object without a code has no key: it is in nothing, and nothing is within it */
    assert_false(value_within(a, read_list(a, "[{\"note\":\"x\"}]"), codes));
    arena_free(a);
}

static void goes_to_json_and_back(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    const struct value values[] = {
        value_bool(true),
        value_int(-42),
        value_text(S("准予")),
        value_date(civil_day((struct ymd){2026, 3, 2})),
        value_instant(INT64_C(1772409600123)),
        value_duration((struct duration){CIVIL_WD, 5}),
        read_list(a, "[\"a\",1]"),
    };
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct jval j = value_to_jval(a, values[i]);
        assert_true(value_eq(value_of_jval(values[i].type, &j), values[i]));
    }
    struct jval text = jval_of_str(S("not a date"));
    assert_int_equal(value_of_jval(V_DATE, &text).type, V_NONE);
    assert_int_equal(value_of_jval(V_INT, &text).type, V_NONE);
    assert_int_equal(value_of_jval(V_TEXT, NULL).type, V_NONE);
    assert_int_equal(value_to_jval(a, value_none()).type, J_NULL);
    arena_free(a);
}

static void tells_absence_from_false(void **state)
{
    (void)state;
    assert_false(value_truth(value_none()));
    assert_false(value_truth(value_bool(false)));
    assert_false(value_eq(value_none(), value_bool(false)));
    assert_int_equal(value_text(STR_NONE).type, V_NONE);
    assert_int_equal(value_date(CIVIL_NO_DAY).type, V_NONE);
    assert_true(value_eq(value_duration((struct duration){CIVIL_WD, 5}),
                         value_duration((struct duration){CIVIL_WD, 5})));
    assert_false(value_eq(value_duration((struct duration){CIVIL_WD, 5}),
                          value_duration((struct duration){CIVIL_CD, 5})));
}

static void shows_values_to_people(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    assert_true(
        str_eqz(value_show(a, value_date(civil_day((struct ymd){2026, 3, 2}))), "2026-03-02"));
    assert_true(
        str_eqz(value_show(a, read_list(a, "[{\"code\":\"03\"},{\"code\":\"05\"}]")), "03、05"));
    assert_true(str_eqz(value_show(a, value_none()), ""));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_lists_by_key),
        cmocka_unit_test(goes_to_json_and_back),
        cmocka_unit_test(tells_absence_from_false),
        cmocka_unit_test(shows_values_to_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
