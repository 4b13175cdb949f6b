/* See migrate_act.h. */
#include "procedure/migrate_act.h"

#include "base/check.h"
#include "procedure/act_save.h"
#include "procedure/clock_state.h"
#include "procedure/procedure.h"

static struct err *
target(struct act_run *r, const struct act_todo *t, const struct definition **ret)
{
    struct call *c = r->c;
    struct matter *m = t->m;
    int64_t version = jval_int(jval_get(t->form, S("version")), 0);
    struct err *e = NULL;
    if (jval_int(jval_get(t->form, S("proposed_by")), 0) == t->actor.person_id) {
        field_fault(c->arena, &e, S("/form/proposed_by"), "second-person",
                    "提出人和批准人须是两个人。", "Who proposes and who applies are two people.");
        return e;
    }
    *ret = definition_find_version(procedure_set(c->app), m->d->kind, version);
    if (*ret == NULL || *ret == m->d) {
        field_fault(c->arena, &e, S("/form/version"), "unknown",
                    "没有这个版本，或者已经是这个版本。",
                    "There is no such version, or the matter has it already.");
        return e;
    }
    struct str state = m->d->states[m->state].name;
    if (definition_state(*ret, state) == NO_INDEX ||
        definition_act(*ret, S("migrate")) == NO_INDEX) {
        return ERROR(c->arena, ERR_CONFLICT, "新版本没有“%.*s”这个状态，这件事不能改用。",
                     "The new version has no state “%.*s”; this matter cannot move.",
                     STR_ARG(state));
    }
    return NULL;
}

static void move_facts(struct call *c, struct matter *m, const struct definition *to)
{
    CHECK(to != NULL);
    struct value *facts = ARENA_ARRAY(c->arena, struct value, to->n_facts + 1);
    struct value *saved = ARENA_ARRAY(c->arena, struct value, to->n_facts + 1);
    for (uint32_t i = 0; i < to->n_facts; i++) {
        uint32_t was = definition_fact(m->d, to->facts[i].name);
        bool same = was != NO_INDEX && m->d->facts[was].type.kind == to->facts[i].type.kind;
        facts[i] = same ? m->facts[was] : value_none();
        saved[i] = same && m->facts_saved != NULL ? m->facts_saved[was] : value_none();
    }
    m->facts = facts;
    m->facts_saved = saved;
}

/* A clock that the new version no longer has falls away: its row is written while the old version's
 * name for it is still at hand. */
static struct err *
move_clocks(struct call *c, struct matter *m, const struct definition *to, int64_t act)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->n_clocks; i++) {
        struct mclock *k = &m->clocks[i];
        if (definition_clock(to, m->d->clocks[k->def].name) == NO_INDEX && clockwork_alive(k)) {
            clockwork_end(c, m, k, CLOCK_CANCELLED, act, c->now_ms);
        }
    }
    TRY(save_clocks(c, m));
    for (size_t i = 0; i < m->n_clocks; i++) {
        uint32_t def = definition_clock(to, m->d->clocks[m->clocks[i].def].name);
        if (def != NO_INDEX) {
            m->clocks[kept] = m->clocks[i];
            m->clocks[kept++].def = def;
        }
    }
    m->n_clocks = kept;
    return NULL;
}

static void rebase_clocks(struct act_run *r, struct matter *m, const struct act_todo *t)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        struct mclock *k = &m->clocks[i];
        struct act_scene s;
        struct expr_env env;
        if (!clockwork_alive(k)) {
            continue;
        }
        act_scene_of(&s, r, t);
        scene_env(&s, &env);
        struct value limit = clock_def_limit(&m->d->clocks[k->def], &env);
        if (limit.type != V_DURATION || k->until) {
            continue;
        }
        struct mclock_event *e = clockwork_add(r->c, k, CLOCK_EV_CORRECTED);
        e->act_id = m->done[m->n_done - 1].id;
        e->at = r->c->now_ms;
        e->on_day = civil_day_of(r->c->now_ms);
        e->old_due = k->due.due_day;
        k->limit = limit.u.dur;
        clockwork_compute(r->c, m, k, t->occurred_ms);
        k->events[k->n_events - 1].new_due = k->due.due_day;
    }
}

struct err *migrate_matter(struct act_run *r, struct act_todo *t)
{
    struct matter *m = t->m;
    const struct definition *to = NULL;
    TRY(target(r, t, &to));
    struct mact *self = &m->done[m->n_done - 1];
    struct str state = m->d->states[m->state].name;
    move_facts(r->c, m, to);
    TRY(move_clocks(r->c, m, to, self->id));
    for (size_t i = 0; i < m->n_done; i++) {
        m->done[i].def = definition_act(to, m->done[i].name);
    }
    m->d = to;
    m->definition_id = procedure_definition_id(r->c->app, to);
    m->state = definition_state(to, state);
    m->class = to->states[m->state].class;
    self->definition_id = m->definition_id;
    t->act = definition_act(to, S("migrate"));
    if (jval_bool(jval_get(t->form, S("rebase")), false)) {
        rebase_clocks(r, m, t);
    }
    return NULL;
}
