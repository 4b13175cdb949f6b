/* Values: lookup with the wrong types, equality, builders. */
#include "shared.h"

#include "wire/jval.h"

static struct jval value(struct arena *a, const char *text)
{
    struct jval v;

    assert_null(jread(a, str_bytes(str_of(text)), &v));
    return v;
}

static void lookup(void **state)
{
    struct arena *a = arena_new(0);
    struct jval v = value(a, "{\"s\":\"x\",\"i\":5,\"b\":true,\"n\":null}");

    (void)state;
    assert_string_equal(jval_str(jval_get(&v, S("s"))).p, "x");
    assert_null(jval_str(jval_get(&v, S("i"))).p);
    assert_null(jval_str(jval_get(&v, S("none"))).p);
    assert_int_equal(jval_int(jval_get(&v, S("i")), 1), 5);
    assert_int_equal(jval_int(jval_get(&v, S("s")), 1), 1);
    assert_true(jval_bool(jval_get(&v, S("b")), false));
    assert_true(jval_bool(jval_get(&v, S("n")), true));
    assert_null(jval_get(jval_get(&v, S("s")), S("x")));
    assert_null(jval_get(NULL, S("x")));
    arena_free(a);
}

static void equality(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}", true},
        {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
        {"{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", false},
        {"[1,2]", "[2,1]", false},
        {"[1,2]", "[1]", false},
        {"\"\"", "null", false},
        {"\"a\"", "\"a\"", true},
        {"0", "false", false},
        {"true", "true", true},
        {"{}", "[]", false},
    };
    struct arena *a = arena_new(0);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct jval x = value(a, cases[i].a), y = value(a, cases[i].b);

        assert_int_equal(jval_eq(&x, &y), cases[i].equal);
        assert_int_equal(jval_eq(&y, &x), cases[i].equal);
    }
    arena_free(a);
}

static void builders(void **state)
{
    struct arena *a = arena_new(0);
    struct jobj *o = jobj_new(a);
    struct jarr *l = jarr_new(a);

    (void)state;
    for (int i = 0; i < 20; i++) {
        jarr_add(l, jval_of_int(i));
        jobj_put(o, str_fmt(a, "k%d", i), jval_of_bool(i % 2 == 0));
    }
    struct jval list = jarr_val(l);
    struct jval before = jobj_val(o);
    jarr_add(l, jval_of_int(20));
    jobj_put(o, S("k3"), jval_of_str(S("new")));
    jobj_put(o, S("k4"), jval_of_str(STR_NONE));
    struct jval after = jobj_val(o);
    assert_int_equal(list.n, 20);
    assert_int_equal(list.list[19].i, 19);
    assert_int_equal(jarr_val(l).n, 21);
    assert_int_equal(after.n, 20);
    assert_string_equal(jval_str(jval_get(&after, S("k3"))).p, "new");
    assert_int_equal(jval_get(&after, S("k4"))->type, J_NULL);
    assert_false(jval_bool(jval_get(&before, S("k3")), true)); /* given out earlier: unchanged */
    struct jval none_list = jarr_val(jarr_new(a)), none_obj = jobj_val(jobj_new(a));
    assert_string_equal(jval_text(a, &none_list).p, "[]");
    assert_string_equal(jval_text(a, &none_obj).p, "{}");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lookup),
        cmocka_unit_test(equality),
        cmocka_unit_test(builders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
