/* Acts, second half: conditions, facts, effects, targets, children, asks. The scope of the form is
 * that of the act, except in `when`, which is asked before there is a form. */
#include "procedure/load.h"

#include "base/num.h"

#define EXPR_BOOL BIT(X_BOOL)

/* ---- need: {CONDITION: REASON} ---- */

static void load_needs(struct load *l, const struct ynode *map, struct act_def *act)
{
    if (!load_is(l, map, Y_MAP, "need")) {
        return;
    }
    struct act_need *rows = ARENA_ARRAY(l->a, struct act_need, map->n);
    for (size_t i = 0; i < map->n; i++) {
        rows[i].holds = load_expr_text(l, map->keys[i], at_key(map, i), EXPR_BOOL, false);
        if (load_is(l, &map->items[i], Y_TEXT, "the reason")) {
            rows[i].zh = map->items[i].s;
        }
    }
    act->needs = rows;
    act->n_needs = map->n;
}

/* ---- set: {FACT: EXPRESSION} ---- */

/* A source of choices may only give values that the fact knows. */
static bool choices_fit(const struct expr *e, const struct dtype *fact)
{
    if (fact->kind != D_CHOICE || e->type.kind == X_NONE) {
        return true;
    }
    struct value v;
    if (expr_constant(e, &v)) {
        return v.type == V_TEXT && load_choice_is_literal(fact, v.u.s);
    }
    for (size_t i = 0; e->type.choices != NULL && i < e->type.choices->n; i++) {
        if (!load_choice_is_literal(fact, str_of(e->type.choices->rows[i].value))) {
            return false;
        }
    }
    return e->type.choices != NULL;
}

static bool kinds_fit(struct xtype from, const struct dtype *fact)
{
    struct xtype to = xtype_of(fact, true);
    if (from.kind == X_NONE) {
        return true;
    }
    return from.kind == to.kind && (to.kind != X_ID || from.dtype == to.dtype);
}

static bool path_personal(const struct load *l, const struct expr_path *p)
{
    const struct form *f = p->root == EXPR_FORM ? l->scope_form : NULL;
    uint32_t row = p->index;
    if (p->root == EXPR_ACT && p->attr == EXPR_ACT_FORM) {
        f = l->acts[p->index].form;
        row = p->form_index;
    }
    return f != NULL && row < f->n && (f->personal & BIT(row)) != 0;
}

/* A field marked personal may be counted or asked for, but never kept as a fact. */
static bool is_personal(const struct load *l, const struct expr *e)
{
    for (uint32_t i = 0; i < e->n_paths; i++) {
        if (path_personal(l, e->paths[i])) {
            return true;
        }
    }
    return false;
}

static const struct expr *set_value(struct load *l, const struct ynode *n, const struct dtype *fact)
{
    struct str s = str_trim(n->s);
    bool word = s.n > 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        word = word && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_' || c == '-');
    }
    bool known =
        str_eqz(s, "none") || str_eqz(s, "today") || str_eqz(s, "now") || str_eqz(s, "parent");
    if (fact->kind == D_CHOICE && word && !known) {
        if (load_choice_is_literal(fact, s)) {
            return load_expr_text(l, str_fmt(l->a, "'%.*s'", STR_ARG(s)), at_of(n), 0, false);
        }
        struct str *names = ARENA_ARRAY(l->a, struct str, fact->choices->n);
        for (size_t i = 0; i < fact->choices->n; i++) {
            names[i] = str_of(fact->choices->rows[i].value);
        }
        load_fault(l, at_of(n), 28, name_hint(l->a, s, names, fact->choices->n),
                   "'%.*s' is not one of the choices", STR_ARG(s));
        return NULL;
    }
    return load_expr_text(l, s, at_of(n), 0, true);
}

static void
load_set(struct load *l, struct str name, const struct ynode *n, struct at at, struct act_set *ret)
{
    ret->fact = definition_fact(l->d, name);
    if (ret->fact == NO_INDEX) {
        struct str *names = load_names_of(l, l->facts, sizeof(l->facts[0]), l->d->n_facts);
        load_fault(l, at, 25, name_hint(l->a, name, names, l->d->n_facts),
                   "unknown fact '%.*s' in set", STR_ARG(name));
        return;
    }
    if (!load_is(l, n, Y_TEXT, "a value")) {
        return;
    }
    const struct dtype *fact = &l->facts[ret->fact].type;
    const struct expr *e = set_value(l, n, fact);
    if (e == NULL) {
        return;
    }
    if (!kinds_fit(e->type, fact) || !choices_fit(e, fact)) {
        load_fault(l, at_of(n), 25, S("the value must have the type, and the choices, of the fact"),
                   "fact '%.*s' is %s and cannot hold '%.*s'", STR_ARG(name),
                   dtype_name(fact->kind), STR_ARG(e->text));
        return;
    }
    bool list = e->type.kind == X_LIST || e->type.kind == X_JSON || e->type.kind == X_TEXT;
    if (list && is_personal(l, e)) {
        load_fault(l, at_of(n), 33, S("facts are not sealed: keep personal values in the form"),
                   "a personal field is set into fact '%.*s'", STR_ARG(name));
    }
    ret->value = e;
}

static void load_sets(struct load *l, const struct ynode *map, struct act_def *act)
{
    if (!load_is(l, map, Y_MAP, "set")) {
        return;
    }
    struct act_set *rows = ARENA_ARRAY(l->a, struct act_set, map->n);
    for (size_t i = 0; i < map->n; i++) {
        load_set(l, map->keys[i], &map->items[i], at_key(map, i), &rows[i]);
    }
    act->sets = rows;
    act->n_sets = map->n;
}

/* ---- effects, letter ---- */

static void effect_facts(struct load *l, const struct ynode *n, uint32_t effect)
{
    struct str facts = str_of(effect_info(effect)->facts);
    struct str name;
    while ((name = load_word(&facts)).p != NULL) {
        if (definition_fact(l->d, name) == NO_INDEX) {
            load_fault(l, at_of(n), 22, str_fmt(l->a, "declare the fact '%.*s'", STR_ARG(name)),
                       "effect '%.*s' writes the fact '%.*s'", STR_ARG(n->s), STR_ARG(name));
        }
    }
}

static uint32_t load_effect(struct load *l, const struct ynode *n)
{
    struct str names[EFFECT_COUNT];
    for (uint32_t i = 0; i < EFFECT_COUNT; i++) {
        names[i] = str_of(effect_info(i)->name);
        if (n->type == Y_TEXT && str_eq(n->s, names[i])) {
            effect_facts(l, n, i);
            l->d->in_service = l->d->in_service && effect_info(i)->in_service;
            return i;
        }
    }
    if (load_is(l, n, Y_TEXT, "an effect")) {
        load_fault(l, at_of(n), 22, name_hint(l->a, n->s, names, EFFECT_COUNT),
                   "unknown effect '%.*s'", STR_ARG(n->s));
    }
    return EFFECT_COUNT;
}

static void load_effects(struct load *l, const struct ynode *n, struct act_def *act)
{
    const struct ynode *items;
    size_t count = load_list(l, n, &items);
    uint32_t *effects = ARENA_ARRAY(l->a, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        effects[act->n_effects] = load_effect(l, &items[i]);
        act->n_effects += effects[act->n_effects] < EFFECT_COUNT ? 1 : 0;
    }
    act->effects = effects;
}

static void load_letter(struct load *l, const struct ynode *map, struct act_def *act)
{
    act->letter = load_text(l, map, "letter");
    const struct definition_options *o = l->options;
    if (act->letter.p == NULL || o == NULL || o->letters == NULL) {
        return;
    }
    for (size_t i = 0; i < o->n_letters; i++) {
        if (str_eq(act->letter, o->letters[i])) {
            return;
        }
    }
    load_fault(l, at_of(yaml_get(map, S("letter"))), 23,
               name_hint(l->a, act->letter, o->letters, o->n_letters), "unknown letter '%.*s'",
               STR_ARG(act->letter));
}

/* ---- to: [{when, state}, …, {state}] ---- */

static void load_case(
    struct load *l, const struct ynode *n, bool last, struct act_def *act, struct act_case *ret)
{
    static const char *const keys[] = {"when", "state", NULL};
    if (!load_is(l, n, Y_MAP, "a case")) {
        return;
    }
    load_keys(l, n, keys);
    const struct ynode *when = yaml_get(n, S("when"));
    if (last != (when == NULL)) {
        load_fault(l, at_of(n), 41, S("every case but the last has 'when'; the last has none"),
                   "cases of '%.*s' are not complete", STR_ARG(act->name));
    }
    ret->when = load_expr(l, when, EXPR_BOOL, false);
    struct str name = load_text(l, n, "state");
    ret->state = name.p == NULL ? NO_INDEX : definition_state(l->d, name);
    if (ret->state == NO_INDEX) {
        struct str *names = load_names_of(l, l->states, sizeof(l->states[0]), l->d->n_states);
        load_fault(l, at_of(n), 20,
                   name_hint(l->a, name.p == NULL ? S("") : name, names, l->d->n_states),
                   "unknown state '%.*s'", STR_ARG(name));
        return;
    }
    act->reaches |= BIT(ret->state);
}

static void load_cases(struct load *l, const struct ynode *n, struct at at, struct act_def *act)
{
    if ((n != NULL) != (act->to == TO_CASE)) {
        load_fault(l, at, 10, S("'-> case' goes with 'to: [{when, state}, …, {state}]'"),
                   "act '%.*s'", STR_ARG(act->name));
        return;
    }
    if (n == NULL || !load_is(l, n, Y_LIST, "to")) {
        return;
    }
    struct act_case *rows = ARENA_ARRAY(l->a, struct act_case, n->n);
    for (size_t i = 0; i < n->n; i++) {
        load_case(l, &n->items[i], i + 1 == n->n, act, &rows[i]);
    }
    if (n->n == 0) {
        load_fault(l, at_of(n), 41, S("list the cases"), "act '%.*s' has no cases",
                   STR_ARG(act->name));
    }
    act->cases = rows;
    act->n_cases = n->n;
}

/* ---- open: {CHILD: form | LIST | {when}} ---- */

static void load_open(
    struct load *l, struct str name, const struct ynode *n, struct at at, struct act_open *ret)
{
    static const char *const keys[] = {"when", NULL};
    *ret = (struct act_open){.child = definition_child(l->d, name)};
    if (ret->child == NO_INDEX) {
        struct str *names = load_names_of(l, l->children, sizeof(l->children[0]), l->d->n_children);
        load_fault(l, at, 29, name_hint(l->a, name, names, l->d->n_children),
                   "unknown child '%.*s' in open", STR_ARG(name));
    }
    if (n->type == Y_MAP) {
        load_keys(l, n, keys);
        ret->when = load_expr(l, yaml_get(n, S("when")), EXPR_BOOL, false);
    } else if (n->type == Y_TEXT && str_eqz(n->s, "form")) {
        ret->type = OPEN_FORM;
    } else {
        ret->type = OPEN_EACH;
        ret->each = load_expr(l, n, BIT(X_LIST), true);
    }
}

static void load_opens(struct load *l, const struct ynode *map, struct act_def *act)
{
    if (!load_is(l, map, Y_MAP, "open")) {
        return;
    }
    struct act_open *rows = ARENA_ARRAY(l->a, struct act_open, map->n);
    for (size_t i = 0; i < map->n; i++) {
        load_open(l, map->keys[i], &map->items[i], at_key(map, i), &rows[i]);
    }
    act->opens = rows;
    act->n_opens = map->n;
}

/* ---- ask, tell, show, private, numbers ---- */

static void load_ask(struct load *l, const struct ynode *map, struct act_def *act)
{
    static const char *const keys[] = {"of", "until", NULL};
    if (!load_is(l, map, Y_MAP, "ask")) {
        return;
    }
    load_keys(l, map, keys);
    act->asks = true;
    load_roles(l, at_of(map), load_text(l, map, "of"), &act->ask_of, &act->ask_path);
    const struct ynode *items;
    size_t n = load_list(l, yaml_get(map, S("until")), &items);
    for (size_t i = 0; i < n; i++) {
        if (load_is(l, &items[i], Y_TEXT, "an act")) {
            load_act_names(l, at_of(&items[i]), items[i].s, 26, "until", &act->ask_until);
        }
    }
    if (n == 0) {
        load_fault(l, at_of(map), 3, S("add 'until: [acts]'"), "the ask of '%.*s' never ends",
                   STR_ARG(act->name));
    }
}

static void load_tell(struct load *l, const struct ynode *n, struct act_def *act)
{
    const struct ynode *items;
    size_t count = load_list(l, n, &items);
    for (size_t i = 0; i < count; i++) {
        if (load_is(l, &items[i], Y_TEXT, "a role")) {
            load_roles(l, at_of(&items[i]), items[i].s, &act->tell, NULL);
        }
    }
}

/* The default: moves, letters and the applicant's own acts are shown to him. */
static enum act_show default_show(const struct load *l, const struct act_def *act)
{
    uint64_t outside = 0;
    for (size_t i = 0; i < l->set->roles.n; i++) {
        outside |= l->set->roles.roles[i].outside ? BIT(i) : 0;
    }
    bool shown = act->to != TO_KEEP || act->letter.p != NULL || (act->by & outside) != 0;
    return shown ? SHOW_APPLICANT : SHOW_UNIT;
}

static void load_show(struct load *l, const struct ynode *map, struct act_def *act)
{
    struct str names[] = {S("none"), S("unit"), S("applicant"), S("public")};
    struct str word = load_text(l, map, "show");
    act->show = default_show(l, act);
    if (word.p == NULL) {
        return;
    }
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_eq(word, names[i])) {
            act->show = (enum act_show)i;
            return;
        }
    }
    load_fault(l, at_of(yaml_get(map, S("show"))), 17,
               name_hint(l->a, word, names, COUNT_OF(names)), "show cannot be '%.*s'",
               STR_ARG(word));
}

static void load_private(struct load *l, const struct ynode *n, struct act_def *act)
{
    const struct ynode *items;
    size_t count = load_list(l, n, &items);
    struct form *form = ARENA_NEW(l->a, struct form);
    *form = *act->form;
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t row = items[i].type == Y_TEXT ? form_row(form, items[i].s) : -1;
        if (row < 0) {
            load_fault(l, at_of(&items[i]), 12, S("name a field of the form"),
                       "unknown field in private");
        } else {
            form->private_rows |= BIT(row);
        }
    }
    act->form = count > 0 ? form : act->form;
}

static uint32_t load_count(struct load *l, const struct ynode *map, const char *key, int64_t min)
{
    struct str s = load_text(l, map, key);
    int64_t n = 0;
    if (s.p != NULL && !num_parse(s, min, 100, &n)) {
        load_fault(l, at_of(yaml_get(map, str_of(key))), 17,
                   str_fmt(l->a, "write a number from %d to 100", (int)min), "%s '%.*s'", key,
                   STR_ARG(s));
    }
    return (uint32_t)n;
}

static void load_act_body(struct load *l, struct act_def *act, const struct ynode *map)
{
    if (map->type != Y_MAP) {
        act->show = default_show(l, act);
        return;
    }
    l->scope_form = NULL;
    act->when = load_expr(l, yaml_get(map, S("when")), EXPR_BOOL, false);
    l->scope_form = act->form;
    load_needs(l, yaml_get(map, S("need")), act);
    load_sets(l, yaml_get(map, S("set")), act);
    load_effects(l, yaml_get(map, S("effect")), act);
    load_letter(l, map, act);
    load_opens(l, yaml_get(map, S("open")), act);
    act->effective = load_expr(l, yaml_get(map, S("effective")), BIT(X_DATE), false);
    act->times = load_count(l, map, "times", 1);
    act->persons = load_count(l, map, "persons", 2);
    act->voids = load_bool(l, map, "voids");
    struct str erase = load_text(l, map, "erase");
    act->erases = erase.p != NULL;
    if (erase.p != NULL && !str_eqz(erase, "body")) {
        load_fault(l, at_of(yaml_get(map, S("erase"))), 17, S("write 'erase: body'"),
                   "erase '%.*s'", STR_ARG(erase));
    }
    load_ask(l, yaml_get(map, S("ask")), act);
    load_tell(l, yaml_get(map, S("tell")), act);
    load_show(l, map, act);
    load_private(l, yaml_get(map, S("private")), act);
    l->scope_form = NULL;
}

void load_act_bodies(struct load *l)
{
    struct str file = l->file;
    for (uint32_t i = 0; i < l->d->n_acts; i++) {
        const struct act_source *s = &l->act_sources[i];
        l->file = s->file;
        l->scope_form = l->acts[i].form;
        load_cases(l, s->node->type == Y_MAP ? yaml_get(s->node, S("to")) : NULL, s->at,
                   &l->acts[i]);
        load_act_body(l, &l->acts[i], s->node);
    }
    l->scope_form = NULL;
    l->file = file;
}
