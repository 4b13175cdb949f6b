/* The mapping rules of the file, one by one (map.h). */
#include "shop.h"

#include "app/catalogue/map.h"

static struct jval mapped(struct shop *s, const char *members)
{
    struct jval file;
    struct departments d = {.a = s->a};
    struct mapped m;
    struct err *faults = NULL;
    OK(jread(s->a, str_bytes(shop_item(s, members)), &file));
    map_item(&d, at(&file, "items/0"), S("/items/0"), NULL, &faults, &m);
    OK(faults);
    return m.body;
}

static struct err *mapped_badly(struct shop *s, const char *members)
{
    struct jval file;
    struct departments d = {.a = s->a};
    struct mapped m;
    struct err *faults = NULL;
    OK(jread(s->a, str_bytes(shop_item(s, members)), &file));
    map_item(&d, at(&file, "items/0"), S("/items/0"), NULL, &faults, &m);
    assert_non_null(faults);
    return faults;
}

#define LIMIT                                                                                      \
    "'legal_limit':{'value':%d,'unit':'%s','from':'%s','basis':'某法第1条','evidence':'V'}"

static void
check_limit(struct shop *s, int value, const char *unit, const char *from, const char *want)
{
    struct jval b = mapped(s, shop_fmt(s, LIMIT, value, unit, from));
    IS(text_at(s, &b, "legal_limit"), want);
}

static void units(void **state)
{
    struct shop *s = *state;
    check_limit(s, 20, "wd", "accept", "20wd");
    check_limit(s, 15, "cd", "accept", "15cd");
    check_limit(s, 3, "month", "accept", "3mo");
    check_limit(s, 0, "now", "accept", "0wd");
    /* A promise or a plan is no law: no legal clock, and the basis is that of the promise. */
    struct jval b = mapped(s, shop_fmt(s, LIMIT, 0, "promise", "accept"));
    assert_null(at(&b, "legal_limit"));
    IS(text_at(s, &b, "legal_basis"), "");
    IS(text_at(s, &b, "promised/basis"), "某法第1条");
    IS(text_at(s, &b, "promised/evidence"), "V");
    assert_null(at(&b, "legal/evidence"));
    b = mapped(s, shop_fmt(s, LIMIT, 0, "plan", "accept"));
    assert_null(at(&b, "legal_limit"));
}

static void starts(void **state)
{
    struct shop *s = *state;
    static const char *const ROWS[][2] = {{"accept", "acceptance"},
                                          {"receipt", "receipt"},
                                          {"event", "event"},
                                          {"window-close", "event"}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct jval b = mapped(s, shop_fmt(s, LIMIT, 20, "wd", ROWS[i][0]));
        IS(text_at(s, &b, "counts_from"), ROWS[i][1]);
    }
    struct jval b = mapped(s, shop_fmt(s, LIMIT, 20, "wd", "window-close"));
    IS(text_at(s, &b, "legal/event/zh"), "受理期限终止之日");
}

static void kinds(void **state)
{
    struct shop *s = *state;
    struct jval b = mapped(s, "'project_type':'1','notice_commitment':'yes'");
    IS(text_at(s, &b, "immediate"), "true");
    IS(text_at(s, &b, "commitment"), "true");
    IS(text_at(s, &b, "deemed_acceptance"), "true");
    IS(text_at(s, &b, "one_person"), "false");
    b = mapped(s, "'project_type':'2','notice_commitment':'partial','regime':'public_service'");
    IS(text_at(s, &b, "immediate"), "false");
    IS(text_at(s, &b, "commitment"), "false");
    /* 行政许可法 32 binds licences only; others need their own statute. */
    IS(text_at(s, &b, "deemed_acceptance"), "false");
    IS(text_at(s, &b, "one_person"), "true");
    b = mapped(s, "'regime':'confirmation','deemed_acceptance':true");
    IS(text_at(s, &b, "deemed_acceptance"), "true");
}

/* 行政许可法 45. */
static void pauses(void **state)
{
    struct shop *s = *state;
    struct jval b = mapped(s, "'special_procedures':[{'kind':'expert','name':'专家评审','est_wd':"
                              "10,'counts_in_limit':false,'pauses':'legal','basis':'b'},"
                              "{'kind':'public','name':'公示','est_wd':7,'counts_in_limit':false,'"
                              "pauses':'promised','basis':'b'},"
                              "{'kind':'site','name':'踏勘','est_wd':null,'counts_in_limit':true,'"
                              "pauses':'none','basis':'b'}]");
    IS(text_at(s, &b, "special_kinds"), "[\"expert\",\"public\",\"site\"]");
    IS(text_at(s, &b, "pauses_by_law"), "[\"expert\"]");
    IS(text_at(s, &b, "pauses_by_guide"), "[\"expert\",\"public\"]");
    IS(text_at(s, &b, "substantive"), "true");
    IS(text_at(s, &b, "inspection"), "false");
    assert_null(at(&b, "special/2/days"));
    b = mapped(s, "'special_procedures':[{'kind':'test','pauses':'legal'}]");
    IS(text_at(s, &b, "inspection"), "true");
    IS(text_at(s, &b, "substantive"), "false");
}

static void check_approver(struct shop *s, const char *name, const char *role)
{
    struct jval b = mapped(s, shop_fmt(s,
                                       "'legal_limit':{'value':20,'unit':'wd','from':'accept','"
                                       "basis':'b','evidence':'V','extension':"
                                       "{'value':10,'unit':'wd','approver':'%s','max_times':1}}",
                                       name));
    IS(text_at(s, &b, "extension"), "10wd");
    IS(text_at(s, &b, "extension_approver"), role);
    IS(text_at(s, &b, "legal/extension/approver"), name);
}

/* 行政许可法 42: who approves. */
static void approvers(void **state)
{
    struct shop *s = *state;
    check_approver(s, "本行政机关负责人", "organ_head");
    check_approver(s, "登记机关负责人", "organ_head");
    check_approver(s, "市场监管部门负责人", "organ_head");
    check_approver(s, "水行政主管部门负责人", "organ_head");
    check_approver(s, "本级人民政府负责人", "government_head");
    check_approver(s, "科长", "unit_head");
}

static void duties(void **state)
{
    struct shop *s = *state;
    struct jval b = mapped(s, "'supplement_notice':{'value':3,'unit':'wd','basis':'"
                              "排污许可管理条例第9条第4项','evidence':'V'}");
    IS(text_at(s, &b, "supplement_notice"), "3wd");
    IS(text_at(s, &b, "correction_basis"), "排污许可管理条例第9条第4项");
    IS(text_at(s, &b, "correction/evidence"), "V");
    b = mapped(s, "'supplement_notice':null,'issue_deliver':null");
    assert_null(at(&b, "supplement_notice"));
    IS(text_at(s, &b, "correction_basis"), "行政许可法第32条第1款第4项");
    IS(text_at(s, &b, "issue_basis"), "行政许可法第44条");
    b = mapped(s, "'regime':'filing','supplement_notice':null,'issue_deliver':null");
    IS(text_at(s, &b, "correction_basis"), "");
    b = mapped(s, "'correction_pauses':{'basis':'办法第5条','evidence':'V2'},'legal_limit':{'value'"
                  ":7,'unit':'wd','from':'receipt',"
                  "'basis':'建筑法第8条','evidence':'V','ends':'issue'}");
    IS(text_at(s, &b, "correction_pauses"), "true");
    IS(text_at(s, &b, "correction_pause/basis"), "办法第5条");
    IS(text_at(s, &b, "ends_at_issue"), "true");
}

static void materials(void **state)
{
    struct shop *s = *state;
    struct jval b = mapped(s, "'materials':[{'name':'甲','necessity':'required'},{'name':'乙','"
                              "necessity':'conditional','condition':'改建的',"
                              "'deferrable':true,'strange':1}]");
    IS(text_at(s, &b, "materials/0/code"), "x-licence-01");
    IS(text_at(s, &b, "materials/1/code"), "x-licence-02");
    IS(text_at(s, &b, "materials/1/condition/zh"), "改建的");
    IS(text_at(s, &b, "materials/1/extra/strange"), "1");
    IS(text_at(s, &b, "deferrable"), "[\"x-licence-02\"]");
}

static void unknown_members_stay(void **state)
{
    struct shop *s = *state;
    struct jval b = mapped(s, "'new_thing':{'a':[1,2]},'legal_limit':{'value':20,'unit':'wd','from'"
                              ":'accept','basis':'b','evidence':'V','odd':true}");
    IS(text_at(s, &b, "extra/new_thing/a"), "[1,2]");
    IS(text_at(s, &b, "legal/extra/odd"), "true");
}

static void faults(void **state)
{
    struct shop *s = *state;
    struct err *e = mapped_badly(
        s,
        "'regime':'magic','dept':'','project_type':3,'legal_limit':{'value':-1,'unit':'week','from'"
        ":'accept',"
        "'basis':'b','evidence':'V'},'materials':[{'necessity':'required'},7],'id':'Not A Slug'");
    assert_non_null(fault_at(e, "/items/0/regime"));
    assert_non_null(fault_at(e, "/items/0/dept"));
    assert_non_null(fault_at(e, "/items/0/project_type"));
    assert_non_null(fault_at(e, "/items/0/legal_limit/value"));
    assert_non_null(fault_at(e, "/items/0/legal_limit/unit"));
    assert_non_null(fault_at(e, "/items/0/materials/0/name"));
    assert_non_null(fault_at(e, "/items/0/materials/1"));
    assert_non_null(fault_at(e, "/items/0/id"));
}

int test_map(void)
{
    const struct CMUnitTest tests[] = {
        CASE(units),     CASE(starts), CASE(kinds),     CASE(pauses),
        CASE(approvers), CASE(duties), CASE(materials), CASE(unknown_members_stay),
        CASE(faults),
    };
    return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
