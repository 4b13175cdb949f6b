/* Checks of the duties (P042, P044–P049, P063), by the states in which each clock may be running.
 */
#include "procedure/check.h"

static struct at clock_at(const struct clock_def *c)
{
    return (struct at){c->line, c->column};
}

struct run {
    uint64_t states; /* may run here */
    uint32_t via[MAX_STATES];
};

/* States in which a cause that the clock always allows keeps it from expiring. */
static uint64_t paused(const struct clock_def *c)
{
    uint64_t states = 0;
    for (size_t i = 0; i < c->n_state_pauses; i++) {
        for (size_t k = 0; k < c->n_pauses; k++) {
            bool fixed =
                c->pauses[k].names == NULL && str_eq(c->pauses[k].name, c->state_pauses[i].cause);
            states |= fixed ? c->state_pauses[i].states : 0;
        }
    }
    return states;
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
        load_fault(g->l, clock_at(c), 44, S("take the closed state out of 'in'"),
                   "clock '%.*s' runs in closed state '%.*s'", STR_ARG(c->name), STR_ARG(state));
        return;
    }
    load_fault(g->l, clock_at(c), 44, S("name the act in 'stop' or 'cancel'"),
               "clock '%.*s' may still run in closed state '%.*s' (through %.*s)", STR_ARG(c->name),
               STR_ARG(state), STR_ARG(g->d->acts[r->via[s]].name));
}

static void check_start_stop(const struct graph *g, const struct clock_def *c)
{
    bool started =
        (c->start.acts & g->possible) != 0 || c->start.events != 0 || (c->in & g->reachable) != 0;
    if (!started) {
        load_fault(g->l, clock_at(c), 45,
                   S("name an act that can happen in 'start', or a reachable state in 'in'"),
                   "clock '%.*s' is never started", STR_ARG(c->name));
    }
    if (c->in == 0 && c->stop.n == 0) {
        load_fault(g->l, clock_at(c), 46, S("name the acts that meet the duty in 'stop'"),
                   "clock '%.*s' is never stopped", STR_ARG(c->name));
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
        load_fault(g->l, clock_at(c), 42,
                   str_fmt(g->l->a, "write 'on expire %.*s' in the act", STR_ARG(c->name)),
                   "clock '%.*s' expires into '%.*s', but the act is not triggered by it",
                   STR_ARG(c->name), STR_ARG(a->name));
        return;
    }
    uint64_t bad = r->states & ~a->from & ~paused(c) & g->reachable & ~g->d->closed;
    if (bad != 0) {
        struct str state = g->d->states[__builtin_ctzll(bad)].name;
        load_fault(g->l, clock_at(c), 47,
                   str_fmt(g->l->a, "add the state to FROM of '%.*s', or stop the clock before",
                           STR_ARG(a->name)),
                   "clock '%.*s' may expire in state '%.*s', where act '%.*s' is not possible",
                   STR_ARG(c->name), STR_ARG(state), STR_ARG(a->name));
    }
}

/* An act `on expire C` that C does not name. */
static void check_expire_acts(const struct graph *g)
{
    for (uint32_t i = 0; i < g->d->n_acts; i++) {
        const struct act_def *a = &g->d->acts[i];
        for (uint32_t k = 0; a->triggered && a->trigger.type == ON_EXPIRE && k < g->d->n_clocks;
             k++) {
            const struct clock_def *c = &g->d->clocks[k];
            if ((a->trigger.clocks & BIT(k)) != 0 && c->expire != i) {
                const struct act_source *s = &g->l->act_sources[i];
                load_fault_in(
                    g->l->faults, s->file, s->at, 42,
                    str_fmt(g->l->a,
                            "act '%.*s' waits for the expiry of '%.*s', which does not name it",
                            STR_ARG(a->name), STR_ARG(c->name)),
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
        load_fault(g->l, clock_at(c), 63,
                   S("cite the article, such as 行政许可法44, or write policy or preset"),
                   "clock '%.*s' is law without an article", STR_ARG(c->name));
    }
}

static void check_late(const struct graph *g, uint64_t timed)
{
    for (uint32_t i = 0; i < g->d->n_states; i++) {
        const struct state_def *s = &g->d->states[i];
        if (s->class == STATE_OPEN && !s->untimed && (timed & BIT(i)) == 0 &&
            (g->reachable & BIT(i)) != 0) {
            load_fault(g->l, (struct at){s->line, s->column}, 49,
                       S("give it a clock or write 'untimed'"),
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
        r.states = definition_may_run(g->d, i, r.via);
        timed |= r.states;
        check_start_stop(g, c);
        check_closed(g, c, &r);
        check_expiry(g, i, &r);
        check_law(g, c);
    }
    check_expire_acts(g);
    check_late(g, timed);
}
