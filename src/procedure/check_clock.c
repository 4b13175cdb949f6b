/* Checks of the duties: each clock's may-run set, the states in which it may be running, as a least
 * fixed point over the acts. A conditional stop may not stop, so it does not end a run here. */
#include "procedure/check.h"

static struct at clock_at(const struct clock_def *c)
{
    return (struct at){c->line, c->column};
}

/* Acts whose row, without a condition, surely ends the run. */
static uint64_t sure(const struct clock_ons *ons)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < ons->n; i++) {
        mask |= ons->rows[i].when == NULL ? ons->rows[i].acts : 0;
    }
    return mask;
}

/* States in which an event of the clock's start may happen: any after an act with such an effect. */
static uint64_t after_events(const struct graph *g, uint64_t events)
{
    uint64_t states = 0;
    for (uint32_t i = 0; events != 0 && i < g->d->n_acts; i++) {
        const struct act_def *a = &g->d->acts[i];
        for (size_t k = 0; k < a->n_effects; k++) {
            int event = event_index(str_of(effect_info(a->effects[k])->events));
            states |= event >= 0 && (events & BIT(event)) != 0 ? a->reaches : 0;
        }
    }
    return states;
}

struct run {
    uint64_t states; /* may run here */
    uint32_t via[MAX_STATES]; /* the act that first carried it there */
};

/* One act on a running or starting clock; true when the set grew. */
static bool carry(const struct graph *g, const struct clock_def *c, uint32_t act, uint64_t ended, struct run *r)
{
    const struct act_def *a = &g->d->acts[act];
    bool starts = (c->start.acts & BIT(act)) != 0;
    uint64_t before = r->states;
    if ((g->possible & BIT(act)) == 0) {
        return false;
    }
    if (a->starts) {
        r->states |= starts ? a->reaches : 0;
    }
    bool ends = (ended & BIT(act)) != 0 || (a->voids && !c->outlives);
    for (uint32_t s = 0; s < g->d->n_states; s++) {
        if ((a->from & BIT(s) & g->reachable) == 0) {
            continue;
        }
        bool runs = starts || (!ends && (before & BIT(s)) != 0);
        uint64_t to = runs ? act_leads(a, s) : 0;
        bool cancels = c->cancel_closed && !starts && (c->stop.acts & BIT(act)) == 0;
        r->states |= cancels ? to & ~g->d->closed : to;
    }
    for (uint32_t s = 0; s < g->d->n_states; s++) {
        r->via[s] = (r->states & ~before & BIT(s)) != 0 ? act : r->via[s];
    }
    return r->states != before;
}

static void may_run(const struct graph *g, const struct clock_def *c, struct run *r)
{
    *r = (struct run){.states = c->in};
    uint64_t ended = sure(&c->stop) | sure(&c->cancel);
    if (c->in != 0) {
        return;
    }
    r->states = after_events(g, c->start.events);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < g->d->n_acts; i++) {
            more = carry(g, c, i, ended, r) || more;
        }
    }
}

/* ---- the checks ---- */

static void check_closed(const struct graph *g, const struct clock_def *c, const struct run *r)
{
    uint64_t closed = r->states & g->d->closed;
    if (closed == 0 || c->outlives) {
        return;
    }
    uint32_t s = (uint32_t)__builtin_ctzll(closed);
    struct str state = g->d->states[s].name;
    if (c->in != 0) {
        load_fault(g->l, clock_at(c), 44, S("take the closed state out of 'in'"), "clock '%.*s' runs in closed state '%.*s'",
                   STR_ARG(c->name), STR_ARG(state));
        return;
    }
    load_fault(g->l, clock_at(c), 44, S("name the act in 'stop' or 'cancel'"),
               "clock '%.*s' may still run in closed state '%.*s' (through %.*s)", STR_ARG(c->name), STR_ARG(state),
               STR_ARG(g->d->acts[r->via[s]].name));
}

static void check_start_stop(const struct graph *g, const struct clock_def *c)
{
    bool started = (c->start.acts & g->possible) != 0 || c->start.events != 0 || (c->in & g->reachable) != 0;
    if (!started) {
        load_fault(g->l, clock_at(c), 45, S("name an act that can happen in 'start', or a reachable state in 'in'"),
                   "clock '%.*s' is never started", STR_ARG(c->name));
    }
    if (c->in == 0 && c->stop.n == 0) {
        load_fault(g->l, clock_at(c), 46, S("name the acts that meet the duty in 'stop'"), "clock '%.*s' is never stopped",
                   STR_ARG(c->name));
    }
}

static void check_expiry(const struct graph *g, uint32_t i, const struct run *r)
{
    const struct clock_def *c = &g->d->clocks[i];
    if (c->expire == NO_INDEX) {
        return;
    }
    const struct act_def *a = &g->d->acts[c->expire];
    if (!a->triggered || a->trigger.type != ON_EXPIRE || (a->trigger.clocks & BIT(i)) == 0) {
        load_fault(g->l, clock_at(c), 42, str_fmt(g->l->a, "write 'on expire %.*s' in the act", STR_ARG(c->name)),
                   "clock '%.*s' expires into '%.*s', but the act is not triggered by it", STR_ARG(c->name), STR_ARG(a->name));
        return;
    }
    uint64_t bad = r->states & ~a->from & g->reachable & ~g->d->closed;
    if (bad != 0) {
        struct str state = g->d->states[__builtin_ctzll(bad)].name;
        load_fault(g->l, clock_at(c), 47, str_fmt(g->l->a, "add the state to FROM of '%.*s', or stop the clock before", STR_ARG(a->name)),
                   "clock '%.*s' may expire in state '%.*s', where act '%.*s' is not possible", STR_ARG(c->name), STR_ARG(state),
                   STR_ARG(a->name));
    }
}

/* An act `on expire C` that C does not name. */
static void check_expire_acts(const struct graph *g)
{
    for (uint32_t i = 0; i < g->d->n_acts; i++) {
        const struct act_def *a = &g->d->acts[i];
        for (uint32_t k = 0; a->triggered && a->trigger.type == ON_EXPIRE && k < g->d->n_clocks; k++) {
            const struct clock_def *c = &g->d->clocks[k];
            if ((a->trigger.clocks & BIT(k)) != 0 && c->expire != i) {
                const struct act_source *s = &g->l->act_sources[i];
                load_fault_in(g->l->faults, s->file, s->at, 42,
                              str_fmt(g->l->a, "act '%.*s' waits for the expiry of '%.*s', which does not name it", STR_ARG(a->name),
                                      STR_ARG(c->name)),
                              str_fmt(g->l->a, "write 'expire: %.*s' in the clock", STR_ARG(a->name)));
            }
        }
    }
}

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9') {
            return true;
        }
    }
    return false;
}

static void check_law(const struct graph *g, const struct clock_def *c)
{
    if (c->evidence == EVIDENCE_LAW && c->basis_path == NULL && !has_digit(c->basis)) {
        load_fault(g->l, clock_at(c), 63, S("cite the article, such as 行政许可法44, or write policy or preset"),
                   "clock '%.*s' is law without an article", STR_ARG(c->name));
    }
}

static void check_late(const struct graph *g, uint64_t timed)
{
    for (uint32_t i = 0; i < g->d->n_states; i++) {
        const struct state_def *s = &g->d->states[i];
        if (s->class == STATE_OPEN && !s->untimed && (timed & BIT(i)) == 0 && (g->reachable & BIT(i)) != 0) {
            load_fault(g->l, (struct at){s->line, s->column}, 49, S("give it a clock or write 'untimed'"),
                       "nobody can ever be late in open state '%.*s'", STR_ARG(s->name));
        }
    }
}

void check_clock_graph(const struct graph *g)
{
    uint64_t timed = 0;
    for (uint32_t i = 0; i < g->d->n_clocks; i++) {
        const struct clock_def *c = &g->d->clocks[i];
        struct run r;
        may_run(g, c, &r);
        timed |= r.states;
        check_start_stop(g, c);
        check_closed(g, c, &r);
        check_expiry(g, i, &r);
        check_law(g, c);
    }
    check_expire_acts(g);
    check_late(g, timed);
}
