/* Nothing of the file is dropped: from the stored bodies alone every row is put together again as
 * it stood in the file. The way back is written here by hand, apart from the mapping. */
#include "shop.h"

#include "app/catalogue/store.h"
#include "base/num.h"

#include <stdio.h>

struct back {
    struct shop *s;
    struct arena *a;
    const struct jval *body;
    struct jobj *out;
};

static void put(struct jobj *o, const char *name, const struct jval *v)
{
    if (v != NULL && v->type != J_NULL) {
        jobj_put(o, str_of(name), *v);
    }
}

static void put_extra(struct jobj *o, const struct jval *v)
{
    const struct jval *extra = jval_get(v, S("extra"));
    for (size_t i = 0; extra != NULL && i < extra->n; i++) {
        jobj_put(o, extra->obj[i].name, extra->obj[i].val);
    }
}

/* "20wd" → value and unit of the file; absent → a promise. */
static void put_limit(struct jobj *o, const struct jval *v)
{
    struct str s = v == NULL ? S("0promise") : v->s;
    size_t n = 0;
    int64_t value = 0;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9') {
        n++;
    }
    assert_true(num_parse(str_sub(s, 0, n), 0, 1000, &value));
    struct str unit = str_sub(s, n, s.n);
    unit = str_eqz(unit, "mo") ? S("month") : str_eqz(s, "0wd") ? S("now") : unit;
    jobj_put(o, S("value"), jval_of_int(value));
    jobj_put(o, S("unit"), jval_of_str(unit));
}

static void put_object(struct back *b, const char *name, struct jobj *o)
{
    struct jval v = jobj_val(o);
    jobj_put(b->out, str_of(name), v);
}

static void back_legal(struct back *b)
{
    struct jobj *o = jobj_new(b->a);
    const struct jval *limit = at(b->body, "legal_limit"), *legal = at(b->body, "legal");
    const char *from = text_at(b->s, b->body, "counts_from");
    put_limit(o, limit);
    from = strcmp(from, "acceptance") == 0 ? "accept"
           : strcmp(from, "event") == 0    ? "window-close"
                                           : from;
    jobj_put(o, S("from"), jval_of_str(str_of(from)));
    put(o, "basis", at(b->body, limit != NULL ? "legal_basis" : "promised/basis"));
    put(o, "evidence", at(b->body, limit != NULL ? "legal/evidence" : "promised/evidence"));
    put(o, "unit_text", at(legal, "unit_text"));
    put(o, "notes", at(legal, "note"));
    if (strcmp(text_at(b->s, b->body, "ends_at_issue"), "true") == 0) {
        jobj_put(o, S("ends"), jval_of_str(S("issue")));
    }
    if (at(b->body, "extension") != NULL) {
        struct jobj *x = jobj_new(b->a);
        put_limit(x, at(b->body, "extension"));
        put(x, "approver", at(legal, "extension/approver"));
        put(x, "max_times", at(legal, "extension/max_times"));
        jobj_put(o, S("extension"), jobj_val(x));
    }
    put_extra(o, legal);
    put_object(b, "legal_limit", o);
}

static void back_duty(struct back *b, const char *name, const char *basis, const char *about)
{
    struct jobj *o = jobj_new(b->a);
    if (at(b->body, name) == NULL) {
        return;
    }
    put_limit(o, at(b->body, name));
    put(o, "basis", basis == NULL ? NULL : at(b->body, basis));
    if (basis != NULL) {
        put(o, "evidence", jval_get(at(b->body, about), S("evidence")));
    }
    put(o, "unit_text", jval_get(at(b->body, about), S("unit_text")));
    put_extra(o, at(b->body, about));
    put_object(b, name, o);
}

static struct jval back_row(struct back *b, const struct jval *v, const char *const names[][2])
{
    struct jobj *o = jobj_new(b->a);
    for (size_t i = 0; names[i][0] != NULL; i++) {
        put(o, names[i][0], at(v, names[i][1]));
    }
    put_extra(o, v);
    return jobj_val(o);
}

static void
back_list(struct back *b, const char *to, const char *from, const char *const names[][2])
{
    const struct jval *list = at(b->body, from);
    struct jarr *l = jarr_new(b->a);
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        jarr_add(l, back_row(b, &list->list[i], names));
    }
    jobj_put(b->out, str_of(to), jarr_val(l));
}

static const char *const SPECIAL[][2] = {{"kind", "kind"},   {"name", "name/zh"},
                                         {"est_wd", "days"}, {"counts_in_limit", "counts_in_limit"},
                                         {"basis", "basis"}, {"pauses", "pauses"},
                                         {NULL, NULL}};
static const char *const MATERIAL[][2] = {{"name", "name/zh"},
                                          {"necessity", "necessity"},
                                          {"necessity_code", "necessity_code"},
                                          {"condition", "condition/zh"},
                                          {"deferrable", "deferrable"},
                                          {"commitment_ok", "commitment_ok"},
                                          {"share_exempt", "share_exempt"},
                                          {"source", "source"},
                                          {NULL, NULL}};
static const char *const FEE[][2] = {{"charged", "charged"},   {"name", "name"},
                                     {"standard", "standard"}, {"note", "note"},
                                     {"evidence", "evidence"}, {NULL, NULL}};
static const char *const TOP[][2] = {
    {"name_zh", "name/zh"},
    {"name_en", "name/en"},
    {"task_type", "task_type"},
    {"regime", "regime"},
    {"project_type", "project_type"},
    {"service_objects", "objects"},
    {"result_doc", "result/zh"},
    {"validity", "validity"},
    {"notice_commitment", "notice_commitment"},
    {"allow_defer", "allow_defer"},
    {"onsite_visits", "onsite_visits"},
    {"safety_related", "safety_related"},
    {"tags", "tags"},
    {"variants", "variants"},
    {"local_code_example", "local_code_example"},
    {"confidence", "confidence"},
    {"notes", "notes"},
    {"deemed_acceptance", "deemed_acceptance"},
    {NULL, NULL},
};

/* Department by unit code, from the data base. */
struct unit_of {
    struct str code, name;
};

static struct str unit_name(struct shop *s, struct str code)
{
    static const struct field ROWS[] = {
        F_TEXT(struct unit_of, code, 0, 0, 0, NULL, NULL),
        F_TEXT(struct unit_of, name, 0, 0, 0, NULL, NULL),
        FIELD_END,
    };
    static const struct stmt FIND = {.name = "test.unit",
                                     .sql = "SELECT code, name FROM unit WHERE code = :code",
                                     .in = ROWS,
                                     .out = ROWS,
                                     .out_size = sizeof(struct unit_of)};
    struct unit_of in = {.code = code}, row;
    bool found = false;
    OK(db_one(s->writer.db, s->a, &FIND, &in, &row, &found));
    assert_true(found);
    return row.name;
}

static struct jval back_item(struct shop *s, struct str code, const struct jval *body)
{
    struct back b = {s, s->a, body, jobj_new(s->a)};
    jobj_put(b.out, S("id"), jval_of_str(code));
    jobj_put(b.out, S("dept"), jval_of_str(unit_name(s, at(body, "unit")->s)));
    for (size_t i = 0; TOP[i][0] != NULL; i++) {
        put(b.out, TOP[i][0], at(body, TOP[i][1]));
    }
    back_legal(&b);
    back_duty(&b, "promised_limit", NULL, "promised");
    back_duty(&b, "supplement_notice", "correction_basis", "correction");
    back_duty(&b, "issue_deliver", "issue_basis", "issue");
    if (at(body, "correction_pause") != NULL) {
        put(b.out, "correction_pauses", at(body, "correction_pause"));
    }
    back_list(&b, "special_procedures", "special", SPECIAL);
    back_list(&b, "materials", "materials", MATERIAL);
    jobj_put(b.out, S("fee"), back_row(&b, at(body, "fee"), FEE));
    put_extra(b.out, body);
    return jobj_val(b.out);
}

/* null in the file says the same as nothing. */
static struct jval without_nulls(struct arena *a, const struct jval *v, int depth)
{
    assert_true(depth < 16);
    if (v->type == J_OBJ) {
        struct jobj *o = jobj_new(a);
        for (size_t i = 0; i < v->n; i++) {
            if (v->obj[i].val.type != J_NULL) {
                jobj_put(o, v->obj[i].name, without_nulls(a, &v->obj[i].val, depth + 1));
            }
        }
        return jobj_val(o);
    }
    if (v->type == J_LIST) {
        struct jarr *l = jarr_new(a);
        for (size_t i = 0; i < v->n; i++) {
            jarr_add(l, without_nulls(a, &v->list[i], depth + 1));
        }
        return jarr_val(l);
    }
    return *v;
}

static void items(void **state)
{
    struct shop *s = *state;
    struct jval file;
    OK(jread(s->a, str_bytes(shop_file(s)), &file));
    (void)shop_import(s, shop_file(s), true);
    const struct jval *list = at(&file, "items");
    assert_int_equal(list->n, 51);
    for (size_t i = 0; i < list->n; i++) {
        struct str code = at(&list->list[i], "id")->s;
        struct item_row row;
        struct jval body;
        bool found = false;
        OK(store_shown(&s->writer, code, 0, &row, &found));
        assert_true(found);
        OK(jread(s->a, str_bytes(row.body), &body));
        struct jval want = without_nulls(s->a, &list->list[i], 0), got = back_item(s, code, &body);
        if (!jval_eq(&want, &got)) {
            fprintf(stderr, "want %.*s\n got %.*s\n", STR_ARG(jval_text(s->a, &want)),
                    STR_ARG(jval_text(s->a, &got)));
        }
        assert_true(jval_eq(&want, &got));
    }
}

static const char *const BUNDLE[][2] = {
    {"name_zh", "name/zh"},
    {"name_en", "name/en"},
    {"lead_dept", "lead/name"},
    {"scope", "scope"},
    {"notes", "notes"},
    {"confidence", "confidence"},
    {"shared_materials", "shared_materials"},
    {"question_triggers", "questions"},
    {"joint_limit_excludes", "excludes"},
    {"promised_critical_path_wd", "critical_path"},
    {NULL, NULL},
};
static const char *const MEMBER[][2] = {{"item", "code"}, {"required", "required"}, {NULL, NULL}};

static struct jval back_bundle(struct shop *s, struct str code, const struct jval *body)
{
    struct back b = {s, s->a, body, jobj_new(s->a)};
    const struct jval *stages = at(body, "stages");
    struct jarr *out = jarr_new(s->a);
    struct jobj *joint = jobj_new(s->a);
    jobj_put(b.out, S("id"), jval_of_str(code));
    for (size_t i = 0; BUNDLE[i][0] != NULL; i++) {
        put(b.out, BUNDLE[i][0], at(body, BUNDLE[i][1]));
    }
    if (at(body, "joint_limit") != NULL) {
        put_limit(joint, at(body, "joint_limit"));
    } else {
        jobj_put(joint, S("unit"), jval_of_str(S("plan")));
    }
    put(joint, "evidence", at(body, "joint/evidence"));
    put_object(&b, "joint_limit", joint);
    for (size_t i = 0; i < stages->n; i++) {
        struct back st = {s, s->a, &stages->list[i], jobj_new(s->a)};
        put(st.out, "name", at(st.body, "name/zh"));
        put(st.out, "mode", at(st.body, "mode"));
        put(st.out, "after", at(st.body, "after"));
        back_list(&st, "items", "items", MEMBER);
        jarr_add(out, jobj_val(st.out));
    }
    jobj_put(b.out, S("stages"), jarr_val(out));
    return jobj_val(b.out);
}

static void bundles(void **state)
{
    struct shop *s = *state;
    struct jval file;
    struct list rows;
    OK(jread(s->a, str_bytes(shop_file(s)), &file));
    (void)shop_import(s, shop_file(s), true);
    OK(store_bundles(&s->writer, &rows));
    assert_int_equal(rows.n, 13);
    const struct bundle_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        struct jval body;
        OK(jread(s->a, str_bytes(r[i].body), &body));
        struct jval want = without_nulls(s->a, &at(&file, "bundles")->list[i], 0),
                    got = back_bundle(s, r[i].code, &body);
        if (!jval_eq(&want, &got)) {
            fprintf(stderr, "want %.*s\n got %.*s\n", STR_ARG(jval_text(s->a, &want)),
                    STR_ARG(jval_text(s->a, &got)));
        }
        assert_true(jval_eq(&want, &got));
    }
}

/* What the file says of itself is kept, too. */
static void source(void **state)
{
    struct shop *s = *state;
    (void)shop_import(s, shop_file(s), true);
    assert_int_equal(number(s, "SELECT COUNT(*) AS n FROM setting WHERE name = 'catalogue_source' "
                               "AND value LIKE '%disclaimer%' AND value LIKE '%enums%'"),
                     1);
}

int test_survive(void)
{
    const struct CMUnitTest tests[] = {CASE(items), CASE(bundles), CASE(source)};
    return cmocka_run_group_tests_name("survive", tests, NULL, NULL);
}
