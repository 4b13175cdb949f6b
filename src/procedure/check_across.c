/* Checks of kinds against each other: children exist and can be opened, named acts exist there, and
 * no chain of triggers goes round (P060, P061, P067); translations (P066, strict). */
#include "procedure/load.h"

struct across {
    struct definition_set *set;
    struct faults *f;
    struct arena *a;
};

static void fault_at(struct across *x,
                     const struct definition *d,
                     struct at at,
                     int code,
                     struct str todo,
                     struct str what)
{
    load_fault_in(x->f, d->file, at, code, what, todo);
}

static struct at act_at(const struct act_def *a)
{
    return (struct at){a->line, a->column};
}

static struct str *act_names(struct across *x, const struct definition *d)
{
    struct str *names = ARENA_ARRAY(x->a, struct str, d->n_acts);
    for (uint32_t i = 0; i < d->n_acts; i++) {
        names[i] = d->acts[i].name;
    }
    return names;
}

/* ---- children ---- */

static void check_opens(struct across *x, const struct definition *d, const struct act_def *act)
{
    int system = role_index(&x->set->roles, S("system"));
    for (size_t i = 0; i < act->n_opens; i++) {
        const struct child_def *c = &d->children[act->opens[i].child];
        const struct definition *kind = definition_find(x->set, c->kind);
        if (kind != NULL &&
            (system < 0 || definition_start(x->set, kind, (uint32_t)system) == NO_INDEX)) {
            fault_at(
                x, d, act_at(act), 60,
                str_fmt(x->a, "write '-> STATE by system' in an act of '%.*s'", STR_ARG(c->kind)),
                str_fmt(
                    x->a,
                    "no act of kind '%.*s' may be started by the system, so '%.*s' cannot open it",
                    STR_ARG(c->kind), STR_ARG(act->name)));
        }
    }
}

static void
check_child_trigger(struct across *x, const struct definition *d, const struct act_def *act)
{
    if (!act->triggered || act->trigger.type != ON_CHILD_ACT) {
        return;
    }
    const struct definition *kind = definition_find(x->set, d->children[act->trigger.child].kind);
    if (kind != NULL && definition_act(kind, act->trigger.name) == NO_INDEX) {
        fault_at(x, d, act_at(act), 60,
                 name_hint(x->a, act->trigger.name, act_names(x, kind), kind->n_acts),
                 str_fmt(x->a, "kind '%.*s' has no act '%.*s'", STR_ARG(kind->kind),
                         STR_ARG(act->trigger.name)));
    }
}

static void check_children(struct across *x, const struct definition *d)
{
    for (uint32_t i = 0; i < d->n_children; i++) {
        const struct child_def *c = &d->children[i];
        const struct definition *kind = definition_find(x->set, c->kind);
        if (kind == NULL) {
            fault_at(x, d, (struct at){c->line, c->column}, 60,
                     S("add its file to procedures/, or correct the name"),
                     str_fmt(x->a, "unknown kind '%.*s' of child '%.*s'", STR_ARG(c->kind),
                             STR_ARG(c->name)));
            continue;
        }
        for (size_t k = 0; k < c->n_pauses; k++) {
            if (c->pauses[k].fact.p != NULL &&
                definition_fact(kind, c->pauses[k].fact) == NO_INDEX) {
                fault_at(x, d, (struct at){c->line, c->column}, 60,
                         S("name a fact of the child that holds the cause"),
                         str_fmt(x->a, "kind '%.*s' has no fact '%.*s'", STR_ARG(c->kind),
                                 STR_ARG(c->pauses[k].fact)));
            }
        }
    }
}

/* ---- parents ---- */

/* The act exists in a kind that opens this one; also true while no kind does: the parent may come
 * in a later file (licensing waits for its bundle). */
static bool parent_has(struct across *x, const struct definition *d, struct str act)
{
    bool opened = false;
    for (size_t i = 0; i < x->set->n; i++) {
        const struct definition *p = x->set->defs[i];
        for (uint32_t k = 0; k < p->n_children; k++) {
            if (!str_eq(p->children[k].kind, d->kind)) {
                continue;
            }
            opened = true;
            if (definition_act(p, act) != NO_INDEX) {
                return true;
            }
        }
    }
    return !opened;
}

static void check_parent_act(struct across *x,
                             const struct definition *d,
                             const struct act_def *a,
                             struct str act)
{
    if (!parent_has(x, d, act)) {
        fault_at(x, d, act_at(a), 61, S("name an act of a kind that lists this kind in 'children'"),
                 str_fmt(x->a, "no parent has the act '%.*s'", STR_ARG(act)));
    }
}

static void check_parents(struct across *x, const struct definition *d)
{
    for (uint32_t i = 0; i < d->n_acts; i++) {
        const struct act_def *a = &d->acts[i];
        if (a->triggered && a->trigger.type == ON_PARENT_ACT) {
            check_parent_act(x, d, a, a->trigger.name);
        }
    }
    for (uint32_t i = 0; i < d->n_separations; i++) {
        const struct separation *s = &d->separations[i];
        for (size_t k = 0; k < s->n_parent_acts; k++) {
            check_parent_act(x, d, &d->acts[s->act], s->parent_acts[k]);
        }
    }
}

/* ---- chains of triggers: a walk over (kind, act) ---- */

#define CHAIN_MAX 64

struct step {
    const struct definition *d;
    uint32_t act;
};

struct chain {
    struct across *x;
    struct step steps[CHAIN_MAX];
    size_t n;
    struct map *done; /* "kind.act" whose chains are known to end */
};

static bool closes(const struct definition *d, const struct act_def *a)
{
    return (a->reaches & d->closed) != 0;
}

static bool walk(struct chain *c, const struct definition *d, uint32_t act);

static bool walk_mask(struct chain *c, const struct definition *d, uint64_t acts)
{
    for (uint32_t i = 0; i < d->n_acts; i++) {
        if ((acts & BIT(i)) != 0 && walk(c, d, i)) {
            return true;
        }
    }
    return false;
}

static bool walk_children(struct chain *c, const struct definition *d, const struct act_def *a)
{
    int system = role_index(&c->x->set->roles, S("system"));
    for (uint32_t k = 0; k < d->n_children; k++) {
        const struct definition *kind = definition_find(c->x->set, d->children[k].kind);
        if (kind == NULL || system < 0) {
            continue;
        }
        uint64_t next = definition_on_parent(kind, a->name, closes(d, a));
        for (size_t i = 0; i < a->n_opens; i++) {
            uint32_t start = a->opens[i].child == k
                                 ? definition_start(c->x->set, kind, (uint32_t)system)
                                 : NO_INDEX;
            next |= start == NO_INDEX ? 0 : BIT(start);
        }
        if (walk_mask(c, kind, next)) {
            return true;
        }
    }
    return false;
}

/* Acts of parents; when the act itself follows the parent's closing, only those for closed matters.
 */
static bool walk_parents(struct chain *c, const struct definition *d, const struct act_def *a)
{
    bool after_end = a->triggered && a->trigger.type == ON_PARENT_CLOSED;
    for (size_t i = 0; i < c->x->set->n; i++) {
        const struct definition *p = c->x->set->defs[i];
        for (uint32_t k = 0; k < p->n_children; k++) {
            if (!str_eq(p->children[k].kind, d->kind)) {
                continue;
            }
            uint64_t next = definition_on_child(p, k, a->name, closes(d, a)) |
                            (closes(d, a) ? definition_on_join(p, k) : 0);
            for (uint32_t u = 0; after_end && u < p->n_acts; u++) {
                next &= (p->acts[u].from & p->closed) == 0 ? ~BIT(u) : ~UINT64_C(0);
            }
            if (walk_mask(c, p, next)) {
                return true;
            }
        }
    }
    return false;
}

/* True when a cycle was found and told. */
static bool walk(struct chain *c, const struct definition *d, uint32_t act)
{
    const struct act_def *a = &d->acts[act];
    struct str key = str_fmt(c->x->a, "%.*s.%.*s", STR_ARG(d->kind), STR_ARG(a->name));
    if (map_get(c->done, key) != NULL) {
        return false;
    }
    for (size_t i = 0; i < c->n; i++) {
        if (c->steps[i].d == d && c->steps[i].act == act) {
            fault_at(c->x, d, act_at(a), 67, S("break the chain: let a person do one of the acts"),
                     str_fmt(c->x->a, "triggers lead from act '%.*s' back to it, over %zu acts",
                             STR_ARG(key), c->n - i));
            return true;
        }
    }
    if (c->n == CHAIN_MAX) {
        return false;
    }
    c->steps[c->n++] = (struct step){d, act};
    bool found = walk_children(c, d, a) || walk_parents(c, d, a);
    c->n--;
    if (!found) {
        map_put(c->done, key, c);
    }
    return found;
}

/* ---- translations ---- */

static void need_text(struct across *x,
                      const struct definition *d,
                      struct at at,
                      const char *section,
                      struct str name)
{
    if (texts_get(x->set, "en", d->kind, section, name).p == NULL) {
        fault_at(x, d, at, 66, S("add it to i18n/en.yaml"),
                 str_fmt(x->a, "no English text for %.*s.%s%s%.*s", STR_ARG(d->kind), section,
                         name.n > 0 ? "." : "", STR_ARG(name)));
    }
}

static void need_choices(struct across *x,
                         const struct definition *d,
                         struct at at,
                         struct str path,
                         const struct dtype *t)
{
    for (size_t i = 0; t->choices != NULL && i < t->choices->n; i++) {
        struct str value = str_of(t->choices->rows[i].value);
        if (t->choices->list.n > 0) {
            path = str_fmt(x->a, "list.%.*s", STR_ARG(t->choices->list));
        }
        need_text(x, d, at, "choices", str_fmt(x->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(value)));
    }
}

static void need_form(struct across *x,
                      const struct definition *d,
                      struct at at,
                      struct str path,
                      const struct form *f)
{
    for (size_t i = 0; i < f->n; i++) {
        struct str below = str_fmt(x->a, "%.*s.%s", STR_ARG(path), f->rows[i].name);
        need_text(x, d, at, "fields", below);
        need_choices(x, d, at, below, &f->types[i]);
        if (f->types[i].rows != NULL) {
            need_form(x, d, at, below, f->types[i].rows);
        }
    }
}

static void check_texts(struct across *x, const struct definition *d)
{
    struct at top = {1, 1};
    need_text(x, d, top, "kind", S(""));
    for (uint32_t i = 0; i < d->n_states; i++) {
        need_text(x, d, (struct at){d->states[i].line, d->states[i].column}, "states",
                  d->states[i].name);
    }
    for (uint32_t i = 0; i < d->n_facts; i++) {
        need_text(x, d, top, "facts", d->facts[i].name);
        need_choices(x, d, top, d->facts[i].name, &d->facts[i].type);
    }
    for (uint32_t i = 0; i < d->n_params; i++) {
        need_text(x, d, top, "params", d->params[i].name);
    }
    for (uint32_t i = 0; i < d->n_clocks; i++) {
        need_text(x, d, (struct at){d->clocks[i].line, d->clocks[i].column}, "clocks",
                  d->clocks[i].name);
    }
    for (uint32_t i = 0; i < d->n_acts; i++) {
        const struct act_def *a = &d->acts[i];
        struct at at = a->use == USE_PLAIN ? act_at(a) : top;
        need_text(x, d, at, "acts", a->name);
        need_form(x, d, at, a->name, a->form);
        for (size_t k = 0; k < a->n_needs; k++) {
            need_text(x, d, at, "needs", str_fmt(x->a, "%.*s.%zu", STR_ARG(a->name), k));
        }
    }
}

void check_across(struct definition_set *set,
                  const struct definition_options *o,
                  struct faults *f,
                  size_t first_new)
{
    struct across x = {set, f, set->arena};
    for (size_t i = first_new; i < set->n; i++) {
        const struct definition *d = set->defs[i];
        check_children(&x, d);
        check_parents(&x, d);
        for (uint32_t k = 0; k < d->n_acts; k++) {
            check_opens(&x, d, &d->acts[k]);
            check_child_trigger(&x, d, &d->acts[k]);
        }
        if (o != NULL && o->strict) {
            check_texts(&x, d);
        }
    }
    struct chain c = {.x = &x, .done = map_new(set->arena)};
    for (size_t i = first_new; i < set->n && f->n == 0; i++) {
        walk_mask(&c, set->defs[i], set->defs[i]->n_acts == 0 ? 0 : ~UINT64_C(0));
    }
}
