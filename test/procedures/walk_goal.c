/* Steering (walker.h): from the state of a matter to one where the wanted act is possible, over
 * acts that lead nearer, then the act itself, by whoever may do it. An expiry or a mark is waited
 * for, an act of a child is looked for in the child, the end of the parent in the parent. Guards
 * are not looked at: what is refused is tried again with another form and another person, and now
 * and then something else is done, so that what a guard asks for comes about. */
#include "walker.h"

#include "base/check.h"

#define FAR   1000
#define TRIES 8

static struct matter *last_of(struct walk *w, struct str kind, bool open)
{
    for (size_t i = w->n; i > 0; i--) {
        struct matter *m = walk_load(w, w->ids[i - 1]);
        if (str_eq(m->d->kind, kind) && (!open || m->class != STATE_CLOSED)) {
            return m;
        }
    }
    return NULL;
}

/* Steps from each state to one from which an act of the mask starts. */
static void distances(const struct definition *d, uint64_t acts, int ret[MAX_STATES])
{
    for (uint32_t s = 0; s < d->n_states; s++) {
        ret[s] = FAR;
    }
    for (uint32_t i = 0; i < d->n_acts; i++) {
        for (uint32_t s = 0; s < d->n_states; s++) {
            ret[s] = (acts & BIT(i)) != 0 && (d->acts[i].from & BIT(s)) != 0 ? 0 : ret[s];
        }
    }
    for (uint32_t round = 0; round < d->n_states; round++) {
        for (uint32_t i = 0; i < d->n_acts; i++) {
            const struct act_def *a = &d->acts[i];
            for (uint32_t k = 0; k < d->n_states * d->n_states; k++) {
                uint32_t s = k / d->n_states, t = k % d->n_states;
                bool leads =
                    a->to != TO_KEEP && (a->from & BIT(s)) != 0 && (a->reaches & BIT(t)) != 0;
                ret[s] = leads && ret[t] + 1 < ret[s] ? ret[t] + 1 : ret[s];
            }
        }
    }
}

static bool wait_for(struct walk *w, struct matter *m, uint64_t clocks)
{
    int64_t at = CIVIL_NEVER;
    for (size_t i = 0; i < m->n_clocks; i++) {
        const struct mclock *k = &m->clocks[i];
        if ((clocks & BIT(k->def)) != 0 && k->next_at < at) {
            at = k->next_at;
        }
    }
    int64_t now = clock_office_ms(w->h->app->clock);
    return at != CIVIL_NEVER && walk_until(w, at > now ? at : now + 1000);
}

static bool try_act(struct walk *w, struct matter *m, uint32_t act)
{
    const struct act_def *a = &m->d->acts[act];
    const struct role_set *set = definition_roles(procedure_set(w->h->app));
    size_t roles[64], n = 0;
    if (a->triggered && a->trigger.type == ON_EXPIRE) {
        return wait_for(w, m, a->trigger.clocks);
    }
    if (a->triggered && a->trigger.type == ON_MARK) {
        return wait_for(w, m, BIT(a->trigger.clock));
    }
    if (a->triggered) {
        return a->trigger.type == ON_RULE_CLEARED && walk_system_act(w, m, act);
    }
    for (size_t r = 0; r < set->n; r++) {
        if ((a->by_possible & BIT(r)) != 0 && set->roles[r].scope != ROLE_SYSTEM) {
            roles[n++] = r;
        }
    }
    for (int i = 0; n > 0 && i < TRIES; i++) {
        if (walk_act(w, m, act, roles[maker_below(&w->mk, n)])) {
            return true;
        }
        if (w->refusal == ERR_ACT_NOT_NOW || w->refusal == ERR_ACT_USED_UP) {
            return false; /* whoever, with whatever form */
        }
    }
    return false;
}

/* Does one of the acts, or one that leads nearer to them; now and then one that leads aside, since
 * the shortest way may be shut by a guard. */
static bool toward(struct walk *w, struct matter *m, uint64_t acts)
{
    int far[MAX_STATES] = {0};
    uint32_t able[MAX_ACTS];
    size_t n = 0;
    int aside = maker_below(&w->mk, 3) == 0;
    distances(m->d, acts, far);
    if (m->state == NO_INDEX || far[m->state] == FAR) {
        return false;
    }
    for (uint32_t i = 0; i < m->d->n_acts; i++) {
        const struct act_def *a = &m->d->acts[i];
        bool nearer = false;
        for (uint32_t t = 0; t < m->d->n_states; t++) {
            nearer = nearer || ((a->reaches & BIT(t)) != 0 && far[t] < far[m->state] + aside);
        }
        bool wanted = far[m->state] == 0 ? (acts & BIT(i)) != 0 : nearer && a->to != TO_KEEP;
        if (wanted && (a->from & BIT(m->state)) != 0) {
            able[n++] = i;
        }
    }
    return n > 0 && try_act(w, m, able[maker_below(&w->mk, n)]);
}

static uint64_t acts_opening(const struct definition *d, struct str kind)
{
    uint64_t acts = 0;
    for (uint32_t i = 0; i < d->n_acts; i++) {
        for (size_t k = 0; k < d->acts[i].n_opens; k++) {
            acts |= str_eq(d->children[d->acts[i].opens[k].child].kind, kind) ? BIT(i) : 0;
        }
    }
    return acts;
}

static bool within_reach(const struct matter *m, uint64_t acts)
{
    int far[MAX_STATES] = {0};
    distances(m->d, acts, far);
    return m->state != NO_INDEX && far[m->state] != FAR;
}

/* A child that is opened only by a matter that went a certain way: `open` has a condition. */
static uint64_t via(const struct matter *m, struct str kind, uint64_t acts)
{
    static const struct {
        const char *kind, *act;
    } VIA[] = {{"after_check", "accept_commitment"}};
    for (size_t i = 0; i < COUNT_OF(VIA); i++) {
        uint32_t act = definition_act(m->d, str_of(VIA[i].act));
        if (str_eqz(kind, VIA[i].kind) && act != NO_INDEX && matter_count(m, act) == 0) {
            return acts == 0 ? 0 : BIT(act);
        }
    }
    return acts;
}

/* Opens a child of the kind from the newest matter of the walk that can, or begins anew. */
static bool toward_child(struct walk *w, struct str kind)
{
    for (size_t i = w->n; i > 0; i--) {
        struct matter *m = walk_load(w, w->ids[i - 1]);
        uint64_t acts = via(m, kind, acts_opening(m->d, kind));
        if (acts != 0 && m->class != STATE_CLOSED && within_reach(m, acts)) {
            return toward(w, m, acts);
        }
    }
    return walk_start(w, w->root);
}

static bool toward_end(struct walk *w, int64_t id)
{
    struct matter *m = walk_load(w, id);
    uint64_t acts = 0;
    for (uint32_t i = 0; i < m->d->n_acts; i++) {
        acts |=
            (m->d->acts[i].reaches & m->d->closed) != 0 && m->d->acts[i].to != TO_KEEP ? BIT(i) : 0;
    }
    return toward(w, m, acts);
}

static bool toward_child_act(struct walk *w, struct matter *m, const struct act_trigger *t)
{
    struct str kind = m->d->children[t->child].kind;
    struct matter *child = last_of(w, kind, true);
    if (child == NULL) {
        return toward(w, m, acts_opening(m->d, kind));
    }
    uint32_t act = definition_act(child->d, t->name);
    return act != NO_INDEX && toward(w, child, BIT(act));
}

static bool goal_step(struct walk *w)
{
    const struct act_def *a = &w->goal_kind->acts[w->goal];
    struct matter *m = last_of(w, w->goal_kind->kind, !a->after);
    if (m == NULL || !within_reach(m, BIT(w->goal))) {
        return toward_child(w, w->goal_kind->kind);
    }
    bool here = m->state != NO_INDEX && (a->from & BIT(m->state)) != 0;
    if (here && a->triggered && a->trigger.type == ON_PARENT_CLOSED && m->parent_id != 0) {
        return toward_end(w, m->parent_id);
    }
    if (here && a->triggered && a->trigger.type == ON_CHILD_ACT) {
        return toward_child_act(w, m, &a->trigger);
    }
    return toward(w, m, BIT(w->goal));
}

/* An act that changes no state: what a guard may ask for. */
static bool act_in_place(struct walk *w, int64_t id)
{
    struct matter *m = walk_load(w, id);
    uint64_t acts = 0;
    for (uint32_t i = 0; i < m->d->n_acts; i++) {
        const struct act_def *a = &m->d->acts[i];
        bool in_place = a->to == TO_KEEP && !a->triggered && a->use == USE_PLAIN;
        acts |= in_place && (a->from & BIT(m->state)) != 0 ? BIT(i) : 0;
    }
    return acts != 0 && toward(w, m, acts);
}

void walk_toward_goal(struct walk *w)
{
    static const int64_t DAYS[] = {1, 1, 3, 12};
    if (goal_step(w)) {
        return;
    }
    int64_t id = w->stuck != 0 ? w->stuck : w->ids[w->n - 1];
    w->stuck = 0;
    if (maker_below(&w->mk, 2) == 0 && act_in_place(w, id)) {
        return;
    }
    int64_t days = DAYS[maker_below(&w->mk, COUNT_OF(DAYS))];
    (void)walk_until(w, clock_office_ms(w->h->app->clock) + days * 24 * 3600 * 1000);
    if (maker_below(&w->mk, 3) == 0) {
        (void)walk_random_act(w, id);
    }
}
