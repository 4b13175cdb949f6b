/* Step 10 of an act: the letter. Its number is reserved and everything it will say is frozen now,
 * from the act; the PDF is drawn once, after the commit, by the SLOW lane from this frozen data, so
 * a reprint is byte-identical and a later change of names alters nothing (design.md 5). */
#include "procedure/act.h"

#include "base/check.h"
#include "procedure/party.h"

struct series_row {
    int64_t office_id, next;
    struct str key;
};

/* clang-format off */
static const struct field SERIES[] = {
    F_ID(struct series_row, office_id, 0, NULL, NULL),
    F_INT(struct series_row, next, 0, 0, INT64_MAX, NULL, NULL),
    F_TEXT(struct series_row, key, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(NEXT_IN_SERIES,
     "series.next",
     SERIES,
     SERIES,
     struct series_row,
     "INSERT INTO series (office_id, key, next) VALUES (:office_id, :key, 1)"
     " ON CONFLICT (office_id, key) DO UPDATE SET next = series.next + 1 RETURNING office_id, key, "
     "next");

struct err *series_next(struct call *c, struct str key, int64_t *ret)
{
    struct series_row in = {c->office_id, 0, key}, row;
    bool found = false;
    TRY(db_one(c->db, c->arena, &NEXT_IN_SERIES, &in, &row, &found));
    CHECK(found);
    *ret = row.next;
    return NULL;
}

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

/* Also used by the preview, with number and date of the draft. */
struct err *letter_data(struct act_run *r, struct act_todo *t, struct str number, struct jval *ret)
{
    struct call *c = r->c;
    struct matter *m = t->m;
    const struct org *org = org_of(c->app);
    const struct act_def *a = &m->d->acts[t->act];
    struct jobj *o = jobj_new(c->arena);
    struct party_data party = {.name = S(""), .identifier = S("")};
    struct jval facts;
    TRY(jread(c->arena, str_bytes(matter_facts_text(c->arena, m)), &facts));
    if (m->party_id != 0) {
        TRY(party_open(c, m->party_id, &party));
    }
    jobj_put(o, S("letter"), jval_of_str(a->letter));
    jobj_put(o, S("number"), jval_of_str(number));
    jobj_put(o, S("date"), jval_of_str(civil_text_zh(c->arena, civil_day_of(c->now_ms))));
    jobj_put(o, S("occurred_on"),
             jval_of_str(civil_text_zh(c->arena, civil_day_of(t->occurred_ms))));
    jobj_put(o, S("office"), jval_of_str(org->office_name));
    jobj_put(o, S("profile"), org->profile);
    jobj_put(o, S("act"), jval_of_str(a->zh));
    jobj_put(o, S("by"), jval_of_str(t->actor.name));
    jobj_put(o, S("form"), t->form == NULL ? (struct jval){.type = J_OBJ} : *t->form);
    jobj_put(o, S("facts"), facts);
    jobj_put(o, S("party"), party_value(c, &party));
    jobj_put(o, S("materials"), named_list(c, m, latest_materials(r, t)));
    jobj_put(o, S("verdicts"), named_list(c, m, jval_get(t->form, S("verdicts"))));
    jobj_put(o, S("deferred"), named_list(c, m, jval_get(t->form, S("deferred"))));
    jobj_put(o, S("clocks"), clocks_value(c, m));
    put_item(c, o, m);
    put_matter(c, o, m);
    *ret = jobj_val(o);
    return NULL;
}

struct err *act_letter(struct act_run *r, struct act_todo *t, struct act_done *d)
{
    const struct act_def *a = &t->m->d->acts[t->act];
    struct call *c = r->c;
    int64_t n = 0;
    struct jval data;
    if (a->letter.p == NULL) {
        return NULL;
    }
    int year = civil_ymd(civil_day_of(c->now_ms)).year;
    TRY(series_next(c, str_fmt(c->arena, "letter/%.*s/%d", STR_ARG(a->letter), year), &n));
    d->letter = a->letter;
    d->letter_id = unit_id(c, "document");
    d->letter_number = str_fmt(c->arena, "〔%d〕%lld", year, (long long)n);
    TRY(letter_data(r, t, d->letter_number, &data));
    d->letter_data = jval_text(c->arena, &data);
    return NULL;
}
