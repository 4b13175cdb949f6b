/* Acts, first half: which there are, their one-line forms
 * "[FROM] [-> TO] by ROLES LABEL" or "… on TRIGGER LABEL", and their fields. */
#include "procedure/load.h"

static const struct ynode *act_line(const struct load *l, uint32_t i)
{
    const struct ynode *n = l->act_sources[i].node;
    return n->type == Y_MAP ? yaml_get(n, S("is")) : n;
}

/* ---- which acts there are ---- */

static enum act_use use_of(struct str name)
{
    static const char *const names[] = {[USE_NOTE] = "note",
                                        [USE_ASSIGN] = "assign",
                                        [USE_URGE] = "urge",
                                        [USE_UNMASK] = "unmask",
                                        [USE_CORRECT_RECORD] = "correct_record",
                                        [USE_ERASE] = "erase",
                                        [USE_MIGRATE] = "migrate",
                                        [USE_RECORD_LETTER] = "record_letter",
                                        [USE_RECORD_EVENT] = "record_event"};
    for (size_t i = USE_NOTE; i < COUNT_OF(names); i++) {
        if (str_eqz(name, names[i])) {
            return (enum act_use)i;
        }
    }
    return USE_PLAIN;
}

static void
add_act(struct load *l, struct str file, struct str name, const struct ynode *node, struct at at)
{
    if (definition_act(l->d, name) != NO_INDEX) {
        load_fault(l, at, 18, S("rename it, or do not include it"),
                   "act '%.*s' exists in the kind and in _common.yaml", STR_ARG(name));
        return;
    }
    if (l->d->n_acts == MAX_ACTS) {
        load_fault(l, at, 13, S("split the kind"), "more than %d acts", MAX_ACTS);
        return;
    }
    uint32_t i = l->d->n_acts++;
    l->acts[i] = (struct act_def){.name = name,
                                  .line = at.line,
                                  .column = at.column,
                                  .form = form_empty(),
                                  .to_state = NO_INDEX};
    l->act_sources[i] = (struct act_source){file, node, at};
}

static void include_acts(struct load *l)
{
    const struct ynode *items = NULL;
    const struct ynode *common = &l->set->common.root;
    size_t n = load_list(l, yaml_get(l->root, S("include")), &items);
    for (size_t i = 0; i < n; i++) {
        if (!load_is(l, &items[i], Y_TEXT, "an included act")) {
            continue;
        }
        size_t k = 0;
        size_t count = common->type == Y_MAP ? common->n : 0;
        while (k < count && !str_eq(common->keys[k], items[i].s)) {
            k++;
        }
        if (k == count) {
            load_fault(l, at_of(&items[i]), 19, name_hint(l->a, items[i].s, common->keys, count),
                       "_common.yaml has no act '%.*s'", STR_ARG(items[i].s));
            continue;
        }
        if (definition_act(l->d, items[i].s) != NO_INDEX) {
            load_fault(l, at_of(&items[i]), 18, S("rename the act, or do not include it"),
                       "act '%.*s' exists in the kind and in _common.yaml", STR_ARG(items[i].s));
            continue;
        }
        add_act(l, l->set->common.path, items[i].s, &common->items[k], at_key(common, k));
        l->acts[l->d->n_acts - 1].use = use_of(items[i].s);
    }
}

void load_act_list(struct load *l)
{
    l->acts = ARENA_ARRAY(l->a, struct act_def, MAX_ACTS);
    l->d->acts = l->acts;
    const struct ynode *map = yaml_get(l->root, S("acts"));
    size_t n = load_is(l, map, Y_MAP, "acts") ? map->n : 0;
    for (size_t i = 0; i < n; i++) {
        load_word_ok(l, at_key(map, i), map->keys[i], true);
        add_act(l, l->file, map->keys[i], &map->items[i], at_key(map, i));
    }
    include_acts(l);
    if (n == 0) {
        load_fault(l, at_of(l->root), 3, S("add 'acts:'"), "there are no acts");
    }
}

/* ---- triggers ---- */

static bool trigger_clocks(struct load *l, struct at at, struct str words, struct act_trigger *t)
{
    while (words.p != NULL) {
        struct str word = str_split(&words, '/');
        uint32_t c = definition_clock(l->d, word);
        if (c == NO_INDEX) {
            struct str *names = load_names_of(l, l->clocks, sizeof(l->clocks[0]), l->d->n_clocks);
            load_fault(l, at, 27, name_hint(l->a, word, names, l->d->n_clocks),
                       "unknown clock '%.*s'", STR_ARG(word));
            return false;
        }
        t->clocks |= (uint32_t)BIT(c);
    }
    return true;
}

/* C.MARK: the mark's index is found when the clocks are loaded (load_tables). */
static bool trigger_mark(struct load *l, struct at at, struct str word, struct act_trigger *t)
{
    struct str rest = word;
    struct str clock = str_split(&rest, '.');
    if (rest.p == NULL) {
        load_fault(l, at, 29, S("write 'on mark CLOCK.MARK'"), "'%.*s' names no mark",
                   STR_ARG(word));
        return false;
    }
    t->name = rest;
    if (!trigger_clocks(l, at, clock, t)) {
        return false;
    }
    t->clock = (uint32_t)__builtin_ctz(t->clocks);
    return true;
}

static bool trigger_child(struct load *l, struct at at, struct str word, struct act_trigger *t)
{
    t->child = definition_child(l->d, word);
    if (t->child == NO_INDEX) {
        struct str *names = load_names_of(l, l->children, sizeof(l->children[0]), l->d->n_children);
        load_fault(l, at, 29, name_hint(l->a, word, names, l->d->n_children),
                   "unknown child '%.*s'", STR_ARG(word));
    }
    return t->child != NO_INDEX;
}

static void load_trigger(struct load *l, struct at at, struct str *rest, struct act_trigger *t)
{
    struct str type = load_word(rest);
    struct str word = load_word(rest);
    *t = (struct act_trigger){.clock = NO_INDEX, .mark = NO_INDEX, .child = NO_INDEX};
    if (str_eqz(type, "expire")) {
        t->type = ON_EXPIRE;
        trigger_clocks(l, at, word, t);
    } else if (str_eqz(type, "mark")) {
        t->type = ON_MARK;
        trigger_mark(l, at, word, t);
    } else if (str_eqz(type, "parent")) {
        t->type = str_eqz(word, "closed") ? ON_PARENT_CLOSED : ON_PARENT_ACT;
        t->name = word;
    } else if (str_eqz(type, "child")) {
        struct str act = load_word(rest);
        t->type = str_eqz(act, "closed") ? ON_CHILD_CLOSED : ON_CHILD_ACT;
        t->name = act;
        trigger_child(l, at, word, t);
    } else if (str_eqz(type, "join")) {
        t->type = ON_JOIN;
        trigger_child(l, at, word, t);
    } else if (str_eqz(type, "rule") && str_eqz(word, "cleared")) {
        t->type = ON_RULE_CLEARED;
    } else {
        struct str names[] = {S("expire"), S("mark"), S("parent"),
                              S("child"),  S("join"), S("rule cleared")};
        load_fault(l, at, 29, name_hint(l->a, type, names, COUNT_OF(names)),
                   "unknown trigger '%.*s'", STR_ARG(type));
    }
}

/* ---- the line ---- */

static void load_by(struct load *l, struct at at, struct str *rest, struct act_def *act)
{
    const struct role_set *roles = &l->set->roles;
    load_roles(l, at, load_word(rest), &act->by, &act->by_path);
    act->by_possible = act->by;
    for (size_t i = 0; act->by_path != NULL && i < roles->n; i++) {
        enum role_scope scope = roles->roles[i].scope;
        act->by_possible |= scope == ROLE_UNIT || scope == ROLE_OFFICE ? BIT(i) : 0;
    }
}

static void load_to(struct load *l, struct at at, struct str word, struct act_def *act)
{
    if (str_eqz(word, "case")) {
        act->to = TO_CASE;
        return;
    }
    uint64_t mask = 0;
    act->to = TO_STATE;
    if (word.p == NULL || !load_states(l, at, word, false, &mask)) {
        if (word.p == NULL) {
            load_fault(l, at, 10, S("write '-> STATE' or '-> case'"), "no state after '->'");
        }
        return;
    }
    if (mask == 0 || (mask & (mask - 1)) != 0) {
        load_fault(l, at, 10, S("name one state, or write '-> case' with 'to:'"),
                   "'-> %.*s' is not one state", STR_ARG(word));
        return;
    }
    act->to_state = (uint32_t)__builtin_ctzll(mask);
    act->reaches = BIT(act->to_state);
}

static void load_line(struct load *l, const struct ynode *n, bool after, struct act_def *act)
{
    struct at at = at_of(n);
    struct str rest = n->s;
    struct str word = load_word(&rest);
    bool from = false;
    if (!str_eqz(word, "->") && !str_eqz(word, "by") && !str_eqz(word, "on") && word.p != NULL) {
        from = true;
        load_states(l, at, word, after, &act->from);
        word = load_word(&rest);
    }
    act->starts = !from;
    if (str_eqz(word, "->")) {
        load_to(l, at, load_word(&rest), act);
        word = load_word(&rest);
    }
    if (str_eqz(word, "by")) {
        load_by(l, at, &rest, act);
    } else if (str_eqz(word, "on")) {
        int system = role_index(&l->set->roles, S("system"));
        act->triggered = true;
        act->by = system < 0 ? 0 : BIT(system);
        act->by_possible = act->by;
        load_trigger(l, at, &rest, &act->trigger);
    } else {
        load_fault(l, at, 10,
                   S("write '[FROM] [-> TO] by ROLES LABEL' or '[FROM] [-> TO] on TRIGGER LABEL'"),
                   "'by' or 'on' expected, not '%.*s'", STR_ARG(word));
        return;
    }
    act->zh = rest;
    if (rest.n == 0) {
        load_fault(l, at, 10, S("end the line with the Chinese name"), "act '%.*s' has no label",
                   STR_ARG(act->name));
    }
    if (act->starts && act->to == TO_KEEP) {
        load_fault(l, at, 10, S("write FROM, or '-> STATE'"), "act '%.*s' has neither FROM nor TO",
                   STR_ARG(act->name));
    }
    if (act->starts && act->triggered) {
        load_fault(l, at, 10, S("a matter is started by somebody; children by 'by system'"),
                   "act '%.*s' starts a matter by a trigger", STR_ARG(act->name));
    }
}

static void load_act_line(struct load *l, uint32_t i)
{
    static const char *const keys[] = {"is",     "when",      "need",  "form",    "set",
                                       "effect", "letter",    "times", "persons", "open",
                                       "ask",    "effective", "after", "voids",   "erase",
                                       "show",   "private",   "tell",  "to",      NULL};
    struct act_def *act = &l->acts[i];
    const struct ynode *n = l->act_sources[i].node;
    if (n->type == Y_LIST) {
        load_is(l, n, Y_MAP, "an act");
        return;
    }
    if (n->type == Y_MAP) {
        load_keys(l, n, keys);
        act->after = load_bool(l, n, "after");
        act->form = load_form(l, yaml_get(n, S("form")), act->name);
    }
    const struct ynode *line = act_line(l, i);
    if (line == NULL) {
        load_fault(l, at_of(n), 10, S("add 'is: FROM -> TO by ROLES LABEL'"),
                   "act '%.*s' has no line 'is'", STR_ARG(act->name));
        return;
    }
    if (load_is(l, line, Y_TEXT, "is")) {
        load_line(l, line, act->after, act);
    }
    if (act->to == TO_KEEP) {
        act->reaches = act->from;
    }
}

void load_act_lines(struct load *l)
{
    struct str file = l->file;
    for (uint32_t i = 0; i < l->d->n_acts; i++) {
        l->file = l->act_sources[i].file;
        load_act_line(l, i);
    }
    l->file = file;
}
