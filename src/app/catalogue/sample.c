/* Sample texts (sample.h). */
#include "app/catalogue/sample.h"

#include "app/catalogue/body.h"
#include "app/catalogue/reader.h"
#include "base/check.h"

struct step {
    const char *zh, *en;
};

/* clang-format off */
static const struct step LICENCE_STEPS[] = {
    {"申请与收件", "apply, receipt"},
    {"受理或一次性告知补正", "acceptance, or one notice of all corrections"},
    {"审查", "review"},
    {"决定", "decision"},
    {"制证与送达", "issue and delivery"},
};
static const struct step SERVICE_STEPS[] = {
    {"申请与收件", "apply, receipt"},
    {"受理", "acceptance"},
    {"办理", "handling"},
    {"送达", "delivery"},
};
/* clang-format on */

static struct jobj *copy_of(struct arena *a, const struct jval *body)
{
    struct jobj *o = jobj_new(a);
    for (size_t i = 0; i < body->n; i++) {
        jobj_put(o, body->obj[i].name, body->obj[i].val);
    }
    return o;
}

static struct jval steps_of(struct arena *a, bool licence)
{
    const struct step *steps = licence ? LICENCE_STEPS : SERVICE_STEPS;
    size_t n = licence ? COUNT_OF(LICENCE_STEPS) : COUNT_OF(SERVICE_STEPS);
    struct jarr *l = jarr_new(a);
    for (size_t i = 0; i < n; i++) {
        struct jobj *o = jobj_new(a);
        jobj_put(o, S("zh"), jval_of_str(str_fmt(a, "【示例】%s", steps[i].zh)));
        jobj_put(o, S("en"), jval_of_str(str_fmt(a, "SAMPLE: %s", steps[i].en)));
        jarr_add(l, jobj_val(o));
    }
    return jarr_val(l);
}

struct jval sample_fill(struct arena *a, const struct jval *body)
{
    struct jobj *o = copy_of(a, body);
    struct str name = body_zh(body, "name");
    bool licence = str_eqz(body_text(body, "regime"), "licence");
    if (!body_has(body, "conditions")) {
        put_both(
            a, o, "conditions",
            str_fmt(
                a,
                "【示例】申请“%.*"
                "s”，应当符合有关法律、法规规定的条件，材料齐全、真实。正式条件由主管部门公布。",
                STR_ARG(name)),
            S("SAMPLE: the conditions that the law sets are met; materials are complete and true. "
              "The department publishes the real text."));
    }
    if (!body_has(body, "quantity")) {
        put_both(a, o, "quantity", S("【示例】无数量限制。"), S("SAMPLE: not limited in number."));
    }
    if (!body_has(body, "steps")) {
        jobj_put(o, S("steps"), steps_of(a, licence));
    }
    if (!body_has(body, "sample_form")) {
        put_both(a, o, "sample_form",
                 str_fmt(a,
                         "【示例】%.*s申请书示范文本：申请人××公司，联系人张三，电话 "
                         "000-00000000，申请内容××。正式文本由主管部门公布。",
                         STR_ARG(name)),
                 S("SAMPLE: a filled-in application of a fictitious company. The department "
                   "publishes the real text."));
    }
    if (body_bool(body, "commitment") && !body_has(body, "commitment_text")) {
        put_both(a, o, "commitment_text",
                 S("【示例】本申请人已知晓办理条件、标准和不实承诺的法律责任，承诺已符合条件，愿意"
                   "接受核查。"),
                 S("SAMPLE: the applicant knows the conditions and what a false commitment leads "
                   "to, declares that they are met and accepts a check."));
    }
    put_bool(o, "sample", true);
    return jobj_val(o);
}

struct jval sample_mark(struct arena *a, const struct jval *body)
{
    struct jobj *o = copy_of(a, body);
    put_bool(o, "sample", true);
    return jobj_val(o);
}
