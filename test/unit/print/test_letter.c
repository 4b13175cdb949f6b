/* What letters say: with all data and with none, and what the law wants in each (articles named).
 */
#include "letters.h"

#include <string.h>

static void has(struct arena *a, const struct letter_text *t, const char *needle)
{
    if (strstr(whole(a, t), needle) == NULL) {
        fail_msg("not there: %s\n%s", needle, whole(a, t));
    }
}

static void has_not(struct arena *a, const struct letter_text *t, const char *needle)
{
    if (strstr(whole(a, t), needle) != NULL) {
        fail_msg("there: %s\n%s", needle, whole(a, t));
    }
}

static void every_letter(void **state)
{
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);
    struct jval full = full_data(a), empty = value(a, "{}");
    unsigned char first[32], other[32];

    (void)state;
    assert_true(letter_count(s) > 40);
    for (size_t i = 0; i < letter_count(s); i++) {
        struct str name = letter_name(s, i), zh, en;
        struct letter_text t = text_of(a, s, str_z(a, name), full);

        assert_true(letter_titles(s, name, &zh, &en));
        assert_true(zh.n > 0 && en.n > 0);
        assert_true(t.n_body + t.n_rows > 0);
        has_not(a, &t, "——");
        assert_string_equal(str_z(a, t.date), "2026年3月9日");
        t = text_of(a, s, str_z(a, name), empty);
        assert_string_equal(str_z(a, t.sign), "——");
        assert_string_equal(str_z(a, t.date), "——");
        assert_true(letter_template_sha256(s, name, other));
        assert_true(i == 0 || memcmp(first, other, sizeof(first)) != 0);
        memcpy(first, other, sizeof(first));
    }
    arena_free(a);
}

static void unknown_letter(void **state)
{
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);
    struct jval empty = value(a, "{}");
    struct letter_text t;
    struct str zh, en;
    unsigned char sha[32];
    struct err *e = letter_compose(a, s, S("love"), &empty, &t);

    (void)state;
    assert_non_null(e);
    assert_int_equal(e->code, ERR_NOT_FOUND);
    assert_false(letter_titles(s, S("_common"), &zh, &en));
    assert_false(letter_template_sha256(s, S(""), sha));
    arena_free(a);
}

static void heads(void **state)
{
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);
    struct jval full = full_data(a);
    struct letter_text t = text_of(a, s, "acceptance", full);

    (void)state;
    assert_string_equal(str_z(a, t.organ), "示范高新技术产业开发区行政审批局");
    assert_string_equal(str_z(a, t.title), "受理通知书");
    assert_string_equal(str_z(a, t.number), "示高审受〔2026〕第12号");
    assert_string_equal(str_z(a, t.addressee), "示范食品有限责任公司");
    t = text_of(a, s, "acceptance", with(a, full, "number", "\"\"")); /* a draft */
    assert_string_equal(str_z(a, t.number), "——");
    t = text_of(a, s, "acceptance", with(a, full, "profile", "{}"));
    assert_string_equal(str_z(a, t.organ), "示范高新技术产业开发区政务服务中心");
    assert_string_equal(str_z(a, t.number), "受〔2026〕第12号");
    t = text_of(a, s, "third_party", full); /* art. 36: not the applicant */
    assert_string_equal(str_z(a, t.addressee), "李四");
    t = text_of(a, s, "licence", full);
    assert_string_equal(str_z(a, t.title), "食品经营许可证");
    assert_string_equal(str_z(a, t.number), "证件编号：food-biz-2026-00012");
    assert_null(t.addressee.p);
    assert_int_equal(t.layout, LETTER_LICENCE);
    has(a, &t, "统一社会信用代码=91510100MA00000009");
    t = text_of(a, s, "licence", with(a, full, "results", "{}"));
    assert_string_equal(str_z(a, t.number), "证件编号：——");
    arena_free(a);
}

/* 行政许可法 32(1)(4), 72: once, complete, numbered, nothing that was in order. */
static void correction_lists_all(void **state)
{
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);
    struct letter_text t = text_of(a, s, "correction", full_data(a));

    (void)state;
    has(a, &t, "第三十二条第一款第四项");
    has(a, &t, "\n1. 食品经营许可申请书：第三页未填写主体业态");
    has(a, &t, "\n2. 场所使用证明：未提交\n");
    has(a, &t, "\n3. 设施设备布局图\n"); /* no note, no colon */
    has_not(a, &t, "营业执照");
    has(a, &t, "不再要求补正其他材料");
    has(a, &t, "2026年4月8日");
    arena_free(a);
}

/* 行政许可法 38(2); 行政复议法 20; 行政诉讼法 46. */
static void refusals_state_remedies(void **state)
{
    static const char *const NAMES[] = {"refusal", "not_ours",        "no_licence",
                                        "lapse",   "service_refusal", "after_check_decision"};
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);
    struct jval full = full_data(a);
    struct letter_text t;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        t = text_of(a, s, NAMES[i], full);
        has(a, &t,
            "六十日内，依照《中华人民共和国行政复议法》第二十条的规定向示范市人民政府申请行政复议");
        has(a, &t,
            "六个月内，依照《中华人民共和国行政诉讼法》第四十六条的规定直接向示范区人民法院提起行政"
            "诉讼");
        t = text_of(a, s, NAMES[i], with(a, full, "profile", "{}"));
        has(a, &t, "向有管辖权的行政复议机关申请");
    }
    t = text_of(a, s, "refusal", full);
    has(a, &t, "第三十八条第二款");
    has(a, &t, "不予许可的理由：经营场所与申请材料不一致。\n现场核查时未见"); /* lines as typed */
    has(a, &t, "《食品安全法》第三十五条");
    arena_free(a);
}

static void what_the_law_wants(void **state)
{
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);
    struct jval full = full_data(a);
    struct letter_text t =
        text_of(a, s, "acceptance", full); /* 32(1)(5): from the last supplement */

    (void)state;
    has(a, &t, "自2026年3月6日起予以受理");
    has(a, &t,
        "20个工作日（依据：行政许可法42(1)"
        "），自2026年3月6日起算（当日不计入），至2026年4月3日届满");
    has_not(a, &t, "暂定");
    t = text_of(a, s, "acceptance_deemed", full); /* 32(1)(4): as of receipt */
    has(a, &t, "自收到申请材料之日（2026年3月2日）起即为受理");
    t = text_of(a, s, "grant", full); /* 38(1), 40, 44 */
    has(a, &t, "第三十八条第一款");
    has(a, &t, "依照行政许可法44，不迟于2026年3月23日颁发、送达");
    has(a, &t, "公众有权查阅");
    t = text_of(a, s, "extension",
                with(a, full, "form", "{}")); /* 42: reason, approver, new date */
    has(a, &t, "延长的理由：须等待检测机构出具报告。");
    has(a, &t, "第四十二条的规定，经本机关负责人批准");
    has(a, &t, "2026年4月3日");
    t = text_of(a, s, "renewal_deemed", full); /* 50(2) */
    has(a, &t, "有效期至2026年6月30日届满");
    has(a, &t, "第五十条第二款");
    t = text_of(a, s, "hearing_notice", full); /* 48(1) */
    has(a, &t, "时间：2026年3月30日\n地点：二楼听证室\n主持人：赵六");
    t = text_of(a, s, "delivery", full);
    has(a, &t, "送达方式=窗口领取");
    has(a, &t, "签收人=王五");
    has(a, &t, "送达日期=2026年3月9日");
    arena_free(a);
}

/* 行政许可法 45: eight procedures are not counted; a site visit, publicity, consultation are. */
static void special_procedures(void **state)
{
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);
    struct jval full = full_data(a);
    struct letter_text t = text_of(a, s, "special_notice", full);

    (void)state;
    has(a, &t, "进行专家评审，自2026年3月9日开始，预计需要15个工作日");
    has(a, &t, "第四十五条的规定，该程序所需时间不计算在");
    t = text_of(a, s, "special_notice",
                with(a, full, "form", "{\"cause\": \"site\", \"days\": 5, \"basis\": \"指南\"}"));
    has(a, &t, "现场踏勘");
    has(a, &t, "不属于《中华人民共和国行政许可法》第四十五条所列的程序");
    has_not(a, &t, "不计算在");
    arena_free(a);
}

/* 行政许可法 binds licences only (design.md 4). */
static void other_regimes(void **state)
{
    static const char *const NAMES[] = {"receipt",
                                        "not_ours",
                                        "correction",
                                        "correction_again",
                                        "acceptance",
                                        "acceptance_deemed",
                                        "lapse",
                                        "special_notice",
                                        "special_notice_again",
                                        "extension",
                                        "service_result",
                                        "service_refusal",
                                        "withdrawal",
                                        "delivery"};
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);
    struct jval full = full_data(a);
    const char *item = "{\"name\": \"预包装食品备案\", \"regime\": \"filing\", \"result\": "
                       "\"备案编号\", \"extension_approver\": \"unit_head\"}";
    const char *clocks = "{\"correction\": {\"basis\": \"《某条例》第九条\", \"due\": "
                         "\"2026年3月9日\", \"limit\": \"5个工作日\"}}";
    struct jval filing = with(a, with(a, with(a, full, "item", item), "clocks", clocks), "facts",
                              "{\"outcome\": \"done\"}");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        struct letter_text t = text_of(a, s, NAMES[i], filing);

        has_not(a, &t, "行政许可");
        has(a, &t, "预包装食品备案");
    }
    struct letter_text t = text_of(a, s, "acceptance_deemed", filing);
    has(a, &t, "根据《某条例》第九条的规定，该申请自收到申请材料之日（2026年3月2日）起视为受理");
    arena_free(a);
}

/* Data of any shape prints, as far as it can. */
static void odd_data(void **state)
{
    static const char *const ODD[] = {
        "{\"party\": 3, \"item\": [], \"form\": \"x\", \"clocks\": null, \"profile\": [1]}",
        "{\"party\": {\"name\": {\"zh\": \"甲\"}}, \"verdicts\": [1, \"a\", {}, [], null, "
        "{\"result\": \"fix\"}], \"number\": 5}",
        "{\"materials\": {\"a\": 1}, \"form\": {\"reason\": [\"a\", {\"name\": \"b\"}, [], 3, "
        "true], \"answers\": {}}}",
        "[]",
    };
    struct arena *a = arena_new(0);
    struct letter_set *s = all_letters(a);

    (void)state;
    for (size_t i = 0; i < letter_count(s); i++) {
        for (size_t k = 0; k < COUNT_OF(ODD); k++) {
            struct letter_text t = text_of(a, s, str_z(a, letter_name(s, i)), value(a, ODD[k]));

            has_not(a, &t, "{");
        }
    }
    struct letter_text t = text_of(a, s, "refusal", value(a, ODD[2]));
    has(a, &t, "理由：a、b、3、是\n");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_letter),
        cmocka_unit_test(unknown_letter),
        cmocka_unit_test(heads),
        cmocka_unit_test(correction_lists_all),
        cmocka_unit_test(refusals_state_remedies),
        cmocka_unit_test(what_the_law_wants),
        cmocka_unit_test(special_procedures),
        cmocka_unit_test(other_regimes),
        cmocka_unit_test(odd_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
