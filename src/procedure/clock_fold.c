/* Clocks after a correction (clockwork.h, "folding"). Rows and events are never rewritten: the
 * clock's row takes the new values, an event of type CORRECTED says what was and names the event it
 * voids. */
#include "procedure/clockwork.h"

#include "procedure/clock_state.h"

void clockwork_inject(struct call *c,
                      struct matter *m,
                      struct mclock *k,
                      const struct mclock_event *e)
{
    if (!clockwork_alive(k)) {
        return;
    }
    struct mclock_event *copy = clockwork_add(c, k, (enum clock_event_type)e->type);
    *copy = *e;
    k->status = clockwork_open_pause(k, -1) ? CLOCK_PAUSED : CLOCK_RUNNING;
    clockwork_compute(c, m, k, e->at);
}

void clockwork_keep_passed(struct call *c,
                           struct matter *m,
                           struct mclock *k,
                           const struct mclock *was)
{
    bool any = false;
    for (size_t i = 0; i < was->n_events; i++) {
        const struct mclock_event *e = &was->events[i];
        if ((e->type == CLOCK_EV_DUE || e->type == CLOCK_EV_MARK) && !clockwork_voided(was, i)) {
            struct mclock_event *copy = clockwork_add(c, k, (enum clock_event_type)e->type);
            *copy = *e;
            any = true;
        }
    }
    if (any && k->status == CLOCK_RUNNING) { /* a paused one waits for nothing and keeps its date */
        clockwork_compute(c, m, k, c->now_ms);
    }
}

static struct mclock *same_round(struct matter *m, const struct mclock *k)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        if (m->clocks[i].def == k->def && m->clocks[i].round == k->round) {
            return &m->clocks[i];
        }
    }
    return NULL;
}

static bool same_event(const struct mclock_event *a, const struct mclock_event *b)
{
    return a->type == b->type && a->key_id == b->key_id && a->act_id == b->act_id &&
           a->on_day == b->on_day;
}

static bool has_event(const struct mclock *k, const struct mclock_event *e)
{
    for (size_t i = 0; i < k->n_events; i++) {
        if (same_event(&k->events[i], e) && !clockwork_voided(k, i)) {
            return true;
        }
    }
    return false;
}

static struct mclock_event *corrected(struct call *c, struct mclock *k, int64_t act_id)
{
    struct mclock_event *e = clockwork_add(c, k, CLOCK_EV_CORRECTED);
    e->act_id = act_id;
    e->at = c->now_ms;
    e->on_day = civil_day_of(c->now_ms);
    e->old_due = k->due.due_day;
    return e;
}

/* Events that the fold no longer has are voided by number; new ones are added. */
static void merge_events(struct call *c, struct mclock *k, const struct mclock *f, int64_t act_id)
{
    size_t before = k->n_events;
    for (size_t i = 0; i < before; i++) {
        int64_t type = k->events[i].type;
        bool input = type == CLOCK_EV_PAUSE || type == CLOCK_EV_RESUME || type == CLOCK_EV_EXTEND ||
                     type == CLOCK_EV_DUE || type == CLOCK_EV_MARK;
        if (input && !clockwork_voided(k, i) && !has_event(f, &k->events[i])) {
            corrected(c, k, act_id)->amount = (int64_t)i + 1;
        }
    }
    for (size_t i = 0; i < f->n_events; i++) {
        if (!has_event(k, &f->events[i])) {
            *clockwork_add(c, k, (enum clock_event_type)f->events[i].type) = f->events[i];
        }
    }
}

static void merge_clock(struct call *c, struct mclock *k, const struct mclock *f, int64_t act_id)
{
    bool same = k->status == f->status && k->due.due_day == f->due.due_day &&
                k->start_day == f->start_day && k->stop_act == f->stop_act;
    merge_events(c, k, f, act_id);
    if (!same) {
        struct mclock_event *e = corrected(c, k, act_id);
        e->new_due = f->due.due_day;
    }
    k->status = f->status;
    k->until = f->until;
    k->until_day = f->until_day;
    k->limit = f->limit;
    k->start_day = f->start_day;
    k->start_at = f->start_at;
    k->start_act = f->start_act;
    k->due = f->due;
    k->next_at = f->next_at;
    k->next_mark = f->next_mark;
    k->stop_act = f->stop_act;
    k->stopped_at = f->stopped_at;
    k->left_amount = f->left_amount;
    k->dirty = true;
}

static void fall_away(struct call *c, struct matter *m, struct mclock *k, int64_t act_id)
{
    if (k->status == CLOCK_CANCELLED) {
        return;
    }
    (void)corrected(c, k, act_id);
    clockwork_end(c, m, k, CLOCK_CANCELLED, act_id, c->now_ms);
}

void clockwork_take_over(struct call *c, struct matter *m, struct matter *f, int64_t act_id)
{
    for (size_t i = 0; i < m->n_clocks; i++) {
        struct mclock *now = same_round(f, &m->clocks[i]);
        if (now != NULL) {
            merge_clock(c, &m->clocks[i], now, act_id);
        } else {
            fall_away(c, m, &m->clocks[i], act_id);
        }
    }
    for (size_t i = 0; i < f->n_clocks; i++) {
        if (same_round(m, &f->clocks[i]) == NULL) {
            struct mclock *k = matter_add_clock(c, m);
            *k = f->clocks[i];
            k->fresh = true;
            k->n_saved = 0;
        }
    }
}
