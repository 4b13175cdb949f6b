/* One matter for its reader (view.h). */
#include "procedure/view.h"

#include "procedure/party.h"
#include "procedure/permit.h"
#include "procedure/procedure.h"

#include "base/check.h"

static const char *const CLASSES[] = {"", "open", "waiting", "closed"};

static void write_holder(struct call *c, const struct matter *m, struct jw *w)
{
    const struct role_set *set = definition_roles(procedure_set(c->app));
    uint32_t holder = m->d->states[m->state].holder;
    jw_key(w, S("holder"));
    if (holder == NO_INDEX) {
        jw_null(w);
        return;
    }
    jw_obj(w);
    jw_kstr(w, "role", set->roles[holder].name);
    view_text(w, "name", set->roles[holder].zh, set->roles[holder].en);
    jw_kbool(w, "outside", set->roles[holder].outside);
    jw_end_obj(w);
}

static void write_item(const struct matter *m, struct jw *w)
{
    static const char *const REGIMES[][3] = {
        {"licence", "行政许可", "licence"},
        {"confirmation", "行政确认", "confirmation"},
        {"filing", "备案", "filing"},
        {"grant", "行政给付", "grant"},
        {"public_service", "公共服务", "public service"},
    };
    jw_key(w, S("item"));
    if (m->item == NULL) {
        jw_null(w);
        return;
    }
    struct str regime = jval_str(jval_get(&m->item->body, S("regime")));
    jw_obj(w);
    jw_kstr(w, "code", m->item->code);
    view_item_text(w, "name", jval_get(&m->item->body, S("name")));
    jw_kint(w, "version", m->item->version);
    jw_kstr(w, "regime", regime);
    for (size_t i = 0; i < COUNT_OF(REGIMES); i++) {
        if (str_eqz(regime, REGIMES[i][0])) {
            view_text(w, "regime_name", str_of(REGIMES[i][1]), str_of(REGIMES[i][2]));
        }
    }
    view_item_text(w, "result", jval_get(&m->item->body, S("result")));
    jw_end_obj(w);
}

static struct err *write_party(struct call *c, const struct matter *m, struct jw *w)
{
    struct party_data p;
    bool clear = permit_unmasked(c, &c->actor, m);
    jw_key(w, S("party"));
    if (m->party_id == 0) {
        jw_null(w);
        return NULL;
    }
    TRY(party_open(c, m->party_id, &p));
    jw_obj(w);
    jw_kint(w, "id", m->party_id);
    jw_kstr(w, "name", party_shown_name(c->arena, &p, clear));
    jw_kstr(w, "kind", p.kind == PARTY_ENTERPRISE ? S("enterprise") : S("citizen"));
    jw_kbool(w, "masked", !clear && p.kind == PARTY_CITIZEN);
    jw_kstr(w, "identifier", party_shown_identifier(c->arena, &p, clear));
    jw_end_obj(w);
    return NULL;
}

static struct err *write_people(struct call *c, const struct matter *m, struct jw *w)
{
    struct matter *parent = NULL;
    jw_key(w, S("assignee"));
    if (m->assignee_id == 0) {
        jw_null(w);
    } else {
        struct str name;
        TRY(view_person_name(c, m->assignee_id, &name));
        jw_obj(w);
        jw_kint(w, "id", m->assignee_id);
        jw_kstr(w, "name", name);
        jw_end_obj(w);
    }
    jw_key(w, S("parent"));
    if (m->parent_id == 0) {
        jw_null(w);
        return NULL;
    }
    TRY(matter_load(c, m->parent_id, &parent));
    jw_obj(w);
    jw_kint(w, "id", parent->id);
    jw_kstr(w, "number", parent->number);
    jw_end_obj(w);
    return NULL;
}

static void write_children(struct call *c, const struct matter *m, struct jw *w)
{
    jw_key(w, S("children"));
    jw_list(w);
    for (size_t i = 0; i < m->n_children; i++) {
        const struct mchild *k = &m->children[i];
        const struct definition *d = definition_find(procedure_set(c->app), k->kind);
        struct str cause = jval_str(jval_get(k->facts, S("cause")));
        jw_obj(w);
        jw_kint(w, "id", k->id);
        jw_kstr(w, "kind", k->kind);
        view_label(c, w, "kind_name", d, "kind", S(""));
        jw_kstr(w, "state", k->state);
        view_label(c, w, "state_name", d, "states", k->state);
        jw_kstr(w, "class", str_of(CLASSES[k->class & 3]));
        jw_kstr(w, "title",
                cause.p == NULL
                    ? k->title
                    : definition_label(procedure_set(c->app), "zh", d, "choices",
                                       str_fmt(c->arena, "cause.%.*s", STR_ARG(cause))));
        jw_end_obj(w);
    }
    jw_end_list(w);
}

/* The application as it stands: answers of the start act and its corrections, materials with what
 * came later and the latest verdicts. */
static struct err *
latest_member(struct call *c, struct matter *m, const char *member, const struct jval **ret)
{
    *ret = NULL;
    for (size_t i = m->n_done; i > 0 && *ret == NULL; i--) {
        const struct jval *body = NULL;
        if (m->done[i - 1].struck) {
            continue;
        }
        TRY(matter_body(c, m, &m->done[i - 1], &body));
        const struct jval *form = jval_get(body, S("form"));
        const struct jval *values = jval_get(form, S("values"));
        *ret = jval_get(values != NULL && values->type == J_OBJ ? values : form, str_of(member));
    }
    return NULL;
}

static const struct jval *by_code(const struct jval *list, struct str code)
{
    for (size_t i = 0; list != NULL && list->type == J_LIST && i < list->n; i++) {
        if (str_eq(jval_str(jval_get(&list->list[i], S("code"))), code)) {
            return &list->list[i];
        }
    }
    return NULL;
}

/* Later hand-ins of a material stand for earlier ones. */
static struct err *
material_row(struct call *c, struct matter *m, struct str code, const struct jval **ret)
{
    *ret = NULL;
    for (size_t i = m->n_done; i > 0 && *ret == NULL; i--) {
        const struct jval *body = NULL;
        TRY(matter_body(c, m, &m->done[i - 1], &body));
        *ret = m->done[i - 1].struck
                   ? NULL
                   : by_code(jval_get(jval_get(body, S("form")), S("materials")), code);
    }
    return NULL;
}

static struct err *write_material(struct call *c,
                                  struct matter *m,
                                  const struct jval *guide,
                                  const struct jval *verdicts,
                                  struct jw *w)
{
    struct str code = jval_str(jval_get(guide, S("code")));
    const struct jval *row = NULL;
    const struct jval *verdict = by_code(verdicts, code);
    TRY(material_row(c, m, code, &row));
    jw_obj(w);
    jw_kstr(w, "code", code);
    view_item_text(w, "name", jval_get(guide, S("name")));
    jw_kstr(w, "necessity", jval_str(jval_get(guide, S("necessity"))));
    jw_kbool(w, "deferrable", jval_bool(jval_get(guide, S("deferrable")), false));
    jw_kbool(w, "commitment_ok", jval_bool(jval_get(guide, S("commitment_ok")), false));
    jw_kbool(w, "share_exempt", jval_bool(jval_get(guide, S("share_exempt")), false));
    jw_key(w, S("files"));
    const struct jval *files = jval_get(row, S("files"));
    if (files != NULL && files->type == J_LIST) {
        jw_val(w, files);
    } else {
        jw_list(w);
        jw_end_list(w);
    }
    jw_kint(w, "paper", jval_int(jval_get(row, S("paper")), 0));
    jw_kbool(w, "given", row != NULL);
    jw_kstr(w, "verdict", verdict == NULL ? STR_NONE : jval_str(jval_get(verdict, S("result"))));
    jw_kstr(w, "note", jval_str(jval_get(verdict != NULL ? verdict : row, S("note"))));
    jw_end_obj(w);
    return NULL;
}

static struct err *write_form(struct call *c, struct matter *m, struct jw *w)
{
    const struct jval *answers = NULL, *verdicts = NULL;
    TRY(latest_member(c, m, "answers", &answers));
    TRY(latest_member(c, m, "verdicts", &verdicts));
    const struct jval *guide = m->item == NULL ? NULL : jval_get(&m->item->body, S("materials"));
    jw_key(w, S("form"));
    jw_obj(w);
    jw_key(w, S("answers"));
    if (answers != NULL && answers->type == J_OBJ) {
        jw_val(w, answers);
    } else {
        jw_obj(w);
        jw_end_obj(w);
    }
    jw_key(w, S("fields"));
    if (m->item != NULL && m->item->form != NULL) {
        view_item_form(c, m->item, w);
    } else {
        jw_list(w);
        jw_end_list(w);
    }
    jw_key(w, S("materials"));
    jw_list(w);
    for (size_t i = 0; guide != NULL && guide->type == J_LIST && i < guide->n; i++) {
        TRY(write_material(c, m, &guide->list[i], verdicts, w));
    }
    jw_end_list(w);
    jw_end_obj(w);
    return NULL;
}

/* Effective day of the act that accepted the application. */
static struct str accepted_on(const struct matter *m)
{
    for (uint32_t g = 0; g < m->d->n_groups; g++) {
        if (!str_eqz(m->d->groups[g].name, "acceptance")) {
            continue;
        }
        for (size_t i = 0; i < m->n_done; i++) {
            if (!m->done[i].struck && m->done[i].def != NO_INDEX &&
                (m->d->groups[g].acts & BIT(m->done[i].def)) != 0) {
                return m->done[i].effective_on;
            }
        }
    }
    return STR_NONE;
}

static void write_ledger(const struct matter *m, struct jw *w)
{
    jw_key(w, S("ledger"));
    jw_obj(w);
    jw_kint(w, "first_index", m->done[0].leaf_index);
    jw_kint(w, "last_index", m->done[m->n_done - 1].leaf_index);
    jw_kint(w, "leaves", (int64_t)m->n_done);
    jw_end_obj(w);
}

static void write_head(struct call *c, const struct matter *m, struct jw *w)
{
    jw_kint(w, "id", m->id);
    jw_kstr(w, "number", m->number);
    jw_kstr(w, "etag", str_fmt(c->arena, "%lld", (long long)m->acts));
    jw_kstr(w, "kind", m->d->kind);
    view_label(c, w, "kind_name", m->d, "kind", S(""));
    jw_kint(w, "kind_version", m->d->version);
    jw_kstr(w, "title", m->title);
    jw_kstr(w, "state", m->d->states[m->state].name);
    view_label(c, w, "state_name", m->d, "states", m->d->states[m->state].name);
    jw_kstr(w, "class", str_of(CLASSES[m->class & 3]));
    write_holder(c, m, w);
    write_item(m, w);
    view_unit(c, w, "unit", m->unit_id);
    jw_kstr(w, "channel", m->channel);
    jw_kstr(w, "opened_at", civil_instant_text(c->arena, m->opened_at));
    jw_kstr(w, "opened_on", civil_text(c->arena, m->opened_day));
    jw_kstr(w, "accepted_on", accepted_on(m));
    jw_kstr(w, "closed_at",
            m->closed_at == 0 ? STR_NONE : civil_instant_text(c->arena, m->closed_at));
    jw_kstr(w, "final_light",
            m->final_light == 0 ? STR_NONE : str_of(view_light((int)m->final_light)));
}

struct err *view_matter(struct call *c, struct matter *m, struct jw *w)
{
    struct allowed_act *acts = NULL;
    size_t n = 0;
    jw_obj(w);
    write_head(c, m, w);
    TRY(write_party(c, m, w));
    TRY(write_people(c, m, w));
    write_children(c, m, w);
    jw_key(w, S("facts"));
    jw_raw(w, matter_facts_text(c->arena, m));
    TRY(write_form(c, m, w));
    jw_key(w, S("clocks"));
    view_clocks(c, m, w);
    jw_key(w, S("timeline"));
    TRY(view_timeline(c, m, w));
    jw_key(w, S("documents"));
    TRY(view_documents(c, m, w));
    TRY(engine_allowed(c, m, &acts, &n));
    jw_key(w, S("acts"));
    allowed_write(c, m, acts, n, w);
    TRY(view_publication(c, m, w));
    write_ledger(m, w);
    jw_end_obj(w);
    return NULL;
}
