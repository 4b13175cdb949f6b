/* Graph checks: what can be reached, what never ends, who can move it (P050–P059, P062–P065). They
 * run when every name of the kind resolves. */
#include "procedure/check.h"

static struct at state_at(const struct state_def *s)
{
    return (struct at){s->line, s->column};
}

/* A fault at an act, in the file it comes from. */
static void
act_fault(const struct graph *g, uint32_t act, int code, struct str todo, struct str what)
{
    const struct act_source *s = &g->l->act_sources[act];
    load_fault_in(g->l->faults, s->file, s->at, code, what, todo);
}

/* ---- ways ---- */

/* Acts that lead out of the state. */
static uint64_t leaving(const struct graph *g, uint32_t state)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; i < g->d->n_acts; i++) {
        const struct act_def *a = &g->d->acts[i];
        if ((a->from & BIT(state)) != 0 && (act_leads(a, state) & ~BIT(state)) != 0) {
            mask |= BIT(i);
        }
    }
    return mask;
}

/* States from which a closed state can be reached. */
static uint64_t ending(const struct graph *g)
{
    uint64_t ends = g->d->closed;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = 0; i < g->d->n_acts; i++) {
            const struct act_def *a = &g->d->acts[i];
            if (a->to != TO_KEEP && (a->reaches & ends) != 0 && (a->from & ~ends) != 0) {
                ends |= a->from;
                more = true;
            }
        }
    }
    return ends;
}

/* ---- states ---- */

/* The holder has an act here that is the kind's own. */
static bool holder_acts(const struct graph *g, uint32_t state)
{
    const struct state_def *s = &g->d->states[state];
    for (uint32_t i = 0; i < g->d->n_acts; i++) {
        const struct act_def *a = &g->d->acts[i];
        if ((a->from & BIT(state)) != 0 && a->use == USE_PLAIN &&
            (a->by_possible & BIT(s->holder)) != 0) {
            return true;
        }
    }
    return false;
}

/* Staff or the program can move it on. */
static bool insiders_move(const struct graph *g, uint64_t acts)
{
    for (uint32_t i = 0; i < g->d->n_acts; i++) {
        if ((acts & BIT(i)) != 0 && (g->d->acts[i].by_possible & ~g->outside) != 0) {
            return true;
        }
    }
    return false;
}

static void check_way_out(const struct graph *g, uint32_t i, uint64_t ends)
{
    const struct state_def *s = &g->d->states[i];
    uint64_t out = leaving(g, i);
    if (out == 0) {
        load_fault(g->l, state_at(s), 52, S("give it an act that leads on, or make it closed"),
                   "no act leads out of state '%.*s'", STR_ARG(s->name));
    } else if (!insiders_move(g, out)) {
        load_fault(g->l, state_at(s), 53, S("let the office or an expiry end it too"),
                   "only outsiders can move a matter out of '%.*s'", STR_ARG(s->name));
    } else if ((ends & BIT(i)) == 0) {
        load_fault(g->l, state_at(s), 56, S("add an act that leads towards a closed state"),
                   "from state '%.*s' no end can be reached", STR_ARG(s->name));
    }
}

void check_states(const struct graph *g)
{
    const struct definition *d = g->d;
    uint64_t ends = ending(g);
    for (uint32_t i = 0; i < d->n_states; i++) {
        const struct state_def *s = &d->states[i];
        if ((g->reachable & BIT(i)) == 0) {
            load_fault(g->l, state_at(s), 51, S("add an act that leads to it, or delete it"),
                       "state '%.*s' cannot be reached", STR_ARG(s->name));
        } else if (s->class != STATE_CLOSED) {
            check_way_out(g, i, ends);
            if (!holder_acts(g, i)) {
                const struct role *r = &g->l->set->roles.roles[s->holder];
                load_fault(g->l, state_at(s), 55,
                           S("give the holder an act here, or name the right holder"),
                           "the holder '%.*s' of state '%.*s' has no act in it", STR_ARG(r->name),
                           STR_ARG(s->name));
            }
        }
    }
}

/* ---- acts ---- */

/* Adverse to the party: by staff, with reasons, ending the matter; or recording a refusal (38条).
 */
static bool refuses(const struct graph *g, const struct act_def *a)
{
    bool staff = (a->by_possible & ~g->outside) != 0 && !a->triggered;
    bool reasons = form_row(a->form, S("reason")) >= 0 || form_row(a->form, S("basis")) >= 0 ||
                   form_row(a->form, S("reasons")) >= 0;
    bool ends = a->to == TO_STATE && (a->reaches & g->d->closed) != 0;
    if (g->d->party != NEED_REQUIRED || !staff) {
        return false;
    }
    for (size_t i = 0; i < a->n_sets; i++) {
        struct value v;
        if (expr_constant(a->sets[i].value, &v) && v.type == V_TEXT && str_eqz(v.u.s, "refused")) {
            return true;
        }
    }
    return reasons && ends;
}

static void check_act(const struct graph *g, uint32_t i)
{
    struct arena *a = g->l->a;
    const struct act_def *act = &g->d->acts[i];
    if ((g->possible & BIT(i)) == 0) {
        act_fault(g, i, 57, S("correct FROM, or delete the act"),
                  str_fmt(a, "act '%.*s' is never possible: its states cannot be reached",
                          STR_ARG(act->name)));
    }
    if ((act->from & g->d->closed) != 0 && !act->after) {
        act_fault(g, i, 54, S("write 'after: true' when it is meant for closed matters"),
                  str_fmt(a, "act '%.*s' is done on a closed matter", STR_ARG(act->name)));
    }
    int system = role_index(&g->l->set->roles, S("system"));
    uint64_t people = act->by_possible & ~(system < 0 ? 0 : BIT(system));
    if (!act->triggered && !act->starts && act->use == USE_PLAIN && people == 0) {
        act_fault(g, i, 58, S("name a role of people, or write 'on TRIGGER'"),
                  str_fmt(a, "nobody may perform act '%.*s'", STR_ARG(act->name)));
    }
    if (!act->triggered && !act->starts && people != 0 && (people & g->d->readers) == 0) {
        act_fault(g, i, 58, S("add a role of the act to 'readers'"),
                  str_fmt(a, "nobody who may perform act '%.*s' may read the matter",
                          STR_ARG(act->name)));
    }
    if (refuses(g, act) && act->letter.p == NULL) {
        act_fault(g, i, 64,
                  S("add 'letter: NAME'; a refusal is written, with reasons and remedies (38条)"),
                  str_fmt(a, "act '%.*s' refuses without a letter", STR_ARG(act->name)));
    }
}

/* Separated from oneself, or two acts that only one and the same person can do. */
static void check_separations(const struct graph *g)
{
    const struct role_set *roles = &g->l->set->roles;
    uint64_t personal = 0;
    for (size_t i = 0; i < roles->n; i++) {
        enum role_scope s = roles->roles[i].scope;
        personal |= s == ROLE_ASSIGNEE || s == ROLE_PARTY || s == ROLE_SYSTEM ? BIT(i) : 0;
    }
    const struct ynode *map = yaml_get(g->l->root, S("separate"));
    for (uint32_t i = 0; i < g->d->n_separations; i++) {
        const struct separation *s = &g->d->separations[i];
        const struct act_def *a = &g->d->acts[s->act];
        for (uint32_t k = 0; k < g->d->n_acts; k++) {
            const struct act_def *b = &g->d->acts[k];
            uint64_t all = a->by_possible | b->by_possible;
            bool alone = (all & (all - 1)) == 0 && (all & ~personal) == 0;
            if ((s->acts & BIT(k)) != 0 && (k == s->act || alone)) {
                load_fault(g->l, at_key(map, i), 65, S("give one of the acts to another role"),
                           "'%.*s' and '%.*s' can only be done by the same person",
                           STR_ARG(a->name), STR_ARG(b->name));
            }
        }
    }
}

static void check_facts(const struct graph *g)
{
    for (uint32_t i = 1; i < g->d->n_facts; i++) {
        const struct fact_def *f = &g->d->facts[i];
        if (f->set_by == 0) {
            load_fault(g->l, g->l->fact_at[i], 59, S("set it in an act, or delete it"),
                       "fact '%.*s' is never set", STR_ARG(f->name));
        }
    }
}

/* Expiries alone lead round: timers would go on for ever without anybody. */
static void check_timers(const struct graph *g)
{
    const struct definition *d = g->d;
    uint64_t next[MAX_STATES] = {0};
    for (uint32_t i = 0; i < d->n_acts; i++) {
        const struct act_def *a = &d->acts[i];
        bool timer = a->triggered && (a->trigger.type == ON_EXPIRE || a->trigger.type == ON_MARK);
        for (uint32_t s = 0; timer && s < d->n_states; s++) {
            next[s] |= (a->from & BIT(s)) != 0 ? act_leads(a, s) & ~BIT(s) : 0;
        }
    }
    for (uint32_t s = 0; s < d->n_states; s++) {
        uint64_t seen = next[s];
        for (uint32_t step = 0; step < d->n_states; step++) {
            uint64_t add = 0;
            for (uint32_t k = 0; k < d->n_states; k++) {
                add |= (seen & BIT(k)) != 0 ? next[k] : 0;
            }
            seen |= add;
        }
        if ((seen & BIT(s)) != 0) {
            load_fault(
                g->l, state_at(&d->states[s]), 62, S("let a person act somewhere on the way"),
                "expiries alone lead from state '%.*s' back to it", STR_ARG(d->states[s].name));
            return;
        }
    }
}

void check_acts(const struct graph *g)
{
    for (uint32_t i = 0; i < g->d->n_acts; i++) {
        check_act(g, i);
    }
    check_facts(g);
    check_separations(g);
    check_timers(g);
}

void check_graph(struct load *l)
{
    struct graph g = {.l = l, .d = l->d};
    for (uint32_t i = 0; i < l->d->n_acts; i++) {
        l->d->start_acts |= l->acts[i].starts ? BIT(i) : 0;
    }
    for (size_t i = 0; i < l->set->roles.n; i++) {
        g.outside |= l->set->roles.roles[i].outside ? BIT(i) : 0;
    }
    if (l->d->start_acts == 0) { /* nothing else would make sense */
        load_fault(l, at_of(yaml_get(l->root, S("acts"))), 50,
                   S("add an act without FROM: '-> STATE by ROLES LABEL'"),
                   "no act starts a matter");
        return;
    }
    if (l->d->kept) {
        return;
    }
    definition_reach(l->d, &g.reachable, &g.possible);
    check_states(&g);
    check_acts(&g);
    check_clock_graph(&g);
}
