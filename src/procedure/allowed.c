/* What the reader may do now, and why not (procedures.md 4): the page draws its buttons from it.
 * Acts of another state or hidden by `when` are absent; acts of another role are absent too. */
#include "procedure/act.h"
#include "procedure/procedure.h"

static void
add_reason(struct arena *a, struct allowed_act *r, const char *code, struct str zh, struct str en)
{
    struct allowed_reason *more = ARENA_ARRAY(a, struct allowed_reason, r->n_reasons + 1);
    for (size_t i = 0; i < r->n_reasons; i++) {
        more[i] = r->reasons[i];
    }
    more[r->n_reasons] = (struct allowed_reason){.code = code, .zh = zh, .en = en};
    r->reasons = more;
    r->n_reasons++;
    r->possible = false;
}

static struct str member_text(const struct err *e, const char *name)
{
    for (const struct err_member *m = e->members; m != NULL; m = m->next) {
        if (str_eqz(str_of(m->name), name)) {
            return m->json;
        }
    }
    return STR_NONE;
}

/* Needs that speak of the form cannot be judged before it is filled in. */
static bool about_form(const struct expr *e)
{
    for (uint32_t i = 0; i < e->n_paths; i++) {
        if (e->paths[i]->root == EXPR_FORM) {
            return true;
        }
    }
    return false;
}

static struct err *judge_needs(struct act_scene *s, struct allowed_act *r)
{
    const struct act_def *a = &s->m->d->acts[s->act];
    const struct definition_set *set = procedure_set(s->c->app);
    struct expr_env env;
    scene_env(s, &env);
    for (size_t i = 0; i < a->n_needs; i++) {
        if (about_form(a->needs[i].holds) || expr_true(a->needs[i].holds, &env)) {
            continue;
        }
        struct str key = str_fmt(s->c->arena, "%.*s.%zu", STR_ARG(a->name), i);
        add_reason(s->c->arena, r, "act-need", a->needs[i].zh,
                   definition_label(set, "en", s->m->d, "needs", key));
    }
    return s->failed;
}

static struct err *judge_separation(struct act_scene *s, struct allowed_act *r, int64_t stand_in)
{
    struct matter *parent = NULL;
    if (s->m->parent_id != 0) {
        TRY(matter_load(s->c, s->m->parent_id, &parent));
    }
    struct err *e = permit_separation(s->c, s->m, parent, s->act, s->actor->person_id, stand_in);
    if (e == NULL) {
        return NULL;
    }
    if (e->code != ERR_ACT_SEPARATION && e->code != ERR_ACT_RECUSED) {
        return e;
    }
    add_reason(s->c->arena, r, err_info(e->code)->slug, e->zh, e->en);
    struct str act = member_text(e, "act");
    struct jval v;
    if (act.p != NULL && jread(s->c->arena, str_bytes(act), &v) == NULL) {
        r->reasons[r->n_reasons - 1].act = jval_str(&v);
        const struct mact *was = NULL;
        for (size_t i = 0; i < s->m->n_done; i++) {
            was = str_eq(s->m->done[i].name, jval_str(&v)) && !s->m->done[i].struck ? &s->m->done[i]
                                                                                    : was;
        }
        r->reasons[r->n_reasons - 1].seq = was == NULL ? 0 : was->seq;
    }
    return NULL;
}

/* False: not offered to this reader at all. */
static struct err *
judge(struct call *c, struct matter *m, uint32_t act, struct allowed_act *r, bool *ret_offered)
{
    const struct act_def *a = &m->d->acts[act];
    struct act_scene s = {.c = c,
                          .m = m,
                          .act = act,
                          .actor = &c->actor,
                          .now_ms = c->now_ms,
                          .today = civil_day_of(c->now_ms)};
    struct permit_subject on = permit_of(m);
    struct expr_env env;
    int64_t stand_in = 0;
    *ret_offered = false;
    if (a->starts || a->triggered || m->state == NO_INDEX || (a->from & BIT(m->state)) == 0) {
        return NULL;
    }
    int role = permit_role(c, &c->actor, act_roles(&s, act), &on, &stand_in);
    if (role < 0) {
        return NULL;
    }
    s.role = definition_roles(procedure_set(c->app))->roles[role].name;
    scene_env(&s, &env);
    bool when = expr_true(a->when, &env);
    TRY(s.failed);
    if (!when || (a->times != 0 && matter_count(m, act) >= (int64_t)a->times)) {
        return NULL;
    }
    *ret_offered = true;
    *r = (struct allowed_act){.act = act, .role = role, .possible = true};
    TRY(judge_needs(&s, r));
    return judge_separation(&s, r, stand_in);
}

struct err *
engine_allowed(struct call *c, struct matter *m, struct allowed_act **ret, size_t *ret_n)
{
    *ret = ARENA_ARRAY(c->arena, struct allowed_act, m->d->n_acts + 1);
    *ret_n = 0;
    for (uint32_t i = 0; i < m->d->n_acts; i++) {
        bool offered = false;
        TRY(judge(c, m, i, &(*ret)[*ret_n], &offered));
        *ret_n += offered;
    }
    return NULL;
}

static void write_text(struct jw *w, const char *key, struct str zh, struct str en)
{
    jw_key(w, str_of(key));
    jw_obj(w);
    jw_kstr(w, "zh", zh);
    jw_kstr(w, "en", en.n > 0 && !str_eq(en, zh) ? en : STR_NONE);
    jw_end_obj(w);
}

static void write_reasons(const struct allowed_act *a, struct jw *w)
{
    jw_key(w, S("reasons"));
    jw_list(w);
    for (size_t i = 0; i < a->n_reasons; i++) {
        jw_obj(w);
        jw_kstr(w, "code", str_of(a->reasons[i].code));
        write_text(w, "text", a->reasons[i].zh, a->reasons[i].en);
        if (a->reasons[i].act.p != NULL) {
            jw_kstr(w, "act", a->reasons[i].act);
            jw_kint(w, "seq", a->reasons[i].seq);
        }
        jw_end_obj(w);
    }
    jw_end_list(w);
}

static void
write_one(struct call *c, const struct matter *m, const struct allowed_act *a, struct jw *w)
{
    const struct definition_set *set = procedure_set(c->app);
    const struct act_def *d = &m->d->acts[a->act];
    jw_obj(w);
    jw_kstr(w, "act", d->name);
    write_text(w, "label", d->zh, definition_label(set, "en", m->d, "acts", d->name));
    jw_kbool(w, "possible", a->possible);
    write_reasons(a, w);
    if (d->form->n > 0) {
        jw_kstr(w, "form",
                str_fmt(c->arena, "/api/v1/forms/%.*s/%lld/%.*s", STR_ARG(m->d->kind),
                        (long long)m->d->version, STR_ARG(d->name)));
    } else {
        jw_key(w, S("form"));
        jw_null(w);
    }
    jw_kstr(w, "moves_to", d->to == TO_STATE ? m->d->states[d->to_state].name : STR_NONE);
    if (d->to == TO_STATE) {
        struct str name = m->d->states[d->to_state].name;
        write_text(w, "moves_to_name", m->d->states[d->to_state].zh,
                   definition_label(set, "en", m->d, "states", name));
    }
    jw_kstr(w, "letter", d->letter);
    jw_kbool(w, "once", d->times == 1);
    jw_kint(w, "people", d->persons > 1 ? (int64_t)d->persons : 1);
    jw_kstr(w, "role", definition_roles(set)->roles[a->role].name);
    jw_end_obj(w);
}

void allowed_write(
    struct call *c, struct matter *m, const struct allowed_act *acts, size_t n, struct jw *w)
{
    jw_list(w);
    for (size_t i = 0; i < n; i++) {
        write_one(c, m, &acts[i], w);
    }
    jw_end_list(w);
}
