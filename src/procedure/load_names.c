/* States, groups, facts, parameters, children, relations: everything that others refer to by name.
 */
#include "procedure/load.h"

/* Number of entries of a section, bounded (P013). */
static size_t section(struct load *l, const char *name, size_t max, const struct ynode **ret)
{
    const struct ynode *n = yaml_get(l->root, str_of(name));
    *ret = n;
    if (!load_is(l, n, Y_MAP, name)) {
        return 0;
    }
    if (n->n > max) {
        load_fault(l, at_of(n), 13, S("split the kind"), "%zu %s, at most %zu are possible", n->n,
                   name, max);
        return max;
    }
    return n->n;
}

/* ---- states: "open ROLE [untimed] LABEL" ---- */

static void load_state(struct load *l, const struct ynode *n, struct state_def *s)
{
    static const char *const classes[] = {"open", "waiting", "closed"};
    s->holder = NO_INDEX;
    s->class = STATE_CLOSED;
    if (!load_is(l, n, Y_TEXT, "a state")) {
        return;
    }
    struct str rest = n->s;
    struct str word = load_word(&rest);
    int class = 0;
    while (class < 3 && !str_eqz(word, classes[class])) {
        class ++;
    }
    if (class == 3) {
        struct str names[] = {S("open"), S("waiting"), S("closed")};
        load_fault(
            l, at_of(n), 11, name_hint(l->a, word, names, 3),
            "a state is 'open ROLE LABEL', 'waiting ROLE LABEL' or 'closed LABEL', not '%.*s'",
            STR_ARG(word));
        return;
    }
    s->class = (enum state_class)(class + 1);
    if (s->class != STATE_CLOSED) {
        uint64_t mask = 0;
        struct str role = load_word(&rest);
        load_roles(l, at_of(n), role, &mask, NULL);
        s->holder = mask == 0 ? NO_INDEX : (uint32_t)__builtin_ctzll(mask);
        bool outside = s->holder != NO_INDEX && l->set->roles.roles[s->holder].outside;
        if (s->holder != NO_INDEX && outside != (s->class == STATE_WAITING)) {
            load_fault(
                l, at_of(n), 11, S("open: the office owes the next act; waiting: an outsider does"),
                "'%.*s' cannot hold a%s state", STR_ARG(role), class == 0 ? "n open" : " waiting");
        }
        struct str after = rest;
        if (str_eqz(load_word(&after), "untimed")) {
            s->untimed = true;
            rest = after;
        }
    }
    s->zh = rest;
    if (rest.n == 0) {
        load_fault(l, at_of(n), 11, S("end the line with the Chinese name"),
                   "state '%.*s' has no label", STR_ARG(s->name));
    }
}

static void load_state_section(struct load *l)
{
    const struct ynode *map;
    size_t n = section(l, "states", MAX_STATES, &map);
    l->states = ARENA_ARRAY(l->a, struct state_def, n + 1);
    l->d->states = l->states;
    for (size_t i = 0; i < n; i++) {
        struct state_def *s = &l->states[i];
        struct at at = at_key(map, i);
        *s = (struct state_def){.name = map->keys[i], .line = at.line, .column = at.column};
        load_word_ok(l, at, s->name, false);
        load_state(l, &map->items[i], s);
        uint64_t *of_class = s->class == STATE_OPEN      ? &l->d->open
                             : s->class == STATE_WAITING ? &l->d->waiting
                                                         : &l->d->closed;
        *of_class |= BIT(i);
    }
    l->d->n_states = (uint32_t)n;
    if (n == 0) {
        load_fault(l, at_of(l->root), 3, S("add 'states:'"), "there are no states");
    }
}

/* ---- facts: "TYPE [indexed] LABEL" ---- */

static void load_fact(struct load *l, const struct ynode *n, struct fact_def *f)
{
    if (!load_is(l, n, Y_TEXT, "a fact")) {
        return;
    }
    struct str rest = n->s;
    if (!load_dtype(l, at_of(n), &rest, f->name, &f->type)) {
        return;
    }
    struct str after = rest;
    if (str_eqz(load_word(&after), "indexed")) {
        f->type.indexed = true;
        rest = after;
    }
    f->type.zh = rest;
    enum dtype_kind k = f->type.kind;
    if (k == D_ROWS || k == D_ITEM_FORM || k == D_VERDICTS) {
        load_fault(l, at_of(n), 12, S("keep it in the act's form; facts are values"),
                   "a fact cannot be of type %s", dtype_name(k));
    }
    bool list = dtype_value(k) == V_LIST || dtype_value(k) == V_JSON;
    if (f->type.indexed && list) {
        load_fault(l, at_of(n), 12, S("leave 'indexed' out"), "a fact of type %s cannot be indexed",
                   dtype_name(k));
    }
    if (f->type.zh.n == 0) {
        load_fault(l, at_of(n), 12, S("end the line with the Chinese name"),
                   "fact '%.*s' has no label", STR_ARG(f->name));
    }
}

static void load_fact_section(struct load *l)
{
    const struct ynode *map;
    size_t n = section(l, "facts", MAX_FACTS - 1, &map);
    l->facts = ARENA_ARRAY(l->a, struct fact_def, n + 1);
    l->d->facts = l->facts;
    l->facts[FACT_UNIT] =
        (struct fact_def){.name = S("unit"), .type = {.kind = D_UNIT, .zh = S("承办单位")}};
    for (size_t i = 0; i < n; i++) {
        struct fact_def *f = &l->facts[i + 1];
        f->name = map->keys[i];
        l->fact_at[i + 1] = at_key(map, i);
        f->type.kind = D_TEXT;
        if (load_name_ok(l, at_key(map, i), f->name) && str_eqz(f->name, "unit")) {
            load_fault(l, at_key(map, i), 18, S("leave it out"), "the fact 'unit' is predefined");
        }
        load_fact(l, &map->items[i], f);
    }
    l->d->n_facts = (uint32_t)n + 1;
}

/* ---- parameters: "TYPE DEFAULT law|policy|preset LABEL" or {is, min, max} ---- */

static struct value
param_value(struct load *l, const struct param_def *p, struct str word, struct at at)
{
    const struct expr *e = NULL;
    struct value v = value_none();
    if (p->type.kind == D_CHOICE && load_choice_is_literal(&p->type, word)) {
        return value_text(word);
    }
    e = load_expr_text(l, word, at, BIT(xtype_of(&p->type, false).kind), false);
    if (e != NULL && (!expr_constant(e, &v) || v.type != dtype_value(p->type.kind))) {
        load_fault(l, at, 28, S("write a plain value of the type"),
                   "'%.*s' is not a value of type %s", STR_ARG(word), dtype_name(p->type.kind));
    }
    return v;
}

static void load_param(struct load *l, const struct ynode *n, struct param_def *p)
{
    static const char *const keys[] = {"is", "min", "max", NULL};
    static const char *const levels[] = {"law", "policy", "preset"};
    const struct ynode *is = n;
    if (n->type == Y_MAP) {
        load_keys(l, n, keys);
        is = yaml_get(n, S("is"));
    }
    if (is == NULL || !load_is(l, is, Y_TEXT, "a parameter")) {
        return;
    }
    struct str rest = is->s;
    if (!load_dtype(l, at_of(is), &rest, p->name, &p->type)) {
        return;
    }
    struct str word = load_word(&rest);
    p->value = param_value(l, p, word.p == NULL ? S("") : word, at_of(is));
    struct str level = load_word(&rest);
    size_t i = 0;
    while (i < 3 && !str_eqz(level, levels[i])) {
        i++;
    }
    if (i == 3 || rest.n == 0) {
        load_fault(l, at_of(is), 12, S("write 'TYPE DEFAULT law|policy|preset LABEL'"),
                   "parameter '%.*s'", STR_ARG(p->name));
        return;
    }
    p->level = (enum param_level)i;
    p->type.zh = rest;
    struct str min = n->type == Y_MAP ? load_text(l, n, "min") : STR_NONE;
    struct str max = n->type == Y_MAP ? load_text(l, n, "max") : STR_NONE;
    p->min = min.p == NULL ? value_none() : param_value(l, p, min, at_of(n));
    p->max = max.p == NULL ? value_none() : param_value(l, p, max, at_of(n));
}

static void load_param_section(struct load *l)
{
    const struct ynode *map;
    size_t n = section(l, "params", MAX_PARAMS - 1, &map);
    l->params = ARENA_ARRAY(l->a, struct param_def, n + 1);
    for (size_t i = 0; i < n; i++) {
        l->params[i] = (struct param_def){.name = map->keys[i], .type = {.kind = D_INT}};
        load_name_ok(l, at_key(map, i), map->keys[i]);
        load_param(l, &map->items[i], &l->params[i]);
    }
    l->d->params = l->params;
    l->d->n_params = (uint32_t)n;
    l->d->record_within = definition_param(l->d, S("record_within"));
    if (l->d->record_within == NO_INDEX) {
        l->d->record_within = (uint32_t)n;
        l->params[n] = (struct param_def){.name = S("record_within"),
                                          .type = {.kind = D_DUR, .zh = S("补录期限")},
                                          .level = LEVEL_PRESET,
                                          .value = value_duration((struct duration){CIVIL_WD, 1})};
        l->d->n_params++;
    }
}

/* ---- children and relations ---- */

static void load_child_section(struct load *l)
{
    static const char *const keys[] = {"kind", "pauses", NULL};
    const struct ynode *map;
    size_t n = section(l, "children", MAX_CHILDREN, &map);
    l->children = ARENA_ARRAY(l->a, struct child_def, n + 1);
    for (size_t i = 0; i < n; i++) {
        l->children[i].name = map->keys[i];
        l->children[i].line = map->key_lines[i];
        l->children[i].column = map->key_columns[i];
        load_name_ok(l, at_key(map, i), map->keys[i]);
        if (!load_is(l, &map->items[i], Y_MAP, "a child")) {
            continue;
        }
        load_keys(l, &map->items[i], keys);
        l->children[i].kind = load_text(l, &map->items[i], "kind");
        if (l->children[i].kind.p == NULL) {
            load_fault(l, at_key(map, i), 3, S("write {kind: KIND}"), "child '%.*s' has no kind",
                       STR_ARG(map->keys[i]));
        }
    }
    l->d->children = l->children;
    l->d->n_children = (uint32_t)n;
}

static void load_relation_section(struct load *l)
{
    static const char *const keys[] = {"kind", "needed", NULL};
    const struct ynode *map;
    size_t n = section(l, "relations", MAX_CHILDREN, &map);
    struct relation_def *rows = ARENA_ARRAY(l->a, struct relation_def, n + 1);
    for (size_t i = 0; i < n; i++) {
        rows[i].name = map->keys[i];
        load_name_ok(l, at_key(map, i), map->keys[i]);
        if (load_is(l, &map->items[i], Y_MAP, "a relation")) {
            load_keys(l, &map->items[i], keys);
            struct str kind = load_text(l, &map->items[i], "kind");
            rows[i].kind = str_eqz(kind, "any") ? STR_NONE : kind;
            rows[i].needed = load_bool(l, &map->items[i], "needed");
        }
    }
    l->d->relations = rows;
    l->d->n_relations = (uint32_t)n;
}

void load_names(struct load *l)
{
    load_state_section(l);
    load_fact_section(l);
    load_param_section(l);
    load_child_section(l);
    load_relation_section(l);
}
