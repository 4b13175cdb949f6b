/* What blocks publication, and the life of a version (check.h, version.h). */
#include "shop.h"

#include "procedure/matter.h"

/* Edits members of the newest body and saves them as the draft. members: JSON with ' for ". */
static struct jval edit(struct shop *s, const char *members)
{
    struct jval item = shop_ask(s, true, "bureau.item", "{'code':'x-licence'}");
    const struct jval *body = at(&item, "versions/0/body");
    struct jval change = shop_json(s, members);
    struct jobj *o = jobj_new(s->a);
    for (size_t i = 0; i < body->n; i++) {
        jobj_put(o, body->obj[i].name, body->obj[i].val);
    }
    for (size_t i = 0; i < change.n; i++) {
        jobj_put(o, change.obj[i].name, change.obj[i].val);
    }
    struct jobj *in = jobj_new(s->a);
    jobj_put(in, S("code"), jval_of_str(S("x-licence")));
    jobj_put(in, S("body"), jobj_val(o));
    OK(shop_try_value(s, true, "bureau.draft", jobj_val(in), &item));
    return item;
}

#define TEXTS                                                                                      \
    "'conditions':{'zh':'条件'},'quantity':{'zh':'不限'},'steps':[{'zh':'申请'}],'sample_form':{'" \
    "zh':'见附件'}"

/* Outside the demo, with everything given. */
static void ready(struct shop *s)
{
    s->app.conf.demo = false;
    (void)shop_import(s, shop_item(s, ""), false);
    (void)edit(s, "{" TEXTS "}");
}

static struct err *blocked(struct shop *s)
{
    return shop_refused(s, "bureau.publish", "{'code':'x-licence'}", ERR_PUBLISH_BLOCKED);
}

static void good_item(void **state)
{
    struct shop *s = *state;
    ready(s);
    struct jval v = shop_ask(s, true, "bureau.publish", "{'code':'x-licence'}");
    IS(text_at(s, &v, "versions/0/status"), "published");
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM audit WHERE op = 'bureau.publish' AND "
                               "subject = 'item:x-licence'"),
                     1);
    v = shop_ask(s, false, "item.guide", "{'code':'x-licence'}");
    IS(text_at(s, &v, "missing"), "[]");
    IS(text_at(s, &v, "sample"), "false");
}

/* 优化营商环境条例 36: shorter limits only. */
static void promised_longer(void **state)
{
    struct shop *s = *state;
    ready(s);
    (void)edit(s, "{'promised_limit':'21wd'}");
    assert_non_null(fault_at(blocked(s), "/promised_limit"));
    (void)edit(s, "{'promised_limit':'10wd','legal_limit':'15cd'}");
    const struct err_field *f = fault_at(blocked(s), "/promised_limit");
    assert_non_null(f);
    assert_true(str_find(f->en, S("due")) > 0); /* names a start day and both due days */
    struct jval v = edit(s, "{'promised_limit':'10wd','legal_limit':'1mo'}");
    IS(text_at(s, &v, "versions/0/publishable"), "true");
    bool told = false;
    const struct jval *found = at(&v, "versions/0/findings");
    for (size_t i = 0; i < found->n; i++) {
        told = told || strcmp(text_at(s, &found->list[i], "code"), "units") == 0;
    }
    assert_true(told);
}

/* 行政许可法 32, 42, 44. */
static void licence_law(void **state)
{
    struct shop *s = *state;
    ready(s);
    (void)edit(s, "{'supplement_notice':'6wd','issue_deliver':'11wd','deemed_acceptance':false}");
    struct err *e = blocked(s);
    assert_non_null(fault_at(e, "/supplement_notice"));
    assert_non_null(fault_at(e, "/issue_deliver"));
    assert_non_null(fault_at(e, "/deemed_acceptance"));
    (void)edit(s, "{'supplement_notice':'3wd','issue_deliver':'5wd','deemed_acceptance':true,'"
                  "legal_limit':null}");
    assert_non_null(fault_at(blocked(s), "/legal_limit"));
    /* A filing is not bound by them. */
    (void)edit(s, "{'regime':'filing','supplement_notice':'6wd'}");
    (void)shop_ask(s, true, "bureau.publish", "{'code':'x-licence'}");
}

/* 行政许可法 45: anything else stops the legal clock only where a law says so. */
static void pauses(void **state)
{
    struct shop *s = *state;
    ready(s);
    (void)edit(s, "{'special':[{'kind':'site','pauses':'legal'}],'special_kinds':['site'],'pauses_"
                  "by_law':['site']}");
    assert_non_null(fault_at(blocked(s), "/pauses_by_law"));
    (void)edit(s, "{'special':[{'kind':'consult','pauses':'legal','basis':'取水条例第19条第3款'}],'"
                  "special_kinds':['consult'],'pauses_by_law':['consult']}");
    (void)shop_ask(s, true, "bureau.publish", "{'code':'x-licence'}");
    (void)edit(s, "{'pauses_by_law':['expert']}");
    assert_non_null(fault_at(blocked(s), "/pauses_by_law"));
}

static void basis_and_evidence(void **state)
{
    struct shop *s = *state;
    ready(s);
    (void)edit(s, "{'legal_basis':'','legal':{}}");
    struct err *e = blocked(s);
    assert_non_null(fault_at(e, "/legal_basis"));
    assert_non_null(fault_at(e, "/legal/evidence"));
    (void)edit(s, "{'legal_basis':'某法','legal':{'evidence':'V'},'deferrable':['x-licence-09'],'"
                  "unit':'nowhere'}");
    e = blocked(s);
    assert_non_null(fault_at(e, "/deferrable"));
    assert_non_null(fault_at(e, "/unit"));
}

static void samples_stay_in_the_demo(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_item(s, ""), true);
    struct jval v = shop_ask(s, false, "item.guide", "{'code':'x-licence'}");
    IS(text_at(s, &v, "sample"), "true");
    assert_true(strstr(text_at(s, &v, "conditions/zh"), "示例") != NULL);
    assert_true(strstr(text_at(s, &v, "conditions/en"), "SAMPLE") != NULL);
    (void)edit(s, "{'promised_limit':'5wd'}");
    s->app.conf.demo = false;
    assert_non_null(fault_at(blocked(s), "/sample"));
}

static void bad_bodies(void **state)
{
    struct shop *s = *state;
    ready(s);
    struct err *e = shop_refused(s, "bureau.draft",
                                 "{'code':'x-licence','body':{'name':{'zh':'名'},'regime':'licence'"
                                 ",'unit':'market','legal_limit':'20 days',"
                                 "'surprise':1,'form':{'x':'nonsense! "
                                 "什么'},'special':[{'kind':'dance','pauses':'legal'}]}}",
                                 ERR_FORM_INVALID);
    assert_non_null(fault_at(e, "/body/legal_limit"));
    assert_non_null(fault_at(e, "/body/surprise"));
    assert_non_null(fault_at(e, "/body/form/x"));
    assert_non_null(fault_at(e, "/body/special/0/kind"));
}

/* draft → published → suspended → published → withdrawn; the engine sees each step. */
static const char *engine_status(struct shop *s)
{
    struct mitem *it = NULL;
    struct err *e = matter_find_item(&s->writer, S("x-licence"), &it);
    return e != NULL ? err_info(e->code)->slug
                     : str_z(s->a, str_fmt(s->a, "%.*s %lld", STR_ARG(it->status),
                                           (long long)it->version));
}

static void life(void **state)
{
    struct shop *s = *state;
    ready(s);
    IS(engine_status(s), "item-not-published");
    (void)shop_refused(s, "bureau.suspend", "{'code':'x-licence','reason':'r'}", ERR_NOT_FOUND);
    (void)shop_ask(s, true, "bureau.publish", "{'code':'x-licence'}");
    IS(engine_status(s), "published 1");
    (void)shop_refused(s, "bureau.publish", "{'code':'x-licence'}", ERR_CONFLICT);
    (void)shop_refused(s, "bureau.suspend", "{'code':'x-licence'}",
                       ERR_FORM_INVALID); /* a reason is needed */
    (void)shop_ask(s, true, "bureau.suspend", "{'code':'x-licence','reason':'系统对接'}");
    IS(engine_status(s), "suspended 1");
    (void)shop_refused(s, "bureau.suspend", "{'code':'x-licence','reason':'r'}", ERR_CONFLICT);
    (void)shop_ask(s, true, "bureau.resume", "{'code':'x-licence'}");
    IS(engine_status(s), "published 1");
    (void)edit(s, "{'promised_limit':'5wd'}");
    IS(engine_status(s), "published 1"); /* a draft changes nothing for the hall */
    (void)shop_ask(s, true, "bureau.publish", "{'code':'x-licence'}");
    IS(engine_status(s), "published 2");
    assert_int_equal(number(s, "SELECT status AS n FROM item_version WHERE version = 1"), 3);
    (void)shop_ask(s, true, "bureau.withdraw", "{'code':'x-licence','reason':'取消'}");
    IS(engine_status(s), "withdrawn 2");
    struct jval v = shop_ask(s, false, "item.list", "{}");
    assert_int_equal(at(&v, "rows")->n, 0);
    (void)shop_refused(s, "bureau.resume", "{'code':'x-licence'}", ERR_CONFLICT);
}

static void somebody_else_was_faster(void **state)
{
    struct shop *s = *state;
    ready(s);
    struct jval v = shop_ask(s, true, "bureau.item", "{'code':'x-licence'}");
    const char *etag = text_at(s, &v, "etag");
    (void)edit(s, "{'promised_limit':'5wd'}");
    (void)shop_refused(s, "bureau.publish",
                       shop_fmt(s, "{'code':'x-licence','if_match':'%s'}", etag), ERR_CHANGED);
    (void)shop_ask(s, true, "bureau.publish",
                   shop_fmt(s, "{'code':'x-licence','if_match':'%.*s'}", STR_ARG(s->etag)));
}

/* A second story (issue 3 I) begins without any file: one item by hand. */
static void by_hand(void **state)
{
    struct shop *s = *state;
    s->app.conf.demo = false;
    (void)shop_import(s, shop_item(s, ""), false);
    struct jval v =
        shop_ask(s, true, "bureau.new_item",
                 "{'code':'hand-made','body':{'name':{'zh':'手工事项'},'regime':'filing','unit':'"
                 "market','promised_limit':'3wd'," TEXTS
                 ",'materials':[{'name':{'zh':'申请表'}}],'form':{'content':'text! 1..50 内容'}}}");
    IS(text_at(s, &v, "versions/0/body/materials/0/code"), "hand-made-01");
    IS(text_at(s, &v, "versions/0/body/counts_from"), "acceptance");
    (void)shop_refused(
        s, "bureau.new_item",
        "{'code':'hand-made','body':{'name':{'zh':'x'},'regime':'filing','unit':'market'}}",
        ERR_CONFLICT);
    (void)shop_ask(s, true, "bureau.publish", "{'code':'hand-made'}");
    v = shop_ask(s, false, "item.guide", "{'code':'hand-made'}");
    IS(text_at(s, &v, "form/0/name"), "content");
    (void)shop_refused(s, "bureau.new_item", "{'code':'Hand','body':{}}", ERR_FORM_INVALID);
}

static void only_the_bureau(void **state)
{
    struct shop *s = *state;
    struct jval v;
    struct err *e = shop_try(s, false, "bureau.items", "{}", &v);
    assert_non_null(e);
    assert_int_equal(e->code, ERR_SIGN_IN);
}

int test_publish(void)
{
    const struct CMUnitTest tests[] = {
        CASE(good_item),
        CASE(promised_longer),
        CASE(licence_law),
        CASE(pauses),
        CASE(basis_and_evidence),
        CASE(samples_stay_in_the_demo),
        CASE(bad_bodies),
        CASE(life),
        CASE(somebody_else_was_faster),
        CASE(by_hand),
        CASE(only_the_bureau),
    };
    return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
