/* One bundle of the file (map.h). */
#include "app/catalogue/map.h"
#include "app/catalogue/words.h"

struct bundling {
    struct arena *a;
    struct reader row;
    struct jobj *body;
    const struct map *items;
};

static struct jval map_member(struct bundling *b, struct reader *r)
{
    struct jobj *o = jobj_new(b->a);
    struct str code = reader_text(r, "item", true);
    if (code.p != NULL && map_get(b->items, code) == NULL) {
        reader_fault(r, "item", "item", "目录中没有这个事项",
                     "there is no such item in the catalogue");
    }
    put_text(o, "code", code);
    put_bool(o, "required", reader_bool(r, "required", false));
    reader_rest(r, o);
    return jobj_val(o);
}

/* A stage comes after one that stands before it in the list: so stages never run in a circle. */
static void check_after(struct reader *r, struct str after, const struct jval *earlier)
{
    for (size_t i = 0; i < earlier->n; i++) {
        if (str_eq(jval_str(jval_get(jval_get(&earlier->list[i], S("name")), S("zh"))), after)) {
            return;
        }
    }
    reader_fault(r, "after", "after", "前面没有这个阶段", "there is no such stage before this one");
}

static struct jval map_stage(struct bundling *b, struct reader *r, const struct jval *earlier)
{
    struct jobj *o = jobj_new(b->a);
    struct jarr *members = jarr_new(b->a);
    const struct jval *list = reader_list(r, "items");
    struct str after = reader_text(r, "after", false);
    if (after.p != NULL) {
        check_after(r, after, earlier);
    }
    put_both(b->a, o, "name", reader_text(r, "name", true), STR_NONE);
    put_text(o, "mode", reader_word(r, "mode", WORD_MODE, true));
    put_text(o, "after", after);
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        struct reader e = reader_element(r, "items", list, i);
        jarr_add(members, map_member(b, &e));
    }
    jobj_put(o, S("items"), jarr_val(members));
    reader_rest(r, o);
    return jobj_val(o);
}

static void map_stages(struct bundling *b)
{
    const struct jval *list = reader_list(&b->row, "stages");
    struct jarr *out = jarr_new(b->a);
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        struct reader r = reader_element(&b->row, "stages", list, i);
        struct jval earlier = jarr_val(out);
        jarr_add(out, map_stage(b, &r, &earlier));
    }
    if (list == NULL || list->n == 0) {
        reader_fault(&b->row, "stages", "required", "没有阶段", "there are no stages");
    }
    jobj_put(b->body, S("stages"), jarr_val(out));
}

/* A list of texts or of objects, kept as it is. */
static void keep_list(struct bundling *b, const char *from, const char *to)
{
    const struct jval *list = reader_list(&b->row, from);
    if (list != NULL) {
        jobj_put(b->body, str_of(to), *list);
    }
}

/* "行政审批局(代办专班)" is led by 行政审批局. */
static void map_lead(struct bundling *b, const struct departments *d)
{
    struct str name = reader_text(&b->row, "lead_dept", true);
    struct jobj *o = jobj_new(b->a);
    struct str rest = name;
    const struct department *u = department_known(d, name);
    if (u == NULL && name.p != NULL) {
        u = department_known(d, str_split(&rest, '('));
    }
    put_text(o, "name", name);
    put_text(o, "unit", u == NULL ? STR_NONE : u->code);
    jobj_put(b->body, S("lead"), jobj_val(o));
}

static void map_joint(struct bundling *b)
{
    struct reader r = reader_object(&b->row, "joint_limit");
    struct jobj *o = jobj_new(b->a);
    if (r.obj != NULL) {
        put_text(b->body, "joint_limit", map_duration(&r));
        put_bool(o, "plan", str_eqz(jval_str(reader_get(&r, "unit")), "plan"));
        put_text(o, "evidence", reader_word(&r, "evidence", WORD_EVIDENCE, true));
        reader_rest(&r, o);
    }
    jobj_put(b->body, S("joint"), jobj_val(o));
}

void map_bundle(const struct departments *d,
                const struct map *items,
                const struct jval *row,
                struct str at,
                struct err **faults,
                struct mapped *ret)
{
    struct bundling b = {
        .a = d->a,
        .row = reader_of(d->a, faults, at, row),
        .body = jobj_new(d->a),
        .items = items,
    };
    *ret = (struct mapped){.code = reader_text(&b.row, "id", true)};
    struct str zh = reader_text(&b.row, "name_zh", true);
    put_both(b.a, b.body, "name", zh, reader_text(&b.row, "name_en", false));
    map_lead(&b, d);
    map_joint(&b);
    map_stages(&b);
    put_text(b.body, "scope", reader_text(&b.row, "scope", false));
    put_text(b.body, "notes", reader_text(&b.row, "notes", false));
    put_text(b.body, "confidence", reader_word(&b.row, "confidence", WORD_EVIDENCE, false));
    keep_list(&b, "shared_materials", "shared_materials");
    keep_list(&b, "question_triggers", "questions");
    keep_list(&b, "joint_limit_excludes", "excludes");
    int64_t path = reader_int(&b.row, "promised_critical_path_wd", 10000, -1);
    if (path >= 0) {
        jobj_put(b.body, S("critical_path"), jval_of_int(path));
    }
    reader_rest(&b.row, b.body);
    ret->body = jobj_val(b.body);
}
