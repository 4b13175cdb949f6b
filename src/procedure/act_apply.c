/* Steps 7 to 9 of an act on the matter in memory: order of times, facts, effects, target state,
 * clocks. act_sets and act_move are shared with folding (act_fold.c), so a history folded again
 * takes the very same way. */
#include "procedure/act.h"

#include "base/check.h"
#include "procedure/effect.h"

#include <string.h>

/* occurred_at ≤ recorded_at, not before the matter's last act; late recording needs a reason. */
static struct err *check_time(struct act_run *r, const struct act_todo *t)
{
    struct call *c = r->c;
    if (t->occurred_ms > c->now_ms) {
        return ERROR(c->arena, ERR_TIME_ORDER, "发生时间在现在之后。",
                     "The act would lie in the future.");
    }
    const struct mact *last = t->m->n_done > 0 ? &t->m->done[t->m->n_done - 1] : NULL;
    if (last != NULL && t->occurred_ms < last->occurred_at) {
        struct str at = civil_instant_text(c->arena, last->occurred_at);
        struct err *e = ERROR(c->arena, ERR_TIME_ORDER, "发生时间早于上一步（%.*s）。",
                              "It lies before the previous act (%.*s).", STR_ARG(at));
        struct jval v = jval_of_str(at);
        return err_member(e, "previous_at", jval_text(c->arena, &v));
    }
    if (t->actor.kind == ACTOR_SYSTEM || t->late_reason.n > 0) {
        return NULL;
    }
    const struct definition *d = t->m->d;
    struct duration within = {CIVIL_WD, 1};
    if (d->record_within != NO_INDEX && d->params[d->record_within].value.type == V_DURATION) {
        within = d->params[d->record_within].value.u.dur;
    }
    struct clock_spec spec = {
        .limit = within,
        .start_ms = t->occurred_ms,
        .start_day = civil_day_of(t->occurred_ms),
        .calendar = almanac_of(c->app)->calendar,
        .hours = org_hours(org_of(c->app)),
    };
    struct clock_due due = clock_compute(&spec, civil_day_of(c->now_ms));
    if (c->now_ms <= due.due_ms) {
        return NULL;
    }
    struct err *e = NULL;
    field_fault(c->arena, &e, S("/late_reason"), "late-reason-needed",
                "补录超过一个工作日，请写明原因并附依据。",
                "This is recorded more than one working day late; give the reason and evidence.");
    return e;
}

void act_sets(struct act_scene *s)
{
    const struct act_def *a = &s->m->d->acts[s->act];
    struct expr_env env;
    scene_env(s, &env);
    for (size_t i = 0; i < a->n_sets; i++) {
        struct value v = expr_eval(a->sets[i].value, &env);
        s->m->facts[a->sets[i].fact] = v;
        if (a->sets[i].fact == FACT_UNIT && v.type == V_INT) {
            s->m->unit_id = v.u.i;
        }
    }
}

static uint32_t target_state(struct act_scene *s)
{
    const struct act_def *a = &s->m->d->acts[s->act];
    struct expr_env env;
    scene_env(s, &env);
    switch (a->to) {
    case TO_KEEP:
        return s->m->state;
    case TO_STATE:
        return a->to_state;
    case TO_CASE:
        for (size_t i = 0; i < a->n_cases; i++) {
            if (expr_true(a->cases[i].when, &env)) {
                return a->cases[i].state;
            }
        }
        break;
    }
    CHECK(a->to == TO_CASE); /* the loader proved that the last row always holds */
    return s->m->state;
}

struct err *act_move(struct act_scene *s, const struct clock_move *mv)
{
    struct clock_move move = *mv;
    move.to = target_state(s);
    s->m->state = move.to;
    s->m->class = s->m->d->states[move.to].class;
    if (s->failed != NULL) {
        return s->failed;
    }
    return clockwork_act(s, &move);
}

static int32_t effective_day(struct act_scene *s)
{
    struct expr_env env;
    scene_env(s, &env);
    struct value v = expr_eval(s->m->d->acts[s->act].effective, &env);
    return v.type == V_DATE ? v.u.day : s->today;
}

static int64_t shown_of(const struct act_def *a)
{
    return (int64_t)a->show;
}

static struct str with_text(struct arena *a, const struct act_todo *t)
{
    struct jarr *l = jarr_new(a);
    for (size_t i = 0; i < t->n_with; i++) {
        jarr_add(l, jval_of_int(t->with[i]));
    }
    struct jval v = jarr_val(l);
    return t->n_with == 0 ? STR_NONE : jval_text(a, &v);
}

static void add_done(struct act_run *r, const struct act_todo *t, uint32_t from, int32_t day)
{
    struct matter *m = t->m;
    const struct act_def *a = &m->d->acts[t->act];
    struct mact *d = matter_add_act(r->c, m);
    bool silent = a->show == SHOW_NONE && t->actor.kind == ACTOR_SYSTEM;
    m->acts += !silent; /* the etag: bookkeeping by the system must not stop a person's next act */
    *d = (struct mact){
        .id = unit_id(r->c, "act"),
        .seq = (int64_t)m->n_done,
        .actor_id = t->actor.person_id,
        .actor_unit = t->actor.unit_id,
        .mandate_id = t->actor.mandate_id,
        .occurred_at = t->occurred_ms,
        .recorded_at = r->c->now_ms,
        .definition_id = m->definition_id,
        .cause_id = t->cause_id,
        .corrects_id = t->corrects_id,
        .shown = shown_of(a),
        .leaf_index = FIELD_NO_INT,
        .def = t->act,
        .name = a->name,
        .from_state = from == NO_INDEX ? STR_NONE : m->d->states[from].name,
        .role = t->role,
        .effective_on = civil_text(r->c->arena, day),
        .channel = r->c->channel.p == NULL ? S("system") : r->c->channel,
        .with_ids = with_text(r->c->arena, t),
    };
}

static void put_id(struct jobj *o, struct str name, int64_t id)
{
    if (id != 0) {
        jobj_put(o, name, jval_of_int(id));
    }
}

/* Columns of the act and, at its start, of the matter that the leaf's event does not hold: as part
 * of the body they are committed too. */
static struct jval by_of(struct call *c, const struct mact *d)
{
    struct jobj *o = jobj_new(c->arena);
    put_id(o, S("unit"), d->actor_unit);
    put_id(o, S("mandate"), d->mandate_id);
    jobj_put(o, S("with"), jval_of_str(d->with_ids));
    jobj_put(o, S("channel"), jval_of_str(d->channel));
    return jobj_val(o);
}

static struct jval opened_of(struct call *c, const struct matter *m)
{
    struct jobj *o = jobj_new(c->arena);
    jobj_put(o, S("number"), jval_of_str(m->number));
    jobj_put(o, S("title"), jval_of_str(m->title));
    jobj_put(o, S("channel"), jval_of_str(m->channel));
    put_id(o, S("item_version"), m->item_version_id);
    put_id(o, S("party"), m->party_id);
    put_id(o, S("parent"), m->parent_id);
    put_id(o, S("origin"), m->origin_id);
    return jobj_val(o);
}

/* Acts that corrections struck so far: an act that erases keeps it, since the bodies of the
 * corrections, which say so, go. */
static struct jval struck_acts(struct call *c, const struct matter *m)
{
    struct jarr *l = jarr_new(c->arena);
    for (size_t i = 0; i < m->n_done; i++) {
        if (m->done[i].struck) {
            jarr_add(l, jval_of_int(m->done[i].id));
        }
    }
    return jarr_val(l);
}

/* Body as first written; its text is what body_commit covers. */
static struct jval body_of(struct act_run *r, const struct act_todo *t, struct jobj *results)
{
    struct call *c = r->c;
    struct jobj *o = jobj_new(c->arena);
    jobj_put(o, S("by"), by_of(c, &t->m->done[t->m->n_done - 1]));
    if (t->m->d->acts[t->act].starts) {
        jobj_put(o, S("opened"), opened_of(c, t->m));
    }
    jobj_put(o, S("form"), t->form == NULL ? (struct jval){.type = J_OBJ} : *t->form);
    if (t->m->d->acts[t->act].erases) {
        jobj_put(o, S("struck"), struck_acts(c, t->m));
    }
    if (t->late_reason.n > 0) {
        jobj_put(o, S("late_reason"), jval_of_str(t->late_reason));
    }
    struct jval res = jobj_val(results);
    if (res.n > 0) {
        jobj_put(o, S("results"), res);
    }
    return jobj_val(o);
}

int32_t act_legal_due(const struct matter *m)
{
    int32_t day = CIVIL_NO_DAY;
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct mclock *k = &m->clocks[i];
        bool running = k->status == CLOCK_RUNNING || k->status == CLOCK_PAUSED;
        if (running && m->d->clocks[k->def].evidence == EVIDENCE_LAW &&
            (day == CIVIL_NO_DAY || k->due.due_day < day)) {
            day = k->due.due_day;
        }
    }
    return day;
}

static void finish(struct act_run *r, struct matter *m)
{
    if (m->class != STATE_CLOSED || m->closed_at != 0) {
        if (m->class != STATE_CLOSED) {
            m->closed_at = 0;
            m->final_light = 0;
        }
        return;
    }
    m->closed_at = m->done[m->n_done - 1].occurred_at;
    m->final_light = 1;
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct mclock *k = &m->clocks[i];
        bool near = k->status == CLOCK_MET && k->stopped_at >= k->due.yellow_ms;
        if (clockwork_late(k, r->c->now_ms)) {
            m->final_light = 3;
        } else if (near && m->final_light < 2) {
            m->final_light = 2;
        }
    }
}

struct err *act_apply(struct act_run *r, struct act_todo *t, size_t *ret_done)
{
    struct matter *m = t->m;
    const struct act_def *a = &m->d->acts[t->act];
    struct act_scene s;
    TRY(check_time(r, t));
    if (r->n_done == ACT_CASCADE_MAX) {
        return ERROR(r->c->arena, ERR_CASCADE, "一次办理引起了超过32个动作，已全部撤回。",
                     "One command triggered more than 32 acts; all was undone.");
    }
    act_scene_of(&s, r, t);
    int32_t day = effective_day(&s);
    uint32_t from = m->state;
    if (a->starts) {
        m->opened_at = t->occurred_ms;
        m->opened_day = day;
    }
    add_done(r, t, from, day);
    struct mact *act = &m->done[m->n_done - 1];
    s.applied = true;
    s.today = day;
    struct jobj *results = jobj_new(r->c->arena);
    act_sets(&s);
    TRY(effects_run(&s, act->id, results));
    struct jval *body = ARENA_NEW(r->c->arena, struct jval);
    *body = body_of(r, t, results);
    act->body = body;
    struct clock_move mv = {.act = t->act,
                            .from = from,
                            .act_id = act->id,
                            .at_ms = t->occurred_ms,
                            .day = day,
                            .expired = t->expired};
    TRY(act_move(&s, &mv));
    act = &m->done[m->n_done - 1];
    act->to_state = m->d->states[m->state].name;
    finish(r, m);
    *ret_done = r->n_done;
    r->done[r->n_done++] = (struct act_done){.m = m,
                                             .d = m->d,
                                             .actor = t->actor,
                                             .index = m->n_done - 1,
                                             .body = *body,
                                             .due_day = act_legal_due(m),
                                             .tell = a->tell};
    return NULL;
}
