/* The timeline: acts as the reader may see them, with the fields of their forms, newest knowledge
 * last. Struck and corrected acts stay visible, marked. */
#include "procedure/view.h"

#include "procedure/matter_rows.h"

struct document_view {
    int64_t id, act_id, status, shown, matter_id;
    struct str letter, number, name;
};

/* clang-format off */
static const struct field DOCUMENT_VIEW[] = {
    F_ID(struct document_view, id, 0, NULL, NULL),
    F_ID(struct document_view, act_id, 0, NULL, NULL),
    F_INT(struct document_view, status, 0, 0, 9, NULL, NULL),
    F_INT(struct document_view, shown, 0, 0, 9, NULL, NULL),
    F_ID(struct document_view, matter_id, 0, NULL, NULL),
    F_TEXT(struct document_view, letter, 0, 0, 0, NULL, NULL),
    F_TEXT(struct document_view, number, 0, 0, 0, NULL, NULL),
    F_TEXT(struct document_view, name, 0, 0, 0, NULL, NULL),
    FIELD_END,
};
/* clang-format on */

STMT(LIST_DOCUMENTS,
     "view.documents",
     ID_ROW,
     DOCUMENT_VIEW,
     struct document_view,
     "SELECT id, act_id, status, shown, matter_id, letter, number, name FROM document WHERE "
     "matter_id = :id ORDER BY id");

static struct str field_label(struct call *c,
                              const struct matter *m,
                              const struct mact *a,
                              struct str field,
                              const char *lang)
{
    return definition_label(procedure_set(c->app), lang, m->d, "fields",
                            str_fmt(c->arena, "%.*s.%.*s", STR_ARG(a->name), STR_ARG(field)));
}

/* A choice comes with its title, as in a form. */
static void
write_value(struct call *c, const struct matter *m, const struct mact *a, size_t row, struct jw *w)
{
    const struct form *f = m->d->acts[a->def].form;
    struct str field = str_of(f->rows[row].name);
    const struct jval *v = jval_get(jval_get(a->body, S("form")), field);
    if (f->types[row].kind == D_CHOICE && v->type == J_STR) {
        view_choices(c, m->d, str_fmt(c->arena, "%.*s.%.*s", STR_ARG(a->name), STR_ARG(field)),
                     &f->types[row], v->s, w);
    }
    jw_key(w, S("value"));
    jw_val(w, v);
}

static bool field_shown(const struct call *c, const struct form *f, size_t row)
{
    bool outside = c->actor.kind != ACTOR_STAFF && c->actor.kind != ACTOR_CLI;
    return !outside || (f->private_rows & BIT(row)) == 0;
}

static struct err *write_fields(struct call *c, struct matter *m, struct mact *a, struct jw *w)
{
    const struct jval *body = NULL;
    TRY(matter_body(c, m, a, &body));
    const struct jval *form = jval_get(body, S("form"));
    const struct form *f = a->def == NO_INDEX ? NULL : m->d->acts[a->def].form;
    jw_key(w, S("fields"));
    jw_list(w);
    for (size_t i = 0; f != NULL && i < f->n; i++) {
        struct str name = str_of(f->rows[i].name);
        const struct jval *v = jval_get(form, name);
        if (v == NULL || v->type == J_NULL || !field_shown(c, f, i)) {
            continue;
        }
        jw_obj(w);
        jw_kstr(w, "name", name);
        jw_kstr(w, "type", str_of(dtype_name(f->types[i].kind)));
        view_text(w, "title", field_label(c, m, a, name, "zh"), field_label(c, m, a, name, "en"));
        write_value(c, m, a, i, w);
        jw_end_obj(w);
    }
    jw_end_list(w);
    jw_kstr(w, "late_reason", jval_str(jval_get(body, S("late_reason"))));
    const struct jval *results = jval_get(body, S("results"));
    if (results != NULL && c->actor.kind == ACTOR_STAFF) {
        jw_key(w, S("results"));
        jw_val(w, results);
    }
    return NULL;
}

static struct err *write_actor(struct call *c, const struct mact *a, struct jw *w)
{
    struct str name;
    jw_key(w, S("actor"));
    if (a->actor_id == 0) {
        jw_null(w);
        return NULL;
    }
    TRY(view_person_name(c, a->actor_id, &name));
    jw_obj(w);
    jw_kint(w, "id", a->actor_id);
    jw_kstr(w, "name", name);
    view_unit(c, w, "unit", a->actor_unit);
    jw_end_obj(w);
    return NULL;
}

static struct err *write_with(struct call *c, const struct mact *a, struct jw *w)
{
    struct jval ids;
    jw_key(w, S("with"));
    jw_list(w);
    if (a->with_ids.p != NULL) {
        TRY(jread(c->arena, str_bytes(a->with_ids), &ids));
        for (size_t i = 0; ids.type == J_LIST && i < ids.n; i++) {
            struct str name;
            TRY(view_person_name(c, jval_int(&ids.list[i], 0), &name));
            jw_obj(w);
            jw_kint(w, "id", jval_int(&ids.list[i], 0));
            jw_kstr(w, "name", name);
            jw_end_obj(w);
        }
    }
    jw_end_list(w);
    return NULL;
}

static int64_t seq_of(const struct matter *m, int64_t id)
{
    for (size_t i = 0; i < m->n_done; i++) {
        if (m->done[i].id == id) {
            return m->done[i].seq;
        }
    }
    return 0;
}

static void write_seq(struct jw *w, const char *key, int64_t seq)
{
    jw_key(w, str_of(key));
    if (seq == 0) {
        jw_null(w);
    } else {
        jw_int(w, seq);
    }
}

static void write_role(struct call *c, struct str role, struct jw *w)
{
    const struct role_set *set = definition_roles(procedure_set(c->app));
    int i = role_index(set, role);
    jw_kstr(w, "role", role);
    view_text(w, "role_name", i < 0 ? role : set->roles[i].zh, i < 0 ? STR_NONE : set->roles[i].en);
}

static void write_documents(const struct list *docs, const struct mact *a, struct jw *w)
{
    const struct document_view *d = docs->p;
    jw_key(w, S("documents"));
    jw_list(w);
    for (size_t i = 0; i < docs->n; i++) {
        if (d[i].act_id == a->id) {
            jw_int(w, d[i].id);
        }
    }
    jw_end_list(w);
}

static struct err *
write_entry(struct call *c, struct matter *m, struct mact *a, const struct list *docs, struct jw *w)
{
    jw_obj(w);
    jw_kint(w, "id", a->id);
    jw_kint(w, "seq", a->seq);
    jw_kstr(w, "act", a->name);
    view_label(c, w, "label", m->d, "acts", a->name);
    jw_kstr(w, "from", a->from_state);
    jw_kstr(w, "to", a->to_state);
    view_label(c, w, "to_name", m->d, "states", a->to_state);
    write_role(c, a->role, w);
    TRY(write_actor(c, a, w));
    jw_kstr(w, "occurred_at", civil_instant_text(c->arena, a->occurred_at));
    jw_kstr(w, "recorded_at", civil_instant_text(c->arena, a->recorded_at));
    jw_kstr(w, "effective_on", a->effective_on);
    jw_kstr(w, "channel", a->channel);
    TRY(write_with(c, a, w));
    TRY(write_fields(c, m, a, w));
    write_documents(docs, a, w);
    write_seq(w, "cause_seq", seq_of(m, a->cause_id));
    write_seq(w, "corrects_seq", seq_of(m, a->corrects_id));
    jw_kbool(w, "struck", a->struck);
    jw_kbool(w, "corrected", a->corrected);
    if (a->leaf_index != FIELD_NO_INT) {
        jw_kint(w, "leaf_index", a->leaf_index);
    }
    jw_end_obj(w);
    return NULL;
}

/* The applicant sees his own acts whatever `show` says. */
static bool entry_shown(const struct call *c, const struct mact *a)
{
    return view_shown(c, a->shown) ||
           (c->actor.person_id != 0 && a->actor_id == c->actor.person_id);
}

struct err *view_timeline(struct call *c, struct matter *m, struct jw *w)
{
    struct id_row in = {m->id};
    struct list docs = {0};
    TRY(db_all(c->db, c->arena, &LIST_DOCUMENTS, &in, &docs));
    jw_list(w);
    for (size_t i = 0; i < m->n_done; i++) {
        if (entry_shown(c, &m->done[i])) {
            TRY(write_entry(c, m, &m->done[i], &docs, w));
        }
    }
    jw_end_list(w);
    return NULL;
}

struct err *view_last_act(struct call *c, struct matter *m, struct jw *w)
{
    const struct mact *a = NULL;
    for (size_t i = m->n_done; i > 0 && a == NULL; i--) {
        a = entry_shown(c, &m->done[i - 1]) ? &m->done[i - 1] : NULL;
    }
    if (a == NULL) {
        jw_null(w);
        return NULL;
    }
    jw_obj(w);
    jw_kstr(w, "act", a->name);
    view_label(c, w, "label", m->d, "acts", a->name);
    TRY(write_actor(c, a, w));
    jw_kstr(w, "recorded_at", civil_instant_text(c->arena, a->recorded_at));
    jw_end_obj(w);
    return NULL;
}

struct err *view_documents(struct call *c, struct matter *m, struct jw *w)
{
    static const char *const STATUS[] = {"rendering", "ready", "void"};
    struct id_row in = {m->id};
    struct list docs = {0};
    TRY(db_all(c->db, c->arena, &LIST_DOCUMENTS, &in, &docs));
    const struct document_view *d = docs.p;
    jw_list(w);
    for (size_t i = 0; i < docs.n; i++) {
        if (!view_shown(c, d[i].shown)) {
            continue;
        }
        jw_obj(w);
        jw_kint(w, "id", d[i].id);
        jw_kstr(w, "kind", S("letter"));
        jw_kstr(w, "letter", d[i].letter);
        struct str en;
        struct str zh = letter_title(c->app, d[i].letter, &en);
        view_text(w, "name", zh, en);
        jw_kstr(w, "number", d[i].number);
        write_seq(w, "act_seq", seq_of(m, d[i].act_id));
        jw_kstr(w, "status", str_of(STATUS[d[i].status >= 0 && d[i].status < 3 ? d[i].status : 0]));
        jw_kstr(w, "href", str_fmt(c->arena, "/api/v1/documents/%lld", (long long)d[i].id));
        jw_end_obj(w);
    }
    jw_end_list(w);
    return NULL;
}
