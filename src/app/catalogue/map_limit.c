/* Limits: the law's, the promise, the correction notice, issue and delivery (map.h). */
#include "app/catalogue/map.h"
#include "app/catalogue/words.h"

#define AMOUNT_MAX 100000

struct str map_duration(struct reader *r)
{
    static const struct {
        const char *unit, *suffix;
    } SUFFIX[] = {{"wd", "wd"}, {"cd", "cd"}, {"month", "mo"}, {NULL, NULL}};
    struct str unit = reader_word(r, "unit", WORD_LIMIT_UNIT, true);
    int64_t value = reader_int(r, "value", AMOUNT_MAX, -1);
    if (r->obj == NULL || unit.p == NULL || str_eqz(unit, "promise") || str_eqz(unit, "plan")) {
        return STR_NONE;
    }
    if (str_eqz(unit, "now")) {
        return S("0wd");
    }
    for (size_t i = 0; SUFFIX[i].unit != NULL; i++) {
        if (str_eqz(unit, SUFFIX[i].unit) && value >= 0) {
            return str_fmt(r->a, "%lld%s", (long long)value, SUFFIX[i].suffix);
        }
    }
    if (value < 0) {
        reader_fault(r, "value", "required", "缺少期限的数字",
                     "the number of the limit is missing");
    }
    return STR_NONE;
}

/* Who approves an extension. The head of a department or of the registry is the head of the
 * deciding organ; a government's head is the government's; anybody else is taken as the head of the
 * unit. */
static struct str approver_role(struct str name)
{
    if (str_find(name, S("政府")) >= 0) {
        return S("government_head");
    }
    if (str_find(name, S("机关负责人")) >= 0 || str_find(name, S("部门负责人")) >= 0) {
        return S("organ_head");
    }
    return S("unit_head");
}

static void map_extension(struct mapping *m, struct reader *limit, struct jobj *legal)
{
    struct reader x = reader_object(limit, "extension");
    struct str role = S("organ_head");
    if (x.obj == NULL) {
        jarr_add(m->defaults, jval_of_str(S("extension_approver")));
    } else {
        struct str name = reader_text(&x, "approver", true);
        int64_t times = reader_int(&x, "max_times", 100, 1);
        struct jobj *o = jobj_new(m->a);
        put_text(m->body, "extension", map_duration(&x));
        put_text(o, "approver", name);
        jobj_put(o, S("max_times"), jval_of_int(times));
        role = name.p != NULL ? approver_role(name) : role;
        reader_rest(&x, o);
        jobj_put(legal, S("extension"), jobj_val(o));
    }
    put_text(m->body, "extension_approver", role);
}

static struct str counts_from(struct str from)
{
    if (str_eqz(from, "receipt")) {
        return S("receipt");
    }
    return str_eqz(from, "event") || str_eqz(from, "window-close") ? S("event") : S("acceptance");
}

/* Without a number of days in law there is no legal clock; the basis then is that of the promise.
 */
static struct str map_legal(struct mapping *m, struct str *ret_evidence)
{
    struct reader r = reader_object(&m->row, "legal_limit");
    struct jobj *legal = jobj_new(m->a);
    if (r.obj == NULL) {
        reader_fault(&m->row, "legal_limit", "required", "缺少法定期限",
                     "the legal limit is missing");
        return STR_NONE;
    }
    struct str limit = map_duration(&r);
    struct str from = reader_word(&r, "from", WORD_LIMIT_FROM, false);
    struct str basis = reader_text(&r, "basis", true);
    struct str evidence = reader_word(&r, "evidence", WORD_EVIDENCE, true);
    struct str ends = reader_text(&r, "ends", false);
    put_text(m->body, "legal_basis", limit.p != NULL ? basis : S(""));
    put_text(m->body, "legal_limit", limit);
    put_text(m->body, "counts_from", counts_from(from));
    put_bool(m->body, "ends_at_issue", str_eqz(ends, "issue"));
    put_text(legal, "evidence", limit.p != NULL ? evidence : STR_NONE);
    put_text(legal, "unit_text", reader_text(&r, "unit_text", false));
    put_text(legal, "note", reader_text(&r, "notes", false));
    if (str_eqz(from, "window-close") || str_eqz(from, "event")) {
        put_both(m->a, legal, "event", word_zh(WORD_LIMIT_FROM, from),
                 word_en(WORD_LIMIT_FROM, from));
    }
    map_extension(m, &r, legal);
    reader_rest(&r, legal);
    jobj_put(m->body, S("legal"), jobj_val(legal));
    *ret_evidence = evidence;
    return limit.p != NULL ? STR_NONE : basis;
}

/* 优化营商环境条例第36条: a promised limit, once published, binds. */
static void map_promised(struct mapping *m, struct str basis, struct str evidence)
{
    struct reader r = reader_object(&m->row, "promised_limit");
    struct jobj *promised = jobj_new(m->a);
    struct str own = reader_text(&r, "basis", false);
    struct str known = reader_word(&r, "evidence", WORD_EVIDENCE, false);
    put_text(m->body, "promised_limit", r.obj == NULL ? STR_NONE : map_duration(&r));
    put_text(promised, "basis",
             own.p != NULL     ? own
             : basis.p != NULL ? basis
                               : S("优化营商环境条例第36条"));
    put_text(promised, "evidence",
             known.p != NULL   ? known
             : basis.p != NULL ? evidence
                               : S("sample"));
    reader_rest(&r, promised);
    jobj_put(m->body, S("promised"), jobj_val(promised));
}

/* supplement_notice, issue_deliver: limit, basis and evidence into three members. */
static void map_duty(struct mapping *m,
                     const char *source,
                     const char *basis_name,
                     const char *object,
                     struct str basis_of_licence)
{
    struct reader r = reader_object(&m->row, source);
    struct jobj *o = jobj_new(m->a);
    struct str basis = reader_text(&r, "basis", false);
    struct str other = str_eqz(m->regime, "licence") ? basis_of_licence : S("");
    put_text(m->body, source, r.obj == NULL ? STR_NONE : map_duration(&r));
    put_text(m->body, basis_name, basis.p != NULL ? basis : other);
    put_text(o, "evidence", reader_word(&r, "evidence", WORD_EVIDENCE, false));
    put_text(o, "unit_text", reader_text(&r, "unit_text", false));
    reader_rest(&r, o);
    struct jval v = jobj_val(o);
    if (v.n > 0) {
        jobj_put(m->body, str_of(object), v);
    }
    if (basis.p == NULL) {
        jarr_add(m->defaults, jval_of_str(str_of(basis_name)));
    }
}

void map_limits(struct mapping *m)
{
    struct str evidence = STR_NONE;
    struct str promise_basis = map_legal(m, &evidence);
    map_promised(m, promise_basis, evidence);
    map_duty(m, "supplement_notice", "correction_basis", "correction",
             S("行政许可法第32条第1款第4项"));
    map_duty(m, "issue_deliver", "issue_basis", "issue", S("行政许可法第44条"));
    struct reader r = reader_object(&m->row, "correction_pauses");
    put_bool(m->body, "correction_pauses", r.obj != NULL);
    if (r.obj != NULL) {
        struct jobj *o = jobj_new(m->a);
        put_text(o, "basis", reader_text(&r, "basis", true));
        put_text(o, "evidence", reader_word(&r, "evidence", WORD_EVIDENCE, false));
        reader_rest(&r, o);
        jobj_put(m->body, S("correction_pause"), jobj_val(o));
    }
}
