/* Bundles for the portal: 一件事 with their stages and items (docs/api.md "Catalogue"). Only those
 * are shown whose required items are all in service. */
#include "app/catalogue/ops.h"

#include "app/catalogue/body.h"
#include "procedure/org.h"
#include "procedure/view.h"

static void write_lead(struct call *c, const struct jval *lead, struct jw *w)
{
    const struct org *o = org_of(c->app);
    struct str code = body_text(lead, "unit");
    for (size_t i = 0; code.p != NULL && i < o->n; i++) {
        if (str_eq(o->units[i].code, code)) {
            view_unit(c, w, "lead_unit", o->units[i].id);
            return;
        }
    }
    jw_key(w, S("lead_unit"));
    jw_obj(w);
    jw_key(w, S("id"));
    jw_null(w);
    view_text(w, "name", body_text(lead, "name"), STR_NONE);
    jw_end_obj(w);
}

static void write_items(const struct shelf *s, const struct jval *stages, struct jw *w)
{
    jw_key(w, S("items"));
    jw_list(w);
    for (size_t i = 0; stages != NULL && i < stages->n; i++) {
        const struct jval *list = jval_get(&stages->list[i], S("items"));
        for (size_t k = 0; list != NULL && k < list->n; k++) {
            const struct shelf_item *it = shelf_find(s, body_text(&list->list[k], "code"));
            if (it == NULL) {
                continue; /* not in service */
            }
            jw_obj(w);
            jw_kstr(w, "code", it->code);
            view_text(w, "name", it->zh, it->en);
            jw_kstr(w, "stage", body_zh(&stages->list[i], "name"));
            jw_kbool(w, "required", body_bool(&list->list[k], "required"));
            jw_end_obj(w);
        }
    }
    jw_end_list(w);
}

static void write_joint(struct call *c, const struct jval *body, struct jw *w)
{
    struct duration d;
    struct str evidence = body_evidence(body, "joint");
    if (limit_of(body, "joint_limit", &d)) {
        limit_write_text(c->arena, w, "joint_limit", d);
    } else if (body_bool(jval_get(body, S("joint")), "plan")) {
        view_text(w, "joint_limit", S("按项目计划"), S("by project plan"));
    } else {
        jw_key(w, S("joint_limit"));
        jw_null(w);
    }
    jw_kstr(w, "joint_evidence", evidence);
}

static void
write_bundle(struct call *c, const struct shelf *s, const struct shelf_bundle *b, struct jw *w)
{
    jw_kstr(w, "code", b->code);
    view_item_text(w, "name", jval_get(&b->body, S("name")));
    write_lead(c, jval_get(&b->body, S("lead")), w);
    write_items(s, jval_get(&b->body, S("stages")), w);
    write_joint(c, &b->body, w);
    jw_kbool(w, "sample", body_bool(&b->body, "sample"));
}

static void write_list(struct jw *w, const char *key, const struct jval *v)
{
    jw_key(w, str_of(key));
    if (v != NULL && v->type == J_LIST) {
        jw_val(w, v);
    } else {
        jw_list(w);
        jw_end_list(w);
    }
}

struct err *bundles_list(struct call *c, const void *in, void *out)
{
    const struct shelf *s = shelf_of(c->app);
    struct answer a;
    (void)in;
    (void)out;
    struct jw *w = answer_begin(c, &a);
    jw_obj(w);
    jw_key(w, S("rows"));
    jw_list(w);
    for (size_t i = 0; i < s->n_bundles; i++) {
        if (s->bundles[i].whole) {
            jw_obj(w);
            write_bundle(c, s, &s->bundles[i], w);
            jw_end_obj(w);
        }
    }
    jw_end_list(w);
    jw_kstr(w, "next", STR_NONE);
    jw_end_obj(w);
    answer_end(c, &a);
    return NULL;
}

struct err *bundles_get(struct call *c, const void *in, void *out)
{
    const struct code_in *q = in;
    const struct shelf *s = shelf_of(c->app);
    const struct shelf_bundle *b = NULL;
    struct answer a;
    (void)out;
    for (size_t i = 0; i < s->n_bundles; i++) {
        b = s->bundles[i].whole && str_eq(s->bundles[i].code, q->code) ? &s->bundles[i] : b;
    }
    if (b == NULL) {
        return ERROR(c->arena, ERR_NOT_FOUND, "没有这个一件事。", "There is no such bundle.");
    }
    struct jw *w = answer_begin(c, &a);
    jw_obj(w);
    write_bundle(c, s, b, w);
    write_list(w, "stages", jval_get(&b->body, S("stages")));
    write_list(w, "shared_materials", jval_get(&b->body, S("shared_materials")));
    write_list(w, "questions", jval_get(&b->body, S("questions")));
    write_list(w, "excludes", jval_get(&b->body, S("excludes")));
    jw_kstr(w, "scope", body_text(&b->body, "scope"));
    jw_end_obj(w);
    answer_end(c, &a);
    return NULL;
}
