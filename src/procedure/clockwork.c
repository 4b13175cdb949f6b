/* Clocks of a matter under an act (clockwork.h). */
#include "procedure/clockwork.h"

#include "procedure/clock_state.h"

static const struct clock_def *def_of(const struct matter *m, const struct mclock *k)
{
    return &m->d->clocks[k->def];
}

static void end_clock(struct act_scene *s,
                      struct mclock *k,
                      enum clock_status status,
                      const struct clock_move *mv)
{
    clockwork_end(s->c, s->m, k, status, mv->act_id, mv->at_ms);
}

/* Does a row of start, stop, … name the act (or event) and hold? *ret_at: the day to count from. */
static bool named(struct act_scene *s,
                  const struct clock_ons *ons,
                  uint32_t act,
                  int event,
                  const struct expr **ret_at)
{
    struct expr_env env;
    scene_env(s, &env);
    for (size_t i = 0; i < ons->n; i++) {
        const struct clock_on *row = &ons->rows[i];
        bool hit =
            event >= 0 ? (row->events & BIT((unsigned)event)) != 0 : (row->acts & BIT(act)) != 0;
        if (hit && expr_true(row->when, &env)) {
            if (ret_at != NULL) {
                *ret_at = row->at;
            }
            return true;
        }
    }
    return false;
}

static bool in_states(uint64_t states, uint32_t state)
{
    return state != NO_INDEX && (states & BIT(state)) != 0;
}

/* Ends what the act ends. True: the clock begins its next round with this act. */
static bool end_or_renew(struct act_scene *s, struct mclock *k, const struct clock_move *mv)
{
    const struct clock_def *d = def_of(s->m, k);
    const struct act_def *a = &s->m->d->acts[mv->act];
    bool closing = in_states(s->m->d->closed, mv->to);
    bool stops = (d->stop.acts & BIT(mv->act)) != 0;
    if (mv->expired == k->def) {
        end_clock(s, k, CLOCK_EXPIRED, mv);
    } else if (named(s, &d->cancel, mv->act, -1, NULL)) {
        end_clock(s, k, CLOCK_CANCELLED, mv);
    } else if (named(s, &d->stop, mv->act, -1, NULL)) {
        end_clock(s, k, CLOCK_MET, mv);
    } else if ((d->cancel_closed && closing && !stops) || (a->voids && !d->outlives)) {
        end_clock(s, k, CLOCK_CANCELLED, mv);
    } else if (d->in != 0 && in_states(d->in, mv->from) && !in_states(d->in, mv->to)) {
        end_clock(s, k, CLOCK_MET, mv);
    } else if (named(s, &d->restart, mv->act, -1, NULL)) {
        end_clock(s, k, CLOCK_MET, mv);
        return true;
    } else if (named(s, &d->reset, mv->act, -1, NULL)) {
        end_clock(s, k, CLOCK_CANCELLED, mv);
        return true;
    }
    return false;
}

static void pause_clock(struct act_scene *s,
                        struct mclock *k,
                        const struct clock_move *mv,
                        int64_t key,
                        struct str cause,
                        int32_t expected)
{
    if (clockwork_open_pause(k, key)) {
        return;
    }
    int32_t old = k->due.due_day;
    struct mclock_event *e = clockwork_add(s->c, k, CLOCK_EV_PAUSE);
    e->key_id = key;
    e->cause = cause;
    e->at = mv->at_ms;
    e->on_day = mv->day;
    e->expected_day = expected;
    e->act_id = mv->act_id;
    e->old_due = old;
    k->status = CLOCK_PAUSED;
    clockwork_compute(s->c, s->m, k, mv->at_ms);
    k->events[k->n_events - 1].new_due = k->due.due_day;
}

static void
resume_clock(struct act_scene *s, struct mclock *k, const struct clock_move *mv, int64_t key)
{
    if (!clockwork_open_pause(k, key)) {
        return;
    }
    int32_t old = k->due.due_day;
    struct mclock_event *e = clockwork_add(s->c, k, CLOCK_EV_RESUME);
    e->key_id = key;
    e->at = mv->at_ms;
    e->on_day = mv->day;
    e->act_id = mv->act_id;
    e->old_due = old;
    if (!clockwork_open_pause(k, -1)) {
        k->status = CLOCK_RUNNING;
    }
    clockwork_compute(s->c, s->m, k, mv->at_ms);
    k->events[k->n_events - 1].new_due = k->due.due_day;
}

/* Pauses by state carry key 0, those by a child the child's id. */
static void pause_by_state(struct act_scene *s, struct mclock *k, const struct clock_move *mv)
{
    const struct clock_def *d = def_of(s->m, k);
    struct expr_env env;
    scene_env(s, &env);
    struct str cause = clock_def_state_cause(d, mv->to);
    if (cause.p != NULL && clock_def_allows(d, cause, &env)) {
        pause_clock(s, k, mv, 0, cause, CIVIL_NO_DAY);
    } else {
        resume_clock(s, k, mv, 0);
    }
}

static struct err *extend_clock(struct act_scene *s, struct mclock *k, const struct clock_move *mv)
{
    const struct clock_def *d = def_of(s->m, k);
    struct expr_env env;
    scene_env(s, &env);
    uint32_t done = 0;
    for (size_t i = 0; i < k->n_events; i++) {
        done += k->events[i].type == CLOCK_EV_EXTEND && !clockwork_voided(k, i);
    }
    struct value by = expr_eval(d->extend_by, &env);
    if (by.type != V_DURATION) {
        return NULL; /* the item has no extension for this clock: nothing to extend */
    }
    if (clockwork_over(k, mv->at_ms)) {
        if (d->evidence != EVIDENCE_LAW) {
            return NULL; /* a broken promise stays broken; it does not bar the legal extension */
        }
        return ERROR(s->c->arena, ERR_CLOCK_OVER,
                     "“%.*s”已届满，届满前才能延长（行政许可法第42条）。",
                     "The clock “%.*s” has run out; it can only be extended before (art. 42).",
                     STR_ARG(d->zh));
    }
    if (d->extend_times != 0 && done >= d->extend_times) {
        return ERROR(s->c->arena, ERR_ACT_USED_UP, "“%.*s”已经延长过。",
                     "The clock “%.*s” was already extended.", STR_ARG(d->zh));
    }
    struct mclock_event *e = clockwork_add(s->c, k, CLOCK_EV_EXTEND);
    e->cause = duration_text(s->c->arena, by.u.dur);
    e->amount = by.u.dur.amount;
    e->at = mv->at_ms;
    e->on_day = mv->day;
    e->act_id = mv->act_id;
    e->old_due = k->due.due_day;
    clockwork_compute(s->c, s->m, k, mv->at_ms);
    k->events[k->n_events - 1].new_due = k->due.due_day;
    return NULL;
}

static struct str basis_of(const struct clock_def *d, struct expr_env *env)
{
    if (d->basis.p != NULL) {
        return d->basis;
    }
    struct value v = expr_eval(d->basis_path, env);
    return v.type == V_TEXT ? v.u.s : S("");
}

/* Children already open when the clock starts pause it from the first day. */
static void
pause_for_open_children(struct act_scene *s, struct mclock *k, const struct clock_move *mv)
{
    for (size_t i = 0; i < s->m->n_children; i++) {
        if (s->m->children[i].class != STATE_CLOSED) {
            clockwork_child(s, &s->m->children[i], false, mv, CIVIL_NO_DAY);
        }
    }
    (void)k;
}

static void
start_clock(struct act_scene *s, uint32_t def, const struct clock_move *mv, const struct expr *at)
{
    const struct clock_def *d = &s->m->d->clocks[def];
    struct expr_env env;
    scene_env(s, &env);
    if (!expr_true(d->when, &env)) {
        return;
    }
    struct value limit = clock_def_limit(d, &env);
    if (limit.type != V_DURATION && limit.type != V_DATE) {
        return; /* no limit = no clock; the page says so */
    }
    struct value from = expr_eval(at, &env);
    const struct mclock *before = matter_clock(s->m, def);
    int64_t round = before == NULL ? 1 : before->round + 1;
    struct mclock *k = matter_add_clock(s->c, s->m);
    k->fresh = true;
    k->def = def;
    k->round = round;
    k->status = CLOCK_RUNNING;
    k->until = limit.type == V_DATE;
    k->until_day = k->until ? limit.u.day : CIVIL_NO_DAY;
    k->limit = k->until ? (struct duration){CIVIL_CD, 0} : limit.u.dur;
    k->start_day = from.type == V_DATE ? from.u.day : mv->day;
    k->start_at =
        k->start_day == civil_day_of(mv->at_ms) ? mv->at_ms : civil_day_start(k->start_day);
    k->basis = basis_of(d, &env);
    k->start_act = mv->act_id;
    k->left_amount = FIELD_NO_INT;
    clockwork_compute(s->c, s->m, k, mv->at_ms);
    pause_by_state(s, k, mv);
    pause_for_open_children(s, k, mv);
}

/* Did the clock ever start? A start by an act that was struck since did not happen. */
static bool started(const struct matter *m, uint32_t def)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        bool struck = false;
        for (size_t a = 0; a < m->n_done; a++) {
            struck = struck || (m->done[a].id == m->clocks[i].start_act && m->done[a].struck);
        }
        if (m->clocks[i].def == def && !struck) {
            return true;
        }
    }
    return false;
}

static bool starts_now(struct act_scene *s,
                       uint32_t def,
                       const struct clock_move *mv,
                       const struct expr **ret_at)
{
    const struct clock_def *d = &s->m->d->clocks[def];
    const struct mclock *k = matter_clock(s->m, def);
    *ret_at = NULL;
    if (k != NULL && clockwork_alive(k)) {
        return false;
    }
    if (d->in != 0) {
        return in_states(d->in, mv->to) && !in_states(d->in, mv->from);
    }
    return !started(s->m, def) && named(s, &d->start, mv->act, -1, ret_at); /* first start wins */
}

struct err *clockwork_act(struct act_scene *s, const struct clock_move *mv)
{
    struct matter *m = s->m;
    uint64_t renewed = 0;
    for (size_t i = 0; i < m->n_clocks; i++) {
        if (clockwork_alive(&m->clocks[i]) && end_or_renew(s, &m->clocks[i], mv)) {
            renewed |= BIT(m->clocks[i].def);
        }
    }
    for (size_t i = 0; i < m->n_clocks; i++) {
        if (clockwork_alive(&m->clocks[i])) {
            pause_by_state(s, &m->clocks[i], mv);
        }
    }
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct clock_def *d = def_of(m, &m->clocks[i]);
        if (clockwork_alive(&m->clocks[i]) && d->extends && (d->extend_acts & BIT(mv->act)) != 0) {
            TRY(extend_clock(s, &m->clocks[i], mv));
        }
    }
    for (uint32_t def = 0; def < m->d->n_clocks; def++) {
        const struct expr *at = NULL;
        if ((renewed & BIT(def)) != 0 || starts_now(s, def, mv, &at)) {
            start_clock(s, def, mv, at);
        }
    }
    return s->failed;
}

/* The cause may be a fixed name or a fact of the child. */
static struct str child_cause(const struct child_pause *p, const struct mchild *child)
{
    return p->cause.p != NULL ? p->cause : jval_str(jval_get(child->facts, p->fact));
}

void clockwork_child(struct act_scene *s,
                     const struct mchild *child,
                     bool closed,
                     const struct clock_move *mv,
                     int32_t expected)
{
    if (child->def == NO_INDEX) {
        return;
    }
    const struct child_def *d = &s->m->d->children[child->def];
    struct expr_env env;
    scene_env(s, &env);
    for (size_t i = 0; i < d->n_pauses; i++) {
        struct mclock *k = matter_clock(s->m, d->pauses[i].clock);
        struct str cause = child_cause(&d->pauses[i], child);
        if (k == NULL || !clockwork_alive(k)) {
            continue;
        }
        if (closed) {
            resume_clock(s, k, mv, child->id);
        } else if (cause.p != NULL && clock_def_allows(def_of(s->m, k), cause, &env)) {
            pause_clock(s, k, mv, child->id, cause, expected);
        }
    }
}

/* The form names it as a choice: publication_done. */
static int event_of(struct act_scene *s)
{
    struct buf name;
    struct str choice = jval_str(jval_get(s->form, S("event")));
    buf_init(&name, s->c->arena, 40);
    for (size_t i = 0; i < choice.n; i++) {
        buf_putc(&name, choice.p[i] == '_' ? '.' : choice.p[i]);
    }
    return event_index(buf_str(&name));
}

struct err *clockwork_event(struct act_scene *s, const struct clock_move *mv)
{
    int event = event_of(s);
    if (event < 0) {
        return NULL; /* of an older program; nothing waits for it any more */
    }
    for (size_t i = 0; i < s->m->n_clocks; i++) {
        struct mclock *k = &s->m->clocks[i];
        if (clockwork_alive(k) && named(s, &def_of(s->m, k)->stop, NO_INDEX, event, NULL)) {
            end_clock(s, k, CLOCK_MET, mv);
        } else if (clockwork_alive(k) &&
                   named(s, &def_of(s->m, k)->cancel, NO_INDEX, event, NULL)) {
            end_clock(s, k, CLOCK_CANCELLED, mv);
        }
    }
    for (uint32_t def = 0; def < s->m->d->n_clocks; def++) {
        const struct expr *at = NULL;
        if (!started(s->m, def) && named(s, &s->m->d->clocks[def].start, NO_INDEX, event, &at)) {
            start_clock(s, def, mv, at);
        }
    }
    return s->failed;
}
