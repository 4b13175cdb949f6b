/* Tables of words (words.h). */
#include "app/catalogue/words.h"

/* clang-format off */
#define END {NULL, NULL, NULL}
const struct choice WORD_REGIME[] = {
    {"licence", "行政许可", "licence"},
    {"confirmation", "行政确认", "confirmation"},
    {"filing", "备案", "filing"},
    {"grant", "行政给付", "grant"},
    {"public_service", "公共服务", "public service"},
    END,
};
const struct choice WORD_EVIDENCE[] = {
    {"V", "已核对法规原文", "read in the text of the law"},
    {"V2", "据二手资料，未核对原文", "from a secondary source, not checked against the law"},
    {"M-hi", "推断，把握较大，须核对", "inferred with high confidence, to be checked"},
    {"M-md", "推断，须核对", "inferred, to be checked"},
    {"M-lo", "推断，把握较小，须核对", "inferred with low confidence, to be checked"},
    {"sample", "示例，不是依据", "sample, not a basis"},
    END,
};
const struct choice WORD_SOURCE[] = {
    {"10", "申请人自备", "the applicant"},
    {"20", "政府部门核发", "issued by a public body"},
    {"99", "其他", "other"},
    END,
};
const struct choice WORD_NECESSITY[] = {
    {"required", "必要", "required"},
    {"optional", "非必要", "optional"},
    {"conditional", "有条件必要", "conditional"},
    END,
};
const struct choice WORD_NECESSITY_CODE[] = {
    {"1", "必要", "required"},
    {"2", "非必要", "optional"},
    {"3", "容缺后补", "may be handed in later"},
    END,
};
const struct choice WORD_OBJECT[] = {
    {"1", "自然人", "natural person"},
    {"2", "企业法人", "enterprise"},
    {"3", "事业法人", "public institution"},
    {"4", "社会组织法人", "social organisation"},
    {"5", "行政机关", "public body"},
    {"6", "其他组织", "other organisation"},
    END,
};
const struct choice WORD_SPECIAL[] = {
    {"hearing", "听证", "hearing"},
    {"bidding", "招标", "bidding"},
    {"auction", "拍卖", "auction"},
    {"inspection", "检验", "inspection"},
    {"test", "检测", "test"},
    {"quarantine", "检疫", "quarantine"},
    {"appraisal", "鉴定", "appraisal"},
    {"expert", "专家评审", "expert review"},
    {"site", "现场踏勘", "site visit"},
    {"public", "公示", "public notice"},
    {"consult", "征求意见", "consultation"},
    {"dispute", "争议或诉讼", "dispute or litigation"},
    END,
};
const struct choice WORD_PAUSES[] = {
    {"legal", "法定期限不计入", "not counted in the legal limit"},
    {"promised", "仅承诺期限不计入", "not counted in the promised limit only"},
    {"none", "计入期限", "counted"},
    END,
};
const struct choice WORD_TASK_TYPE[] = {
    {"00", "行政权力事项", "administrative power"},
    {"01", "行政许可", "licence"},
    {"02", "行政处罚", "penalty"},
    {"03", "行政强制", "coercion"},
    {"04", "行政征收", "levy"},
    {"05", "行政给付", "grant"},
    {"06", "行政检查", "inspection"},
    {"07", "行政确认", "confirmation"},
    {"08", "行政奖励", "award"},
    {"09", "行政裁决", "adjudication"},
    {"10", "其他类别事项", "other"},
    {"20", "公共服务事项", "public service"},
    END,
};
const struct choice WORD_PROJECT_TYPE[] = {
    {"1", "即办件", "done on the spot"},
    {"2", "承诺件", "done within a promised time"},
    {"9", "其他", "other"},
    END,
};
const struct choice WORD_COMMITMENT[] = {
    {"yes", "可告知承诺", "notice and commitment possible"},
    {"partial", "部分材料或情形可承诺", "possible for some materials or cases"},
    {"no", "不适用", "not possible"},
    {"n/a", "不涉及", "does not apply"},
    END,
};
const struct choice WORD_COUNTS_FROM[] = {
    {"acceptance", "受理之日", "acceptance"},
    {"receipt", "收到申请之日", "receipt of the application"},
    {"event", "法定事件之日", "an event"},
    END,
};
const struct choice WORD_LIMIT_UNIT[] = {
    {"now", "当场", "on the spot"},
    {"wd", "工作日", "working days"},
    {"cd", "自然日", "calendar days"},
    {"month", "月", "months"},
    {"promise", "仅公开承诺", "promise only"},
    {"plan", "按项目计划", "by project plan"},
    END,
};
const struct choice WORD_LIMIT_FROM[] = {
    {"accept", "受理之日", "acceptance"},
    {"receipt", "收到申请之日", "receipt of the application"},
    {"event", "法定事件之日", "an event"},
    {"window-close", "受理期限终止之日", "the close of the application window"},
    END,
};
const struct choice WORD_APPROVER[] = {
    {"organ_head", "本行政机关负责人", "the head of the organ"},
    {"government_head", "本级人民政府负责人", "the head of the government"},
    {"unit_head", "单位负责人", "the head of the unit"},
    END,
};
const struct choice WORD_MODE[] = {
    {"serial", "依次办理", "one after another"},
    {"parallel", "并行办理", "in parallel"},
    END,
};
const struct choice WORD_STATUS[] = {
    {"draft", "草稿", "draft"},
    {"published", "在办", "published"},
    {"suspended", "暂停", "suspended"},
    {"withdrawn", "取消", "withdrawn"},
    END,
};
/* clang-format on */

const struct choice *word_find(const struct choice *list, struct str value)
{
    for (const struct choice *c = list; c->value != NULL; c++) {
        if (str_eqz(value, c->value)) {
            return c;
        }
    }
    return NULL;
}

struct str word_zh(const struct choice *list, struct str value)
{
    const struct choice *c = word_find(list, value);
    return c == NULL ? value : str_of(c->zh);
}

struct str word_en(const struct choice *list, struct str value)
{
    const struct choice *c = word_find(list, value);
    return c == NULL ? value : str_of(c->en);
}

bool word_is_checked(struct str evidence)
{
    return str_eqz(evidence, "V");
}

bool word_pauses_by_45(struct str special)
{
    return word_find(WORD_SPECIAL, special) != NULL && !str_eqz(special, "site") &&
           !str_eqz(special, "public") && !str_eqz(special, "consult") &&
           !str_eqz(special, "dispute");
}
