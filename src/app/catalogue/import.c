/* Executing a plan, and the door to it (catalogue.h). */
#include "app/catalogue/plan.h"

#include "app/catalogue/version.h"
#include "base/check.h"
#include "crypto/crypto.h"

static struct err *execute_item(struct plan *p, struct plan_item *it)
{
    struct call *c = p->c;
    struct item_row *r = &it->stored;
    const struct department *unit = department_coded(&p->units, it->unit);
    bool wanted = it->row->result == CATALOGUE_NEW || it->row->result == CATALOGUE_CHANGED;
    if (unit == NULL || unit->unit_id == 0) {
        return ERROR(c->arena, ERR_IMPORT, "事项“%.*s”的承办单位“%.*s”不存在。",
                     "The unit of item “%.*s” (%.*s) does not exist.", STR_ARG(it->row->code),
                     STR_ARG(it->unit));
    }
    if (r->item_id == 0) {
        r->unit_id = unit->unit_id;
        TRY(store_add_item(c, r));
    }
    if (wanted) {
        TRY(version_draft(c, r, &it->body));
    }
    if (!str_eq(it->file_row, r->imported)) {
        TRY(store_imported(c, r->item_id, it->file_row));
    }
    if (p->sample && r->status == ITEM_DRAFT) {
        struct err *e = version_publish(c, &p->units, r, NULL);
        if (e != NULL && e->code != ERR_PUBLISH_BLOCKED) {
            return e;
        }
        it->row->faults = e;
    }
    return NULL;
}

static bool is_catalogue(struct str name)
{
    static const char *const OTHERS[] = {"items", "bundles", "calendar", "deadline_vectors",
                                         "id_vectors"};
    for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
        if (str_eqz(name, OTHERS[i])) {
            return false;
        }
    }
    return true;
}

/* What the file says about itself: version, date, disclaimer, its words, whatever else. */
static struct err *keep_source(struct plan *p)
{
    struct jobj *o = jobj_new(p->a);
    for (size_t i = 0; i < p->file->n; i++) {
        if (is_catalogue(p->file->obj[i].name)) {
            jobj_put(o, p->file->obj[i].name, p->file->obj[i].val);
        }
    }
    struct jval v = jobj_val(o);
    return store_put_source(p->c, jval_text(p->a, &v));
}

static struct err *audit_import(struct plan *p)
{
    struct catalogue_report r;
    struct jobj *o = jobj_new(p->a);
    unsigned char digest[CRYPT_SHA256_LEN];
    crypt_sha256(str_bytes(jval_text(p->a, p->file)), digest);
    plan_report(p, true, &r);
    jobj_put(o, S("what"), jval_of_str(S("import")));
    jobj_put(o, S("sha256"), jval_of_str(str_hex(p->a, (struct bytes){digest, sizeof digest})));
    jobj_put(o, S("new"), jval_of_int(r.items[CATALOGUE_NEW]));
    jobj_put(o, S("changed"), jval_of_int(r.items[CATALOGUE_CHANGED]));
    jobj_put(o, S("same"), jval_of_int(r.items[CATALOGUE_SAME]));
    jobj_put(o, S("bad"), jval_of_int(r.items[CATALOGUE_BAD]));
    struct jval v = jobj_val(o);
    return unit_audit(p->c, S("catalogue"), jval_text(p->a, &v));
}

struct err *plan_execute(struct plan *p)
{
    TRY(departments_store(p->c, &p->units));
    for (size_t i = 0; i < p->n_items; i++) {
        if (p->items[i].row->result != CATALOGUE_BAD) {
            TRY(execute_item(p, &p->items[i]));
        }
    }
    for (size_t i = 0; i < p->n_bundles; i++) {
        struct plan_bundle *b = &p->bundles[i];
        if (b->row->result == CATALOGUE_NEW || b->row->result == CATALOGUE_CHANGED) {
            b->stored.body = jval_text(p->a, &b->body);
            TRY(store_put_bundle(p->c, &b->stored));
        }
    }
    TRY(keep_source(p));
    TRY(audit_import(p));
    return version_tell(p->c);
}

static int64_t *counts_of(struct catalogue_report *r, struct str kind)
{
    return str_eqz(kind, "item") ? r->items : str_eqz(kind, "bundle") ? r->bundles : r->units;
}

static bool in_file(const struct plan *p, struct str code)
{
    for (size_t i = 0; i < p->n_items; i++) {
        if (str_eq(p->items[i].row->code, code)) {
            return true;
        }
    }
    return false;
}

void plan_report(const struct plan *p, bool applied, struct catalogue_report *ret)
{
    *ret = (struct catalogue_report){.rows = p->rows, .n = p->n_rows, .applied = applied};
    ret->absent = ARENA_ARRAY(p->a, struct str, map_count(p->by_code) + 1);
    ret->ignored = ARENA_ARRAY(p->a, struct str, p->file->n + 1);
    for (size_t i = 0; i < p->n_rows; i++) {
        counts_of(ret, p->rows[i].kind)[p->rows[i].result]++;
    }
    for (size_t i = 0; i < map_count(p->by_code); i++) {
        struct str code;
        const struct item_row *r = map_at(p->by_code, i, &code);
        if (r->imported.p != NULL && !in_file(p, code)) {
            ret->absent[ret->n_absent++] = code;
        }
    }
    for (size_t i = 0; i < p->file->n; i++) {
        struct str name = p->file->obj[i].name;
        if (!is_catalogue(name) && !str_eqz(name, "items") && !str_eqz(name, "bundles")) {
            ret->ignored[ret->n_ignored++] = name;
        }
    }
}

struct err *import_value(struct call *c, const struct jval *file, struct catalogue_report *ret)
{
    struct plan *p = ARENA_NEW(c->arena, struct plan);
    TRY(plan_make(c, file, false, p));
    TRY(plan_execute(p));
    plan_report(p, true, ret);
    return NULL;
}

struct err *preview_value(struct call *c, const struct jval *file, struct catalogue_report *ret)
{
    struct plan *p = ARENA_NEW(c->arena, struct plan);
    TRY(plan_make(c, file, false, p));
    plan_report(p, false, ret);
    return NULL;
}

struct err *catalogue_preview(struct call *c, struct str json, struct catalogue_report *ret)
{
    struct jval *file = ARENA_NEW(c->arena, struct jval);
    TRY(jread(c->arena, str_bytes(json), file));
    return preview_value(c, file, ret);
}

struct err *
catalogue_import(struct call *c, struct str json, bool sample, struct catalogue_report *ret)
{
    struct jval *file = ARENA_NEW(c->arena, struct jval);
    struct plan *p = ARENA_NEW(c->arena, struct plan);
    CHECK(!sample || c->app->conf.demo);
    TRY(jread(c->arena, str_bytes(json), file));
    TRY(plan_make(c, file, sample, p));
    TRY(plan_execute(p));
    plan_report(p, true, ret);
    return NULL;
}
