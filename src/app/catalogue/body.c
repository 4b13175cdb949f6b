/* Rows of the body, and the checks that rows cannot express (body.h). */
#include "app/catalogue/body.h"

#include "app/catalogue/words.h"
#include "base/check.h"
#include "civil/clock.h"
#include "procedure/definition.h"

/* clang-format off */
#define ROW(n, k, z, e) .name = n, .kind = k, .offset = FIELD_NOWHERE, .zh = z, .en = e
#define R_TEXT(n, hi, z, e)    {ROW(n, FIELD_TEXT, z, e), .flags = FIELD_MULTILINE, .min = 0, .max = hi}
#define R_BOOL(n, z, e)        {ROW(n, FIELD_BOOL, z, e)}
#define R_INT(n, hi, z, e)     {ROW(n, FIELD_INT, z, e), .min = 0, .max = hi}
#define R_WORD(n, list, z, e)  {ROW(n, FIELD_CHOICE, z, e), .choices = list}
#define R_WORDS(n, list, z, e) {ROW(n, FIELD_TEXTS, z, e), .min = 0, .max = 100, .choices = list}
#define R_BOTH(n, z, e)        {ROW(n, FIELD_OBJECT, z, e), .sub = BOTH}
#define R_JSON(n, z, e)        {ROW(n, FIELD_JSON, z, e)}
#define R_LIST(n, rows, z, e)  {ROW(n, FIELD_LIST, z, e), .sub = rows, .min = 0, .max = 200}
#define R_OBJ(n, rows, z, e)   {ROW(n, FIELD_OBJECT, z, e), .sub = rows}
#define EXTRA                  R_JSON("extra", "未识别的内容", "Kept from the file")

static const struct field BOTH[] = {
    {ROW("zh", FIELD_TEXT, "中文", "Chinese"), .flags = FIELD_REQUIRED | FIELD_MULTILINE, .min = 1, .max = 5000},
    R_TEXT("en", 5000, "英文", "English"),
    FIELD_END,
};
static const struct field EXTENSION[] = {
    R_TEXT("approver", 200, "批准人", "Approver"), R_INT("max_times", 100, "次数", "Times"), EXTRA, FIELD_END,
};
static const struct field LEGAL[] = {
    R_WORD("evidence", WORD_EVIDENCE, "依据核实程度", "Evidence"), R_TEXT("unit_text", 20, "法规原文单位", "Unit in the law"),
    R_TEXT("note", 2000, "说明", "Note"), R_BOTH("event", "起算事件", "Event"), R_OBJ("extension", EXTENSION, "延长", "Extension"), EXTRA, FIELD_END,
};
static const struct field BASIS[] = {
    R_TEXT("basis", 2000, "依据", "Basis"), R_WORD("evidence", WORD_EVIDENCE, "依据核实程度", "Evidence"),
    R_TEXT("unit_text", 20, "法规原文单位", "Unit in the law"), EXTRA, FIELD_END,
};
static const struct field FEE[] = {
    R_BOOL("charged", "收费", "Charged"), R_TEXT("name", 2000, "名称", "Name"), R_TEXT("standard", 2000, "标准", "Standard"),
    R_TEXT("note", 2000, "说明", "Note"), R_WORD("evidence", WORD_EVIDENCE, "依据核实程度", "Evidence"), EXTRA, FIELD_END,
};
static const struct field SPECIAL[] = {
    {ROW("kind", FIELD_CHOICE, "种类", "Kind"), .flags = FIELD_REQUIRED, .choices = WORD_SPECIAL},
    R_BOTH("name", "名称", "Name"), R_INT("days", 1000, "预计工作日", "Expected working days"),
    {ROW("pauses", FIELD_CHOICE, "是否计入期限", "Counted"), .flags = FIELD_REQUIRED, .choices = WORD_PAUSES},
    R_BOOL("counts_in_limit", "计入期限", "Counted in the limit"), R_TEXT("basis", 2000, "依据", "Basis"), EXTRA, FIELD_END,
};
static const struct field MATERIAL[] = {
    R_TEXT("code", 60, "编码", "Code"),
    {ROW("name", FIELD_OBJECT, "名称", "Name"), .flags = FIELD_REQUIRED, .sub = BOTH},
    R_TEXT("was", 2000, "目录中的名称", "Name in the file"),
    R_WORD("necessity", WORD_NECESSITY, "必要性", "Necessity"), R_WORD("necessity_code", WORD_NECESSITY_CODE, "必要性代码", "Code of necessity"),
    R_BOTH("condition", "条件", "Condition"), R_BOOL("deferrable", "可容缺", "Deferrable"), R_BOOL("commitment_ok", "可承诺代替", "Commitment instead"),
    R_BOOL("share_exempt", "共享免交", "Shared, not demanded"), R_WORD("source", WORD_SOURCE, "来源", "Source"),
    R_INT("copies", 100, "份数", "Copies"), R_BOTH("note", "说明", "Note"), EXTRA, FIELD_END,
};
const struct field body_rows[] = {
    {ROW("name", FIELD_OBJECT, "名称", "Name"), .flags = FIELD_REQUIRED, .sub = BOTH},
    {ROW("regime", FIELD_CHOICE, "事项性质", "Regime"), .flags = FIELD_REQUIRED, .choices = WORD_REGIME},
    {ROW("unit", FIELD_TEXT, "承办单位", "Unit"), .flags = FIELD_REQUIRED, .min = 1, .max = 60},
    R_TEXT("legal_basis", 2000, "法定期限依据", "Basis of the legal limit"), R_TEXT("legal_limit", 12, "法定期限", "Legal limit"),
    R_WORD("counts_from", WORD_COUNTS_FROM, "期限起算", "Counts from"), R_BOOL("ends_at_issue", "期限至颁证止", "Limit ends at issue"),
    R_TEXT("promised_limit", 12, "承诺期限", "Promised limit"), R_TEXT("extension", 12, "可延长", "Extension"),
    R_WORD("extension_approver", WORD_APPROVER, "延长批准人", "Extension approved by"),
    R_TEXT("supplement_notice", 12, "补正告知期限", "Correction notice limit"), R_TEXT("correction_basis", 2000, "补正告知依据", "Basis of the correction notice"),
    R_BOOL("correction_pauses", "补正期间不计入", "Correction time is not counted"), R_BOOL("deemed_acceptance", "适用视为受理", "Deemed acceptance applies"),
    R_TEXT("issue_deliver", 12, "颁发送达期限", "Issue and delivery limit"), R_TEXT("issue_basis", 2000, "颁发送达依据", "Basis of issue and delivery"),
    R_WORDS("pauses_by_law", WORD_SPECIAL, "法定不计入期限的程序", "Pauses by law"), R_WORDS("pauses_by_guide", WORD_SPECIAL, "承诺期限不计入的程序", "Pauses by guide"),
    R_WORDS("special_kinds", WORD_SPECIAL, "特别程序", "Special procedures"), R_WORDS("deferrable", NULL, "可容缺材料", "Deferrable materials"),
    R_TEXT("deferral_limit", 12, "容缺补交期限", "Limit for deferred materials"), R_BOOL("allow_defer", "可容缺受理", "Deferral allowed"),
    R_BOOL("commitment", "告知承诺", "Notice and commitment"), R_TEXT("check_within", 12, "承诺核查期限", "Check of a commitment within"),
    R_BOOL("immediate", "即办", "Immediate"), R_BOOL("inspection", "须检验检测检疫", "Inspection or test needed"), R_BOOL("substantive", "须现场核查", "Substantive check needed"),
    R_BOOL("legal_review", "须法制审核", "Legal review needed"), R_BOOL("one_person", "可由受理人办理", "Acceptor may also handle"), R_BOOL("safety_related", "涉及安全", "Safety related"),
    R_WORD("task_type", WORD_TASK_TYPE, "事项类型", "Task type"), R_WORD("project_type", WORD_PROJECT_TYPE, "办件类型", "Project type"),
    R_WORDS("objects", WORD_OBJECT, "服务对象", "For whom"), R_WORDS("tags", NULL, "标签", "Tags"),
    R_BOTH("conditions", "办理条件", "Conditions"), R_BOTH("quantity", "数量限制", "Quantity"), R_LIST("steps", BOTH, "办理程序", "Steps"), R_BOTH("sample_form", "申请书示范文本", "Sample form"),
    R_LIST("materials", MATERIAL, "申请材料", "Materials"), R_JSON("material_codes", "材料编码", "Codes of materials"),
    R_LIST("special", SPECIAL, "特别程序", "Special procedures"), R_JSON("form", "申请表", "Application form"), R_OBJ("fee", FEE, "收费", "Fee"),
    R_BOTH("result", "办理结果", "Result"), R_TEXT("validity", 2000, "有效期", "Validity"), R_JSON("variants", "办理情形", "Variants"),
    R_TEXT("notes", 2000, "备注", "Notes"), R_WORD("notice_commitment", WORD_COMMITMENT, "告知承诺适用", "Commitment applies"), R_BOTH("commitment_text", "告知承诺书文本", "Text of the commitment"),
    R_INT("onsite_visits", 100, "到现场次数", "Visits needed"), R_TEXT("local_code_example", 200, "地方编码示例", "Local code, example"), R_WORD("confidence", WORD_EVIDENCE, "整体核实程度", "Evidence on the whole"),
    R_OBJ("legal", LEGAL, "法定期限说明", "About the legal limit"), R_OBJ("promised", BASIS, "承诺期限说明", "About the promised limit"),
    R_OBJ("correction", BASIS, "补正告知说明", "About the correction notice"), R_OBJ("issue", BASIS, "颁发送达说明", "About issue and delivery"), R_OBJ("correction_pause", BASIS, "补正不计入说明", "About the pause"),
    R_BOOL("online", "可网上办理", "Online"), R_BOOL("sample", "示例", "Sample"), R_JSON("params", "参数", "Parameters"), R_WORDS("defaults", NULL, "默认值", "Defaults"), EXTRA,
    FIELD_END,
};
/* clang-format on */

static const char *const DURATIONS[] = {
    "legal_limit",   "promised_limit", "extension",    "supplement_notice",
    "issue_deliver", "deferral_limit", "check_within",
};

void body_validate(struct arena *a, const struct jval *body, struct str at, struct err **faults)
{
    if (body == NULL || body->type != J_OBJ) {
        field_fault(a, faults, at, "type", "应当是一个对象", "must be an object");
        return;
    }
    field_validate(a, body_rows, body, at, faults);
    for (size_t i = 0; i < COUNT_OF(DURATIONS); i++) {
        const struct jval *v = jval_get(body, str_of(DURATIONS[i]));
        struct duration d;
        if (v != NULL && v->type == J_STR && !duration_parse(v->s, &d)) {
            field_fault(a, faults, str_fmt(a, "%.*s/%s", STR_ARG(at), DURATIONS[i]), "duration",
                        "期限写作 20wd、3cd、1mo，当场写作 0wd",
                        "write a limit as 20wd, 3cd, 1mo, on the spot as 0wd");
        }
    }
    const struct jval *form = jval_get(body, S("form"));
    if (form != NULL && form->type != J_NULL) {
        (void)form_of_json(a, form, str_fmt(a, "%.*s/form", STR_ARG(at)), faults);
    }
    const struct jval *variants = jval_get(body, S("variants"));
    if (variants != NULL && variants->type != J_LIST) {
        field_fault(a, faults, str_fmt(a, "%.*s/variants", STR_ARG(at)), "type", "应当是列表",
                    "must be a list");
    }
}

struct jval body_complete(struct arena *a, const struct jval *body)
{
    struct jobj *o = jobj_new(a);
    static const struct {
        const char *name, *value;
    } TEXTS[] = {
        {"legal_basis", ""},
        {"correction_basis", ""},
        {"issue_basis", ""},
        {"counts_from", "acceptance"},
        {"extension_approver", "organ_head"},
    };
    for (size_t i = 0; i < body->n; i++) {
        if (body->obj[i].val.type != J_NULL) {
            jobj_put(o, body->obj[i].name, body->obj[i].val);
        }
    }
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        if (body_text(body, TEXTS[i].name).p == NULL) {
            jobj_put(o, str_of(TEXTS[i].name), jval_of_str(str_of(TEXTS[i].value)));
        }
    }
    if (jval_get(body, S("deemed_acceptance")) == NULL) {
        bool licence = str_eqz(body_text(body, "regime"), "licence");
        jobj_put(o, S("deemed_acceptance"), jval_of_bool(licence));
    }
    return jobj_val(o);
}

struct str body_zh(const struct jval *body, const char *name)
{
    return jval_str(jval_get(jval_get(body, str_of(name)), S("zh")));
}

struct str body_text(const struct jval *body, const char *name)
{
    return jval_str(jval_get(body, str_of(name)));
}

bool body_bool(const struct jval *body, const char *name)
{
    return jval_bool(jval_get(body, str_of(name)), false);
}

struct str body_evidence(const struct jval *body, const char *object)
{
    return jval_str(jval_get(jval_get(body, str_of(object)), S("evidence")));
}

const char *body_may_miss(size_t i)
{
    static const char *const NAMES[] = {"conditions", "quantity", "steps", "sample_form", NULL};
    return i < COUNT_OF(NAMES) ? NAMES[i] : NULL;
}

bool body_has(const struct jval *body, const char *name)
{
    const struct jval *v = jval_get(body, str_of(name));
    if (v == NULL || v->type == J_NULL) {
        return false;
    }
    return v->type == J_LIST ? v->n > 0 : v->type != J_OBJ || str_trim(body_zh(body, name)).n > 0;
}
