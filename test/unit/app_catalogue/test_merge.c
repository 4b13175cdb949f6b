/* Three-way merge and difference (merge.h). */
#include "shop.h"

#include "app/catalogue/merge.h"

static const char *merged(struct shop *s, const char *base, const char *mine, const char *theirs)
{
    struct jval b = shop_json(s, base), m = shop_json(s, mine), t = shop_json(s, theirs);
    struct jval v = merge_values(s->a, &b, &m, &t);
    return str_z(s->a, jval_text(s->a, &v));
}

static void members(void **state)
{
    struct shop *s = *state;
    /* x changed by the file, y by the bureau, z by both: the file wins; n added by the bureau
     * stays. */
    IS(merged(s, "{'x':1,'y':1,'z':1,'gone':1}", "{'x':1,'y':2,'z':2,'gone':1,'n':9}",
              "{'x':3,'y':1,'z':3,'new':4}"),
       "{\"x\":3,\"y\":2,\"z\":3,\"n\":9,\"new\":4}");
    IS(merged(s, "{'o':{'a':1,'b':1}}", "{'o':{'a':1,'b':7}}", "{'o':{'a':2,'b':1}}"),
       "{\"o\":{\"a\":2,\"b\":7}}");
    /* A member that the bureau removed does not come back as long as the file does not change it.
     */
    IS(merged(s, "{'x':1}", "{}", "{'x':1}"), "{}");
}

static void lists_by_code(void **state)
{
    struct shop *s = *state;
    IS(merged(s, "{'m':[{'code':'a','v':1},{'code':'b','v':1}]}",
              "{'m':[{'code':'a','v':2},{'code':'b','v':1},{'code':'c','v':5}]}",
              "{'m':[{'code':'b','v':3},{'code':'a','v':1}]}"),
       "{\"m\":[{\"code\":\"b\",\"v\":3},{\"code\":\"a\",\"v\":2},{\"code\":\"c\",\"v\":5}]}");
    IS(merged(s, "{'m':[{'code':'a'}]}", "{'m':[{'code':'a'}]}", "{'m':[]}"), "{\"m\":[]}");
}

static void differences(void **state)
{
    struct shop *s = *state;
    struct jval old =
        shop_json(s, "{'x':1,'o':{'a':1},'m':[{'code':'k','v':1},{'code':'l'}],'t':['p']}");
    struct jval new =
        shop_json(s, "{'x':1,'o':{'a':2},'m':[{'code':'k','v':2},{'code':'n'}],'t':['q'],'w':0}");
    const struct catalogue_change *rows = NULL;
    size_t n = 0;
    static const char *const WANT[] = {"/o/a", "/m/k/v", "/m/l", "/m/n", "/t", "/w"};
    merge_diff(s->a, &old, &new, &rows, &n);
    assert_int_equal(n, COUNT_OF(WANT));
    for (size_t i = 0; i < n; i++) {
        IS(str_z(s->a, rows[i].pointer), WANT[i]);
    }
    assert_null(rows[2].new);
    assert_null(rows[3].old);
    merge_diff(s->a, &old, &old, &rows, &n);
    assert_int_equal(n, 0);
}

int test_merge(void)
{
    const struct CMUnitTest tests[] = {CASE(members), CASE(lists_by_code), CASE(differences)};
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
