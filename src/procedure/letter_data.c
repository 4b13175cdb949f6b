/* All that a letter will say, frozen with its act (act_letter.c) and shown by the preview: parties
 * and people by their names of now, materials by the names of the item's version, clocks with their
 * dates. Templates read it by paths (print/letter_set.h). */
#include "procedure/act.h"

#include "base/check.h"
#include "procedure/party.h"
#include "procedure/view.h"

static struct jval party_value(struct call *c, const struct party_data *p)
{
    struct jobj *o = jobj_new(c->arena);
    jobj_put(o, S("name"), jval_of_str(p->name));
    jobj_put(o, S("identifier"), jval_of_str(p->identifier));
    jobj_put(o, S("kind"),
             jval_of_str(p->kind == PARTY_ENTERPRISE ? S("enterprise") : S("citizen")));
    return jobj_val(o);
}

static struct jval clocks_value(struct call *c, const struct matter *m)
{
    struct jobj *o = jobj_new(c->arena);
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct mclock *k = &m->clocks[i];
        struct jobj *one = jobj_new(c->arena);
        jobj_put(one, S("label"), jval_of_str(m->d->clocks[k->def].zh));
        jobj_put(one, S("limit"),
                 jval_of_str(k->until ? S("") : duration_text_zh(c->arena, k->limit)));
        jobj_put(one, S("basis"), jval_of_str(k->basis));
        jobj_put(one, S("start"), jval_of_str(civil_text_zh(c->arena, k->start_day)));
        jobj_put(one, S("due"), jval_of_str(civil_text_zh(c->arena, k->due.due_day)));
        jobj_put(one, S("provisional"), jval_of_bool(k->due.provisional));
        jobj_put(o, m->d->clocks[k->def].name, jobj_val(one));
    }
    return jobj_val(o);
}

/* Materials of the form or, failing that, of the verdicts, with the item's names for the codes. */
static struct str material_name(const struct matter *m, struct str code)
{
    const struct jval *all = m->item == NULL ? NULL : jval_get(&m->item->body, S("materials"));
    for (size_t i = 0; all != NULL && i < all->n; i++) {
        if (str_eq(jval_str(jval_get(&all->list[i], S("code"))), code)) {
            const struct jval *name = jval_get(&all->list[i], S("name"));
            return name != NULL && name->type == J_OBJ ? jval_str(jval_get(name, S("zh")))
                                                       : jval_str(name);
        }
    }
    return str_ends(code, S("-00")) ? S("申请表") : code;
}

static struct jval named_list(struct call *c, const struct matter *m, const struct jval *list)
{
    struct jarr *out = jarr_new(c->arena);
    for (size_t i = 0; list != NULL && list->type == J_LIST && i < list->n; i++) {
        const struct jval *row = &list->list[i];
        struct str code = row->type == J_STR ? row->s : jval_str(jval_get(row, S("code")));
        const struct jval *files = jval_get(row, S("files"));
        struct jobj *o = jobj_new(c->arena);
        jobj_put(o, S("code"), jval_of_str(code));
        jobj_put(o, S("name"), jval_of_str(material_name(m, code)));
        jobj_put(o, S("note"), jval_of_str(jval_str(jval_get(row, S("note")))));
        jobj_put(o, S("result"), jval_of_str(jval_str(jval_get(row, S("result")))));
        jobj_put(o, S("paper"), jval_of_int(jval_int(jval_get(row, S("paper")), 0)));
        jobj_put(o, S("files"), jval_of_int(files == NULL ? 0 : (int64_t)files->n));
        jarr_add(out, jobj_val(o));
    }
    return jarr_val(out);
}

static const struct jval *latest_materials(struct act_run *r, const struct act_todo *t)
{
    const struct jval *here = jval_get(t->form, S("materials"));
    for (size_t i = t->m->n_done; here == NULL && i > 0; i--) {
        const struct jval *body = NULL;
        struct err *e = matter_body(r->c, t->m, &t->m->done[i - 1], &body);
        if (e != NULL) {
            return NULL; /* the letter then lists nothing; the act itself does not depend on it */
        }
        here = jval_get(jval_get(body, S("form")), S("materials"));
    }
    return here;
}

static void put_item(struct call *c, struct jobj *o, const struct matter *m)
{
    const struct org_unit *u = org_unit(org_of(c->app), m->unit_id);
    jobj_put(o, S("unit"), jval_of_str(u == NULL ? S("") : u->name));
    if (m->item == NULL) {
        return;
    }
    struct jobj *item = jobj_new(c->arena);
    static const char *const MEMBERS[] = {"name",   "regime",          "legal_basis",
                                          "result", "commitment_text", "extension_approver"};
    jobj_put(item, S("code"), jval_of_str(m->item->code));
    for (size_t i = 0; i < COUNT_OF(MEMBERS); i++) {
        const struct jval *v = jval_get(&m->item->body, str_of(MEMBERS[i]));
        if (v != NULL) {
            jobj_put(item, str_of(MEMBERS[i]),
                     v->type == J_OBJ ? jval_of_str(jval_str(jval_get(v, S("zh")))) : *v);
        }
    }
    jobj_put(o, S("item"), jobj_val(item));
}

static void put_matter(struct call *c, struct jobj *o, const struct matter *m)
{
    struct jobj *v = jobj_new(c->arena);
    jobj_put(v, S("number"), jval_of_str(m->number));
    jobj_put(v, S("title"), jval_of_str(m->title));
    jobj_put(v, S("kind"), jval_of_str(m->d->zh));
    jobj_put(v, S("opened_on"), jval_of_str(civil_text_zh(c->arena, m->opened_day)));
    jobj_put(v, S("state"), jval_of_str(m->d->states[m->state].zh));
    jobj_put(o, S("matter"), jobj_val(v));
}

/* Forms that later letters quote: of the start act and of requests (art. 42: the reason). */
static struct err *put_earlier(struct act_run *r, struct jobj *o, struct matter *m)
{
    struct jobj *all = jobj_new(r->c->arena);
    for (size_t i = 0; i < m->n_done; i++) {
        struct mact *a = &m->done[i];
        const struct jval *body = NULL;
        bool quoted = a->def != NO_INDEX && (m->d->acts[a->def].starts || m->d->acts[a->def].asks);
        if (!quoted || a->struck) {
            continue;
        }
        TRY(matter_body(r->c, m, a, &body));
        const struct jval *form = jval_get(body, S("form"));
        if (form != NULL) {
            jobj_put(all, a->name, *form);
        }
    }
    jobj_put(o, S("earlier"), jobj_val(all));
    return NULL;
}

static struct err *names_of(struct call *c,
                            const struct matter *m,
                            enum dtype_kind kind,
                            const struct jval *v,
                            struct str *ret)
{
    const struct jval *list = v->type == J_LIST ? v->list : v;
    size_t n = v->type == J_LIST ? v->n : 1;
    struct buf b;
    buf_init(&b, c->arena, 64);
    for (size_t i = 0; i < n; i++) {
        struct str name = STR_NONE;
        if (kind == D_PERSON || kind == D_PERSONS) {
            TRY(view_person_name(c, jval_int(&list[i], 0), &name));
        } else if (kind == D_UNIT || kind == D_UNITS) {
            const struct org_unit *u = org_unit(org_of(c->app), jval_int(&list[i], 0));
            name = u == NULL ? STR_NONE : u->name;
        } else {
            name = material_name(
                m, list[i].type == J_STR ? list[i].s : jval_str(jval_get(&list[i], S("code"))));
        }
        buf_putz(&b, i == 0 ? "" : "、");
        buf_put(&b, name);
    }
    *ret = buf_str(&b);
    return NULL;
}

/* People, units and materials of the form by name; a deferral's material comes from its fact. */
static struct err *put_named(struct act_run *r, struct jobj *o, const struct act_todo *t)
{
    const struct form *f = t->m->d->acts[t->act].form;
    struct jobj *named = jobj_new(r->c->arena);
    uint32_t material = definition_fact(t->m->d, S("material"));
    for (size_t i = 0; i < f->n; i++) {
        enum dtype_kind kind = f->types[i].kind;
        const struct jval *v = jval_get(t->form, str_of(f->rows[i].name));
        bool people = kind == D_PERSON || kind == D_PERSONS || kind == D_UNIT || kind == D_UNITS ||
                      kind == D_MATERIAL;
        struct str text;
        if (people && v != NULL && v->type != J_NULL) {
            TRY(names_of(r->c, t->m, kind, v, &text));
            jobj_put(named, str_of(f->rows[i].name), jval_of_str(text));
        }
    }
    if (material != NO_INDEX && t->m->facts[material].type == V_TEXT) {
        jobj_put(named, S("material"), jval_of_str(material_name(t->m, t->m->facts[material].u.s)));
    }
    jobj_put(o, S("named"), jobj_val(named));
    return NULL;
}

static struct err *put_parent(struct act_run *r, struct jobj *o, const struct matter *m)
{
    struct matter *parent = NULL;
    struct jobj *v = jobj_new(r->c->arena);
    if (m->parent_id != 0) {
        TRY(run_matter(r, m->parent_id, &parent));
        jobj_put(v, S("number"), jval_of_str(parent->number));
        jobj_put(v, S("title"), jval_of_str(parent->title));
        jobj_put(o, S("parent"), jobj_val(v));
    }
    return NULL;
}

/* What only an act that was performed has; a preview takes today's day. */
static void put_act(struct act_run *r, struct jobj *o, const struct act_todo *t)
{
    struct call *c = r->c;
    const struct matter *m = t->m;
    const struct mact *last = m->n_done > 0 ? &m->done[m->n_done - 1] : NULL;
    bool performed = last != NULL && last->def == t->act && last->body != NULL &&
                     last->leaf_index == FIELD_NO_INT;
    int32_t day = civil_day_of(t->occurred_ms);
    if (performed) {
        (void)civil_parse(last->effective_on, &day);
        const struct jval *results = jval_get(last->body, S("results"));
        if (results != NULL) {
            jobj_put(o, S("results"), *results);
        }
    }
    jobj_put(o, S("effective_on"), jval_of_str(civil_text_zh(c->arena, day)));
    jobj_put(o, S("occurred_on"),
             jval_of_str(civil_text_zh(c->arena, civil_day_of(t->occurred_ms))));
    jobj_put(o, S("date"), jval_of_str(civil_text_zh(c->arena, civil_day_of(c->now_ms))));
    jobj_put(o, S("act"), jval_of_str(m->d->acts[t->act].zh));
    jobj_put(o, S("by"), jval_of_str(t->actor.name));
    jobj_put(o, S("form"), t->form == NULL ? (struct jval){.type = J_OBJ} : *t->form);
}

struct err *letter_data(struct act_run *r, struct act_todo *t, struct str number, struct jval *ret)
{
    struct call *c = r->c;
    struct matter *m = t->m;
    const struct org *org = org_of(c->app);
    struct jobj *o = jobj_new(c->arena);
    struct party_data party = {.name = S(""), .identifier = S("")};
    struct jval facts;
    TRY(jread(c->arena, str_bytes(matter_facts_text(c->arena, m)), &facts));
    if (m->party_id != 0) {
        TRY(party_open(c, m->party_id, &party));
    }
    jobj_put(o, S("letter"), jval_of_str(m->d->acts[t->act].letter));
    jobj_put(o, S("number"), jval_of_str(number));
    jobj_put(o, S("office"), jval_of_str(org->office_name));
    jobj_put(o, S("profile"), org->profile);
    jobj_put(o, S("facts"), facts);
    jobj_put(o, S("party"), party_value(c, &party));
    jobj_put(o, S("materials"), named_list(c, m, latest_materials(r, t)));
    jobj_put(o, S("verdicts"), named_list(c, m, jval_get(t->form, S("verdicts"))));
    jobj_put(o, S("deferred"), named_list(c, m, jval_get(t->form, S("deferred"))));
    jobj_put(o, S("defects"), named_list(c, m, jval_get(&facts, S("defects"))));
    jobj_put(o, S("clocks"), clocks_value(c, m));
    put_act(r, o, t);
    put_item(c, o, m);
    put_matter(c, o, m);
    TRY(put_earlier(r, o, m));
    TRY(put_named(r, o, t));
    TRY(put_parent(r, o, m));
    *ret = jobj_val(o);
    return NULL;
}
