/* Separation of duties, pauses by children, and the tables the engine reads: what an act does to
 * each clock, who sets a fact, which mark a trigger means. */
#include "procedure/load.h"

/* ---- separate: {ACT: [ACT, fact.PERSON, parent.ACT]} or {ACT: {not: […], when: …, basis: 条}}
 * ---- */

static void
separate_from(struct load *l, const struct ynode *n, struct separation *s, struct str *parents)
{
    if (!load_is(l, n, Y_TEXT, "an act or fact")) {
        return;
    }
    if (str_starts(n->s, S("parent."))) {
        parents[s->n_parent_acts++] = str_sub(n->s, 7, n->s.n);
        return;
    }
    if (!str_starts(n->s, S("fact."))) {
        load_act_names(l, at_of(n), n->s, 26, "separate", &s->acts);
        return;
    }
    uint32_t fact = definition_fact(l->d, str_sub(n->s, 5, n->s.n));
    if (fact == NO_INDEX || l->facts[fact].type.kind != D_PERSON) {
        load_fault(l, at_of(n), 25, S("name a fact of type person"),
                   "'%.*s' in separate is not a person", STR_ARG(n->s));
        return;
    }
    s->facts |= BIT(fact);
}

void load_separations(struct load *l)
{
    static const char *const keys[] = {"not", "when", "basis", NULL};
    const struct ynode *map = yaml_get(l->root, S("separate"));
    if (map == NULL || !load_is(l, map, Y_MAP, "separate")) {
        return;
    }
    struct separation *rows = ARENA_ARRAY(l->a, struct separation, map->n);
    for (size_t i = 0; i < map->n; i++) {
        struct separation *s = &rows[l->d->n_separations];
        uint64_t mask = 0;
        if (!load_act_names(l, at_key(map, i), map->keys[i], 26, "separate", &mask)) {
            continue;
        }
        s->act = (uint32_t)__builtin_ctzll(mask);
        s->basis = STR_NONE;
        const struct ynode *list = &map->items[i];
        if (list->type == Y_MAP) {
            load_keys(l, list, keys);
            s->basis = load_text(l, list, "basis");
            s->when = load_expr(l, yaml_get(list, S("when")), BIT(X_BOOL), false);
            list = yaml_get(list, S("not"));
        }
        const struct ynode *items;
        size_t n = load_list(l, list, &items);
        struct str *parents = ARENA_ARRAY(l->a, struct str, n);
        s->parent_acts = parents;
        for (size_t k = 0; k < n; k++) {
            separate_from(l, &items[k], s, parents);
        }
        l->d->n_separations++;
    }
    l->d->separations = rows;
}

/* ---- children: pauses ---- */

static void
load_child_pause(struct load *l, const struct ynode *map, size_t i, struct child_pause *ret)
{
    ret->clock = definition_clock(l->d, map->keys[i]);
    if (ret->clock == NO_INDEX) {
        struct str *names = load_names_of(l, l->clocks, sizeof(l->clocks[0]), l->d->n_clocks);
        load_fault(l, at_key(map, i), 27, name_hint(l->a, map->keys[i], names, l->d->n_clocks),
                   "unknown clock '%.*s' in pauses", STR_ARG(map->keys[i]));
    }
    if (!load_is(l, &map->items[i], Y_TEXT, "a cause")) {
        return;
    }
    struct str s = map->items[i].s;
    if (str_starts(s, S("fact."))) {
        ret->fact = str_sub(s, 5, s.n);
    } else {
        load_name_ok(l, at_of(&map->items[i]), s);
        ret->cause = s;
    }
}

void load_child_pauses(struct load *l)
{
    const struct ynode *map = yaml_get(l->root, S("children"));
    for (uint32_t i = 0; i < l->d->n_children; i++) {
        const struct ynode *child = &map->items[i];
        const struct ynode *pauses = child->type == Y_MAP ? yaml_get(child, S("pauses")) : NULL;
        if (pauses == NULL || !load_is(l, pauses, Y_MAP, "pauses")) {
            continue;
        }
        struct child_pause *rows = ARENA_ARRAY(l->a, struct child_pause, pauses->n);
        for (size_t k = 0; k < pauses->n; k++) {
            load_child_pause(l, pauses, k, &rows[k]);
        }
        l->children[i].pauses = rows;
        l->children[i].n_pauses = pauses->n;
    }
}

/* ---- tables ---- */

static void table_of_act(const struct load *l, uint32_t act, struct act_clocks *ret)
{
    uint64_t bit = BIT(act);
    bool closes = (l->acts[act].reaches & l->d->closed) != 0;
    for (uint32_t i = 0; i < l->d->n_clocks; i++) {
        const struct clock_def *c = &l->clocks[i];
        uint32_t clock = (uint32_t)BIT(i);
        ret->starts |= (c->start.acts & bit) != 0 ? clock : 0;
        ret->stops |= (c->stop.acts & bit) != 0 ? clock : 0;
        ret->cancels |= (c->cancel.acts & bit) != 0 || (c->cancel_closed && closes) ? clock : 0;
        ret->restarts |= (c->restart.acts & bit) != 0 ? clock : 0;
        ret->resets |= (c->reset.acts & bit) != 0 ? clock : 0;
        ret->extends |= (c->extend_acts & bit) != 0 ? clock : 0;
    }
}

static void facts_of_act(struct load *l, uint32_t act)
{
    const struct act_def *a = &l->acts[act];
    for (size_t i = 0; i < a->n_sets; i++) {
        if (a->sets[i].fact != NO_INDEX) {
            l->facts[a->sets[i].fact].set_by |= BIT(act);
        }
    }
    for (size_t i = 0; i < a->n_effects; i++) {
        struct str names = str_of(effect_info(a->effects[i])->facts);
        struct str name;
        while ((name = load_word(&names)).p != NULL) {
            uint32_t fact = definition_fact(l->d, name);
            if (fact != NO_INDEX) {
                l->facts[fact].set_by |= BIT(act);
            }
        }
    }
}

/* The mark of 'on mark CLOCK.MARK' (P048). */
static void mark_of_act(struct load *l, uint32_t act)
{
    struct act_trigger *t = &l->acts[act].trigger;
    if (!l->acts[act].triggered || t->type != ON_MARK || t->clock == NO_INDEX) {
        return;
    }
    const struct clock_def *c = &l->clocks[t->clock];
    for (uint32_t i = 0; i < c->n_marks; i++) {
        if (str_eq(c->marks[i].name, t->name)) {
            t->mark = i;
            return;
        }
    }
    struct str *names = load_names_of(l, c->marks, sizeof(c->marks[0]), c->n_marks);
    load_fault(l, l->act_sources[act].at, 48, name_hint(l->a, t->name, names, c->n_marks),
               "clock '%.*s' has no mark '%.*s'", STR_ARG(c->name), STR_ARG(t->name));
}

void load_tables(struct load *l)
{
    struct act_clocks *rows = ARENA_ARRAY(l->a, struct act_clocks, l->d->n_acts);
    for (uint32_t i = 0; i < l->d->n_acts; i++) {
        table_of_act(l, i, &rows[i]);
        facts_of_act(l, i);
        mark_of_act(l, i);
    }
    l->d->by_act = rows;
    l->d->n_slots = l->slots.n;
}
