/* What can happen in a definition: reachable states, possible acts, and where a clock may be
 * running. Least fixed points over the acts; conditions are ignored, so the sets are never too
 * small. */
#include "procedure/definition.h"

void definition_reach(const struct definition *d, uint64_t *ret_states, uint64_t *ret_acts)
{
    uint64_t states = 0;
    uint64_t acts = 0;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < d->n_acts; i++) {
            const struct act_def *a = &d->acts[i];
            if (!a->starts && (a->from & states) == 0) {
                continue;
            }
            uint64_t to = a->to == TO_KEEP ? 0 : a->reaches;
            more = more || (acts & BIT(i)) == 0 || (to & ~states) != 0;
            acts |= BIT(i);
            states |= to;
        }
    }
    *ret_states = states;
    *ret_acts = acts;
}

/* Acts that surely end the run: rows without a condition, and the act of the clock's own expiry. */
static uint64_t sure_ends(const struct definition *d, uint32_t clock)
{
    const struct clock_def *c = &d->clocks[clock];
    uint64_t mask = 0;
    for (size_t i = 0; i < c->stop.n; i++) {
        mask |= c->stop.rows[i].when == NULL ? c->stop.rows[i].acts : 0;
    }
    for (size_t i = 0; i < c->cancel.n; i++) {
        mask |= c->cancel.rows[i].when == NULL ? c->cancel.rows[i].acts : 0;
    }
    if (c->expire != NO_INDEX && d->acts[c->expire].trigger.clocks == BIT(clock)) {
        mask |= BIT(c->expire);
    }
    return mask;
}

/* States in which an event that starts the clock may happen: any after an act with such an effect.
 */
static uint64_t after_events(const struct definition *d, uint64_t events)
{
    uint64_t states = 0;
    for (uint32_t i = 0; events != 0 && i < d->n_acts; i++) {
        const struct act_def *a = &d->acts[i];
        for (size_t k = 0; k < a->n_effects; k++) {
            int event = event_index(str_of(effect_info(a->effects[k])->events));
            states |= event >= 0 && (events & BIT(event)) != 0 ? a->reaches : 0;
        }
    }
    return states;
}

struct carrying {
    const struct definition *d;
    const struct clock_def *c;
    uint64_t reachable, ends, runs;
};

/* The states to which one act carries a running clock, or in which it starts it. */
static uint64_t carry(const struct carrying *k, uint32_t act)
{
    const struct act_def *a = &k->d->acts[act];
    bool starts = (k->c->start.acts & BIT(act)) != 0;
    if (a->starts) {
        return starts ? a->reaches : 0;
    }
    bool ends = (k->ends & BIT(act)) != 0 || (a->voids && !k->c->outlives);
    bool cancels = k->c->cancel_closed && !starts && (k->c->stop.acts & BIT(act)) == 0;
    uint64_t to = 0;
    for (uint32_t s = 0; s < k->d->n_states; s++) {
        bool here = (a->from & BIT(s) & k->reachable) != 0;
        if (here && (starts || (!ends && (k->runs & BIT(s)) != 0))) {
            to |= a->to == TO_KEEP ? BIT(s) : a->reaches;
        }
    }
    return cancels ? to & ~k->d->closed : to;
}

uint64_t definition_may_run(const struct definition *d, uint32_t clock, uint32_t via[MAX_STATES])
{
    const struct clock_def *c = &d->clocks[clock];
    for (uint32_t s = 0; via != NULL && s < MAX_STATES; s++) {
        via[s] = NO_INDEX;
    }
    if (c->in != 0) {
        return c->in;
    }
    uint64_t possible = 0;
    struct carrying k = {
        .d = d, .c = c, .ends = sure_ends(d, clock), .runs = after_events(d, c->start.events)};
    definition_reach(d, &k.reachable, &possible);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < d->n_acts; i++) {
            uint64_t add = (possible & BIT(i)) == 0 ? 0 : carry(&k, i) & ~k.runs;
            for (uint32_t s = 0; via != NULL && s < d->n_states; s++) {
                via[s] = (add & BIT(s)) != 0 ? i : via[s];
            }
            k.runs |= add;
            more = more || add != 0;
        }
    }
    return k.runs;
}
