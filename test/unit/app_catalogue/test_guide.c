/* The guide of an item: what art. 30 wants shown, and the dates of today. */
#include "shop.h"

static void eight_things(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    struct jval g = shop_ask(s, false, "item.guide", "{'code':'labor-dispatch'}");
    IS(text_at(s, &g, "name/zh"), "劳务派遣经营许可");
    IS(text_at(s, &g, "kind"), "licensing");
    IS(text_at(s, &g, "regime_name/zh"), "行政许可");
    IS(text_at(s, &g, "legal/limit"), "20wd");
    IS(text_at(s, &g, "legal/from"), "acceptance");
    IS(text_at(s, &g, "promised/limit"), "8wd");
    IS(text_at(s, &g, "correction_notice/limit"), "5wd");
    IS(text_at(s, &g, "correction_notice/basis"), "行政许可法第32条");
    IS(text_at(s, &g, "issue_deliver/limit"), "5wd");
    IS(text_at(s, &g, "extension/limit"), "10wd");
    IS(text_at(s, &g, "extension/approver/zh"), "本行政机关负责人");
    IS(text_at(s, &g, "special/0/kind"), "site");
    IS(text_at(s, &g, "materials/0/code"), "labor-dispatch-01");
    assert_int_equal(at(&g, "materials")->n, 7);
    IS(text_at(s, &g, "materials/1/source/zh"), "政府部门核发");
    IS(text_at(s, &g, "contact/address"), "示例路1号");
    assert_true(at(&g, "form")->n > 3);
    assert_true(at(&g, "steps")->n > 3);
    IS(text_at(s, &g, "fee/charged"), "false");
    IS(text_at(s, &g, "missing"), "[]");
}

/* A limit with a basis in law is one, however far its source was checked, and says how far that is
 * (approvals.md 0); a promise is none (优化营商环境条例第36条). */
static void evidence(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    struct jval g = shop_ask(s, false, "item.guide", "{'code':'ent-setup'}");
    IS(text_at(s, &g, "legal/evidence"), "V");
    IS(text_at(s, &g, "legal/is_law"), "true");
    IS(text_at(s, &g, "legal/checked"), "true");
    IS(text_at(s, &g, "promised/is_law"), "false");
    g = shop_ask(s, false, "item.guide", "{'code':'food-biz'}");
    IS(text_at(s, &g, "legal/evidence"), "M-hi");
    IS(text_at(s, &g, "legal/is_law"), "true");
    IS(text_at(s, &g, "legal/checked"), "false");
    IS(text_at(s, &g, "promised/evidence"), "sample");
    IS(text_at(s, &g, "promised/is_law"), "false");
    g = shop_ask(s, false, "item.guide", "{'code':'labor-dispatch'}");
    IS(text_at(s, &g, "legal/is_law"), "true");
    IS(text_at(s, &g, "legal/checked"), "false"); /* V2: from a secondary source */
    IS(text_at(s, &g, "legal/evidence_name/zh"), "据二手资料，未核对原文");
    g = shop_ask(s, false, "item.guide", "{'code':'utility-join'}");
    IS(text_at(s, &g, "legal"), "");
    IS(text_at(s, &g, "promised/basis"), "优化营商环境条例第28条(公开办理时限)");
    g = shop_ask(s, false, "item.guide", "{'code':'teacher-cert'}");
    IS(text_at(s, &g, "legal/from_name/zh"), "受理期限终止之日");
    IS(text_at(s, &g, "if_today/decide_by"), "");
}

/* 2026-10-09 is a Friday, the 10th a Saturday that is worked (approvals.md 8). */
static void today(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    shop_at(s, "2026-10-09 10:24");
    struct jval g = shop_ask(s, false, "item.guide", "{'code':'labor-dispatch'}");
    IS(text_at(s, &g, "if_today/correction_by"), "2026-10-15");
    IS(text_at(s, &g, "if_today/promised_by"), "2026-10-20");
    IS(text_at(s, &g, "if_today/decide_by"), "2026-11-05");
    IS(text_at(s, &g, "if_today/provisional"), "false");
    /* On the spot: today while the office serves. */
    g = shop_ask(s, false, "item.guide", "{'code':'ent-setup'}");
    IS(text_at(s, &g, "if_today/promised_by"), "2026-10-09");
    shop_at(s, "2026-12-28 10:00");
    g = shop_ask(s, false, "item.guide", "{'code':'labor-dispatch'}");
    IS(text_at(s, &g, "if_today/provisional"), "true");
}

static void not_yet_published(void **state)
{
    struct shop *s = *state;
    struct jval g;
    (void)shop_import(s, shop_file(s), false);
    struct err *e = shop_try(s, false, "item.guide", "{'code':'food-biz'}", &g);
    assert_int_equal(e->code, ERR_NOT_FOUND);
    /* In the demo an item may go out without the texts: the guide says so. */
    (void)shop_ask(s, true, "bureau.publish", "{'code':'food-biz'}");
    g = shop_ask(s, false, "item.guide", "{'code':'food-biz'}");
    IS(text_at(s, &g, "missing"), "[\"conditions\",\"quantity\",\"steps\",\"sample_form\"]");
    IS(text_at(s, &g, "conditions"), "");
    IS(text_at(s, &g, "steps"), "[]");
}

int test_guide(void)
{
    const struct CMUnitTest tests[] = {CASE(eight_things), CASE(evidence), CASE(today),
                                       CASE(not_yet_published)};
    return cmocka_run_group_tests_name("guide", tests, NULL, NULL);
}
