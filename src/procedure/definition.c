/* Looking things up in a compiled definition: names, triggers, the form of a child, clock inputs.
 */
#include "procedure/definition.h"

#include "base/arena.h"
#include "base/check.h"

static const struct effect_info EFFECTS[] = {
#define EFFECT(id, name, facts, events, in_service) {name, facts, events, in_service},
#include "procedure/effect_list.h"
#undef EFFECT
};

const struct effect_info *effect_info(uint32_t effect_id)
{
    CHECK(effect_id < EFFECT_COUNT);
    return &EFFECTS[effect_id];
}

int event_index(struct str name)
{
    int n = 0;
    for (uint32_t i = 0; i < EFFECT_COUNT; i++) {
        if (EFFECTS[i].events[0] == '\0') {
            continue;
        }
        if (str_eqz(name, EFFECTS[i].events)) {
            return n;
        }
        n++;
    }
    return -1;
}

/* Rows of all these structs begin with their name. */
static uint32_t find_row(const void *rows, size_t size, uint32_t n, struct str name)
{
    for (uint32_t i = 0; i < n; i++) {
        const void *row = (const char *)rows + i * size;
        if (str_eq(*(const struct str *)row, name)) {
            return i;
        }
    }
    return NO_INDEX;
}

uint32_t definition_state(const struct definition *d, struct str name)
{
    return find_row(d->states, sizeof(d->states[0]), d->n_states, name);
}

uint32_t definition_act(const struct definition *d, struct str name)
{
    return find_row(d->acts, sizeof(d->acts[0]), d->n_acts, name);
}

uint32_t definition_clock(const struct definition *d, struct str name)
{
    return find_row(d->clocks, sizeof(d->clocks[0]), d->n_clocks, name);
}

uint32_t definition_fact(const struct definition *d, struct str name)
{
    return find_row(d->facts, sizeof(d->facts[0]), d->n_facts, name);
}

uint32_t definition_param(const struct definition *d, struct str name)
{
    return find_row(d->params, sizeof(d->params[0]), d->n_params, name);
}

uint32_t definition_child(const struct definition *d, struct str name)
{
    return find_row(d->children, sizeof(d->children[0]), d->n_children, name);
}

uint32_t
definition_start(const struct definition_set *set, const struct definition *d, uint32_t role)
{
    (void)set;
    for (uint32_t i = 0; i < d->n_acts; i++) {
        if (d->acts[i].starts && (d->acts[i].by & BIT(role)) != 0) {
            return i;
        }
    }
    return NO_INDEX;
}

/* ---- triggers ---- */

static uint64_t triggered(const struct definition *d,
                          bool (*fits)(const struct act_trigger *, const struct act_trigger *),
                          const struct act_trigger *wanted)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; i < d->n_acts; i++) {
        if (d->acts[i].triggered && d->acts[i].trigger.type == wanted->type &&
            fits(&d->acts[i].trigger, wanted)) {
            mask |= BIT(i);
        }
    }
    return mask;
}

static bool same_clocks(const struct act_trigger *t, const struct act_trigger *w)
{
    return (t->clocks & w->clocks) != 0;
}

static bool same_mark(const struct act_trigger *t, const struct act_trigger *w)
{
    return t->clock == w->clock && t->mark == w->mark;
}

static bool same_name(const struct act_trigger *t, const struct act_trigger *w)
{
    return str_eq(t->name, w->name) && t->child == w->child;
}

static bool same_child(const struct act_trigger *t, const struct act_trigger *w)
{
    return t->child == w->child;
}

uint64_t definition_on_expire(const struct definition *d, uint32_t clock)
{
    struct act_trigger w = {.type = ON_EXPIRE, .clocks = (uint32_t)BIT(clock)};
    return triggered(d, same_clocks, &w);
}

uint64_t definition_on_mark(const struct definition *d, uint32_t clock, uint32_t mark)
{
    struct act_trigger w = {.type = ON_MARK, .clock = clock, .mark = mark};
    return triggered(d, same_mark, &w);
}

uint64_t definition_on_parent(const struct definition *d, struct str act, bool parent_closed)
{
    struct act_trigger w = {.type = ON_PARENT_ACT, .name = act, .child = NO_INDEX};
    struct act_trigger closed = {.type = ON_PARENT_CLOSED, .child = NO_INDEX};
    return triggered(d, same_name, &w) | (parent_closed ? triggered(d, same_child, &closed) : 0);
}

uint64_t
definition_on_child(const struct definition *d, uint32_t child, struct str act, bool child_closed)
{
    struct act_trigger w = {.type = ON_CHILD_ACT, .name = act, .child = child};
    struct act_trigger closed = {.type = ON_CHILD_CLOSED, .child = child};
    return triggered(d, same_name, &w) | (child_closed ? triggered(d, same_child, &closed) : 0);
}

uint64_t definition_on_join(const struct definition *d, uint32_t child)
{
    struct act_trigger w = {.type = ON_JOIN, .child = child};
    return triggered(d, same_child, &w);
}

/* ---- the form of a child's start act ---- */

struct jval definition_open_form(struct arena *a,
                                 const struct act_open *open,
                                 const struct form *child_form,
                                 const struct jval *parent_form,
                                 const struct jval *element)
{
    struct jobj *o = jobj_new(a);
    bool object = element != NULL && element->type == J_OBJ;
    for (size_t i = 0; open->type != OPEN_ONE && i < child_form->n; i++) {
        struct str name = str_of(child_form->rows[i].name);
        const struct jval *v = object ? jval_get(element, name) : NULL;
        if (v == NULL && element != NULL && !object && i == 0) {
            v = element;
        }
        if (v == NULL && parent_form != NULL) {
            v = jval_get(parent_form, name);
        }
        if (v != NULL && v->type != J_NULL) {
            jobj_put(o, name, *v);
        }
    }
    return jobj_val(o);
}

/* ---- clock inputs ---- */

struct value clock_def_limit(const struct clock_def *c, struct expr_env *env)
{
    if (c->until != NULL) {
        return expr_eval(c->until, env);
    }
    if (c->limit_of == NULL) {
        return expr_eval(c->limit, env);
    }
    struct value of = expr_eval(c->limit_of, env);
    for (size_t i = 0; of.type == V_TEXT && i < c->n_cases; i++) {
        if (str_eq(c->cases[i].value, of.u.s)) {
            return expr_eval(c->cases[i].limit, env);
        }
    }
    return value_none();
}

bool clock_def_allows(const struct clock_def *c, struct str cause, struct expr_env *env)
{
    for (size_t i = 0; i < c->n_pauses; i++) {
        if (c->pauses[i].names == NULL) {
            if (str_eq(c->pauses[i].name, cause)) {
                return true;
            }
        } else if (value_in(env->arena, value_text(cause), expr_eval(c->pauses[i].names, env))) {
            return true;
        }
    }
    return false;
}

struct str clock_def_state_cause(const struct clock_def *c, uint32_t state)
{
    for (size_t i = 0; i < c->n_state_pauses; i++) {
        if ((c->state_pauses[i].states & BIT(state)) != 0) {
            return c->state_pauses[i].cause;
        }
    }
    return STR_NONE;
}
