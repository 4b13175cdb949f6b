/* The rules of publishing, one function a concern (check.h). */
#include "app/catalogue/check.h"

#include "app/catalogue/body.h"
#include "app/catalogue/limit.h"
#include "app/catalogue/words.h"
#include "base/check.h"
#include "procedure/almanac.h"
#include "procedure/view.h"

struct checking {
    const struct jval *body;
    const struct calendar *calendar;
    struct findings *f;
    bool demo, licence;
};

static void
found(struct findings *f, bool blocks, const char *pointer, const char *code, struct finding text)
{
    if (f->n == f->cap) {
        size_t cap = f->cap == 0 ? 16 : f->cap * 2;
        struct finding *rows = ARENA_ARRAY(f->a, struct finding, cap);
        for (size_t i = 0; i < f->n; i++) {
            rows[i] = f->rows[i];
        }
        f->rows = rows;
        f->cap = cap;
    }
    f->n_blocks += blocks ? 1 : 0;
    f->rows[f->n++] = (struct finding){str_of(pointer), code, text.zh, text.en, blocks};
}

#define TEXT(z, e) ((struct finding){.zh = S(z), .en = S(e)})

static void block(struct checking *k, const char *pointer, const char *code, struct finding text)
{
    found(k->f, true, pointer, code, text);
}

static void flag(struct checking *k, const char *pointer, const char *code, struct finding text)
{
    found(k->f, false, pointer, code, text);
}

/* Art. 30: what must be shown to everybody. */
static void check_shown(struct checking *k)
{
    static const struct {
        const char *pointer;
        struct finding text;
    } ROWS[] = {
        {"/conditions",
         {.zh = S_INIT("办理条件未公布（行政许可法第30条）"),
          .en = S_INIT("the conditions are not given (art. 30)")}},
        {"/quantity",
         {.zh = S_INIT("数量限制未公布（行政许可法第30条）"),
          .en = S_INIT("it is not said whether the number is limited (art. 30)")}},
        {"/steps",
         {.zh = S_INIT("办理程序未公布（行政许可法第30条）"),
          .en = S_INIT("the steps are not given (art. 30)")}},
        {"/sample_form",
         {.zh = S_INIT("申请书示范文本未公布（行政许可法第30条）"),
          .en = S_INIT("there is no sample form (art. 30)")}},
    };
    for (size_t i = 0; body_may_miss(i) != NULL; i++) {
        CHECK(i < COUNT_OF(ROWS));
        if (!body_has(k->body, body_may_miss(i))) {
            found(k->f, !k->demo, ROWS[i].pointer, "missing", ROWS[i].text);
        }
    }
    if (body_bool(k->body, "sample") && !k->demo) {
        block(
            k, "/sample", "sample",
            TEXT("示例文本不能在正式环境发布", "sample texts cannot be published outside a demo"));
    }
    if (!body_has(k->body, "materials")) {
        block(k, "/materials", "missing",
              TEXT("没有申请材料目录（行政许可法第30条）",
                   "there is no list of materials (art. 30)"));
    }
    if (body_zh(k->body, "name").n == 0) {
        block(k, "/name", "missing", TEXT("没有事项名称", "the item has no name"));
    }
}

static void check_unit(struct checking *k, const struct departments *units)
{
    const struct department *u = department_coded(units, body_text(k->body, "unit"));
    if (u == NULL || u->closed) {
        block(k, "/unit", "unit",
              TEXT("没有这个承办单位，或者它已停用", "there is no such unit, or it is closed"));
    }
}

/* `x` may not be due later than `than`; days tried are told, so the comparison can be believed. */
static void
check_not_longer(struct checking *k, const char *name, struct duration than, struct finding why)
{
    struct arena *a = k->f->a;
    struct duration x;
    const char *pointer = str_fmt(a, "/%s", name).p;
    if (!limit_of(k->body, name, &x)) {
        return;
    }
    struct limit_compared r = limit_compare(k->calendar, x, than);
    if (r.longer && r.start_day != CIVIL_NO_DAY) {
        struct str start = civil_text(a, r.start_day), due = civil_text(a, r.due_day),
                   other = civil_text(a, r.other_due);
        block(k, pointer, "longer",
              (struct finding){
                  .zh = str_fmt(a, "%.*s（%.*s起算：%.*s，晚于%.*s）", STR_ARG(why.zh),
                                STR_ARG(start), STR_ARG(due), STR_ARG(other)),
                  .en = str_fmt(a, "%.*s (from %.*s: due %.*s, later than %.*s)", STR_ARG(why.en),
                                STR_ARG(start), STR_ARG(due), STR_ARG(other)),
              });
    } else if (r.longer) {
        block(k, pointer, "longer", why);
    } else if (r.units_differ) {
        flag(k, pointer, "units",
             (struct finding){
                 .zh = str_fmt(a, "与法定期限单位不同，已按日历逐日比较%d个起算日", r.days_tried),
                 .en = str_fmt(a, "the units differ; compared over the calendar for %d start days",
                               r.days_tried),
             });
    }
}

static void check_limits(struct checking *k)
{
    struct duration legal, any;
    bool has_legal = limit_of(k->body, "legal_limit", &legal);
    if (has_legal) {
        check_not_longer(k, "promised_limit", legal,
                         TEXT("承诺期限长于法定期限（优化营商环境条例第36条）",
                              "the promised limit is longer than the legal one"));
        if (str_trim(body_text(k->body, "legal_basis")).n == 0) {
            block(k, "/legal_basis", "missing",
                  TEXT("法定期限没有依据", "the legal limit has no basis"));
        }
        if (body_evidence(k->body, "legal").n == 0) {
            block(k, "/legal/evidence", "missing",
                  TEXT("没有说明法定期限的依据是否核实",
                       "it is not said how the legal limit is known"));
        }
    } else if (!limit_of(k->body, "promised_limit", &any)) {
        block(k, "/promised_limit", "missing",
              TEXT("既无法定期限，也无承诺期限（行政许可法第30条）",
                   "there is neither a legal nor a promised limit (art. 30)"));
    }
    if (has_legal && str_eqz(body_text(k->body, "counts_from"), "event") &&
        !body_has(jval_get(k->body, S("legal")), "event")) {
        block(k, "/legal/event", "missing",
              TEXT("没有说明从哪个事件起算", "it is not said which event the limit counts from"));
    }
}

/* What the licence law itself says; only a shorter time may be set. */
static void check_licence(struct checking *k)
{
    struct duration any;
    if (!k->licence) {
        return;
    }
    if (!limit_of(k->body, "legal_limit", &any)) {
        block(k, "/legal_limit", "missing",
              TEXT("许可事项必须有法定期限（行政许可法第42条）",
                   "a licence has a legal limit (art. 42)"));
    }
    if (!body_bool(k->body, "deemed_acceptance")) {
        block(k, "/deemed_acceptance", "law",
              TEXT("许可事项适用视为受理（行政许可法第32条第1款第4项）",
                   "deemed acceptance applies to licences (art. 32(1)(4))"));
    }
    check_not_longer(k, "supplement_notice", (struct duration){CIVIL_WD, 5},
                     TEXT("补正告知期限不得长于5个工作日（行政许可法第32条）",
                          "the correction notice is due within 5 working days (art. 32)"));
    check_not_longer(k, "issue_deliver", (struct duration){CIVIL_WD, 10},
                     TEXT("颁发送达期限不得长于10个工作日（行政许可法第44条）",
                          "issue and delivery within 10 working days (art. 44)"));
}

static bool names_kind(const struct jval *list, struct str kind)
{
    for (size_t i = 0; list != NULL && list->type == J_LIST && i < list->n; i++) {
        if (str_eq(list->list[i].s, kind)) {
            return true;
        }
    }
    return false;
}

static bool has_basis(const struct jval *special, struct str kind)
{
    for (size_t i = 0; special != NULL && special->type == J_LIST && i < special->n; i++) {
        const struct jval *s = &special->list[i];
        if (str_eq(jval_str(jval_get(s, S("kind"))), kind) &&
            str_trim(jval_str(jval_get(s, S("basis")))).n > 0) {
            return true;
        }
    }
    return false;
}

/* Art. 45: eight procedures are not counted; any other needs a law that says so. */
static void check_special(struct checking *k)
{
    const struct jval *kinds = jval_get(k->body, S("special_kinds"));
    const struct jval *law = jval_get(k->body, S("pauses_by_law"));
    const struct jval *guide = jval_get(k->body, S("pauses_by_guide"));
    const struct jval *special = jval_get(k->body, S("special"));
    for (size_t i = 0; law != NULL && i < law->n; i++) {
        struct str kind = law->list[i].s;
        if (!names_kind(kinds, kind)) {
            block(k, "/pauses_by_law", "special",
                  TEXT("不计入期限的程序没有列入特别程序",
                       "a procedure that stops the clock is not among the special ones"));
        }
        if (!word_pauses_by_45(kind) && !has_basis(special, kind)) {
            block(k, "/pauses_by_law", "basis",
                  TEXT("不属于行政许可法第45条，须注明法律依据",
                       "not one of art. 45: name the law that excludes it"));
        }
    }
    for (size_t i = 0; guide != NULL && i < guide->n; i++) {
        if (!names_kind(kinds, guide->list[i].s)) {
            block(k, "/pauses_by_guide", "special",
                  TEXT("不计入承诺期限的程序没有列入特别程序",
                       "a procedure that stops the promised clock is not among the special ones"));
        }
    }
    for (size_t i = 0; special != NULL && i < special->n; i++) {
        if (!names_kind(kinds, jval_str(jval_get(&special->list[i], S("kind"))))) {
            block(k, "/special_kinds", "special",
                  TEXT("特别程序与种类清单不一致",
                       "a special procedure is missing in special_kinds"));
        }
    }
}

static void check_materials(struct checking *k)
{
    const struct jval *list = jval_get(k->body, S("materials"));
    const struct jval *deferrable = jval_get(k->body, S("deferrable"));
    for (size_t i = 0; deferrable != NULL && i < deferrable->n; i++) {
        bool there = false;
        for (size_t m = 0; list != NULL && m < list->n; m++) {
            there = there ||
                    str_eq(jval_str(jval_get(&list->list[m], S("code"))), deferrable->list[i].s);
        }
        if (!there) {
            block(k, "/deferrable", "material",
                  TEXT("可容缺材料不在材料目录中",
                       "a deferrable material is not in the list of materials"));
        }
    }
    if (body_bool(k->body, "allow_defer") && (deferrable == NULL || deferrable->n == 0)) {
        flag(k, "/allow_defer", "defer",
             TEXT("可容缺受理，但没有可容缺的材料",
                  "deferral is allowed, but no material is deferrable"));
    }
    if (body_bool(k->body, "allow_defer") && body_bool(k->body, "immediate")) {
        flag(k, "/allow_defer", "defer",
             TEXT("即办件通常不适用容缺受理", "deferral is unusual for what is done on the spot"));
    }
}

/* Below V nobody has read the law: a person must look before it goes out (approvals.md 0). */
static void flag_evidence(struct checking *k)
{
    static const char *const OBJECTS[] = {"legal", "correction", "issue", "correction_pause",
                                          "fee"};
    struct arena *a = k->f->a;
    const struct jval *defaults = jval_get(k->body, S("defaults"));
    for (size_t i = 0; i < COUNT_OF(OBJECTS); i++) {
        struct str e = body_evidence(k->body, OBJECTS[i]);
        if (e.n > 0 && !word_is_checked(e)) {
            flag(k, str_fmt(a, "/%s/evidence", OBJECTS[i]).p, "evidence",
                 (struct finding){
                     .zh = str_fmt(a, "%.*s：请核对法规原文", STR_ARG(word_zh(WORD_EVIDENCE, e))),
                     .en = str_fmt(a, "%.*s: check it against the law",
                                   STR_ARG(word_en(WORD_EVIDENCE, e))),
                 });
        }
    }
    for (size_t i = 0; defaults != NULL && defaults->type == J_LIST && i < defaults->n; i++) {
        flag(k, str_fmt(a, "/%.*s", STR_ARG(defaults->list[i].s)).p, "default",
             TEXT("目录没有给出，采用系统默认值，请核对",
                  "the catalogue does not say; a default was taken, please check"));
    }
    if (body_bool(k->body, "commitment") && body_bool(k->body, "safety_related")) {
        flag(k, "/commitment", "commitment",
             TEXT("涉及安全的事项一般不适用告知承诺（国办发〔2020〕42号）",
                  "commitments are unusual where safety is concerned"));
    }
    if (body_bool(k->body, "commitment") && !body_has(k->body, "commitment_text")) {
        flag(k, "/commitment_text", "commitment",
             TEXT("适用告知承诺，但没有承诺书文本",
                  "commitments are allowed, but there is no text for them"));
    }
}

static void check_shape(struct checking *k)
{
    struct err *e = NULL;
    body_validate(k->f->a, k->body, S(""), &e);
    for (const struct err_field *f = e == NULL ? NULL : e->fields; f != NULL; f = f->next) {
        struct finding text = {.zh = f->zh, .en = f->en};
        block(k, str_z(k->f->a, f->pointer), str_z(k->f->a, f->code), text);
    }
}

void check_item(struct call *c,
                const struct jval *body,
                const struct departments *units,
                struct findings *ret)
{
    const struct almanac *al = almanac_of(c->app);
    *ret = (struct findings){.a = c->arena};
    struct checking k = {
        .body = body,
        .calendar = al == NULL ? NULL : al->calendar,
        .f = ret,
        .demo = c->app->conf.demo,
        .licence = str_eqz(body_text(body, "regime"), "licence"),
    };
    check_shape(&k);
    if (ret->n_blocks > 0) {
        return; /* the rest would only stumble over the same members */
    }
    check_shown(&k);
    check_unit(&k, units);
    check_limits(&k);
    check_licence(&k);
    check_special(&k);
    check_materials(&k);
    flag_evidence(&k);
}

struct err *check_error(const struct findings *f)
{
    struct err *e = NULL;
    if (f->n_blocks == 0) {
        return NULL;
    }
    e = ERROR(f->a, ERR_PUBLISH_BLOCKED, "还有 %zu 处需要改正，事项不能发布。",
              "%zu things must be put right before the item can be published.", f->n_blocks);
    for (size_t i = 0; i < f->n; i++) {
        if (f->rows[i].blocks) {
            e = err_field(e, f->rows[i].pointer, f->rows[i].code, f->rows[i].zh, f->rows[i].en);
        }
    }
    return e;
}

void check_write(const struct findings *f, struct jw *w, const char *key)
{
    jw_key(w, str_of(key));
    jw_list(w);
    for (size_t i = 0; i < f->n; i++) {
        jw_obj(w);
        jw_kstr(w, "pointer", f->rows[i].pointer);
        jw_kstr(w, "code", str_of(f->rows[i].code));
        jw_kbool(w, "blocks", f->rows[i].blocks);
        view_text(w, "text", f->rows[i].zh, f->rows[i].en);
        jw_end_obj(w);
    }
    jw_end_list(w);
}
