/* One item of the file (map.h). */
#include "app/catalogue/map.h"

#include "app/catalogue/material.h"
#include "app/catalogue/words.h"

void map_default_bool(struct mapping *m, const char *name, bool value)
{
    put_bool(m->body, name, value);
    jarr_add(m->defaults, jval_of_str(str_of(name)));
}

/* Codes become addresses and parts of material codes: a slug, as `food-biz`. */
static bool code_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool letter = s.p[i] >= 'a' && s.p[i] <= 'z';
        bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (!letter && !digit && (s.p[i] != '-' || i == 0)) {
            return false;
        }
    }
    return s.n > 0 && s.n <= 40;
}

static struct str map_code(struct mapping *m)
{
    struct str code = reader_text(&m->row, "id", true);
    if (code.p != NULL && !code_ok(code)) {
        reader_fault(&m->row, "id", "code", "编码由小写字母、数字和连字符组成，最多 40 个字符",
                     "a code has lower-case letters, digits and hyphens, at most 40");
    }
    return code;
}

static struct jval map_material(struct mapping *m, struct reader *r)
{
    struct jobj *o = jobj_new(m->a);
    put_both(m->a, o, "name", reader_text(r, "name", true), reader_text(r, "name_en", false));
    put_text(o, "necessity", reader_word(r, "necessity", WORD_NECESSITY, true));
    put_text(o, "necessity_code", reader_word(r, "necessity_code", WORD_NECESSITY_CODE, false));
    put_both(m->a, o, "condition", reader_text(r, "condition", false), STR_NONE);
    put_bool(o, "deferrable", reader_bool(r, "deferrable", false));
    put_bool(o, "commitment_ok", reader_bool(r, "commitment_ok", false));
    put_bool(o, "share_exempt", reader_bool(r, "share_exempt", false));
    put_text(o, "source", reader_word(r, "source", WORD_SOURCE, false));
    put_both(m->a, o, "note", reader_text(r, "note", false), STR_NONE);
    reader_rest(r, o);
    return jobj_val(o);
}

static void map_materials(struct mapping *m, struct str code, const struct jval *prior)
{
    const struct jval *list = reader_list(&m->row, "materials");
    struct jarr *out = jarr_new(m->a);
    struct jarr *deferrable = jarr_new(m->a);
    struct jval codes;
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        struct reader r = reader_element(&m->row, "materials", list, i);
        jarr_add(out, map_material(m, &r));
    }
    struct jval bare = jarr_val(out);
    struct jval coded = materials_coded(m->a, code, &bare, prior, m->row.faults, &codes);
    for (size_t i = 0; i < coded.n; i++) {
        if (jval_bool(jval_get(&coded.list[i], S("deferrable")), false)) {
            jarr_add(deferrable, *jval_get(&coded.list[i], S("code")));
        }
    }
    jobj_put(m->body, S("materials"), coded);
    jobj_put(m->body, S("material_codes"), codes);
    jobj_put(m->body, S("deferrable"), jarr_val(deferrable));
}

static void map_fee(struct mapping *m)
{
    struct reader r = reader_object(&m->row, "fee");
    struct jobj *o = jobj_new(m->a);
    put_bool(o, "charged", reader_bool(&r, "charged", false));
    put_text(o, "name", reader_text(&r, "name", false));
    put_text(o, "standard", reader_text(&r, "standard", false));
    put_text(o, "note", reader_text(&r, "note", false));
    put_text(o, "evidence", reader_word(&r, "evidence", WORD_EVIDENCE, false));
    reader_rest(&r, o);
    jobj_put(m->body, S("fee"), jobj_val(o));
}

/* A list of texts; of `words` when given. */
static void
map_texts(struct mapping *m, const char *from, const char *to, const struct choice *words)
{
    const struct jval *list = reader_list(&m->row, from);
    struct jarr *out = jarr_new(m->a);
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        const struct jval *v = &list->list[i];
        bool good = v->type == J_STR && v->s.n > 0;
        if (!good || (words != NULL && word_find(words, v->s) == NULL)) {
            reader_fault(&m->row, str_fmt(m->a, "%s/%zu", from, i).p, "choice", "不认识的值",
                         "is not a known value");
            continue;
        }
        jarr_add(out, *v);
    }
    jobj_put(m->body, str_of(to), jarr_val(out));
}

/* Variants are shown as they are: names and rules of sub-cases with their own limits. */
static void map_variants(struct mapping *m)
{
    const struct jval *list = reader_list(&m->row, "variants");
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        struct reader r = reader_element(&m->row, "variants", list, i);
        (void)reader_text(&r, "name", true);
        (void)reader_text(&r, "rule", false);
        (void)reader_word(&r, "evidence", WORD_EVIDENCE, false);
    }
    if (list != NULL) {
        jobj_put(m->body, S("variants"), *list);
    }
}

static void map_kind(struct mapping *m)
{
    struct reader *r = &m->row;
    struct str project = reader_word(r, "project_type", WORD_PROJECT_TYPE, true);
    struct str commitment = reader_word(r, "notice_commitment", WORD_COMMITMENT, false);
    bool licence = str_eqz(m->regime, "licence");
    put_text(m->body, "task_type", reader_word(r, "task_type", WORD_TASK_TYPE, false));
    put_text(m->body, "project_type", project);
    put_bool(m->body, "immediate", str_eqz(project, "1"));
    put_text(m->body, "notice_commitment", commitment);
    put_bool(m->body, "commitment", str_eqz(commitment, "yes"));
    /* Deemed acceptance is the licence law's; other regimes have it only where their statute says
     * so. */
    put_bool(m->body, "deemed_acceptance", reader_bool(r, "deemed_acceptance", licence));
    put_bool(m->body, "allow_defer", reader_bool(r, "allow_defer", false));
    put_bool(m->body, "safety_related", reader_bool(r, "safety_related", false));
    jobj_put(m->body, S("onsite_visits"), jval_of_int(reader_int(r, "onsite_visits", 100, 0)));
    map_default_bool(m, "legal_review", false);
    map_default_bool(m, "one_person", str_eqz(m->regime, "public_service"));
    map_default_bool(m, "online", true);
}

static void map_names(struct mapping *m)
{
    struct reader *r = &m->row;
    struct str zh = reader_text(r, "name_zh", true);
    put_both(m->a, m->body, "name", zh, reader_text(r, "name_en", false));
    put_text(m->body, "regime", m->regime);
    put_both(m->a, m->body, "result", reader_text(r, "result_doc", false), STR_NONE);
    put_text(m->body, "validity", reader_text(r, "validity", false));
    put_text(m->body, "notes", reader_text(r, "notes", false));
    put_text(m->body, "local_code_example", reader_text(r, "local_code_example", false));
    put_text(m->body, "confidence", reader_word(r, "confidence", WORD_EVIDENCE, false));
    map_texts(m, "tags", "tags", NULL);
    map_texts(m, "service_objects", "objects", WORD_OBJECT);
}

void map_item(struct departments *d,
              const struct jval *row,
              struct str at,
              const struct jval *prior,
              struct err **faults,
              struct mapped *ret)
{
    struct mapping m = {
        .a = d->a,
        .row = reader_of(d->a, faults, at, row),
        .body = jobj_new(d->a),
        .defaults = jarr_new(d->a),
    };
    *ret = (struct mapped){.code = map_code(&m)};
    m.regime = reader_word(&m.row, "regime", WORD_REGIME, true);
    struct str dept = reader_text(&m.row, "dept", true);
    map_names(&m);
    const struct department *unit =
        dept.p != NULL && str_trim(dept).n > 0 ? department_named(d, dept) : NULL;
    ret->unit = unit == NULL ? STR_NONE : unit->code;
    put_text(m.body, "unit", ret->unit);
    map_kind(&m);
    jobj_put(m.body, S("form"), map_form(d->a, m.regime, unit != NULL && unit->projects));
    jarr_add(m.defaults, jval_of_str(S("form")));
    map_limits(&m);
    map_specials(&m);
    map_materials(&m, ret->code.p != NULL ? ret->code : S("item"), prior);
    map_fee(&m);
    map_variants(&m);
    reader_rest(&m.row, m.body);
    jobj_put(m.body, S("defaults"), jarr_val(m.defaults));
    ret->body = jobj_val(m.body);
}
