/* Folding (fold.h). Pauses by children are inputs: they are taken from the stored clock events,
 * which name the child's act; everything else comes out of the acts again. */
#include "procedure/fold.h"

#include "base/check.h"

#include <string.h>

static struct matter *blank(struct call *c, const struct matter *m)
{
    struct matter *f = ARENA_NEW(c->arena, struct matter);
    *f = *m;
    f->state = NO_INDEX;
    f->class = STATE_OPEN;
    f->done = NULL;
    f->n_done = f->cap_done = 0;
    f->clocks = NULL;
    f->n_clocks = f->cap_clocks = 0;
    f->n_children = 0; /* their pauses come from the events; see replay_children */
    f->closed_at = 0;
    f->final_light = 0;
    f->assignee_id = 0;
    f->facts = ARENA_ARRAY(c->arena, struct value, m->d->n_facts + 1);
    f->unit_id = m->n_done > 0 && m->item != NULL ? m->item->unit_id : m->unit_id;
    f->facts[FACT_UNIT] = value_int(f->unit_id);
    return f;
}

/* The form that counts: that of the latest correction with values, else the act's own. */
static struct err *right_form(struct call *c, struct matter *m, size_t i, const struct jval **ret)
{
    const struct jval *body = NULL;
    TRY(matter_body(c, m, &m->done[i], &body));
    *ret = jval_get(body, S("form"));
    for (size_t k = i + 1; k < m->n_done; k++) {
        if (m->done[k].corrects_id != m->done[i].id || m->done[k].struck) {
            continue;
        }
        TRY(matter_body(c, m, &m->done[k], &body));
        const struct jval *values = jval_get(jval_get(body, S("form")), S("values"));
        if (values != NULL && values->type == J_OBJ) {
            *ret = values;
        }
    }
    return NULL;
}

/* The clock whose expiry a triggered act is: the running one among those it listens to. */
static uint32_t expired_clock(struct matter *f, const struct act_def *a)
{
    if (!a->triggered || a->trigger.type != ON_EXPIRE) {
        return NO_INDEX;
    }
    for (uint32_t def = 0; def < f->d->n_clocks; def++) {
        const struct mclock *k = matter_clock(f, def);
        if ((a->trigger.clocks & BIT(def)) != 0 && k != NULL && k->status == CLOCK_RUNNING &&
            f->d->clocks[def].expire != NO_INDEX) {
            return def;
        }
    }
    return NO_INDEX;
}

static struct err *unfit(struct call *c, const struct mact *a)
{
    return err_hint(
        ERROR(c->arena, ERR_CONFLICT, "更正后，第%lld步“%.*s”就不成立了，请先更正那一步。",
              "With this correction step %lld “%.*s” would no longer hold; correct that one first.",
              (long long)a->seq, STR_ARG(a->name)),
        "从最近的一步开始，一步一步更正。", "Correct step by step, beginning with the latest.");
}

/* A round that fell away with a struck act keeps its number; the clock that the same act started
 * then has the number it has in the table. */
static void keep_rounds(const struct matter *m, struct matter *f, int64_t act_id)
{
    for (size_t i = 0; i < f->n_clocks; i++) {
        struct mclock *k = &f->clocks[i];
        for (size_t n = 0; k->start_act == act_id && n < m->n_clocks; n++) {
            if (m->clocks[n].def == k->def && m->clocks[n].start_act == act_id) {
                k->round = m->clocks[n].round;
            }
        }
    }
}

static struct err *replay_one(struct call *c, struct matter *m, struct matter *f, size_t i)
{
    const struct mact *was = &m->done[i];
    const struct jval *form = NULL;
    if (was->def == NO_INDEX) {
        return NULL; /* an act of another version that has no counterpart: kept as history */
    }
    const struct act_def *a = &f->d->acts[was->def];
    bool fits =
        a->starts ? f->state == NO_INDEX : f->state != NO_INDEX && (a->from & BIT(f->state)) != 0;
    if (!fits) {
        return unfit(c, was);
    }
    TRY(right_form(c, m, i, &form));
    int32_t day = CIVIL_NO_DAY;
    CHECK(civil_parse(was->effective_on, &day));
    struct actor actor = {.person_id = was->actor_id, .unit_id = was->actor_unit};
    struct act_scene s = {.c = c,
                          .m = f,
                          .act = was->def,
                          .form = form,
                          .actor = &actor,
                          .role = was->role,
                          .now_ms = was->occurred_at,
                          .today = day,
                          .applied = true};
    struct clock_move mv = {.act = was->def,
                            .from = f->state,
                            .act_id = was->id,
                            .at_ms = was->occurred_at,
                            .day = day,
                            .expired = expired_clock(f, a)};
    struct mact *copy = matter_add_act(c, f);
    *copy = *was;
    if (a->starts) {
        f->opened_day = day;
        f->opened_at = was->occurred_at;
    }
    if (a->use == USE_ASSIGN) {
        f->assignee_id = jval_int(jval_get(form, S("person")), 0);
    }
    act_sets(&s);
    TRY(act_move(&s, &mv));
    if (a->use == USE_RECORD_EVENT) {
        mv.to = f->state;
        TRY(clockwork_event(&s, &mv));
    }
    keep_rounds(m, f, was->id);
    return NULL;
}

/* Pauses and resumes by children that were recorded up to the act `upto` (0: all the rest). */
static void replay_children(
    struct call *c, const struct matter *m, struct matter *f, int64_t after, int64_t upto)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct mclock *was = &m->clocks[i];
        struct mclock *k = matter_clock(f, was->def);
        for (size_t e = 0; k != NULL && e < was->n_events; e++) {
            const struct mclock_event *ev = &was->events[e];
            bool mine =
                (ev->type == CLOCK_EV_PAUSE || ev->type == CLOCK_EV_RESUME) && ev->key_id != 0;
            if (mine && ev->act_id > after && (upto == 0 || ev->act_id <= upto) &&
                k->round == was->round && !clockwork_voided(was, e)) {
                clockwork_inject(c, f, k, ev);
            }
        }
    }
}

/* What was already told stays told when the date is the same: due and marks are not raised twice.
 */
static void keep_passed(struct call *c, const struct matter *m, struct matter *f)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct mclock *was = &m->clocks[i];
        for (size_t n = 0; n < f->n_clocks; n++) {
            struct mclock *k = &f->clocks[n];
            if (k->def == was->def && k->round == was->round &&
                k->due.due_day == was->due.due_day) {
                clockwork_keep_passed(c, f, k, was);
            }
        }
    }
}

/* A clock that ended before a notice came keeps the date that its own calendar gave. */
static struct err *keep_calendar(struct call *c, const struct matter *m, struct matter *f)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct mclock *was = &m->clocks[i];
        struct mclock *k = matter_clock(f, was->def);
        const struct almanac *al = NULL;
        bool ended = k != NULL && k->round == was->round && k->status != CLOCK_RUNNING &&
                     k->status != CLOCK_PAUSED;
        if (ended && k->calendar_id != was->calendar_id) {
            TRY(almanac_at(c, was->calendar_id, &al));
            clockwork_compute_by(c, f, k, al, k->stopped_at);
        }
    }
    return NULL;
}

struct err *fold_matter(struct call *c, struct matter *m, struct matter **ret)
{
    struct matter *f = blank(c, m);
    int64_t last = 0;
    for (size_t i = 0; i < m->n_done; i++) {
        if (m->done[i].struck) {
            continue;
        }
        replay_children(c, m, f, last, m->done[i].id - 1);
        TRY(replay_one(c, m, f, i));
        last = m->done[i].id - 1;
    }
    replay_children(c, m, f, last, 0);
    keep_passed(c, m, f);
    TRY(keep_calendar(c, m, f));
    *ret = f;
    return NULL;
}
