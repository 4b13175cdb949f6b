/* The guide of an item (行政许可法 30: 事项、依据、条件、数量、程序、期限、材料目录、示范文本;
 * docs/api.md "Catalogue"). What the bureau has not given yet is null and named in `missing`. */
#include "app/catalogue/ops.h"

#include "app/catalogue/body.h"
#include "app/catalogue/store.h"
#include "app/catalogue/today.h"
#include "base/check.h"
#include "procedure/org.h"
#include "procedure/view.h"

/* Where a guide came from: the row, its body and the unit. */
struct guide {
    struct call *c;
    struct item_row row;
    struct jval body;
    bool licence;
};

static void write_null(struct jw *w, const char *key)
{
    jw_key(w, str_of(key));
    jw_null(w);
}

static const struct jval *member(const struct guide *g, const char *name)
{
    return jval_get(&g->body, str_of(name));
}

/* What a statute or a rule says is a limit of law however far its source was checked; `evidence`
 * says how far, `checked` that somebody read the text itself. A promise or a sample is none. */
static void write_evidence(struct jw *w, struct str evidence, struct str basis_in_law)
{
    jw_kstr(w, "evidence", evidence);
    if (evidence.p != NULL) {
        view_text(w, "evidence_name", word_zh(WORD_EVIDENCE, evidence),
                  word_en(WORD_EVIDENCE, evidence));
    }
    jw_kbool(w, "checked", word_is_checked(evidence));
    jw_kbool(w, "is_law", basis_in_law.n > 0 && !str_eqz(evidence, "sample"));
}

static void write_duration(struct guide *g, struct jw *w, struct duration d)
{
    jw_kstr(w, "limit", duration_text(g->c->arena, d));
    limit_write_text(g->c->arena, w, "text", d);
}

static void write_legal(struct guide *g, struct jw *w)
{
    const struct jval *about = member(g, "legal");
    struct str from = body_text(&g->body, "counts_from");
    struct duration d;
    if (!limit_of(&g->body, "legal_limit", &d)) {
        write_null(w, "legal");
        return;
    }
    jw_key(w, S("legal"));
    jw_obj(w);
    write_duration(g, w, d);
    jw_kstr(w, "from", from);
    if (body_has(about, "event")) {
        view_item_text(w, "from_name", jval_get(about, S("event")));
    } else {
        view_text(w, "from_name", word_zh(WORD_COUNTS_FROM, from), word_en(WORD_COUNTS_FROM, from));
    }
    jw_kbool(w, "ends_at_issue", body_bool(&g->body, "ends_at_issue"));
    jw_kstr(w, "basis", body_text(&g->body, "legal_basis"));
    write_evidence(w, body_evidence(&g->body, "legal"), body_text(&g->body, "legal_basis"));
    jw_kstr(w, "unit_text", jval_str(jval_get(about, S("unit_text"))));
    jw_kstr(w, "note", jval_str(jval_get(about, S("note"))));
    jw_end_obj(w);
}

/* A limit with the basis from one member and the evidence from another. `usual`: the law's own
 * limit where the item says none; amount < 0: none. */
struct side_limit {
    const char *key, *limit;
    struct str basis, evidence;
    struct duration usual;
    bool promise;
};

static void write_side(struct guide *g, struct jw *w, const struct side_limit *s)
{
    struct duration d = s->usual;
    if (!limit_of(&g->body, s->limit, &d) && d.amount < 0) {
        write_null(w, s->key);
        return;
    }
    jw_key(w, str_of(s->key));
    jw_obj(w);
    write_duration(g, w, d);
    jw_kstr(w, "basis", s->basis.n > 0 ? s->basis : STR_NONE);
    write_evidence(w, s->evidence, s->promise ? STR_NONE : s->basis);
    jw_end_obj(w);
}

static void write_extension(struct guide *g, struct jw *w)
{
    struct str role = body_text(&g->body, "extension_approver");
    struct str name = body_text(jval_get(member(g, "legal"), S("extension")), "approver");
    struct duration d;
    if (!limit_of(&g->body, "extension", &d)) {
        write_null(w, "extension");
        return;
    }
    jw_key(w, S("extension"));
    jw_obj(w);
    write_duration(g, w, d);
    view_text(w, "approver", name.n > 0 ? name : word_zh(WORD_APPROVER, role),
              word_en(WORD_APPROVER, role));
    jw_kstr(w, "approver_role", role);
    jw_end_obj(w);
}

static void write_limits(struct guide *g, struct jw *w)
{
    const struct duration none = {CIVIL_WD, -1}, five = {CIVIL_WD, 5}, ten = {CIVIL_WD, 10};
    bool to_issue = body_bool(&g->body, "ends_at_issue");
    write_legal(g, w);
    write_side(g, w,
               &(struct side_limit){"promised", "promised_limit",
                                    body_text(member(g, "promised"), "basis"),
                                    body_evidence(&g->body, "promised"), none, true});
    /* Where the item is silent, the licence law speaks: 5 days (art. 32), 10 days (art. 44). */
    write_side(g, w,
               &(struct side_limit){"correction_notice", "supplement_notice",
                                    body_text(&g->body, "correction_basis"),
                                    body_evidence(&g->body, "correction"), g->licence ? five : none,
                                    false});
    write_side(g, w,
               &(struct side_limit){
                   "issue_deliver", "issue_deliver", body_text(&g->body, "issue_basis"),
                   body_evidence(&g->body, "issue"), g->licence && !to_issue ? ten : none, false});
    write_extension(g, w);
}

static void write_special(struct guide *g, struct jw *w)
{
    const struct jval *list = member(g, "special");
    jw_key(w, S("special"));
    jw_list(w);
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        const struct jval *s = &list->list[i];
        struct str pauses = body_text(s, "pauses");
        jw_obj(w);
        jw_kstr(w, "kind", body_text(s, "kind"));
        view_item_text(w, "name", jval_get(s, S("name")));
        int64_t days = jval_int(jval_get(s, S("days")), -1);
        if (days >= 0) {
            jw_kint(w, "days", days);
        } else {
            write_null(w, "days");
        }
        jw_kstr(w, "pauses", pauses);
        view_text(w, "pauses_name", word_zh(WORD_PAUSES, pauses), word_en(WORD_PAUSES, pauses));
        jw_kstr(w, "basis", body_text(s, "basis"));
        jw_end_obj(w);
    }
    jw_end_list(w);
}

static void write_material(const struct jval *m, struct jw *w)
{
    struct str source = body_text(m, "source");
    struct str necessity = body_text(m, "necessity");
    int64_t copies = jval_int(jval_get(m, S("copies")), -1);
    jw_obj(w);
    jw_kstr(w, "code", body_text(m, "code"));
    view_item_text(w, "name", jval_get(m, S("name")));
    jw_kstr(w, "necessity", necessity.p != NULL ? necessity : S("required"));
    view_item_text(w, "condition", jval_get(m, S("condition")));
    jw_kbool(w, "deferrable", body_bool(m, "deferrable"));
    jw_kbool(w, "commitment_ok", body_bool(m, "commitment_ok"));
    jw_kbool(w, "share_exempt", body_bool(m, "share_exempt"));
    if (source.p != NULL) {
        view_text(w, "source", word_zh(WORD_SOURCE, source), word_en(WORD_SOURCE, source));
    } else {
        write_null(w, "source");
    }
    if (copies >= 0) {
        jw_kint(w, "copies", copies);
    } else {
        write_null(w, "copies");
    }
    view_item_text(w, "note", jval_get(m, S("note")));
    jw_end_obj(w);
}

static void write_materials(struct guide *g, struct jw *w)
{
    const struct jval *list = member(g, "materials");
    jw_key(w, S("materials"));
    jw_list(w);
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        write_material(&list->list[i], w);
    }
    jw_end_list(w);
}

static void write_form(struct guide *g, struct jw *w)
{
    struct err *faults = NULL;
    struct mitem item = {.code = g->row.code, .version = g->row.version, .body = g->body};
    item.form = form_of_json(g->c->arena, member(g, "form"), S("/form"), &faults);
    jw_key(w, S("form"));
    if (faults != NULL || item.form == NULL) {
        jw_list(w);
        jw_end_list(w);
    } else {
        view_item_form(g->c, &item, w);
    }
}

/* Name, standard and note of a fee, one behind the other. */
static void write_fee(struct guide *g, struct jw *w)
{
    static const char *const PARTS[] = {"name", "standard", "note"};
    const struct jval *fee = member(g, "fee");
    struct buf b;
    buf_init(&b, g->c->arena, 64);
    for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
        struct str s = body_text(fee, PARTS[i]);
        if (s.n > 0) {
            buf_putz(&b, b.n > 0 ? "；" : "");
            buf_put(&b, s);
        }
    }
    jw_key(w, S("fee"));
    jw_obj(w);
    jw_kbool(w, "charged", body_bool(fee, "charged"));
    jw_kstr(w, "text", b.n > 0 ? buf_str(&b) : STR_NONE);
    jw_end_obj(w);
}

/* Conditions, quantity, steps, sample form; and what of them there is not. */
static void write_texts(struct guide *g, struct jw *w)
{
    const struct jval *steps = member(g, "steps");
    view_item_text(w, "conditions", member(g, "conditions"));
    view_item_text(w, "quantity", member(g, "quantity"));
    view_item_text(w, "sample_form", member(g, "sample_form"));
    jw_key(w, S("steps"));
    jw_list(w);
    for (size_t i = 0; steps != NULL && i < steps->n; i++) {
        jw_val(w, &steps->list[i]);
    }
    jw_end_list(w);
    jw_key(w, S("missing"));
    jw_list(w);
    for (size_t i = 0; body_may_miss(i) != NULL; i++) {
        if (!body_has(&g->body, body_may_miss(i))) {
            jw_str(w, str_of(body_may_miss(i)));
        }
    }
    jw_end_list(w);
}

static void write_contact(struct guide *g, struct jw *w)
{
    static const char *const PARTS[] = {"address", "phone", "hours"};
    const struct org *o = org_of(g->c->app);
    jw_key(w, S("contact"));
    jw_obj(w);
    for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
        jw_kstr(w, PARTS[i], jval_str(jval_get(&o->profile, str_of(PARTS[i]))));
    }
    jw_end_obj(w);
    /* 行政许可法 38(2); 行政复议法 20; 行政诉讼法 46 */
    view_text(w, "remedy",
              S("对行政机关的决定不服的，可以自知道之日起六十日内申请行政复议，或者六个月内提起行政"
                "诉讼。"),
              S("Whoever disagrees with a decision may ask for reconsideration within 60 days or "
                "go to court within six months of learning of it."));
}

static void write_words(struct guide *g, struct jw *w, const char *key, const struct choice *list)
{
    const struct jval *v = member(g, key);
    jw_key(w, str_of(key));
    jw_list(w);
    for (size_t i = 0; v != NULL && v->type == J_LIST && i < v->n; i++) {
        struct str s = jval_str(&v->list[i]);
        jw_obj(w);
        jw_kstr(w, "code", s);
        view_text(w, "name", word_zh(list, s), word_en(list, s));
        jw_end_obj(w);
    }
    jw_end_list(w);
}

/* The procedure that an application goes through; its version is the one whose form is filled in
 * (GET /forms/{kind}/{version}/{act}). */
static void write_kind(struct guide *g, struct jw *w)
{
    struct str kind = g->licence ? S("licensing") : S("simple_service");
    const struct definition *d = definition_find(procedure_set(g->c->app), kind);
    jw_kstr(w, "kind", kind);
    if (d != NULL) {
        jw_kint(w, "kind_version", d->version);
    } else {
        write_null(w, "kind_version");
    }
}

static void write_head(struct guide *g, struct jw *w)
{
    struct str regime = body_text(&g->body, "regime");
    jw_kstr(w, "code", g->row.code);
    jw_kint(w, "version", g->row.version);
    jw_kstr(w, "status", str_of(WORD_STATUS[g->row.status & 3].value));
    jw_kstr(w, "valid_from", civil_text(g->c->arena, civil_day_of(g->row.valid_from)));
    view_item_text(w, "name", member(g, "name"));
    view_unit(g->c, w, "unit", g->row.unit_id);
    write_kind(g, w);
    jw_kstr(w, "regime", regime);
    view_text(w, "regime_name", word_zh(WORD_REGIME, regime), word_en(WORD_REGIME, regime));
    jw_kbool(w, "sample", body_bool(&g->body, "sample"));
    jw_kbool(w, "deemed_acceptance", body_bool(&g->body, "deemed_acceptance"));
    jw_kbool(w, "commitment", body_bool(&g->body, "commitment"));
    jw_kbool(w, "allow_defer", body_bool(&g->body, "allow_defer"));
    jw_kbool(w, "immediate", body_bool(&g->body, "immediate"));
    jw_kbool(w, "online", jval_bool(member(g, "online"), true));
    jw_kint(w, "onsite_visits", jval_int(member(g, "onsite_visits"), 0));
    view_item_text(w, "result", member(g, "result"));
    jw_kstr(w, "validity", body_text(&g->body, "validity"));
    write_words(g, w, "objects", WORD_OBJECT);
    jw_key(w, S("variants"));
    const struct jval *variants = member(g, "variants");
    if (variants != NULL && variants->type == J_LIST) {
        jw_val(w, variants);
    } else {
        jw_list(w);
        jw_end_list(w);
    }
}

struct err *no_item(struct call *c)
{
    return ERROR(c->arena, ERR_NOT_FOUND, "没有这个事项。", "There is no such item.");
}

struct err *items_guide(struct call *c, const void *in, void *out)
{
    const struct code_in *q = in;
    struct guide g = {.c = c};
    bool found = false;
    struct answer a;
    (void)out;
    TRY(store_shown(c, q->code, q->version == FIELD_NO_INT ? 0 : q->version, &g.row, &found));
    if (!found) {
        return no_item(c);
    }
    TRY(jread(c->arena, str_bytes(g.row.body), &g.body));
    g.licence = str_eqz(body_text(&g.body, "regime"), "licence");
    struct jw *w = answer_begin(c, &a);
    jw_obj(w);
    write_head(&g, w);
    write_limits(&g, w);
    write_special(&g, w);
    write_texts(&g, w);
    write_materials(&g, w);
    write_form(&g, w);
    write_fee(&g, w);
    write_contact(&g, w);
    today_write(c, &g.body, w);
    jw_end_obj(w);
    answer_end(c, &a);
    return NULL;
}
