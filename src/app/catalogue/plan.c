/* What a file would do to the catalogue (plan.h). */
#include "app/catalogue/plan.h"

#include "app/catalogue/body.h"
#include "app/catalogue/material.h"
#include "app/catalogue/merge.h"
#include "app/catalogue/sample.h"

static struct err *
no_catalogue(struct arena *a, const char *pointer, const char *zh, const char *en)
{
    struct err *e = ERROR(a, ERR_IMPORT, "这个文件不是事项目录。", "The file is no catalogue.");
    return err_field(e, str_of(pointer), "type", str_of(zh), str_of(en));
}

static struct err *load_stored(struct plan *p)
{
    struct list rows = {0};
    p->by_code = map_new(p->a);
    TRY(store_items(p->c, &rows));
    struct item_row *r = rows.p;
    for (size_t i = 0; i < rows.n; i++) {
        (void)map_put(p->by_code, r[i].code, &r[i]);
    }
    return NULL;
}

/* The faults of the row are the row's own: they name it and stop nothing else. */
static void bad(struct catalogue_row *row, struct err *faults)
{
    row->result = CATALOGUE_BAD;
    row->faults = faults;
}

/* The present body and the row it once came from, as the mapping now reads that row. */
static struct err *stored_values(struct plan *p,
                                 struct plan_item *it,
                                 const struct jval **ret_mine,
                                 const struct jval **ret_base)
{
    struct jval *mine = ARENA_NEW(p->a, struct jval), *raw = ARENA_NEW(p->a, struct jval);
    struct mapped *base = ARENA_NEW(p->a, struct mapped);
    struct err *faults = NULL;
    *ret_mine = NULL;
    *ret_base = NULL;
    if (it->stored.item_id == 0) {
        return NULL;
    }
    TRY(jread(p->a, str_bytes(it->stored.body), mine));
    *ret_mine = mine;
    if (it->stored.imported.p == NULL) {
        return NULL;
    }
    TRY(jread(p->a, str_bytes(it->stored.imported), raw));
    map_item(&p->units, raw, S(""), mine, &faults, base);
    *ret_base = faults == NULL ? &base->body : NULL;
    return NULL;
}

/* Members that follow from the whole body. `theirs` holds every code that was ever given. */
static struct jval finished(struct plan *p,
                            const struct plan_item *it,
                            const struct jval *body,
                            const struct jval *theirs)
{
    struct jobj *o = jobj_new(p->a);
    struct err *faults = NULL;
    struct jval codes;
    struct jval list = materials_coded(p->a, it->row->code, jval_get(body, S("materials")), theirs,
                                       &faults, &codes);
    for (size_t i = 0; i < body->n; i++) {
        jobj_put(o, body->obj[i].name, body->obj[i].val);
    }
    jobj_put(o, S("materials"), list);
    jobj_put(o, S("material_codes"), codes);
    struct jval v = jobj_val(o);
    v = p->sample ? sample_fill(p->a, &v) : v;
    return body_complete(p->a, &v);
}

/* What is told of an item: not the bookkeeping of its materials' codes. */
static void tell_changes(struct plan *p, const struct jval *mine, struct plan_item *it)
{
    const struct catalogue_change *rows = NULL;
    size_t n = 0;
    merge_diff(p->a, mine, &it->body, &rows, &n);
    struct catalogue_change *told = ARENA_ARRAY(p->a, struct catalogue_change, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!str_starts(rows[i].pointer, S("/material_codes"))) {
            told[it->row->n_changes++] = rows[i];
        }
    }
    it->row->changes = told;
}

static struct err *plan_item(struct plan *p, const struct jval *row, struct plan_item *it)
{
    struct err *faults = NULL;
    struct mapped m;
    const struct jval *mine = NULL, *base = NULL;
    struct str code = jval_str(jval_get(row, S("id")));
    const struct item_row *stored = code.p == NULL ? NULL : map_get(p->by_code, code);
    it->stored = stored != NULL ? *stored : (struct item_row){.code = code};
    it->row->code = code;
    it->row->name = jval_str(jval_get(row, S("name_zh")));
    it->file_row = jval_text(p->a, row);
    TRY(stored_values(p, it, &mine, &base));
    map_item(&p->units, row, it->row->pointer, mine, &faults, &m);
    if (faults != NULL) {
        bad(it->row, faults);
        return NULL;
    }
    struct jval merged = mine == NULL ? m.body : merge_values(p->a, base, mine, &m.body);
    it->body = finished(p, it, &merged, &m.body);
    it->unit = body_text(&it->body, "unit");
    body_validate(p->a, &it->body, it->row->pointer, &faults);
    if (faults != NULL) {
        bad(it->row, faults);
        return NULL;
    }
    tell_changes(p, mine, it);
    bool same = mine != NULL && it->row->n_changes == 0;
    it->row->result = mine == NULL ? CATALOGUE_NEW : same ? CATALOGUE_SAME : CATALOGUE_CHANGED;
    it->row->version =
        it->stored.version + (mine != NULL && (same || it->stored.status == ITEM_DRAFT) ? 0 : 1);
    struct department *unit = department_coded(&p->units, it->unit);
    if (unit != NULL) {
        unit->wanted = true;
    }
    return NULL;
}

static struct catalogue_row *add_row(struct plan *p, const char *kind, struct str pointer)
{
    struct catalogue_row *r = &p->rows[p->n_rows++];
    *r = (struct catalogue_row){.kind = str_of(kind), .pointer = pointer};
    return r;
}

static struct err *plan_items(struct plan *p, const struct jval *list, struct map *codes)
{
    for (size_t i = 0; i < list->n; i++) {
        struct plan_item *it = &p->items[p->n_items++];
        it->row = add_row(p, "item", str_fmt(p->a, "/items/%zu", i));
        TRY(plan_item(p, &list->list[i], it));
        if (it->row->result == CATALOGUE_BAD) {
            continue;
        }
        if (map_get(codes, it->row->code) != NULL) {
            struct err *e = NULL;
            field_fault(p->a, &e, str_fmt(p->a, "%.*s/id", STR_ARG(it->row->pointer)), "twice",
                        "这个编码前面已经有了", "the code stands further up already");
            bad(it->row, e);
            continue;
        }
        (void)map_put(codes, it->row->code, it);
    }
    return NULL;
}

/* Stored items count as there, too: a bundle may name one that this file does not bring. */
static void add_stored_codes(struct plan *p, struct map *codes)
{
    for (size_t i = 0; i < map_count(p->by_code); i++) {
        struct str code;
        void *row = map_at(p->by_code, i, &code);
        if (map_get(codes, code) == NULL) {
            (void)map_put(codes, code, row);
        }
    }
}

static struct err *
plan_bundle(struct plan *p, const struct map *codes, const struct jval *row, struct plan_bundle *b)
{
    struct err *faults = NULL;
    struct mapped m;
    struct jval mine;
    map_bundle(&p->units, codes, row, b->row->pointer, &faults, &m);
    b->row->code = jval_str(jval_get(row, S("id")));
    b->row->name = jval_str(jval_get(row, S("name_zh")));
    if (faults != NULL) {
        bad(b->row, faults);
        return NULL;
    }
    b->body = p->sample ? sample_mark(p->a, &m.body) : m.body;
    if (b->stored.id == 0) {
        b->row->result = CATALOGUE_NEW;
        return NULL;
    }
    TRY(jread(p->a, str_bytes(b->stored.body), &mine));
    struct jval *old = ARENA_NEW(p->a, struct jval);
    *old = mine;
    merge_diff(p->a, old, &b->body, &b->row->changes, &b->row->n_changes);
    b->row->result = b->row->n_changes == 0 ? CATALOGUE_SAME : CATALOGUE_CHANGED;
    return NULL;
}

static struct err *plan_bundles(struct plan *p, const struct jval *list, const struct map *codes)
{
    struct list rows = {0};
    TRY(store_bundles(p->c, &rows));
    const struct bundle_row *stored = rows.p;
    for (size_t i = 0; i < list->n; i++) {
        struct plan_bundle *b = &p->bundles[p->n_bundles++];
        struct str code = jval_str(jval_get(&list->list[i], S("id")));
        b->row = add_row(p, "bundle", str_fmt(p->a, "/bundles/%zu", i));
        b->stored = (struct bundle_row){.code = code};
        for (size_t k = 0; k < rows.n; k++) {
            if (str_eq(stored[k].code, code)) {
                b->stored = stored[k];
            }
        }
        TRY(plan_bundle(p, codes, &list->list[i], b));
    }
    return NULL;
}

static void plan_units(struct plan *p)
{
    for (size_t i = 0; i < p->units.n; i++) {
        const struct department *u = &p->units.rows[i];
        if (u->wanted) {
            struct catalogue_row *r = add_row(p, "unit", STR_NONE);
            r->code = u->code;
            r->name = u->name;
            r->result = u->unit_id == 0 ? CATALOGUE_NEW : CATALOGUE_SAME;
        }
    }
}

struct err *plan_make(struct call *c, const struct jval *file, bool sample, struct plan *ret)
{
    static const struct jval NONE = {.type = J_LIST};
    const struct jval *items = jval_get(file, S("items")), *bundles = jval_get(file, S("bundles"));
    *ret = (struct plan){.c = c, .a = c->arena, .file = file, .sample = sample};
    if (items == NULL || items->type != J_LIST) {
        return no_catalogue(c->arena, "/items", "应当有事项列表 items",
                            "there must be a list of items");
    }
    bundles = bundles == NULL || bundles->type == J_NULL ? &NONE : bundles;
    if (bundles->type != J_LIST) {
        return no_catalogue(c->arena, "/bundles", "bundles 应当是列表", "bundles must be a list");
    }
    ret->items = ARENA_ARRAY(c->arena, struct plan_item, items->n + 1);
    ret->bundles = ARENA_ARRAY(c->arena, struct plan_bundle, bundles->n + 1);
    TRY(departments_load(c, &ret->units));
    TRY(load_stored(ret));
    size_t units = ret->units.n + 2 * items->n;
    ret->rows = ARENA_ARRAY(c->arena, struct catalogue_row, items->n + bundles->n + units);
    struct map *codes = map_new(c->arena);
    TRY(plan_items(ret, items, codes));
    add_stored_codes(ret, codes);
    TRY(plan_bundles(ret, bundles, codes));
    plan_units(ret);
    return NULL;
}
