/* What the public finds: search while typing, filters, pages, themes, bundles. */
#include "shop.h"

static const char *found(struct shop *s, const char *json)
{
    struct jval v = shop_ask(s, false, "item.list", json);
    struct buf b;
    buf_init(&b, s->a, 64);
    for (size_t i = 0; i < at(&v, "rows")->n; i++) {
        buf_fmt(&b, "%s%s", i > 0 ? " " : "", text_at(s, &at(&v, "rows")->list[i], "code"));
    }
    return str_z(s->a, buf_str(&b));
}

static int64_t total(struct shop *s, const char *json)
{
    struct jval v = shop_ask(s, false, "item.list", json);
    return at(&v, "total")->i;
}

static void search(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    assert_int_equal(total(s, "{}"), 51);
    /* One character, two characters; names that begin with it stand first. */
    assert_true(total(s, "{'query':'食'}") >= 2);
    assert_true(str_starts(str_of(found(s, "{'query':'食'}")), S("food-biz ")));
    assert_true(str_starts(str_of(found(s, "{'query':'食品'}")), S("food-biz ")));
    /* In the name before in a material. */
    assert_true(
        str_starts(str_of(found(s, "{'query':'消防'}")), S("fire-open fire-design fire-accept ")));
    IS(found(s, "{'query':'食品经营许可'}"), "food-biz");
    /* Several words, capitals, full width, code, English name, material, department. */
    IS(found(s, "{'query':'食品 FOOD'}"), found(s, "{'query':'food　食品'}"));
    IS(found(s, "{'query':'food-biz'}"), "food-biz");
    assert_true(str_find(str_of(found(s, "{'query':'平面图','limit':100}")), S("fire-open")) >= 0);
    assert_int_equal(total(s, "{'query':'生态环境'}"), 4);
    assert_int_equal(total(s, "{'query':'没有这样的事项'}"), 0);
}

static void filters(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    int64_t unit = number(s, "SELECT id AS n FROM unit WHERE code = 'environment'");
    assert_int_equal(total(s, shop_fmt(s, "{'unit':%lld}", (long long)unit)), 4);
    assert_int_equal(total(s, "{'regime':'grant'}"), 1);
    assert_int_equal(total(s, "{'theme':'上报件'}"), 1);
    assert_int_equal(total(s, "{'theme':'开理发(美容)店一件事'}"), 3);
    assert_true(total(s, "{'object':'1'}") > 0 && total(s, "{'object':'1'}") < 51);
    struct jval v;
    assert_non_null(shop_try(s, false, "item.list", "{'object':'77'}", &v));
    assert_non_null(shop_try(s, false, "item.list", "{'after':'x'}", &v));
}

static void pages(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    char seen[2000] = "";
    const char *after = NULL;
    int n = 0;
    for (int page = 0; page < 10; page++) {
        struct jval v =
            shop_ask(s, false, "item.list",
                     after == NULL ? "{'limit':20,'query':'证'}"
                                   : shop_fmt(s, "{'limit':20,'query':'证','after':'%s'}", after));
        const struct jval *rows = at(&v, "rows");
        for (size_t i = 0; i < rows->n; i++, n++) {
            const char *code = shop_fmt(s, "|%s|", text_at(s, &rows->list[i], "code"));
            assert_null(strstr(seen, code));
            strncat(seen, code, sizeof seen - strlen(seen) - 1);
        }
        after = at(&v, "next")->type == J_NULL ? NULL : text_at(s, &v, "next");
        if (after == NULL) {
            break;
        }
    }
    assert_int_equal(n, total(s, "{'query':'证'}"));
    assert_true(n > 20);
}

static void rows_show(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    struct jval v = shop_ask(s, false, "item.list", "{'query':'food-biz'}");
    const struct jval *r = at(&v, "rows/0");
    IS(text_at(s, r, "name/zh"), "食品经营许可");
    IS(text_at(s, r, "unit/name/zh"), "市场监管局");
    IS(text_at(s, r, "unit/name/en"), "Market Regulation Bureau");
    IS(text_at(s, r, "legal/zh"), "10个工作日");
    IS(text_at(s, r, "promised/en"), "3 working days");
    IS(text_at(s, r, "materials"), "6");
    IS(text_at(s, r, "status"), "published");
    v = shop_ask(s, false, "item.list", "{'query':'utility-join'}");
    IS(text_at(s, &v, "rows/0/legal"), ""); /* a promise is no law */
}

static void themes(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    struct jval v = shop_ask(s, false, "item.themes", "{}");
    const struct jval *rows = at(&v, "rows");
    assert_int_equal(rows->n, 16); /* 13 bundles, 3 tags */
    for (size_t i = 0; i < rows->n; i++) {
        const char *tag = text_at(s, &rows->list[i], "tag");
        assert_int_equal(total(s, shop_fmt(s, "{'theme':'%s'}", tag)),
                         at(&rows->list[i], "count")->i);
    }
}

static void bundles(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    struct jval v = shop_ask(s, false, "bundle.list", "{}");
    assert_int_equal(at(&v, "rows")->n, 13);
    v = shop_ask(s, false, "bundle.get", "{'code':'b-open-restaurant'}");
    IS(text_at(s, &v, "name/en"), "Open a restaurant");
    IS(text_at(s, &v, "lead_unit/name/zh"), "市场监管局");
    IS(text_at(s, &v, "joint_limit/zh"), "5个工作日");
    IS(text_at(s, &v, "items/2/code"), "food-biz");
    IS(text_at(s, &v, "items/2/stage"), "准营");
    IS(text_at(s, &v, "items/2/required"), "true");
    IS(text_at(s, &v, "questions/0/q"), "已有营业执照?");
    v = shop_ask(s, false, "bundle.get", "{'code':'b-major-project'}");
    IS(text_at(s, &v, "joint_limit/zh"), "按项目计划");
    IS(text_at(s, &v, "lead_unit/name/zh"), "行政审批局(代办专班)");
    /* Without a required item there is nothing to do at once. */
    (void)shop_ask(s, true, "bureau.withdraw", "{'code':'food-biz','reason':'r'}");
    struct jval gone;
    struct err *e = shop_try(s, false, "bundle.get", "{'code':'b-open-restaurant'}", &gone);
    assert_int_equal(e->code, ERR_NOT_FOUND);
}

static void bureau_list(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), false);
    struct jval v = shop_ask(s, true, "bureau.items", "{'limit':100}");
    assert_int_equal(at(&v, "rows")->n, 51);
    IS(text_at(s, &v, "rows/0/status"), "draft");
    assert_int_equal(at(&v, "rows/0/missing")->n, 4);
    v = shop_ask(s, true, "bureau.items", "{'query':'食品','status':'draft'}");
    IS(text_at(s, &v, "rows/0/code"), "food-biz");
    v = shop_ask(s, true, "bureau.items", "{'limit':50}");
    assert_int_equal(at(&v, "rows")->n, 50);
    v = shop_ask(s, true, "bureau.items", shop_fmt(s, "{'after':'%s'}", text_at(s, &v, "next")));
    assert_int_equal(at(&v, "rows")->n, 1);
}

int test_portal(void)
{
    const struct CMUnitTest tests[] = {CASE(search),     CASE(filters), CASE(pages),
                                       CASE(rows_show),  CASE(themes),  CASE(bundles),
                                       CASE(bureau_list)};
    return cmocka_run_group_tests_name("portal", tests, NULL, NULL);
}
