/* Clocks: "is: law|policy|preset BASIS LABEL" and what starts, stops, pauses and extends them.
 * `like` gives the keys that are missing, so a key is looked up through `own`. */
#include "procedure/load.h"

#include "base/num.h"

#define LIKE_DEPTH 4

struct clock_load {
    struct load *l;
    struct clock_def *c;
    const struct ynode *maps[LIKE_DEPTH + 1]; /* own first */
    size_t n;
};

static const struct ynode *own(const struct clock_load *k, const char *key)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct ynode *n = yaml_get(k->maps[i], str_of(key));
        if (n != NULL) {
            return n;
        }
    }
    return NULL;
}

void load_clock_list(struct load *l)
{
    const struct ynode *map = yaml_get(l->root, S("clocks"));
    size_t n = load_is(l, map, Y_MAP, "clocks") ? map->n : 0;
    if (n > MAX_CLOCKS) {
        load_fault(l, at_of(map), 13, S("split the kind"), "%zu clocks, at most %d are possible", n,
                   MAX_CLOCKS);
        n = MAX_CLOCKS;
    }
    l->clocks = ARENA_ARRAY(l->a, struct clock_def, n + 1);
    l->d->clocks = l->clocks;
    for (size_t i = 0; i < n; i++) {
        struct at at = at_key(map, i);
        load_name_ok(l, at, map->keys[i]);
        l->clocks[i] = (struct clock_def){
            .name = map->keys[i], .line = at.line, .column = at.column, .expire = NO_INDEX};
        l->clock_nodes[i] = &map->items[i];
        l->clock_at[i] = at;
    }
    l->d->n_clocks = (uint32_t)n;
}

static struct at clock_at(const struct clock_load *k)
{
    return (struct at){k->c->line, k->c->column};
}

/* Follows `like`; P040 when it goes round or too deep. */
static void resolve_like(struct clock_load *k)
{
    struct load *l = k->l;
    while (k->n > 0) {
        struct str name = load_text(l, k->maps[k->n - 1], "like");
        if (name.p == NULL) {
            return;
        }
        uint32_t i = definition_clock(l->d, name);
        struct at at = at_of(yaml_get(k->maps[k->n - 1], S("like")));
        if (i == NO_INDEX || l->clock_nodes[i]->type != Y_MAP) {
            struct str *names = load_names_of(l, l->clocks, sizeof(l->clocks[0]), l->d->n_clocks);
            load_fault(l, at, 27, name_hint(l->a, name, names, l->d->n_clocks),
                       "unknown clock '%.*s' in like", STR_ARG(name));
            return;
        }
        if (k->n > LIKE_DEPTH) {
            load_fault(l, at, 40, S("let one clock carry the common keys"),
                       "'like' goes round or too deep");
            return;
        }
        k->maps[k->n++] = l->clock_nodes[i];
    }
}

static void load_is_line(struct clock_load *k)
{
    static const char *const words[] = {"law", "policy", "preset"};
    struct load *l = k->l;
    struct str line = load_text(l, k->maps[0], "is");
    const struct ynode *n = yaml_get(k->maps[0], S("is"));
    if (line.p == NULL) {
        load_fault(l, clock_at(k), 14, S("add 'is: law|policy|preset BASIS LABEL'"),
                   "clock '%.*s' has no line 'is'", STR_ARG(k->c->name));
        return;
    }
    struct str rest = line;
    struct str word = load_word(&rest);
    size_t i = 0;
    while (i < COUNT_OF(words) && !str_eqz(word, words[i])) {
        i++;
    }
    struct str basis = load_word(&rest);
    if (i == COUNT_OF(words) || rest.n == 0) {
        load_fault(l, at_of(n), 14, S("write 'law|policy|preset BASIS LABEL'"),
                   "clock '%.*s' is '%.*s'", STR_ARG(k->c->name), STR_ARG(line));
        return;
    }
    k->c->evidence = (enum clock_evidence)i;
    k->c->zh = rest;
    if (str_starts(basis, S("item."))) {
        k->c->basis_path = load_expr_text(l, basis, at_of(n), BIT(X_TEXT), false);
    } else {
        k->c->basis = basis;
    }
}

/* ---- limit ---- */

static void load_limit_cases(struct clock_load *k, const struct ynode *map)
{
    struct load *l = k->l;
    struct clock_def *c = k->c;
    c->limit_of = load_expr(l, yaml_get(map, S("of")), BIT(X_TEXT), false);
    if (c->limit_of == NULL || c->limit_of->type.choices == NULL) {
        if (c->limit_of != NULL || yaml_get(map, S("of")) == NULL) {
            load_fault(l, at_of(map), 41,
                       S("write 'of: fact.NAME default 'VALUE'' with a fact of type choice"),
                       "the cases have no choice to go by");
        }
        return;
    }
    const struct choice_set *set = c->limit_of->type.choices;
    struct clock_case *rows = ARENA_ARRAY(l->a, struct clock_case, map->n);
    struct str *names = ARENA_ARRAY(l->a, struct str, set->n);
    uint64_t seen = 0;
    for (size_t i = 0; i < map->n; i++) {
        if (str_eqz(map->keys[i], "of")) {
            continue;
        }
        size_t v = 0;
        for (; v < set->n && !str_eqz(map->keys[i], set->rows[v].value); v++) {
            names[v] = str_of(set->rows[v].value);
        }
        if (v == set->n) {
            load_fault(l, at_key(map, i), 28, name_hint(l->a, map->keys[i], names, set->n),
                       "'%.*s' is not one of the choices", STR_ARG(map->keys[i]));
            continue;
        }
        seen |= BIT(v);
        bool none = map->items[i].type == Y_TEXT && str_eqz(map->items[i].s, "none");
        rows[c->n_cases++] = (struct clock_case){
            map->keys[i], none ? NULL : load_expr(l, &map->items[i], BIT(X_DUR), true)};
    }
    for (size_t v = 0; v < set->n; v++) {
        if ((seen & BIT(v)) == 0) {
            load_fault(l, at_of(map), 41,
                       str_fmt(l->a, "add '%s: LIMIT' or '%s: none'", set->rows[v].value,
                               set->rows[v].value),
                       "the limit of clock '%.*s' says nothing for '%s'", STR_ARG(c->name),
                       set->rows[v].value);
        }
    }
    c->cases = rows;
}

static void load_limit(struct clock_load *k)
{
    struct load *l = k->l;
    bool own_until = yaml_get(k->maps[0], S("until")) != NULL;
    bool own_limit = yaml_get(k->maps[0], S("limit")) != NULL;
    const struct ynode *limit = own_until && !own_limit ? NULL : own(k, "limit");
    const struct ynode *until = own_limit && !own_until ? NULL : own(k, "until");
    if ((limit == NULL) == (until == NULL)) {
        load_fault(l, clock_at(k), 40, S("give it either 'limit' or 'until'"),
                   "clock '%.*s' has %s", STR_ARG(k->c->name),
                   limit == NULL ? "no limit" : "a limit and a date");
        return;
    }
    if (until != NULL) {
        k->c->until = load_expr(l, until, BIT(X_DATE), true);
    } else if (limit->type == Y_MAP) {
        load_limit_cases(k, limit);
    } else {
        k->c->limit = load_expr(l, limit, BIT(X_DUR), true);
    }
}

/* ---- start, stop, cancel, restart, reset ---- */

/* Without record_event the event would never reach the clock. */
static bool hears_events(const struct load *l)
{
    for (uint32_t i = 0; i < l->d->n_acts; i++) {
        if (l->acts[i].use == USE_RECORD_EVENT) {
            return true;
        }
    }
    return false;
}

static void
load_on_name(struct clock_load *k, const struct ynode *n, const char *key, struct clock_on *ret)
{
    struct load *l = k->l;
    if (!load_is(l, n, Y_TEXT, key)) {
        return;
    }
    if (str_find_char(n->s, '.') >= 0) {
        int event = event_index(n->s);
        if (event < 0) {
            load_fault(l, at_of(n), 29, S("events are raised by effects, such as publication.done"),
                       "unknown event '%.*s'", STR_ARG(n->s));
        } else if (!hears_events(l)) {
            load_fault(l, at_of(n), 29, S("add record_event to 'include'"),
                       "no act brings the event '%.*s' to the matter", STR_ARG(n->s));
        } else {
            ret->events |= BIT(event);
        }
        return;
    }
    struct str where = str_fmt(l->a, "%s of clock '%.*s'", key, STR_ARG(k->c->name));
    load_act_names(l, at_of(n), n->s, 26, where.p, &ret->acts);
}

static void
load_on(struct clock_load *k, const struct ynode *n, const char *key, struct clock_on *ret)
{
    static const char *const keys[] = {"act", "when", "at", NULL};
    struct load *l = k->l;
    if (n->type != Y_MAP) {
        load_on_name(k, n, key, ret);
        return;
    }
    load_keys(l, n, keys);
    const struct ynode *items;
    size_t count = load_list(l, yaml_get(n, S("act")), &items);
    for (size_t i = 0; i < count; i++) {
        load_on_name(k, &items[i], key, ret);
    }
    if (count == 0) {
        load_fault(l, at_of(n), 3, S("write {act: ACT, when: CONDITION}"),
                   "the key 'act' is missing");
    }
    ret->when = load_expr(l, yaml_get(n, S("when")), BIT(X_BOOL), false);
    ret->at = load_expr(l, yaml_get(n, S("at")), BIT(X_DATE), false);
    if (ret->at != NULL && !str_eqz(S("start"), key)) {
        load_fault(l, at_of(n), 40, S("only 'start' may say from which date to count"),
                   "'at' in %s", key);
    }
}

static void load_ons(struct clock_load *k, const char *key, struct clock_ons *ret)
{
    const struct ynode *items;
    size_t n = load_list(k->l, own(k, key), &items);
    struct clock_on *rows = ARENA_ARRAY(k->l->a, struct clock_on, n);
    bool cancel = str_eqz(S("cancel"), key);
    for (size_t i = 0; i < n; i++) {
        if (cancel && items[i].type == Y_TEXT && str_eqz(items[i].s, "closed")) {
            k->c->cancel_closed = true;
            continue;
        }
        struct clock_on *row = &rows[ret->n++];
        load_on(k, &items[i], key, row);
        ret->acts |= row->acts;
        ret->events |= row->events;
    }
    ret->rows = rows;
}

static void load_in(struct clock_load *k)
{
    const struct ynode *items;
    size_t n = load_list(k->l, own(k, "in"), &items);
    for (size_t i = 0; i < n; i++) {
        if (load_is(k->l, &items[i], Y_TEXT, "a state")) {
            load_states(k->l, at_of(&items[i]), items[i].s, false, &k->c->in);
        }
    }
    bool starts = k->c->start.n > 0;
    if ((n > 0) == starts) {
        load_fault(k->l, clock_at(k), n > 0 ? 40 : 45,
                   S("give it either 'start' and 'stop', or 'in'"), "clock '%.*s' %s",
                   STR_ARG(k->c->name), n > 0 ? "has 'start' and 'in'" : "is never started");
    }
}

/* ---- pauses, extension, expiry, lights, marks ---- */

static void load_pauses(struct clock_load *k)
{
    struct load *l = k->l;
    const struct ynode *items;
    size_t n = load_list(l, own(k, "pauses"), &items);
    struct clock_cause *rows = ARENA_ARRAY(l->a, struct clock_cause, n);
    for (size_t i = 0; i < n; i++) {
        if (!load_is(l, &items[i], Y_TEXT, "a cause")) {
            continue;
        }
        struct str rest = items[i].s;
        struct str word = load_word(&rest);
        if (rest.n == 0 && str_find_char(word, '.') < 0) {
            load_name_ok(l, at_of(&items[i]), word);
            rows[i].name = word;
        } else {
            rows[i].names = load_expr(l, &items[i], BIT(X_LIST), true);
        }
    }
    k->c->pauses = rows;
    k->c->n_pauses = n;
}

static void load_state_pauses(struct clock_load *k)
{
    struct load *l = k->l;
    const struct ynode *map = own(k, "pause");
    if (map == NULL || !load_is(l, map, Y_MAP, "pause")) {
        return;
    }
    struct clock_state_pause *rows = ARENA_ARRAY(l->a, struct clock_state_pause, map->n);
    for (size_t i = 0; i < map->n; i++) {
        load_states(l, at_key(map, i), map->keys[i], false, &rows[i].states);
        if (load_is(l, &map->items[i], Y_TEXT, "a cause")) {
            rows[i].cause = map->items[i].s;
        }
    }
    if (k->c->n_pauses == 0) {
        load_fault(l, at_of(map), 43, S("add the cause to 'pauses'"),
                   "clock '%.*s' allows no cause to pause it", STR_ARG(k->c->name));
    }
    k->c->state_pauses = rows;
    k->c->n_state_pauses = map->n;
}

static void load_extend(struct clock_load *k)
{
    static const char *const keys[] = {"act", "by", "times", NULL};
    struct load *l = k->l;
    const struct ynode *map = own(k, "extend");
    if (!load_is(l, map, Y_MAP, "extend")) {
        return;
    }
    load_keys(l, map, keys);
    struct str act = load_text(l, map, "act");
    if (act.p == NULL || yaml_get(map, S("by")) == NULL) {
        load_fault(l, at_of(map), 43, S("write {act: ACT, by: DURATION, times: N}"),
                   "the extension of clock '%.*s' is not complete", STR_ARG(k->c->name));
        return;
    }
    k->c->extends = true;
    load_act_names(l, at_of(yaml_get(map, S("act"))), act, 26, "extend", &k->c->extend_acts);
    k->c->extend_by = load_expr(l, yaml_get(map, S("by")), BIT(X_DUR), true);
    struct str times = load_text(l, map, "times");
    int64_t n = 1;
    if (times.p != NULL && !num_parse(times, 1, 100, &n)) {
        load_fault(l, at_of(map), 17, S("write a number from 1"), "times '%.*s'", STR_ARG(times));
    }
    k->c->extend_times = (uint32_t)n;
}

static void load_expire(struct clock_load *k)
{
    const struct ynode *n = own(k, "expire");
    uint64_t mask = 0;
    if (!load_is(k->l, n, Y_TEXT, "expire")) {
        return;
    }
    if (load_act_names(k->l, at_of(n), n->s, 26, "expire", &mask)) {
        if ((mask & (mask - 1)) != 0) {
            load_fault(k->l, at_of(n), 40, S("name one act"),
                       "clock '%.*s' expires into several acts", STR_ARG(k->c->name));
        }
        k->c->expire = (uint32_t)__builtin_ctzll(mask);
    }
}

static void load_lights(struct clock_load *k)
{
    static const char *const keys[] = {"yellow", NULL};
    struct load *l = k->l;
    const struct ynode *lights = own(k, "lights");
    const struct ynode *marks = own(k, "marks");
    if (load_is(l, lights, Y_MAP, "lights")) {
        load_keys(l, lights, keys);
        k->c->yellow = load_expr(l, yaml_get(lights, S("yellow")), BIT(X_DUR), false);
    }
    if (!load_is(l, marks, Y_MAP, "marks")) {
        return;
    }
    struct clock_mark *rows = ARENA_ARRAY(l->a, struct clock_mark, marks->n);
    for (size_t i = 0; i < marks->n; i++) {
        load_name_ok(l, at_key(marks, i), marks->keys[i]);
        rows[i] =
            (struct clock_mark){marks->keys[i], load_expr(l, &marks->items[i], BIT(X_DUR), false)};
    }
    k->c->marks = rows;
    k->c->n_marks = marks->n;
}

static void load_clock(struct load *l, uint32_t i)
{
    static const char *const keys[] = {"is",    "limit",  "until",    "start",  "stop",
                                       "in",    "cancel", "restart",  "reset",  "pauses",
                                       "pause", "extend", "expire",   "lights", "marks",
                                       "when",  "like",   "outlives", NULL};
    struct clock_load k = {.l = l, .c = &l->clocks[i], .maps = {l->clock_nodes[i]}, .n = 1};
    if (!load_is(l, l->clock_nodes[i], Y_MAP, "a clock")) {
        return;
    }
    load_keys(l, l->clock_nodes[i], keys);
    resolve_like(&k);
    load_is_line(&k);
    load_limit(&k);
    load_ons(&k, "start", &k.c->start);
    load_ons(&k, "stop", &k.c->stop);
    load_ons(&k, "cancel", &k.c->cancel);
    load_ons(&k, "restart", &k.c->restart);
    load_ons(&k, "reset", &k.c->reset);
    load_in(&k);
    load_pauses(&k);
    load_state_pauses(&k);
    load_extend(&k);
    load_expire(&k);
    load_lights(&k);
    k.c->when = load_expr(l, own(&k, "when"), BIT(X_BOOL), false);
    for (size_t m = 0; m < k.n; m++) {
        k.c->outlives = load_bool(l, k.maps[m], "outlives") || k.c->outlives;
    }
}

void load_clocks(struct load *l)
{
    l->scope_form = NULL;
    for (uint32_t i = 0; i < l->d->n_clocks; i++) {
        load_clock(l, i);
    }
}
